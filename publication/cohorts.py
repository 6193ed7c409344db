"""How the petitions sent in one month fared, told once, a hundred days after it, of the whole country.

Told at one age alone: two ages of one month, one taken from the other, would tell what happened in between.
And never of a month's end, of which other rows tell what stood open.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback import public
from publication import recompute
from publication.models import FrozenCohort
from publication.recompute import last_day_of
from routing.calendar import DAY

DAYS_LATER = 100  # the 8th to the 11th of a month
NUMBERS = recompute.COHORT


def seen_on(month: dt.date) -> dt.date:
    """The day at whose end it is told how those of a month fared."""
    return last_day_of(month) + DAYS_LATER * DAY


def freeze() -> list[dt.date]:
    """Tell of every month that is old enough. Twice, or by two at once: each once."""
    return [month for month in _old_enough() if _freeze(month)]


def _old_enough() -> Iterator[dt.date]:
    first, today = public.first_day_counted(), timezone.localdate()
    if first is None:
        return
    told = set(FrozenCohort.objects.values_list("month", flat=True))
    month = first.replace(day=1)
    while seen_on(month) < today:
        if month not in told and public.is_day_counted(seen_on(month)):
            yield month
        month = last_day_of(month) + DAY


def _freeze(month: dt.date) -> bool:
    found = public.fared(month, last_day_of(month), seen_on(month))
    numbers = {name: found[name] for name in NUMBERS}
    try:
        with transaction.atomic():
            FrozenCohort.objects.create(
                month=month, seen_on=seen_on(month), at=timezone.now(), numbers=numbers
            )
    except IntegrityError:
        return False  # another did it meanwhile
    return True


def rows() -> list[dict[str, object]]:
    """Each month as `recompute` reads it from `received.csv`, the newest first."""
    kept = FrozenCohort.objects.order_by("-month")
    return [_told(one) for one in kept]


def _told(one: FrozenCohort) -> dict[str, object]:
    days = {"month": f"{one.month:%Y-%m}", "seen_on": one.seen_on.isoformat()}
    return days | {name: one.numbers[name] for name in NUMBERS}


def as_csv() -> Iterator[str]:
    """`received.csv`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["month", "seen_on", *NUMBERS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    yield text.getvalue()


def as_json() -> Iterator[str]:
    """`received.json`: what `recompute.py --received` says."""
    yield recompute.dumps(recompute.fared(rows()))
