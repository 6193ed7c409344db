"""The same thing reported twice: each petition's signature is kept to be found by, its likes are shown.

A person merges; the machine only shows what it found, and never what is sealed. Whoever files may say that
his is the same matter as a public one; that too is for a person to decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone

import search
from classifier import duplicates
from feedback import codes
from feedback.followups import Write, after, in_one_go
from feedback.models import Petition, PetitionQuerySet, PublicPetition, Step
from feedback.workflow import State
from routing import places

WITHIN_DAYS = 30
# How `followups.add` names `remember`.
REMEMBER = "feedback.alike.remember"
# What the officials read, in Vietnamese whatever language the page spoke.
SAME = "Cùng một việc với phản ánh %s đã đăng công khai."
NOT_SAME = "Không cùng việc với phản ánh nào đã đăng công khai."
SAID = frozenset({"same_as", "not_same"})
GONE = (State.DRAFT, State.WITHDRAWN)


def remember_all(petitions: Iterable[Petition]) -> None:
    """`remember` of many, in the transaction of whoever calls."""
    _keep(_signatures(petitions))


def _remember_many(steps: Sequence[Step]) -> Write:
    signatures = _signatures(step.petition for step in steps)
    return lambda: _keep(signatures)


@in_one_go(_remember_many)
@after("read", "reclassify", "seal", "lift", "withdraw", "publish", "unpublish", "refuse_publication")
def remember(step: Step) -> Write | None:
    """Keep what the petition says and where, as it stands now, and apart from it what everybody may read of
    it; forget one that is sealed, withdrawn, erased.

    Twice, or in another order: the last look at the row decides. Never: it is not found by others.
    """
    return _remember_many([step])


def _signatures(petitions: Iterable[Petition]) -> dict[int, bytes]:
    return {petition.pk: duplicates.signature(petition.text) for petition in petitions}


def _keep(signatures: Mapping[int, bytes]) -> None:
    rows = Petition.objects.select_for_update().filter(pk__in=signatures.keys(), sealed=False)
    kept = rows.exclude(state__in=GONE).exclude(text="").defer("text").order_by("pk").in_bulk()
    fingerprints = [
        search.Fingerprint(pk, signatures[pk], _place(petition), _day(petition))
        for pk, petition in kept.items()
        if signatures[pk]
    ]
    gone = signatures.keys() - {one.petition for one in fingerprints}
    if gone:
        search.forget(gone)
    search.remember(fingerprints)
    _keep_public({one.petition: one for one in fingerprints})


def _keep_public(fingerprints: Mapping[int, search.Fingerprint]) -> None:
    """What everybody may read is found by its own words: by the others anyone could ask what is hidden."""
    copies = PublicPetition.objects.filter(petition__in=fingerprints.keys()).values_list("petition", "text")
    signatures = {pk: duplicates.signature(text) for pk, text in copies}
    kept = {pk: signature for pk, signature in signatures.items() if signature}
    search.forget_public(fingerprints.keys() - kept.keys())
    search.remember(
        replace(fingerprints[pk], signature=signature, public=True) for pk, signature in kept.items()
    )


def at(location: places.Location) -> search.Place:
    """Where a text not yet filed is looked for."""
    return search.Place(location.province or settings.HOME_PROVINCE, location.unit)


def _place(petition: Petition) -> search.Place:
    return search.Place(petition.province_id or petition.territory_id, petition.commune_id or "")


def _day(petition: Petition) -> dt.date:
    return timezone.localdate(petition.submitted_at)


def offered_to(user: Any) -> PetitionQuerySet:
    """What may be shown to this person as a like: what he sees on the desk, never what is sealed."""
    return offered(Petition.objects.visible_to(user))


def offered(seen: PetitionQuerySet) -> PetitionQuerySet:
    """The same, of what he sees."""
    return seen.filter(sealed=False).exclude(state__in=GONE)


def _is_offered(petition: Petition) -> bool:
    """The same, of one that he sees."""
    return not petition.sealed and petition.state not in GONE


def likes_of_text(
    text: str, *, place: search.Place, on: dt.date, among: PetitionQuerySet, within_days: int = WITHIN_DAYS
) -> list[tuple[Petition, float]]:
    """Up to three petitions of `among` that seem to tell the same; with the share of letters alike."""
    matches = search.similar(text, place=place, within_days=within_days, on=on, among=among)
    found = among.in_bulk([match.petition for match in matches])
    return [(found[match.petition], match.score) for match in matches if match.petition in found]


def published(text: str, *, place: search.Place, on: dt.date) -> list[PublicPetition]:
    """Up to three public petitions that seem to tell the same, by the words that everyone may read."""
    public = Petition.objects.filter(published_at__isnull=False, public__isnull=False, sealed=False)
    matches = search.similar(
        text, place=place, within_days=WITHIN_DAYS, on=on, among=public, words="public__text", public=True
    )
    numbers = [match.petition for match in matches]
    found = {one.petition_id: one for one in PublicPetition.objects.shown().filter(petition__in=numbers)}
    return [found[number] for number in numbers if number in found]


def published_beside(petition: Petition) -> list[PublicPetition]:
    """The same for whoever sent a petition that is still open to being one with another."""
    if not petition.is_open or petition.is_sealed_or_at_law:
        return []
    found = published(petition.text, place=_place(petition), on=_day(petition))
    return [one for one in found if one.petition_id != petition.pk]


def told_to_be(code: str) -> dict[str, str]:
    """What a sender's `inform` says who takes the public petition of that code for the same matter."""
    return {"same_as": code, "text": SAME % codes.printed(code)}


def told_same(petition: Petition) -> Petition | None:
    """The petition that its sender says is the same matter, as he last said it; a person decides."""
    told = [step for step in petition.history() if step.action == "inform" and SAID & step.facts.keys()]
    last = told[-1] if told else None
    code = last.facts.get("same_as") if last else None
    standing = Petition.objects.filter(sealed=False).exclude(state__in=GONE).exclude(text="")
    return standing.filter(code=code).first() if code else None


def candidates(petition: Petition) -> dict[int, bytes]:
    """Petitions that might be merged with it, by number, with what was kept of their words."""
    if petition.sealed or not petition.is_open:
        return {}
    found = search.candidates(
        petition.text, place=_place(petition), within_days=WITHIN_DAYS, on=_day(petition)
    )
    apart = {petition.pk, *(one.pk for one in petition.lineage())} if found else set()
    return {number: kept for number, kept in found.items() if number not in apart}


def likes(petition: Petition, found: Mapping[int, bytes], seen: Iterable[Petition]) -> list[Petition]:
    """Up to three open petitions that it might be merged with, or they with it; the most alike first.

    `found`: its candidates; `seen`: those of them that whoever asks sees on the desk.
    """
    among = {one.pk: one for one in seen if one.pk in found and one.is_open and _is_offered(one)}
    matches = search.alike(petition.text, found, {pk: one.text for pk, one in among.items()})
    return [among[match.petition] for match in matches]
