"""Which days and hours public servants work, in Vietnamese local time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from routing.kept import Kept
from routing.models import OFFICE_HOURS, Agency, CalendarDay, CalendarYear

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = dt.timedelta(days=1)
ZERO = dt.timedelta(0)
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

Span = tuple[dt.datetime, dt.datetime]


class DeadlineError(ValueError):
    """A deadline that cannot be told; the message says why, in Vietnamese, for the person who asked."""


class MissingCalendarError(DeadlineError):
    """The days off of a year are not known, and days off are never guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch làm việc năm {year}: nhập năm {year} và các ngày nghỉ của năm đó trong trang"
            " quản trị (Năm lịch làm việc), hoặc nạp dữ liệu nền mới bằng “manage.py loadrefdata”."
        )
        self.year = year


@dataclass(frozen=True)
class Hours:
    """An agency's sessions of a working day, each [open, close)."""

    sessions: tuple[tuple[dt.time, dt.time], ...]

    @classmethod
    def parse(cls, text: str) -> Hours:
        """'07:30-11:30/13:00-17:00'. Raises DeadlineError when it is not of that form or runs backwards."""
        return _parse_hours(text)

    @property
    def close(self) -> dt.time:
        return self.sessions[-1][1]

    @cached_property
    def length(self) -> dt.timedelta:
        """Office time of one working day."""
        return sum((_since_midnight(b) - _since_midnight(a) for a, b in self.sessions), ZERO)


def _since_midnight(time: dt.time) -> dt.timedelta:
    return dt.timedelta(hours=time.hour, minutes=time.minute)


