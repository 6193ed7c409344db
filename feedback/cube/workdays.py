"""How many working days lie between two days, quickly and often."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from routing.calendar import DAY, Calendar, current_calendar


class Workdays:
    """Counts on the calendar as it is known now."""

    def __init__(self, calendar: Calendar | None = None) -> None:
        self._calendar = calendar or current_calendar()

    @cached_property
    def _until(self) -> dict[dt.date, int]:
        return _running_total(self._calendar)

    def between(self, start: dt.date, end: dt.date) -> int | None:
        """Working days after `start` until `end`, it included; None where a year has no calendar."""
        first, last = self._until.get(start), self._until.get(end)
        return None if first is None or last is None else last - first

    def after(self, day: dt.date, amount: int) -> dt.date | None:
        """The day at whose end so many working days have passed since `day`; None beyond the calendar."""
        if day not in self._until:
            return None
        wanted = self._until[day] + amount
        while day in self._until:
            if self._until[day] >= wanted:
                return day
            day += DAY
        return None


def _running_total(calendar: Calendar) -> dict[dt.date, int]:
    """Each day of a run of known years with how many working days there were until its end."""
    totals: dict[dt.date, int] = {}
    total = 0
    for year in sorted(calendar.years):
        day = dt.date(year, 1, 1)
        if day - DAY not in totals:
            # A gap: nothing is counted across it.
            totals, total = {}, 0
        while day.year == year:
            total += calendar.is_working(day)
            totals[day] = total
            day += DAY
    return totals
