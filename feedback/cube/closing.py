"""The end of a day: what stood where, and which open petitions will be answered too late as things go."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from feedback.anchors import SETTLING
from feedback.cube.chains import Cell, Standing, standings, stocks
from feedback.cube.figures import COLUMNS, STOCKS, WAITED, Told, is_in_time
from feedback.cube.table import add, hold
from feedback.cube.workdays import Workdays
from feedback.models import CountedDay, DayCount, Forecast, Petition, Step
from feedback.workflow import OPEN, PAUSED, State
from routing.calendar import DAY, local, moment
from routing.kept import every_subfield

KEPT_DAYS = 400  # so long every day's stocks are kept; of older ones those of the last day of a month
WINDOW = dt.timedelta(days=90)  # what is expected is learnt from the answers of so long
FORECAST_DAYS = 100  # a rebuild expects anew for so many past days: a quarter and a little
FEWEST = 5  # answers from which anything is expected


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
    for day in days:
        forecast(day, ends.running(day), Workdays())
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
    told = (Told(*row) for row in rows)
    return (list(chain) for _pk, chain in groupby(told, key=lambda step: step.petition_id))


# --- what stands at the end of days -------------------------------------------------------------------------


class Running(NamedTuple):
    """An open petition whose clock runs, from the end of one day to the end of another."""

    petition_id: int
    round: int
    first: dt.date
    last: dt.date
    submitted: dt.date
    agency: str
    subfield: str
    due: dt.date


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

    def write(self) -> None:
        add(self.cells)
        self.cells.clear()

    def running(self, day: dt.date) -> list[Running]:
        return [one for one in self.open if one.first <= day <= one.last]


def _running(standing: Standing) -> Iterator[Running]:
    step, chain = standing.step, standing.chain
    received = step.after in OPEN - {State.SUBMITTED} - PAUSED
    if received and step.due_at is not None:
        rounds = 1 + sum(one.action == "reopen" for one in chain)
        sent, due = local(chain[0].at).date(), local(step.due_at).date()
        yield Running(
            *(step.petition_id, rounds, standing.first, standing.last, sent),
            *(step.lead_agency, step.subfield, due),
        )


# --- what will be late --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waits:
    """Working days that answers took, by agency and field and by field alone, sorted."""

    by_both: dict[tuple[str, str], list[int]]
    by_field: dict[str, list[int]]

    def left(self, agency: str, field: str, passed: int) -> int | None:
        """The median of how many working days more those took that had waited as long; None: cannot tell."""
        for waits in (self.by_both.get((agency, field), []), self.by_field.get(field, [])):
            longer = [days for days in waits if days > passed]
            if len(longer) >= FEWEST:
                return longer[len(longer) // 2] - passed
        return None


def waits_until(day: dt.date) -> Waits:
    """Of the first answers of the ninety days until that one."""
    rows = DayCount.objects.filter(figure=WAITED, day__gt=day - WINDOW, day__lte=day).exclude(bucket="?")
    fields = fields_of()
    by_both: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_field: dict[str, list[int]] = defaultdict(list)
    # Summed first: what came to another province left a row less where it was.
    counted = rows.values_list("agency", "subfield", "bucket").annotate(Sum("n"))
    for agency, subfield, bucket, n in counted:
        field = fields.get(subfield, "")
        by_both[agency, field] += [int(bucket)] * n
        by_field[field] += [int(bucket)] * n
    for waits in (*by_both.values(), *by_field.values()):
        waits.sort()
    return Waits(dict(by_both), dict(by_field))


def fields_of() -> dict[str, str]:
    """The field of each sub-field, by their slugs."""
    return {slug: one.field_id for slug, one in every_subfield().items()}


def forecast(day: dt.date, running: Iterable[Running], workdays: Workdays) -> None:
    """Keep which petitions were expected at that day's end to be answered after they are due."""
    waits, fields = waits_until(day), fields_of()
    expected = {}
    for one in running:
        passed = workdays.between(one.submitted, day)
        if passed is None or one.due <= day:
            continue
        left = waits.left(one.agency, fields.get(one.subfield, ""), passed)
        ends = workdays.after(day, left) if left is not None else None
        if ends is not None and ends > one.due:
            expected[one.petition_id, one.round] = ends
    _keep(day, expected)


def _keep(day: dt.date, expected: dict[tuple[int, int], dt.date]) -> None:
    known = {
        (one.petition_id, one.round): one
        for one in Forecast.objects.filter(petition__in={pk for pk, _round in expected})
    }
    for key, ends in expected.items():
        if one := known.get(key):
            one.held_on, one.expected_on = day, ends
    Forecast.objects.bulk_update(
        [one for key, one in known.items() if key in expected], ["held_on", "expected_on"], batch_size=500
    )
    Forecast.objects.bulk_create(
        Forecast(petition_id=pk, round=number, made_on=day, held_on=day, expected_on=ends)
        for (pk, number), ends in expected.items()
        if (pk, number) not in known
    )


def decide(day: dt.date) -> None:
    """Note what came of each expectation by that day's end: answered in time, answered late, or overdue."""
    # Of one that was withdrawn or merged nothing will ever be known: after so long nobody asks any more.
    asked = Forecast.objects.filter(came_late=None, made_on__lte=day, made_on__gt=day - KEPT_DAYS * DAY)
    open_ones = list(asked.select_related("petition").defer("petition__text"))
    answers = _first_answers({one.petition_id: one.made_on for one in open_ones})
    end = moment(day + DAY, dt.time.min)
    for one in open_ones:
        one.came_late = answers.get(one.petition_id, one.petition.is_overdue(end) or None)
    decided = [one for one in open_ones if one.came_late is not None]
    Forecast.objects.bulk_update(decided, ["came_late"], batch_size=500)


def _first_answers(made: Mapping[int, dt.date]) -> dict[int, bool]:
    """Of each petition whether its first answer after that day came late."""
    found: dict[int, bool] = {}
    for some in batched(made, 5_000):
        answers = Step.objects.filter(petition__in=some, action="approve", due_at__isnull=False)
        for pk, at, due, kind in answers.order_by("-at").values_list("petition_id", "at", "due_at", "kind"):
            if due is not None and at >= moment(made[pk], dt.time.max):
                found[pk] = not is_in_time(at, due, kind)
    return found


def batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, size)):
        yield some
