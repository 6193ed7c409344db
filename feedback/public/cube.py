"""The day's cube for whoever publishes figures: numbers of what happened and stood, nobody's words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet, Sum

from feedback.cube import settled, table
from feedback.cube.figures import STOCKS
from feedback.models import CountedDay, DayCount, Step


class Count(NamedTuple):
    """So many of a figure on a day; `feedback.cube.figures` says what each figure and bucket mean."""

    territory: str
    agency: str
    subfield: str
    kind: str
    channel: str
    party: str
    day: dt.date
    figure: str
    bucket: str
    n: int


_WHERE = ("territory", "agency", "subfield", "kind", "channel", "party")


def counts_of(since: dt.date, until: dt.date) -> list[Count]:
    """What these days counted, and what stood at the end of the last one; both days included and over.

    What was counted late stands under the day on which it was counted.
    """
    with transaction.atomic():
        table.hold()  # whoever began to count before the last day was closed has ended
        return [*_added_up(_flows(since, until), "counted_on"), *_added_up(_stocks(until), "day")]


def _added_up(rows: QuerySet[DayCount], day: str) -> Iterator[Count]:
    told: Any = rows.order_by().values_list(*_WHERE, day, "figure", "bucket").annotate(Sum("n"))
    return (Count(*row) for row in told.iterator(chunk_size=5_000))


def _flows(since: dt.date, until: dt.date) -> QuerySet[DayCount]:
    return DayCount.objects.filter(counted_on__gte=since, counted_on__lte=until).exclude(figure__in=STOCKS)


def _stocks(day: dt.date) -> QuerySet[DayCount]:
    return DayCount.objects.filter(day=day, counted_on__gte=day, figure__in=STOCKS)


def totals_of(since: dt.date, until: dt.date) -> Counter[tuple[str, ...]]:
    """The same of the whole country by figure, bucket and kind, until now; what stood: see `stood_at`."""
    return settled.sums(_flows(since, until), ("figure", "bucket", "kind"), CountedDay.objects.last())


def stood_at(day: dt.date) -> Counter[tuple[str, ...]]:
    """What stood at the end of a day that is over."""
    return settled.sums(_stocks(day), ("figure", "bucket", "kind"), CountedDay.objects.last())


def last_day_counted() -> dt.date | None:
    """The last day whose end was counted; None before the first."""
    last = CountedDay.objects.last()
    return last.day if last else None


def is_day_counted(day: dt.date) -> bool:
    return CountedDay.objects.filter(day=day).exists()


def first_day_counted() -> dt.date | None:
    return DayCount.objects.order_by("counted_on").values_list("counted_on", flat=True).first()


def newest_step_at() -> dt.datetime | None:
    """When somebody last did anything; what is counted is counted until then."""
    return Step.objects.order_by("-pk").values_list("at", flat=True).first()
