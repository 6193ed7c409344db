"""The end of a day: what stood where."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.anchors import SETTLING
from feedback.cube.chains import Cell, Dated, Standing, standings, stocks, territory
from feedback.cube.figures import COLUMNS, STOCKS, Told
from feedback.cube.forecasting import FORECAST_DAYS, Running, decide, forecast
from feedback.cube.table import add_dated, hold
from feedback.cube.workdays import Workdays
from feedback.models import CountedDay, DayCount, Petition, Step
from feedback.workflow import OPEN, PAUSED, State
from routing.calendar import DAY, local, moment

KEPT_DAYS = 400  # so long every day's stocks are kept; of older ones those of the last day of a month


def last_day_over(now: dt.datetime) -> dt.date:
    """The last local day of which every step is there: late ones of a day come within minutes."""
    return timezone.localdate(now - SETTLING) - DAY


def is_kept(day: dt.date, last: dt.date) -> bool:
    return (last - day).days <= KEPT_DAYS or (day + DAY).day == 1


def close_days(now: dt.datetime | None = None) -> list[dt.date]:
    """Count the end of every day that is over and not counted yet. Twice, or by two at once: each once."""
    last = last_day_over(now or timezone.now())
    counted = CountedDay.objects.order_by("-day").values_list("day", flat=True).first()
    first = counted + DAY if counted else last
    days = [first + n * DAY for n in range((last - first).days + 1)]
    try:
        with transaction.atomic():
            _close(days, last)
    except IntegrityError:
        return []  # another did it meanwhile
    return days


def _close(days: Sequence[dt.date], last: dt.date) -> None:
    if not days:
        return
    ends = End(days[0], last)
    for chain in chains(_perhaps_open(days[0])):
        ends.take(chain)
    hold()  # whoever counts now ends before, or sees that the day is closed
    CountedDay.objects.bulk_create(CountedDay(day=day, at=timezone.now()) for day in days)
    ends.write()
    forecast(days, ends.open, Workdays())
    decide(last)
    _forget([day - (KEPT_DAYS + 1) * DAY for day in days], last)


def _perhaps_open(day: dt.date) -> QuerySet[Step]:
    """All steps of petitions that may have been open at that day's end: they are, or something came after."""
    after = Step.objects.filter(at__gte=moment(day + DAY, dt.time.min)).values("petition")
    open_or_promised = Q(state__in=[*OPEN, State.ANSWERED])
    return Step.objects.filter(
        petition__in=Petition.objects.filter(open_or_promised | Q(pk__in=after)).values("pk")
    )


def _forget(days: Iterable[dt.date], last: dt.date) -> None:
    """What is older than anybody compares with, but for the ends of months."""
    gone = [day for day in days if not is_kept(day, last)]
    DayCount.objects.filter(day__in=gone, figure__in=STOCKS).delete()


def chains(steps: QuerySet[Step]) -> Iterator[list[Told]]:
    """The steps of each petition in their order."""
    rows = steps.order_by("petition_id", "seq").values_list(*COLUMNS).iterator(chunk_size=5_000)
    told = (Told.of(row) for row in rows)
    return (list(chain) for _pk, chain in groupby(told, key=lambda step: step.petition_id))


# --- what stands at the end of days -------------------------------------------------------------------------


class End:
    """Gathers what stood at the ends of the days from `first` to `last`; `write` keeps it.

    Of the last FORECAST_DAYS also which petitions were open.
    """

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last
        self.cells: Counter[Cell] = Counter()
        self.open: list[Running] = []

    def take(self, chain: Sequence[Told]) -> None:
        for standing in standings(chain, self.last):
            if standing.last >= self.first:
                self.cells.update(
                    cell for cell in stocks(standing, self.first) if is_kept(cell.day, self.last)
                )
                if (self.last - standing.last).days < FORECAST_DAYS:
                    self.open += _running(standing)

    def write(self, into: Callable[[Mapping[Dated, int]], None] = add_dated) -> None:
        into({(cell, cell.day): n for cell, n in self.cells.items()})
        self.cells.clear()


def _running(standing: Standing) -> Iterator[Running]:
    step, chain = standing.step, standing.chain
    received = step.after in OPEN - {State.SUBMITTED} - PAUSED
    if received and step.due_at is not None:
        rounds = 1 + sum(one.action == "reopen" for one in chain)
        sent, due = local(chain[0].at).date(), local(step.due_at).date()
        yield Running(
            *(step.petition_id, rounds, standing.first, standing.last, sent),
            *(territory(chain), step.lead_agency, step.subfield, due),
        )
