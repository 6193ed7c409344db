"""What of a petition can be found, and on which shelf: made here and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from classifier.text import words
from feedback.finding import marks
from feedback.finding.names import where
from feedback.later_words import said_in
from feedback.models import Coordination, Petition, PetitionQuerySet, PublicPetition, Reply, Step
from feedback.models.petition import told_in_full
from feedback.models.sight import split_off
from feedback.models.step import LATER_WORDS
from feedback.redaction import as_to_strangers
from feedback.workflow import State
from routing.kept import every_subfield
from search import Document, Shelf

# Nobody's any more, or nobody's yet: in no index.
NOWHERE = Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(erased_at__isnull=False)
TOLD_WITH = ("contact", "public")


def findable(rows: PetitionQuerySet) -> PetitionQuerySet:
    """Those of them that stand on a shelf."""
    return rows.exclude(NOWHERE)


@dataclass(frozen=True)
class Standing:
    """How a petition stands to be found now: its documents, and from which shelves it is gone."""

    petition: int
    version: int
    documents: tuple[Document, ...]

    @property
    def gone(self) -> list[tuple[Shelf, int, int]]:
        held = {one.shelf for one in self.documents}
        return [(shelf, self.petition, self.version) for shelf in Shelf if shelf not in held]


def standings(petitions: Collection[int]) -> Iterator[Standing]:
    """Of each of these, as it stands in the database; of one that is not there nothing."""
    rows = Petition.objects.filter(pk__in=petitions).select_related(*TOLD_WITH).order_by("pk")
    beside = _Beside.of(petitions)
    for petition in rows:
        yield Standing(petition.pk, beside.version.get(petition.pk, 0), tuple(_documents(petition, beside)))


@dataclass(frozen=True)
class _Beside:
    """What stands in other tables of a batch of petitions, by petition."""

    version: Mapping[int, int]
    shut: Mapping[int, set[str]]
    asked: Mapping[int, set[str]]
    answer: Mapping[int, str]
    later: Mapping[int, list[str]]
    with_sealed_part: Collection[int]

    @classmethod
    def of(cls, petitions: Collection[int]) -> _Beside:
        steps = Step.objects.filter(petition__in=petitions)
        asked = Coordination.objects.still_asked().filter(petition__in=petitions)
        parts = split_off().filter(origin__in=petitions, sealed=True)
        shut = Petition.objects.filter(pk__in=petitions, exclusions__isnull=False)
        return cls(
            version=dict(steps.order_by().values_list("petition").annotate(Max("seq"))),
            shut=_by_petition(shut.values_list("pk", "exclusions__agency")),
            asked=_by_petition(asked.values_list("petition", "agency")),
            answer=Reply.objects.sent().filter(petition__in=petitions).texts(),
            later=_later(steps),
            with_sealed_part=set(parts.values_list("origin_id", flat=True)),
        )


def _by_petition(pairs: Iterable[tuple[int, str]]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for petition, value in pairs:
        found[petition].add(value)
    return found


def _later(steps: QuerySet[Step]) -> Mapping[int, list[str]]:
    """What whoever asked said of it since."""
    found: dict[int, list[str]] = defaultdict(list)
    for step in told_in_full(steps.filter(action__in=LATER_WORDS)):
        found[step.petition_id].append(said_in(step))
    return found


def _documents(petition: Petition, beside: _Beside) -> Iterator[Document]:
    if petition.state in (State.DRAFT, State.WITHDRAWN) or petition.erased_at:
        return
    version = beside.version[petition.pk]
    yield _for_officials(petition, beside, version)
    copy = getattr(petition, "public", None)
    if copy and petition.published_at and not petition.sealed and _is_told(petition, copy):
        yield _for_everybody(petition, copy, version)


def _is_told(petition: Petition, copy: PublicPetition) -> bool:
    """The same rule as `PublicPetitionQuerySet.shown`."""
    raised = petition.only_summarised and not copy.summary
    return petition.sensitivity != "confidential" and not raised


def _for_officials(petition: Petition, beside: _Beside, version: int) -> Document:
    contact, hidden = petition.sender, _is_hidden(petition)
    said = "\n".join([petition.text, *beside.later.get(petition.pk, ())])
    answer = beside.answer.get(petition.pk, "")
    if hidden:
        # Who may not know the sender must not find him by his name either.
        said, answer = as_to_strangers(said, petition), as_to_strangers(answer, petition)
    shut = beside.shut.get(petition.pk, set())
    return Document(
        petition=petition.pk,
        shelf=_shelf(petition, shut, beside),
        version=version,
        code=petition.code,
        text=said,
        answer=answer,
        segmented=_segmented(said),
        where=" ".join([where(petition), *([] if hidden else [petition.place_text])]),
        phones=frozenset(filter(None, [contact.phone_digest if contact else ""])),
        seers=frozenset(_seers(petition, beside.asked.get(petition.pk, set()), hidden=hidden)),
        shut=frozenset(shut),
        petitioner=str(petition.petitioner_id or ""),
        agency=petition.lead_id or "",
        channel=petition.channel,
        due=petition.due_at if petition.is_open else None,
        on=timezone.localdate(petition.submitted_at),
        **_facts(petition),
    )


def _for_everybody(petition: Petition, copy: PublicPetition, version: int) -> Document:
    """From the reviewed copy alone."""
    return Document(
        petition=petition.pk,
        shelf=Shelf.PUBLIC,
        version=version,
        code=copy.code,
        text=copy.text,
        answer=copy.current_answer,
        segmented=_segmented(copy.text),
        where=where(copy),
        agency=copy.lead_id or "",
        on=copy.submitted_on,
        **_facts(copy),
    )


def _facts(row: Petition | PublicPetition) -> dict[str, Any]:
    subfield = every_subfield().get(row.subfield_id or "")
    return {
        "subfield": row.subfield_id or "",
        "field": subfield.field_id if subfield else "",
        "province": row.province_id or "",
        "commune": row.commune_id or "",
        "state": row.state,
        "kind": row.kind,
    }


def _shelf(petition: Petition, shut: Collection[str], beside: _Beside) -> Shelf:
    """What is sealed, may have to be, complains of a body or holds the words of a sealed part lies apart."""
    apart = petition.is_sealed_or_at_law or shut
    return Shelf.SEALED if apart or petition.pk in beside.with_sealed_part else Shelf.DESK


def _is_hidden(petition: Petition) -> bool:
    return petition.identity_hidden or petition.denouncer_sealed


def _seers(petition: Petition, asked: Iterable[str], *, hidden: bool) -> Iterator[str]:
    yield marks.territory(petition.territory_id)
    yield from map(marks.asked, asked)
    if petition.entered_by_id:
        yield marks.entered(petition.entered_by_id)
    if not petition.sealed:
        yield marks.UNSEALED
        if petition.identity_sealed:
            yield marks.DENOUNCES
    if not hidden:
        yield marks.NAMED


def _segmented(text: str) -> str:
    """Two milliseconds a text: for the engine alone that reads it."""
    return " ".join(word.replace(" ", "_") for word in words(text)) if settings.ELASTICSEARCH_URL else ""
