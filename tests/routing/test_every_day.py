"""What must hold of every deadline, whatever the day: asked of each day of 2025 to 2027."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import pytest

from routing.calendar import DAY, LOCAL, Hours, current_calendar
from routing.deadlines import Deadline, count
from routing.models import OFFICE_HOURS

pytestmark = [pytest.mark.django_db, pytest.mark.long]

UNITS = {
    "working_day": (1, 5, 20),
    "calendar_day": (1, 30, 45),
    "working_hour": (2, 8),
    "clock_hour": (1, 24),
}
LIMITS = [(unit, amount) for unit, amounts in UNITS.items() for amount in amounts]
IN_DAYS = [(unit, amount) for unit, amount in LIMITS if unit.endswith("day")]
HOURS = [dt.time(0, 5), dt.time(11, 30), dt.time(16, 59, 30), dt.time(23, 55)]
HOURS_OF_THE_HOUSE = Hours.parse(OFFICE_HOURS)
LAST = dt.date(2027, 10, 31)  # sixty days and their pauses end within the years that are known


def moments() -> Iterator[dt.datetime]:
    day, number = dt.date(2025, 1, 1), 0
    while day <= LAST:
        yield dt.datetime.combine(day, HOURS[number % len(HOURS)], LOCAL)
        day, number = day + DAY, number + 1


def every(unit: str, amount: int) -> list[Deadline]:
    calendar = current_calendar()
    return [count(unit, amount, moment, calendar=calendar) for moment in moments()]


@pytest.mark.parametrize(("unit", "amount"), LIMITS)
def test_the_trace_names_each_day_once_and_its_last_counted_day_is_the_due_day(
    unit: str, amount: int
) -> None:
    for deadline in every(unit, amount):
        days = [line.date for line in deadline.trace]
        assert days[0] == deadline.start.date()
        assert all(later - day == DAY for day, later in pairwise(days))
        counted = [line.date for line in deadline.trace if line.counted]
        assert counted[-1] == days[-1] == deadline.at.date(), deadline
        assert all(line.why for line in deadline.trace)
        if unit.endswith("day"):
            assert len(counted) == amount


@pytest.mark.parametrize(("unit", "amount"), [limit for limit in LIMITS if limit[0] != "clock_hour"])
def test_nothing_is_due_on_a_day_off(unit: str, amount: int) -> None:
    calendar = current_calendar()
    assert all(calendar.is_working(deadline.at.date()) for deadline in every(unit, amount))


@pytest.mark.parametrize(("unit", "amount"), LIMITS)
def test_what_begins_later_is_never_due_earlier_and_a_longer_limit_never_ends_earlier(
    unit: str, amount: int
) -> None:
    deadlines = every(unit, amount)
    assert all(one.at <= next_one.at for one, next_one in pairwise(deadlines))
    longer = every(unit, amount + 1)
    assert all(one.at <= more.at for one, more in zip(deadlines, longer, strict=True))
    assert all(one.at > one.start for one in deadlines)


@pytest.mark.parametrize("amount", [1, 5, 20])
def test_whole_days_of_pause_move_the_due_day_by_as_many_working_days(amount: int) -> None:
    calendar = current_calendar()
    for start in moments():
        plain = count("working_day", amount, start, calendar=calendar)
        begins = start + dt.timedelta(minutes=1)
        for length in (1, 3):
            ends = count("working_day", length, begins, calendar=calendar).at
            paused = calendar.office_time(begins, ends, HOURS_OF_THE_HOUSE)
            whole = -(-paused // HOURS_OF_THE_HOUSE.length)
            moved = count("working_day", amount, start, [(begins, ends)], calendar=calendar)
            further = count("working_day", whole, plain.at, calendar=calendar)
            assert moved.at == further.at
            assert [line.counted for line in moved.trace].count(True) == amount
            assert moved.trace[-1].counted


@pytest.mark.parametrize("amount", [2, 8])
def test_a_pause_gives_back_exactly_the_office_time_that_it_took(amount: int) -> None:
    calendar = current_calendar()
    for start in moments():
        begins = count("working_hour", 1, start, calendar=calendar).at
        ends = begins + dt.timedelta(hours=30, minutes=17)
        moved = count("working_hour", amount, start, [(begins, ends)], calendar=calendar)
        used = calendar.office_time(start, moved.at, HOURS_OF_THE_HOUSE)
        paused = calendar.office_time(begins, ends, HOURS_OF_THE_HOUSE)
        assert used - paused == dt.timedelta(hours=amount)


@pytest.mark.parametrize("amount", [30, 45])
def test_calendar_days_of_pause_are_a_difference_of_dates(amount: int) -> None:
    calendar = current_calendar()
    for start in moments():
        begins = start + dt.timedelta(days=3)
        moved = count("calendar_day", amount, start, [(begins, begins + 5 * DAY)], calendar=calendar)
        plain = count("calendar_day", amount + 5, start, calendar=calendar)
        assert moved.at == plain.at


@pytest.mark.parametrize(("unit", "amount"), IN_DAYS)
def test_the_legal_day_is_the_day_of_the_office_close(unit: str, amount: int) -> None:
    for deadline in every(unit, amount):
        assert deadline.legal_on == deadline.at.date()
        assert deadline.at.time() == HOURS_OF_THE_HOUSE.close
