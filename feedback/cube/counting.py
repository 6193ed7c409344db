"""The cube kept step by step, each step counted exactly once; and made anew from all Steps."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from feedback.cube import table
from feedback.cube.chains import Dated, counted, dated_sum_of, territory
from feedback.cube.closing import End, last_day_over
from feedback.cube.figures import COLUMNS, COUNTED, OF_ACTION, Told
from feedback.cube.forecasting import FORECAST_DAYS, decide, forecast
from feedback.cube.workdays import Workdays
from feedback.followups import Write, after, in_one_go
from feedback.models import CountedDay, DayCount, FollowUp, Forecast, Step
from routing.calendar import DAY, local

# How `settings.FOLLOW_UPS` names `count`.
COUNT = "feedback.cube.counting.count"
MOST_CELLS = 200_000  # held in memory while all is made anew


def _counts(step: Step) -> bool:
    """A step that any flow speaks of; of those by which a place is told, one that led it elsewhere."""
    return step.action in OF_ACTION or step.lead_agency != step.former_lead


class TooSoonError(Exception):
    """Something that it takes along is not counted yet; it is tried again."""


# By these a petition that nobody has received yet may come to another territory.
PLACING = ("read", "inform")


def count_all(steps: Sequence[Step]) -> Write:
    """`count` of many at once; of one petition in any order, for all of them are counted or none."""
    cells, workdays = Counter[Dated](), Workdays()
    chains = _chains_of(steps)
    for step in steps:
        chain = [told for told in chains[step.petition_id] if told.seq <= step.seq]
        if territory(chain) != territory(chain[:-1]) and _waits_before(step, besides=steps):
            raise TooSoonError("an earlier step is not counted: it would be taken from where it never stood")
        for cell, n in counted(chain, workdays):
            cells[cell, local(step.at).date()] += n
    return lambda: _add(cells)


@in_one_go(count_all)
@after(*COUNTED, *PLACING, when=_counts)
def count(step: Step) -> Write:
    """Add what this step means to its day. Twice: once, with the row that says that it is done.

    One that leads it to another territory takes along what was counted before, so it waits for that:
    TooSoonError.

    Late: what belongs to a day that was closed stands as a correction under today.
    """
    return count_all([step])


def _waits_before(step: Step, *, besides: Sequence[Step]) -> bool:
    """Whether an earlier step of its petition is still to be counted, and not together with it."""
    earlier = FollowUp.objects.filter(step__petition=step.petition_id, step__seq__lt=step.seq)
    waiting = earlier.filter(consumer=COUNT, done_at__isnull=True)
    return waiting.exclude(step__in=[one.pk for one in besides]).exists()


def _chains_of(steps: Sequence[Step]) -> dict[int, list[Told]]:
    """All steps of their petitions, by petition."""
    chains = defaultdict[int, list[Told]](list)
    rows = Step.objects.filter(petition__in={step.petition_id for step in steps}).order_by("petition", "seq")
    for row in rows.values_list(*COLUMNS):
        told = Told.of(row)
        chains[told.petition_id].append(told)
    return chains


def _add(cells: Mapping[Dated, int]) -> None:
    """`cells`: each with the day of the step by which it counts."""
    table.be_patient()
    table.join()
    counted_on = {day: _still_open(day) for day in {day for _cell, day in cells}}
    written = Counter[Dated]()
    for (cell, day), n in cells.items():
        written[cell, max(cell.day, counted_on[day])] += n
    table.add_dated(written)


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
