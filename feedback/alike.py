"""The same thing reported twice: each petition's signature is kept to be found by, its likes are shown.

A person merges; the machine only shows what it found, and never what is sealed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

import search
from classifier import duplicates
from feedback.followups import Write, after
from feedback.models import Petition, PetitionQuerySet, Step
from feedback.workflow import State

WITHIN_DAYS = 30
# How `followups.add` names `remember`.
REMEMBER = "feedback.alike.remember"
GONE = (State.DRAFT, State.WITHDRAWN)


@after("read", "reclassify", "seal", "lift", "withdraw")
def remember(step: Step) -> Write | None:
    """Keep what the petition says and where, as it stands now; forget one that is sealed, withdrawn, erased.

    Twice, or in another order: the last look at the row decides. Never: it is not found by others.
    """
    signatures = _signatures([step.petition])
    return lambda: _keep(signatures)


def remember_all(petitions: Iterable[Petition]) -> None:
    """The same of many, in the transaction of whoever calls."""
    _keep(_signatures(petitions))


def _signatures(petitions: Iterable[Petition]) -> dict[int, bytes]:
    return {petition.pk: duplicates.signature(petition.text) for petition in petitions}


def _keep(signatures: Mapping[int, bytes]) -> None:
    rows = Petition.objects.select_for_update().filter(pk__in=signatures.keys(), sealed=False)
    kept = rows.exclude(state__in=GONE).exclude(text="").defer("text").order_by("pk").in_bulk()
    documents = [
        search.Document(pk, signatures[pk], _place(petition), _day(petition))
        for pk, petition in kept.items()
        if signatures[pk]
    ]
    gone = signatures.keys() - {document.petition for document in documents}
    if gone:
        search.remove(gone)
    search.index(documents)


def _place(petition: Petition) -> search.Place:
    return search.Place(petition.province_id or petition.territory_id, petition.commune_id or "")


def _day(petition: Petition) -> dt.date:
    return timezone.localdate(petition.submitted_at)


def offered_to(user: Any) -> PetitionQuerySet:
    """What may be shown to this person as a like: what he sees on the desk, never what is sealed."""
    return Petition.objects.visible_to(user).filter(sealed=False).exclude(state__in=GONE)


def likes_of_text(
    text: str, *, place: search.Place, on: dt.date, among: PetitionQuerySet, within_days: int = WITHIN_DAYS
) -> list[tuple[Petition, float]]:
    """Up to three petitions of `among` that seem to tell the same; with the share of letters alike."""
    matches = search.similar(text, place=place, within_days=within_days, on=on, among=among)
    found = among.in_bulk([match.petition for match in matches])
    return [(found[match.petition], match.score) for match in matches if match.petition in found]


def likes(petition: Petition, user: Any) -> list[Petition]:
    """Up to three open petitions that it might be merged with, or they with it; the most alike first."""
    if petition.sealed or not petition.is_open:
        return []
    among = offered_to(user).open().exclude(pk__in=[petition.pk, *(one.pk for one in petition.lineage())])
    found = likes_of_text(petition.text, place=_place(petition), on=_day(petition), among=among)
    return [like for like, _score in found]
