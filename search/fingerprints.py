"""Near-duplicates by bands of signatures: found by equality, confirmed by agreement and by letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from classifier import duplicates
from search import Document, Match, Place
from search.models import Band, Signature, day_of

# Rows that one band of one day may bring; the most alike come first, so that a flood hides none of them.
MOST_FOUND = 500
MOST_VERIFIED = 50
MOST_SHOWN = 3


def index(documents: Iterable[Document]) -> None:
    """See `search.index`."""
    signatures = [_signature(document) for document in documents if document.signature]
    with transaction.atomic():
        known = Signature.objects.in_bulk([one.petition for one in signatures])
        moved = [one for one in signatures if _found_by(one) != _found_by(known.get(one.petition))]
        _drop_bands(known[one.petition] for one in moved if one.petition in known)
        Signature.objects.bulk_create(
            signatures,
            update_conflicts=True,
            unique_fields=["petition"],
            update_fields=["minima", "province", "commune", "day"],
        )
        Band.objects.bulk_create([band for one in moved for band in _bands(one)], ignore_conflicts=True)


def remove(petitions: Iterable[int]) -> None:
    """See `search.remove`."""
    with transaction.atomic():
        known = Signature.objects.filter(pk__in=list(petitions))
        _drop_bands(known)
        known.delete()


def similar(text: str, *, place: Place, within_days: int, on: dt.date, among: QuerySet[Any]) -> list[Match]:
    """See `search.similar`."""
    matter = duplicates.matter(text)
    asked = duplicates.signature_of(matter)
    found = candidates(asked, place=place, within_days=within_days, on=on)
    seen = dict(among.filter(pk__in=[one.petition for one in found]).values_list("pk", "text"))
    visible = [one for one in found if one.petition in seen]
    agreeing = [(duplicates.agreement(asked, bytes(one.minima)), one.petition) for one in visible]
    matches = [
        Match(petition, round(likeness / 100, 3))
        for agreement, petition in sorted(agreeing, reverse=True)[:MOST_VERIFIED]
        if duplicates.is_same(
            agreement, likeness := duplicates.likeness(matter, duplicates.matter(seen[petition]))
        )
    ]
    return sorted(matches, key=lambda match: (-match.score, match.petition))[:MOST_SHOWN]


def candidates(signature: bytes, *, place: Place, within_days: int, on: dt.date) -> list[Signature]:
    """What shares a band there and then, the most bands first; not confirmed yet."""
    numbers = duplicates.bands(signature, place.province)
    if not numbers:
        return []
    days = max(0, min(within_days, 36_500))
    shared = Band.objects.filter(band__in=numbers, day__range=(day_of(on) - days, day_of(on) + days))
    if place.commune:
        shared = shared.filter(signature__commune__in=[place.commune, ""])
    counted = shared.values("signature").annotate(bands=Count("band")).order_by("-bands", "-signature")
    pks = [row["signature"] for row in counted[:MOST_FOUND]]
    known = Signature.objects.in_bulk(pks)
    return [known[pk] for pk in pks if pk in known]


def _signature(document: Document) -> Signature:
    province, commune = document.place
    return Signature(
        petition=document.petition,
        minima=document.signature,
        province=province,
        commune=commune,
        day=day_of(document.on),
    )


def _found_by(signature: Signature | None) -> tuple[bytes, str, int] | None:
    return (bytes(signature.minima), signature.province, signature.day) if signature else None


def _bands(signature: Signature) -> list[Band]:
    numbers = duplicates.bands(bytes(signature.minima), signature.province)
    return [Band(band=number, day=signature.day, signature=signature) for number in sorted(set(numbers))]


def _drop_bands(signatures: Iterable[Signature]) -> None:
    for one in signatures:
        numbers = duplicates.bands(bytes(one.minima), one.province)
        Band.objects.filter(band__in=numbers, day=one.day, signature=one.petition).delete()
