"""A second computation, written from the conventions and not from the engine, agrees on 100,000 cases.

The conventions, in +07:00: a clock hour is elapsed time, and pauses add their length. A working hour runs in
office hours of working days, a session is [open, close), and what is used up at a close is due at that
close. A working day: the event's day is not counted; due at the office close; paused office time, summed,
comes back rounded up to whole days. A calendar day: the date plus so many, plus the difference of dates of
each pause, then moved to a working day. Pauses are joined, cut at the start, and one that begins after the
due moment changes nothing. A year that is not known is refused.

Here all office time of three years lies end to end, and every limit is a position on that line or in the
list of working dates. The days off are typed from the announcements, not read from the tables.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from random import Random

import pytest

from routing.calendar import DeadlineError, current_calendar
from routing.deadlines import count

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CASES = 100_000
ZONE = dt.timezone(dt.timedelta(hours=7))
DAY = dt.timedelta(days=1)
FIRST, END = dt.date(2025, 1, 1), dt.date(2028, 1, 1)

OFF = """
2025: 1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9
2026: 1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11
2027: 1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11
"""
MADE_UP = "2025: 26/4\n2026: 10/1 22/8"
OFFICES = (
    "07:30-11:30/13:00-17:00",
    "08:00-12:00/13:30-16:30",
    "07:00-11:00/13:30-17:30",
    "08:00-17:00",
    "06:45-11:15/13:00-16:45/17:30-19:00",
)

Moment = dt.datetime
Pause = tuple[Moment, Moment]


def days_of(text: str) -> set[dt.date]:
    days = set()
    for line in text.strip().splitlines():
        year, _colon, named = line.partition(":")
        for word in named.split():
            day, month = word.split("/")
            days.add(dt.date(int(year), int(month), int(day)))
    return days


OFF_DAYS, MADE_UP_DAYS = days_of(OFF), days_of(MADE_UP)
ALL = [FIRST + n * DAY for n in range((END - FIRST).days)]
WORKED = [day for day in ALL if day in MADE_UP_DAYS or (day.weekday() < 5 and day not in OFF_DAYS)]
IS_WORKED = set(WORKED)


class UnknownYearError(Exception):
    """It would lead out of the years that are known."""


class Office:
    """All office time of the known years laid end to end: a moment is a position on it, and back."""

    def __init__(self, hours: str) -> None:
        self.opens: list[Moment] = []
        self.closes: list[Moment] = []
        self.before: list[dt.timedelta] = []  # office time before each opening
        total = dt.timedelta(0)
        sessions = [part.split("-") for part in hours.split("/")]
        for day in WORKED:
            for begin, end in sessions:
                opens, closes = on(day, begin), on(day, end)
                self.opens.append(opens)
                self.closes.append(closes)
                self.before.append(total)
                total += closes - opens
        self.total = total
        self.close = sessions[-1][1]
        self.day = sum((self.closes[i] - self.opens[i] for i in range(len(sessions))), dt.timedelta(0))

    def position(self, moment: Moment) -> dt.timedelta:
        """Office time from the first day to this moment."""
        if not FIRST <= moment.date() < END:
            raise UnknownYearError
        place = bisect_right(self.opens, moment) - 1
        if place < 0:
            return dt.timedelta(0)
        return self.before[place] + min(moment, self.closes[place]) - self.opens[place]

    def at(self, position: dt.timedelta) -> Moment:
        """The first moment at which so much office time has passed: a close is that close."""
        if position > self.total:
            raise UnknownYearError
        place = bisect_left(self.before, position) - 1
        return self.opens[place] + (position - self.before[place])


@lru_cache
def office(hours: str) -> Office:
    return Office(hours)


def on(day: dt.date, clock: str) -> Moment:
    hour, minute = clock.split(":")
    return dt.datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=ZONE)


def union(pauses: Sequence[Pause], start: Moment) -> list[Pause]:
    """Joined, the part before the start cut off, in order."""
    line = sorted((max(begin, start), end) for begin, end in pauses if end > start)
    joined: list[Pause] = []
    for begin, end in line:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return [pause for pause in joined if pause[1] > pause[0]]


def due(unit: str, amount: int, start: Moment, pauses: Sequence[Pause], hours: str) -> Moment:
    start = start.astimezone(ZONE)
    spans = union([(a.astimezone(ZONE), b.astimezone(ZONE)) for a, b in pauses], start)
    way = {"clock_hour": clock, "working_hour": worked, "working_day": whole, "calendar_day": dates}[unit]
    return way(amount, start, spans, office(hours))


def clock(amount: int, start: Moment, pauses: list[Pause], place: Office) -> Moment:
    end = start + dt.timedelta(hours=amount)
    for begin, finish in pauses:
        if begin < end:
            end += finish - begin
    return end


def worked(amount: int, start: Moment, pauses: list[Pause], place: Office) -> Moment:
    """On the line of office time the pauses are stretches to be jumped over."""
    here, left = place.position(start), dt.timedelta(hours=amount)
    for begin, finish in pauses:
        until = place.position(begin) if begin.date() < END else place.total
        if until - here >= left:
            break
        left -= until - here
        here = place.position(finish)
    if not left:
        raise ValueError("an amount of nothing")
    return place.at(here + left)


def whole(amount: int, start: Moment, pauses: list[Pause], place: Office) -> Moment:
    first = bisect_right(WORKED, start.date())

    def ends(more: int) -> Moment:
        if first + amount + more - 1 >= len(WORKED):
            raise UnknownYearError
        return on(WORKED[first + amount + more - 1], place.close)

    lost, more = dt.timedelta(0), 0
    for begin, finish in pauses:
        if begin < ends(more):
            lost += place.position(finish) - place.position(begin)
            more = lost // place.day + bool(lost % place.day)
    return ends(more)


def dates(amount: int, start: Moment, pauses: list[Pause], place: Office) -> Moment:
    def ends(more: int) -> Moment:
        next_worked = bisect_left(WORKED, start.date() + (amount + more) * DAY)
        if next_worked >= len(WORKED):
            raise UnknownYearError
        return on(WORKED[next_worked], place.close)

    more = 0
    for begin, finish in pauses:
        if begin < ends(more):
            more += (finish.date() - begin.date()).days
    return ends(more)


AMOUNTS = {"clock_hour": 200, "working_hour": 120, "working_day": 60, "calendar_day": 120}


def moment(rng: Random, around: Moment | None = None) -> Moment:
    """Anywhere, in any zone; now and then exactly on an edge of a session or of a day."""
    base = around or dt.datetime(2025, 1, 1, tzinfo=ZONE) + dt.timedelta(seconds=rng.randrange(1094 * 86_400))
    if around:
        base += dt.timedelta(seconds=rng.randrange(-5 * 86_400, 40 * 86_400))
    if rng.random() < 0.3:
        edge = rng.choice(["00:00", "07:30", "08:00", "11:30", "12:00", "13:00", "16:30", "17:00", "23:59"])
        base = on(base.date(), edge)
    return base.astimezone(rng.choice([ZONE, dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))]))


def spell(rng: Random, start: Moment) -> Pause:
    begin = moment(rng, start)
    length = rng.choice([3600, 86_400, 9 * 86_400])
    return begin, begin + dt.timedelta(seconds=rng.randrange(length))


def test_the_engine_and_a_second_computation_agree_on_100_000_random_cases() -> None:
    rng = Random(20261127)
    calendar = current_calendar()
    agreed = refused = 0
    for _case in range(CASES):
        unit = rng.choice(list(AMOUNTS))
        amount = rng.randint(1, AMOUNTS[unit])
        start, hours = moment(rng), rng.choice(OFFICES)
        pauses = [spell(rng, start) for _pause in range(rng.choice([0, 0, 1, 1, 2, 5]))]
        case = (unit, amount, start.isoformat(), [(a.isoformat(), b.isoformat()) for a, b in pauses], hours)
        try:
            expected = due(unit, amount, start, pauses, hours)
        except UnknownYearError:
            with pytest.raises(DeadlineError):
                print(case, count(unit, amount, start, pauses, hours, calendar=calendar).at)
            refused += 1
            continue
        deadline = count(unit, amount, start, pauses, hours, calendar=calendar)
        assert deadline.at == expected, case
        counted = [line.date for line in deadline.trace if line.counted]
        assert counted[-1] == deadline.trace[-1].date == expected.astimezone(ZONE).date(), case
        assert not unit.endswith("day") or len(counted) == amount, case
        agreed += 1
    assert agreed + refused == CASES
    assert agreed > 0.9 * CASES
