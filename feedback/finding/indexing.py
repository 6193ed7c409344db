"""What can be found follows what happened: after each step made anew, and compared at night."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone

import search
from feedback.finding.documents import Standing, findable, standings
from feedback.followups import NotYet, after, beat, in_one_go, outside, waiting
from feedback.models import FollowUp, Petition, PetitionQuerySet, Step
from feedback.workflow import ACTIONS
from routing.kept import one_version
from search import Document, Shelf
from search.documents import batches
from search.rules import Has

# How settings.FOLLOW_UPS names `index_petition`.
INDEX = "feedback.finding.index_petition"
# Change nothing that a document says.
SAY_NOTHING = frozenset({"note", "remind", "rate", "escalate", "request_extension"})
SEALING = frozenset({"seal", "reclassify"})
# A fault of ours is given up at last and seen; an engine that is away is no fault, see `NotYet`.
MOST_ATTEMPTS = 12
MOST_LOOKS = 5


class Restless(Exception):  # noqa: N818  (tried again like any other failure)
    """It changed each time that it was written."""


def index_petitions(steps: Iterable[Step]) -> None:
    """The same of many steps, each petition written once."""
    keep({number for step in steps for number in _told_by(step)})


@outside(most_attempts=MOST_ATTEMPTS)
@in_one_go(index_petitions)
@after(*ACTIONS.keys() - SAY_NOTHING)
def index_petition(step: Step) -> None:
    """Keep what is found of the petition, of those that it was split off from, and where it is sealed or led
    back of all its family, whose sender is hidden or known with it, as they stand now.

    Twice, or in another order: the last look at the rows decides. Never: the nightly comparison finds it.
    """
    keep(_told_by(step))


def _told_by(step: Step) -> set[int]:
    petition = step.petition
    kin = petition.family() if step.action in SEALING else petition.wholes()
    return {petition.pk, *(one.pk for one in kin)}


def keep(petitions: Collection[int]) -> None:
    """Make what is found of these, by primary key, what their rows say now.

    Raises NotYet where the engine does not answer, Restless where a row changed at every look.
    What was changed by no step of its own, or by another while it was being written, has the same version
    twice: so it is looked at again behind the writing, until what was written is what stands.
    """
    told = list(standings(petitions))
    for _look in range(MOST_LOOKS):
        _write(told)
        written = {one.petition: one for one in told}
        told = [one for one in standings(list(written)) if one != written[one.petition]]
        if not told:
            return
    raise Restless


def _write(told: Collection[Standing]) -> None:
    documents = (document for one in told for document in one.documents)
    try:
        search.write(documents, (gone for one in told for gone in one.gone))
    except search.Unavailable as away:
        raise NotYet from away


def keep_new(petitions: Iterable[int]) -> None:
    """The same of very many that were on no shelf before."""
    search.index(_documents(petitions))


def _documents(petitions: Iterable[int], shelf: Shelf | None = None) -> Iterator[Document]:
    with one_version():
        for some in batches(petitions):
            for one in standings(some):
                yield from (document for document in one.documents if shelf in (None, document.shelf))


def reindex() -> dict[str, int]:
    """Make every shelf anew beside what is found meanwhile; how many documents each has.

    What was filed after its beginning is there as well: it is written into both. Raises Unavailable.
    """
    began = timezone.now()
    made = {str(shelf): search.rebuild(shelf, _beating(_documents(_all(), shelf))) for shelf in Shelf}
    forget()
    _forgive(began)
    return made


COMPARING = "comparing"  # the heartbeat of whoever makes the index anew or compares it


def _beating(documents: Iterable[Document]) -> Iterator[Document]:
    """The same, and for as long as they come it can be seen that somebody is at it."""
    for some in batches(documents):
        beat(COMPARING)
        yield from some


def _forgive(began: dt.datetime, **of: Any) -> None:
    """What was given up of steps before that moment is done: all that they changed is in the index."""
    given_up = FollowUp.objects.filter(dead=True, consumer=INDEX, step__at__lt=began, **of)
    given_up.update(dead=False, done_at=timezone.now())


def is_lost() -> bool:
    """Whether of the petitions, or of what is published, less than half can be found.

    Asked of some hundreds: the oldest, and others spread over all. Those that a follow-up still waits for are
    late and not lost. False where the engine does not answer.
    """
    late = waiting().filter(consumer=INDEX).values("step__petition_id")
    known = findable(Petition.objects.exclude(pk__in=late))
    public = known.filter(public__isnull=False, published_at__isnull=False, sealed=False)
    try:
        return _less_than_half(known, [Shelf.DESK, Shelf.SEALED]) or _less_than_half(public, [Shelf.PUBLIC])
    except search.Unavailable:
        return False


OLDEST, SPREAD = 100, 200


def _less_than_half(rows: PetitionQuerySet, shelves: Collection[Shelf]) -> bool:
    some = _some_of(rows.order_by("pk"))
    found = search.find(search.Sought(), shelves=shelves, rule=Has("petition", some), facets=())
    return 2 * found.total < len(some)


def _some_of(rows: PetitionQuerySet) -> set[int]:
    first, last = (ends.values_list("pk", flat=True).first() for ends in (rows, rows.reverse()))
    if first is None or last is None:
        return set()
    spread = range(first, last + 1)[:: max(1, (last - first) // SPREAD)]
    return {
        *rows.values_list("pk", flat=True)[:OLDEST],
        *rows.filter(pk__in=spread).values_list("pk", flat=True),
    }


LOOK_S = 10


def known_lost() -> bool:
    """The same as it was within the last ten seconds."""
    return _lost_during(int(time.monotonic() // LOOK_S))


def forget() -> None:
    """What is known of it may be otherwise now."""
    _lost_during.cache_clear()


@lru_cache(maxsize=1)
def _lost_during(_moment: int) -> bool:
    return is_lost()


def _all() -> Iterator[int]:
    return findable(Petition.objects.all()).order_by("pk").values_list("pk", flat=True).iterator(5000)


@dataclass(frozen=True)
class Drift:
    """Documents that are not there, that say something else, and that should not be there."""

    compared: int = 0
    missing: int = 0
    other: int = 0
    surplus: int = 0

    def __add__(self, more: Drift) -> Drift:
        return Drift(*(getattr(self, name) + getattr(more, name) for name in self.__dataclass_fields__))

    @property
    def found(self) -> int:
        return self.missing + self.other + self.surplus


def compare(*, repair: bool) -> Drift:
    """Hold what is found against the database; what a follow-up still waits for is no drift.

    `repair`: write those anew that differ. Raises Unavailable.
    """
    drift, after = Drift(), 0
    rows = Petition.objects.order_by("pk").values_list("pk", flat=True)
    while some := list(rows.filter(pk__gt=after)[:SLICE]):
        drift += _compare(some, after, some[-1], repair=repair)
        after = some[-1]
    return drift + _compare([], after, None, repair=repair)


SLICE = 500


def _compare(petitions: Collection[int], after: int, until: int | None, *, repair: bool) -> Drift:
    """Between two numbers; without `until` all that is found behind `after`, where no petition is."""
    began = timezone.now()
    wanted = _wanted(petitions)
    rows = {(shelf, row[0]): row for shelf in Shelf for row in _held(shelf, after, until)}
    held = {key: digest for key, (_petition, _version, digest) in rows.items()}
    suspect = {key[1] for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key)}
    suspect -= _unfinished(suspect)
    keys = [key for key in wanted.keys() | held.keys() if key[1] in suspect]
    if repair and suspect:
        keep(suspect)
        there = set(Petition.objects.filter(pk__in=suspect).values_list("pk", flat=True))
        search.remove((key[0], key[1], rows[key][1]) for key in keys if key in rows and key[1] not in there)
    if repair and petitions:
        _forgive(began, step__petition__in=petitions)
    return Drift(
        compared=len(petitions),
        missing=sum(key not in held for key in keys),
        other=sum(key in held and key in wanted and held[key] != wanted[key] for key in keys),
        surplus=sum(key not in wanted for key in keys),
    )


def _wanted(petitions: Collection[int]) -> dict[tuple[Shelf, int], str]:
    with one_version():
        return {
            (document.shelf, document.petition): document.digest
            for one in standings(petitions)
            for document in one.documents
        }


def _held(shelf: Shelf, after: int, until: int | None) -> Iterator[tuple[int, int, str]]:
    while rows := search.kept(shelf, after, SLICE):
        yield from (row for row in rows if until is None or row[0] <= until)
        after = rows[-1][0]
        if until is not None and after >= until:
            return


def _unfinished(petitions: Collection[int]) -> set[int]:
    rows = waiting().filter(consumer=INDEX, step__petition__in=petitions)
    return set(rows.values_list("step__petition_id", flat=True))
