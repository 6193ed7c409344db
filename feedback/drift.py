"""Whether people write of other things than before, and how often officials change what the machine read."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from feedback.models import Correction, Prediction, ReadingDay
from routing.models import Agency, Field, name_column
from routing.telling import start_of

RECOUNTED_DAYS = 14  # an official looks within a few working days; what he changes later is not counted
RECENT_DAYS, BEFORE_DAYS = 30, 90
# Below so many readings of both spans an index says nothing.
ENOUGH = 200
# By custom: up to .1 nothing, up to .2 something, above: other people, other matters, or another model.
ALARM = 0.2
MOST_AGENCIES = 10
# What a Correction keeps twice: as it was read, and as it was said.
READ_AND_SAID = ("subfield", "kind", "commune", "agency")


def count(now: dt.datetime | None = None) -> None:
    """Count the last days anew, today not. Twice: the same rows. Never: the figures end there."""
    today = timezone.localdate(now or timezone.now())
    for ago in range(1, RECOUNTED_DAYS + 1):
        _count_day(today - dt.timedelta(days=ago))


def _count_day(day: dt.date) -> None:
    begins = start_of(day)
    differs = ~Q(said_subfield=F("read_subfield")) | ~Q(said_kind=F("read_kind"))
    corrected = Correction.objects.filter(differs, prediction=OuterRef("pk"))
    rows = (
        Prediction.objects.filter(at__gte=begins, at__lt=begins + dt.timedelta(days=1))
        .exclude(Q(petition__sealed=True) | Q(model=""))
        .annotate(corrected=Exists(corrected))
        .values_list("candidates", "routes", "confirmed_at", "changed", "corrected")
    )
    found: dict[tuple[str, str], Counter[str]] = {}
    for candidates, routes, confirmed_at, changed, was_corrected in rows.iterator(5000):
        field = candidates[0]["subfield"].split(".")[0] if candidates else ""
        counted = found.setdefault((field, routes[0]["agency"] if routes else ""), Counter())
        over = changed or was_corrected
        counted.update(read=1, confirmed=bool(confirmed_at or over), changed=bool(over))
    with transaction.atomic():
        ReadingDay.objects.filter(day=day).delete()
        ReadingDay.objects.bulk_create(
            ReadingDay(day=day, field=field, agency=agency or "", **counted)
            for (field, agency), counted in found.items()
        )


@dataclass(frozen=True)
class Line:
    """One field or agency over the last days: how much was read, looked at and changed."""

    name: str
    read: int
    confirmed: int
    changed: int
    share: float = 0.0  # of all readings
    share_before: float | None = None  # of those of the span before

    @property
    def overridden(self) -> float | None:
        """The share that officials changed of what they looked at."""
        return self.changed / self.confirmed if self.confirmed else None


@dataclass(frozen=True)
class Watch:
    """The last 30 days against the 90 before. `index`: None where either holds too few readings.

    `corrected`: of READ_AND_SAID, in how many petitions that officials corrected it is not as it was read.
    """

    index: float | None
    fields: list[Line]
    agencies: list[Line]
    corrected: Mapping[str, int]

    @property
    def alarming(self) -> bool:
        return self.index is not None and self.index > ALARM


def watch(today: dt.date) -> Watch:
    """The RECENT_DAYS before `today` against the BEFORE_DAYS before them; the ten agencies proposed most."""
    since = today - dt.timedelta(days=RECENT_DAYS)
    recent = ReadingDay.objects.filter(day__gte=since, day__lt=today)
    earlier = ReadingDay.objects.filter(day__gte=since - dt.timedelta(days=BEFORE_DAYS), day__lt=since)
    now, before = _summed(recent, "field"), _summed(earlier, "field")
    was = {slug: line["read"] for slug, line in before.items()}
    names = dict(Field.objects.values_list("slug", name_column()))
    busiest = dict(sorted(_summed(recent, "agency").items(), key=lambda one: -one[1]["read"])[:MOST_AGENCIES])
    called = dict(Agency.objects.filter(pk__in=busiest).values_list("pk", "name"))
    return Watch(
        stability_index({slug: line["read"] for slug, line in now.items()}, was),
        _lines(now, names, was),
        _lines(busiest, called),
        _corrected(since, today),
    )


def _corrected(since: dt.date, until: dt.date) -> dict[str, int]:
    """Of what was both read and said: who saw no place saw no wrong one."""
    rows = Correction.objects.filter(petition__sealed=False, step__at__gte=start_of(since))
    told = {
        name: ~Q(**{f"said_{name}": F(f"read_{name}")})
        & ~Q(**{f"read_{name}": ""})
        & ~Q(**{f"said_{name}": ""})
        for name in READ_AND_SAID
    }
    counts = {name: Count("petition", distinct=True, filter=differs) for name, differs in told.items()}
    return rows.filter(step__at__lt=start_of(until)).aggregate(**counts)


def _summed(rows: Iterable[ReadingDay], by: str) -> dict[str, dict[str, int]]:
    sums = {name: Sum(name) for name in ("read", "confirmed", "changed")}
    found = rows.order_by().values(by).annotate(**{f"sum_{name}": total for name, total in sums.items()})  # type: ignore[attr-defined]
    return {row[by]: {name: row[f"sum_{name}"] for name in sums} for row in found}


def _lines(
    found: Mapping[str, Mapping[str, int]], names: Mapping[str, str], was: Mapping[str, int] | None = None
) -> list[Line]:
    total = sum(line["read"] for line in found.values())
    before = sum((was or {}).values())
    lines = [
        Line(
            names.get(slug, slug) or "–",
            **line,
            share=line["read"] / total,
            share_before=was.get(slug, 0) / before if was and before else None,
        )
        for slug, line in found.items()
    ]
    return sorted(lines, key=lambda line: -line.read)


def stability_index(now: Mapping[str, int], before: Mapping[str, int]) -> float | None:
    """Population stability index of two counts by class: 0 where the shares are alike; None of too few.

    Half a reading is added to each class, so that one that was never read divides by nothing.
    """
    if min(sum(now.values()), sum(before.values())) < ENOUGH:
        return None
    classes = now.keys() | before.keys()

    def shares(counts: Mapping[str, int]) -> dict[str, float]:
        total = sum(counts.values()) + len(classes) / 2
        return {slug: (counts.get(slug, 0) + 0.5) / total for slug in classes}

    new, old = shares(now), shares(before)
    return sum((new[slug] - old[slug]) * math.log(new[slug] / old[slug]) for slug in classes)
