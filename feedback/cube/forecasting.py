"""Which open petitions will be answered too late as things go, and what came of saying so."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery, Sum

from feedback.cube.figures import WAITED, is_in_time
from feedback.cube.workdays import Workdays
from feedback.models import DayCount, Forecast, Petition, Step
from routing.calendar import DAY, moment
from routing.kept import every_subfield

WINDOW = dt.timedelta(days=90)  # what is expected is learnt from the answers of so long
FORECAST_DAYS = 100  # a rebuild expects anew for so many past days: a quarter and a little
FEWEST = 5  # answers from which anything is expected
DECIDED_FOR = dt.timedelta(
    days=400
)  # of one withdrawn or merged nothing will ever be known: then nobody asks
AT_ONCE = 500  # rows written in one statement


class Running(NamedTuple):
    """An open petition whose clock runs, from the end of one day to the end of another."""

    petition_id: int
    round: int
    first: dt.date
    last: dt.date
    submitted: dt.date
    territory: str
    agency: str
    subfield: str
    due: dt.date


class Expected(NamedTuple):
    """When a petition is expected to be answered, and the first and the last day at whose end it was so."""

    made_on: dt.date
    held_on: dt.date
    expected_on: dt.date
    territory: str
    agency: str
    subfield: str


MOVING = Expected._fields[1:]  # what changes of it while it is expected still
Round = tuple[int, int]  # a petition and which of its rounds
Waited = tuple[str, str, int, int]  # agency, field, working days, how many first answers took them


# --- what is usual ------------------------------------------------------------------------------------------


class Waits:
    """How many first answers took how many working days, by agency and field and by field alone."""

    def __init__(self) -> None:
        self.by_both: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self.by_field: dict[str, Counter[int]] = defaultdict(Counter)
        self._left: dict[tuple[str, str, int], int | None] = {}

    def count(self, answers: Iterable[Waited], sign: int = 1) -> None:
        """Take these in, or out again with -1."""
        for agency, field, days, n in answers:
            self.by_both[agency, field][days] += sign * n
            self.by_field[field][days] += sign * n
        self._left.clear()

    def left(self, agency: str, field: str, passed: int) -> int | None:
        """The median of how many working days more those took that had waited as long; None: cannot tell."""
        key = agency, field, passed
        if key not in self._left:
            own, all_of_field = self.by_both.get(key[:2]), self.by_field.get(field)
            until = _median_beyond(passed, own)
            until = until if until is not None else _median_beyond(passed, all_of_field)
            self._left[key] = until - passed if until is not None else None
        return self._left[key]


def _median_beyond(passed: int, waits: Mapping[int, int] | None) -> int | None:
    """The median of those that took longer, the upper of two; None where they are too few."""
    longer = sorted((days, n) for days, n in (waits or {}).items() if days > passed and n > 0)
    many = sum(n for _days, n in longer)
    if many < FEWEST:
        return None
    before = 0
    for days, n in longer:
        before += n
        if before > many // 2:
            return days
    return None


def windows(days: Sequence[dt.date]) -> Iterator[Waits]:
    """For the end of each of these days, one behind the other, the first answers of the ninety days until it.

    It is one object that moves on: asked after the next day it speaks of that one.
    """
    answers, waits = _answers(days[0] - WINDOW, days[-1]), Waits()
    for number in range(1, WINDOW.days):
        waits.count(answers.get(days[0] - WINDOW + number * DAY, ()))
    for day in days:
        waits.count(answers.get(day, ()))
        yield waits
        waits.count(answers.get(day - WINDOW + DAY, ()), -1)


def _answers(after: dt.date, until: dt.date) -> dict[dt.date, list[Waited]]:
    """By the day; summed first: what came to another province left a row less where it was."""
    rows = DayCount.objects.filter(figure=WAITED, day__gt=after, day__lte=until).exclude(bucket="?")
    fields, found = fields_of(), defaultdict(list)
    counted = rows.values_list("day", "agency", "subfield", "bucket").annotate(Sum("n"))
    for day, agency, subfield, bucket, n in counted.iterator():
        found[day].append((agency, fields.get(subfield, ""), int(bucket), n))
    return found


def fields_of() -> dict[str, str]:
    """The field of each sub-field, by their slugs."""
    return {slug: one.field_id for slug, one in every_subfield().items()}


# --- what is expected ---------------------------------------------------------------------------------------


def forecast(days: Sequence[dt.date], running: Iterable[Running], workdays: Workdays) -> None:
    """Keep which petitions were expected at the ends of these days to be answered after they are due."""
    if not days:
        return
    of_day = _by_day(running, days[0], days[-1])
    expected: dict[Round, Expected] = {}
    for day, waits in zip(days, windows(days), strict=True):
        for one, ends in _late(day, of_day[day], waits, workdays):
            key = one.petition_id, one.round
            made_on = expected[key].made_on if key in expected else day
            expected[key] = Expected(made_on, day, ends, one.territory, one.agency, one.subfield)
    _keep(expected)


def _by_day(running: Iterable[Running], first: dt.date, last: dt.date) -> dict[dt.date, list[Running]]:
    found: dict[dt.date, list[Running]] = defaultdict(list)
    for one in running:
        day = max(one.first, first)
        while day <= min(one.last, last):
            found[day].append(one)
            day += DAY
    return found


def _late(
    day: dt.date, running: Iterable[Running], waits: Waits, workdays: Workdays
) -> Iterator[tuple[Running, dt.date]]:
    """Those that are due later than that day and will be answered later still, and on which day."""
    fields = fields_of()
    for one in running:
        passed = workdays.between(one.submitted, day)
        if passed is None or one.due <= day:
            continue
        left = waits.left(one.agency, fields.get(one.subfield, ""), passed)
        ends = workdays.after(day, left) if left is not None else None
        if ends is not None and ends > one.due:
            yield one, ends


def _keep(expected: Mapping[Round, Expected]) -> None:
    """One that was expected before keeps the day on which it first was."""
    known: dict[Round, Forecast] = {}
    for some in batched({pk for pk, _round in expected}, 5_000):
        known |= {(one.petition_id, one.round): one for one in Forecast.objects.filter(petition__in=some)}
    again = [one for key, one in known.items() if key in expected]
    for one in again:
        for name, value in zip(MOVING, expected[one.petition_id, one.round][1:], strict=True):
            setattr(one, name, value)
    Forecast.objects.bulk_update(again, MOVING, batch_size=AT_ONCE)
    Forecast.objects.bulk_create(
        (
            Forecast(petition_id=pk, round=number, **one._asdict())
            for (pk, number), one in expected.items()
            if (pk, number) not in known
        ),
        batch_size=AT_ONCE,
    )


# --- what came of it ----------------------------------------------------------------------------------------


def decide(day: dt.date) -> None:
    """Note what came of each expectation by that day's end: answered in time, answered late, or overdue.

    What came to another province since is told there, as all that was counted of it.
    """
    moved = Forecast.objects.filter(made_on__gt=day - 2 * WINDOW).exclude(territory=F("petition__territory"))
    there = Petition.objects.filter(pk=OuterRef("petition")).values("territory")
    Forecast.objects.filter(pk__in=moved.values("pk")).update(territory=Subquery(there))
    asked = Forecast.objects.filter(came_late=None, made_on__lte=day, made_on__gt=day - DECIDED_FOR)
    open_ones = list(asked.select_related("petition").defer("petition__text"))
    answers = _first_answers({one.petition_id: one.made_on for one in open_ones})
    end = moment(day + DAY, dt.time.min)
    for one in open_ones:
        one.came_late = answers.get(one.petition_id, one.petition.is_overdue(end) or None)
    decided = [one for one in open_ones if one.came_late is not None]
    Forecast.objects.bulk_update(decided, ["came_late"], batch_size=AT_ONCE)


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