@lru_cache(maxsize=256)
def _parse_hours(text: str) -> Hours:
    sessions = []
    for part in text.split("/"):
        match = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", part.strip(), re.ASCII)
        if not match:
            raise DeadlineError(f"Giờ làm việc {text!r} không đúng mẫu {OFFICE_HOURS!r}.")
        a, b, c, d = map(int, match.groups())
        if max(a, c) > 23 or max(b, d) > 59:
            raise DeadlineError(f"Giờ làm việc {text!r} có giờ không tồn tại.")
        sessions.append((dt.time(a, b), dt.time(c, d)))
    edges = [edge for session in sessions for edge in session]
    if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)) or any(
        later < earlier for earlier, later in pairwise(edges)
    ):
        raise DeadlineError(f"Giờ làm việc {text!r} chạy lùi hoặc chồng nhau.")
    return Hours(tuple(sessions))


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up days of the years known; pure, loaded once from the tables."""

    off: Mapping[dt.date, str]
    make_up: Mapping[dt.date, str]
    years: Mapping[int, str] = field(default_factory=dict)  # year -> status

    def is_working(self, day: dt.date) -> bool:
        """Raises MissingCalendarError for a day of an unknown year."""
        if day.year not in self.years:
            raise MissingCalendarError(day.year)
        return day in self.make_up or (day.weekday() < 5 and day not in self.off)

    def known_until(self, day: dt.date) -> dt.date:
        """The last day that can be counted from that one on, no year missing; the day before it, if none."""
        year = day.year
        while year in self.years:
            year += 1
        return max(day, dt.date(year, 1, 1)) - DAY

    def why_off(self, day: dt.date) -> str:
        """Why that day is not worked: 'thứ Bảy', 'Ngày Văn hóa Việt Nam'; '' for a working day."""
        if self.is_working(day):
            return ""
        return self.off.get(day) or WEEKDAYS[day.weekday()]

    def working_days(self, after: dt.date) -> Iterator[tuple[dt.date, bool]]:
        """Every day after that one, without end, with whether it is worked."""
        day = after
        while True:
            day += DAY
            yield day, self.is_working(day)

    def sessions(self, day: dt.date, hours: Hours) -> Iterator[Span]:
        """The office sessions of that day, none on a day off."""
        if self.is_working(day):
            for opening, closing in hours.sessions:
                yield moment(day, opening), moment(day, closing)

    def office_time(self, begin: dt.datetime, end: dt.datetime, hours: Hours) -> dt.timedelta:
        """How much office time lies between two moments."""
        first, last = local(begin).date(), local(end).date()
        if last < first:
            return ZERO
        edges = [
            max(ZERO, min(end, closing) - max(begin, opening))
            for day in {first, last}
            for opening, closing in self.sessions(day, hours)
        ]
        return sum(edges, ZERO) + self._worked_between(first, last) * hours.length

    def _worked_between(self, first: dt.date, last: dt.date) -> int:
        """How many working days lie between two days, both left out; counted once: some lie years apart."""
        if unknown := set(range(first.year, last.year + 1)) - self.years.keys():
            raise MissingCalendarError(min(unknown))
        return self._worked_until[max(first, last - DAY)] - self._worked_until[first]

    @cached_property
    def _worked_until(self) -> Mapping[dt.date, int]:
        """Of each day known, how many working days there were until its end, from the first year on."""
        known = [day for year in sorted(self.years) for day in _days_of(year)]
        return dict(zip(known, accumulate(map(self.is_working, known)), strict=True))

    def opens_after(self, begin: dt.datetime, length: dt.timedelta, hours: Hours) -> dt.datetime:
        """The first opening after so much office time has passed since a moment."""
        left, day = length, local(begin).date()
        while True:
            for opening, closing in self.sessions(day, hours):
                if left <= ZERO and opening > begin:
                    return opening
                left -= max(ZERO, closing - max(begin, opening))
            day += DAY

    def office_time_before(self, end: dt.datetime, length: dt.timedelta, hours: Hours) -> dt.datetime:
        """The moment since which so much office time has passed at `end`."""
        left, day = length, local(end).date()
        while True:
            for opening, closing in reversed(list(self.sessions(day, hours))):
                until = min(closing, end)
                if until - opening >= left:
                    return until - left
                left -= max(ZERO, until - opening)
            day -= DAY

    def version(self, *days: dt.date) -> str:
        """Names the content of the years from the first to the last of these days: '2026-5c1f0a'."""
        return self._named(range(min(days).year, max(days).year + 1))

    def versions(self) -> set[str]:
        """Every name that `version` may give now."""
        spans = ((first, last) for first in self.years for last in self.years if first <= last)
        return {self._named(range(first, last + 1)) for first, last in spans}

    def _named(self, years: range) -> str:
        return "+".join(f"{year}-{self._digest(year)}" for year in years if year in self.years)

    def _digest(self, year: int) -> str:
        held = sorted(f"{day} off" for day in self.off if day.year == year)
        held += sorted(f"{day} make_up" for day in self.make_up if day.year == year)
        return blake2b("\n".join(held).encode(), digest_size=3).hexdigest()


def _days_of(year: int) -> Iterator[dt.date]:
    first = dt.date(year, 1, 1)
    return (first + n * DAY for n in range((dt.date(year + 1, 1, 1) - first).days))


def _load() -> Calendar:
    days = list(CalendarDay.objects.all())
    return Calendar(
        off={day.date: day.name for day in days if day.kind == CalendarDay.Kind.OFF},
        make_up={day.date: day.name for day in days if day.kind == CalendarDay.Kind.MAKE_UP},
        years=dict(CalendarYear.objects.values_list("year", "status")),
    )


current_calendar = Kept(_load)


def _other_hours() -> dict[str, str]:
    return dict(Agency.objects.exclude(office_hours=OFFICE_HOURS).values_list("code", "office_hours"))


_unusual = Kept(_other_hours)


def office_hours_of(agency: str | None) -> str:
    """When the agency with this code is open, as `OFFICE_HOURS` is written; the usual hours for none."""
    return _unusual().get(agency or "", OFFICE_HOURS)


_on_duty = Kept(lambda: frozenset(Agency.objects.filter(round_the_clock=True).values_list("code", flat=True)))


def is_on_duty(agency: str | None) -> bool:
    """Whether somebody of the agency with this code is there at night and on days off."""
    return (agency or "") in _on_duty()


def earliest_close() -> dt.time:
    """When the first of all offices closes its day."""
    return min(Hours.parse(hours).close for hours in {OFFICE_HOURS, *_unusual().values()})


def local(moment: dt.datetime) -> dt.datetime:
    """That moment on a Vietnamese clock. DeadlineError for one without a zone: it would be a guess."""
    if moment.tzinfo is None:
        raise DeadlineError(f"Thời điểm {moment.isoformat()} thiếu múi giờ (ví dụ +07:00).")
    return moment.astimezone(LOCAL)


def moment(day: dt.date, time: dt.time) -> dt.datetime:
    """That hour of the day in Vietnam, aware (+07:00)."""
    return dt.datetime.combine(day, time, LOCAL)
