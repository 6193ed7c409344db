"""When people write and when offices work: by hour and weekday, quiet at Tết, a storm in autumn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from routing.calendar import DAY, LOCAL, Calendar, MissingCalendarError, current_calendar

# How busy an hour and a weekday are, relative to each other.
BY_HOUR = (2, 1, 1, 1, 1, 3, 8, 18, 26, 28, 24, 16, 12, 16, 22, 23, 20, 19, 18, 22, 22, 16, 9, 4)
BY_WEEKDAY = (12, 11, 10, 10, 10, 7, 5)
ON_A_DAY_OFF = 0.35  # of a day's petitions: at Tết people have other things to do
IN_THE_STORM = 6.0  # times a day's petitions
STORM = ((10, 20), (10, 26))  # month and day, first and last: the season of storms in Đà Nẵng
SETTLED = dt.timedelta(days=21)  # the storm shown is one whose petitions had time to be answered

FIRST = dt.date(2025, 7, 1)  # before it there are none of today's communes and agencies


@dataclass(frozen=True)
class Rhythm:
    """The year before `until` (a local midnight), as days with their weight."""

    until: dt.datetime
    calendar: Calendar
    storm: tuple[dt.date, dt.date]

    @classmethod
    def before(cls, until: dt.date) -> Rhythm:
        """Raises MissingCalendarError where the days off of that year are unknown."""
        calendar = current_calendar()
        for day in (until - dt.timedelta(days=365), until + dt.timedelta(days=120)):
            if day.year not in calendar.years:
                raise MissingCalendarError(day.year)
        return cls(dt.datetime.combine(until, dt.time.min, LOCAL), calendar, _storm(until))

    def filings(self, rng: Random, count: int) -> list[dt.datetime]:
        """`count` moments of the year, in order."""
        last = self.until.date() - DAY
        days = [day for ago in range(365) if (day := last - dt.timedelta(days=ago)) >= FIRST]
        drawn = rng.choices(days, [self._weight(day) for day in days], k=count)
        return sorted(moment_of(rng, day) for day in drawn)

    @property
    def last_work(self) -> dt.date:
        """The day after the last one that was worked: what stands somewhere was brought there by then."""
        day = self.until.date()
        while not self.calendar.is_working(day - DAY):
            day -= DAY
        return day

    def _weight(self, day: dt.date) -> float:
        weight = float(BY_WEEKDAY[day.weekday()])
        if day in self.calendar.off:
            weight *= ON_A_DAY_OFF
        return weight * (IN_THE_STORM if self.in_storm(day) else 1.0)

    def in_storm(self, day: dt.date) -> bool:
        return self.storm[0] <= day <= self.storm[1]

    def office(self, rng: Random, after: dt.datetime, days: int) -> dt.datetime:
        """A moment of office hours, so many working days later (0: the same day, if it is still on)."""
        day = after.astimezone(LOCAL).date()
        if days == 0:
            return self._same_day(rng, after)
        while days:
            day += DAY
            days -= self.calendar.is_working(day)
        return _at_work(rng, day)

    def _same_day(self, rng: Random, after: dt.datetime) -> dt.datetime:
        local = after.astimezone(LOCAL)
        soon = local + dt.timedelta(minutes=rng.randint(10, 150))
        if self.calendar.is_working(local.date()) and 7 <= soon.hour < 17 and soon.date() == local.date():
            return soon
        if self.calendar.is_working(local.date()) and local.hour < 7:
            return _at_work(rng, local.date())
        return self.office(rng, after, 1)


def _storm(until: dt.date) -> tuple[dt.date, dt.date]:
    year = until.year
    while dt.date(year, *STORM[1]) + SETTLED > until:
        year -= 1
    return dt.date(year, *STORM[0]), dt.date(year, *STORM[1])


def moment_of(rng: Random, day: dt.date) -> dt.datetime:
    """Some moment of that day, when people write."""
    (hour,) = rng.choices(range(24), BY_HOUR)
    return dt.datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=LOCAL)


def _at_work(rng: Random, day: dt.date) -> dt.datetime:
    hour = rng.choice((7, 8, 8, 9, 9, 10, 10, 13, 14, 14, 15, 15, 16))
    minute = rng.randrange(35, 60) if hour == 7 else rng.randrange(60)
    return dt.datetime(day.year, day.month, day.day, hour, minute, rng.randrange(60), tzinfo=LOCAL)
