"""The cube kept step by step, each step counted exactly once; and made anew from all Steps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from feedback.cube import table
from feedback.cube.chains import Cell, Dated, add_up, counted, dated_sum_of, territory
from feedback.cube.closing import End, last_day_over
from feedback.cube.figures import COLUMNS, COUNTED, OF_ACTION, Told
from feedback.cube.forecasting import FORECAST_DAYS, decide, forecast
from feedback.cube.workdays import Workdays
from feedback.followups import Write, after
from feedback.models import CountedDay, DayCount, FollowUp, Forecast, Step
from routing.calendar import DAY, local

# How `settings.FOLLOW_UPS` names `count`.
COUNT = "feedback.cube.counting.count"
MOST_CELLS = 200_000  # held in memory while all is made anew


def _counts(step: Step) -> bool:
    """A step that any flow speaks of; of those by which a place is told, one that led it elsewhere."""
    if step.action in OF_ACTION:
        return True
    before = Step.objects.filter(petition_id=step.petition_id, seq=step.seq - 1)
    return before.exclude(lead_agency=step.lead_agency).exists()


class TooSoonError(Exception):
    """Something that it takes along is not counted yet; it is tried again."""


# By these a petition that nobody has received yet may come to another territory.
PLACING = ("read", "inform")


@after(*COUNTED, *PLACING, when=_counts)
def count(step: Step) -> Write:
    """Add what this step means to its day. Twice: once, with the row that says that it is done.

    One that leads it to another territory takes along what was counted before, so it waits for that:
    TooSoonError.

    Late: what belongs to a day that was closed stands as a correction under today.
    """
    cells, chain = Counter[Cell](), _chain_of(step)
    if territory(chain) != territory(chain[:-1]) and _waits_before(step):
        raise TooSoonError("an earlier step waits to be counted: it would be taken from where it never stood")
    add_up(cells, counted(chain, Workdays()))
    return lambda: _add(cells, local(step.at).date())


def _waits_before(step: Step) -> bool:
    earlier = FollowUp.objects.filter(step__petition=step.petition_id, step__seq__lt=step.seq)
    return earlier.filter(consumer=COUNT, done_at__isnull=True).exists()


def _chain_of(step: Step) -> list[Told]:
    """The petition's steps up to this one."""
    rows = Step.objects.filter(petition_id=step.petition_id, seq__lte=step.seq).order_by("seq")
    return [Told.of(row) for row in rows.values_list(*COLUMNS)]


def _add(cells: Counter[Cell], day: dt.date) -> None:
    table.be_patient()
    table.join()
    table.add(cells, counted_on=_still_open(day))


def _still_open(day: dt.date) -> dt.date:
    """The day of the step; once it was closed, or lies back, today."""
    today = timezone.localdate()
    late = day < today - DAY or CountedDay.objects.filter(day=day).exists()
    return today if late else day


def rebuild(*, until: dt.date | None = None) -> int:
    """Make all counts anew from the Steps, and give back how many rows they are.

    A step that still waits to be counted is left to its row: nobody counts while this runs, so each step is
    in here or waits. What was counted late stays under the day on which it was: what a day that is over has
    said to anybody does not change. `until` is the last day whose end is counted, by default the last one
    that is over.
    """
    last, workdays = until or last_day_over(timezone.now()), Workdays()
    with transaction.atomic():
        table.hold()
        table.remember()
        for model in (DayCount, CountedDay, Forecast):
            model.objects.all().delete()
        end = _count_all(last, workdays)
        if end is not None:
            _close_all(end, workdays)
        table.restore(timezone.localdate())
    return DayCount.objects.count()


def _count_all(last: dt.date, workdays: Workdays) -> End | None:
    """Flows and stocks of all petitions; gives back what stood in the last days, None in an empty house."""
    first = Step.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return None
    end, cells = End(local(first).date(), last), Counter[Dated]()
    with table.pouring() as pour:
        for chain, waits in told_chains(Step.objects.all()):
            for dated, n in dated_sum_of(chain, waits, workdays).items():
                cells[dated] += n
            end.take(chain)
            if len(cells) + len(end.cells) > MOST_CELLS:
                pour(cells)
                cells.clear()
                end.write(pour)
        pour(cells)
        end.write(pour)
    return end


def told_chains(steps: QuerySet[Step]) -> Iterator[tuple[Sequence[Told], Sequence[bool]]]:
    """Each petition's steps, and of each whether it waits to be counted; as they were at one moment."""
    waiting = FollowUp.objects.filter(step=OuterRef("pk"), consumer=COUNT, done_at__isnull=True)
    rows = steps.annotate(waits=Exists(waiting)).order_by("petition_id", "seq")
    told = rows.values_list(*COLUMNS, "waits").iterator(chunk_size=5_000)
    for _petition, found in groupby(told, key=lambda row: row[0]):
        chain = list(found)
        yield [Told.of(row[:-1]) for row in chain], [row[-1] for row in chain]


def _close_all(end: End, workdays: Workdays) -> None:
    """Every day until the last is counted; what was expected is told for the last quarter."""
    days = [end.first + n * DAY for n in range((end.last - end.first).days + 1)]
    CountedDay.objects.bulk_create(CountedDay(day=day, at=timezone.now()) for day in days)
    forecast(days[-FORECAST_DAYS:], end.open, workdays)
    decide(end.last)
