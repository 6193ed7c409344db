"""Near-duplicates by bands of signatures: found by equality, confirmed by agreement and by letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from classifier import duplicates
from search.matching import Fingerprint, Match, Place
from search.models import LAST, Band, Signature, day_of

# Rows that one band of one day may bring; the most alike come first, so that a flood hides none of them.
MOST_FOUND = 500
MOST_VERIFIED = 50
MOST_SHOWN = 3


def remember(fingerprints: Iterable[Fingerprint]) -> None:
    """See `search.remember`."""
    # Of the public words a row of its own stands under the number with a minus.
    signatures = [_signature(one) for one in fingerprints if one.signature]
    if not signatures:
        return
    with transaction.atomic(savepoint=False):
        known = Signature.objects.in_bulk([one.petition for one in signatures])
        moved = [one for one in signatures if _found_by(one) != _found_by(known.get(one.petition))]
        _drop_bands(known[one.petition] for one in moved if one.petition in known)
        Signature.objects.bulk_create(
            signatures,
            update_conflicts=True,
            unique_fields=["petition"],
            update_fields=["minima", "province", "commune", "day"],
        )
        _write_bands([row for one in moved for row in _bands(one)])


def forget(petitions: Iterable[int]) -> None:
    """See `search.forget`."""
    _forget([number for petition in petitions for number in (petition, -petition)])


def forget_public(petitions: Iterable[int]) -> None:
    """See `search.forget_public`."""
    _forget([-petition for petition in petitions])


def _forget(numbers: Sequence[int]) -> None:
    with transaction.atomic(savepoint=False):
        known = list(Signature.objects.filter(pk__in=numbers))
        if known:
            _drop_bands(known)
            Signature.objects.filter(pk__in=[one.petition for one in known]).delete()


def similar(text: str, found: Mapping[int, bytes], *, among: QuerySet[Any], words: str) -> list[Match]:
    """See `search.similar`; `found` are the candidates."""
    seen = dict(among.filter(pk__in=found.keys()).values_list("pk", words)) if found else {}
    if words != "text":  # as they are now: they may have changed since
        found = {petition: duplicates.signature(seen[petition]) for petition in seen}
    return alike(text, found, seen)


def candidates_of(
    text: str, *, place: Place, within_days: int, on: dt.date, public: bool = False
) -> dict[int, bytes]:
    """See `search.candidates`; `public`: by the words that everybody may read."""
    signature = duplicates.signature(text)
    return candidates(signature, place=place, within_days=within_days, on=on, public=public)


def alike(text: str, found: Mapping[int, bytes], seen: Mapping[int, str]) -> list[Match]:
    """See `search.alike`."""
    if not seen:
        return []
    matter = duplicates.matter(text)
    asked = duplicates.signature_of(matter)
    agreeing = [(duplicates.agreement(asked, found[petition]), petition) for petition in seen]
    matches = [
        Match(petition, round(likeness / 100, 3))
        for agreement, petition in sorted(agreeing, reverse=True)[:MOST_VERIFIED]
        if duplicates.is_same(
            agreement, likeness := duplicates.likeness(matter, duplicates.matter(seen[petition]))
        )
    ]
    return sorted(matches, key=lambda match: (-match.score, match.petition))[:MOST_SHOWN]


def candidates(
    signature: bytes, *, place: Place, within_days: int, on: dt.date, public: bool = False
) -> dict[int, bytes]:
    """Petitions that share a band there and then, with their signatures; not confirmed yet."""
    numbers = duplicates.bands(signature, place.province)
    if not numbers:
        return {}
    days = max(0, min(within_days, LAST))
    communes = ("", place.commune) if place.commune else ()
    sql = FOUND.format(
        bands=_holes(numbers),
        sign="<" if public else ">",
        there=f"WHERE commune IN ({_holes(communes)})" if communes else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*numbers, day_of(on) - days, day_of(on) + days, *communes, MOST_FOUND])
        return {abs(number): bytes(minima) for number, minima in cursor.fetchall()}


# One statement, and spelt out: to put it together anew takes longer than to answer it.
FOUND = """
SELECT petition, minima FROM search_signature JOIN (
    SELECT signature_id, count(*) AS bands FROM search_band
    WHERE band IN ({bands}) AND day BETWEEN %s AND %s AND signature_id {sign} 0 GROUP BY signature_id
) AS shared ON petition = signature_id {there}
ORDER BY bands DESC, abs(petition) DESC LIMIT %s
"""
KEPT = "INSERT INTO search_band (band, day, signature_id) VALUES {rows} ON CONFLICT DO NOTHING"
ROWS_AT_ONCE = 2_100  # of a hundred petitions: no database takes any number of values


def _holes(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _write_bands(rows: list[tuple[int, int, int]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            values = ", ".join(["(%s, %s, %s)"] * len(some))
            cursor.execute(KEPT.format(rows=values), [value for row in some for value in row])


def _signature(fingerprint: Fingerprint) -> Signature:
    province, commune = fingerprint.place
    return Signature(
        petition=-fingerprint.petition if fingerprint.public else fingerprint.petition,
        minima=fingerprint.signature,
        province=province,
        commune=commune,
        day=day_of(fingerprint.on),
    )


def _found_by(signature: Signature | None) -> tuple[bytes, str, int] | None:
    return (bytes(signature.minima), signature.province, signature.day) if signature else None


def _bands(signature: Signature) -> list[tuple[int, int, int]]:
    numbers = duplicates.bands(bytes(signature.minima), signature.province)
    return [(number, signature.day, signature.petition) for number in sorted(set(numbers))]


def _drop_bands(signatures: Iterable[Signature]) -> None:
    for one in signatures:
        numbers = duplicates.bands(bytes(one.minima), one.province)
        Band.objects.filter(band__in=numbers, day=one.day, signature=one.petition).delete()
