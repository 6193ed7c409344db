"""By when something must be done, under which rule, and why that day.

Conventions where the law leaves a choice: the event's local day is never counted; hours of the law are
working hours; a limit in calendar days that ends on a day off moves to the next working day (Bộ luật Dân sự
2015, Điều 147, 148); pauses add back the time they took.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from routing.calendar import (
    DAY,
    WEEKDAYS,
    ZERO,
    Calendar,
    DeadlineError,
    Hours,
    Span,
    current_calendar,
    local,
    moment,
)
from routing.kept import Kept
from routing.models import OFFICE_HOURS, DeadlinePolicy, PolicyStep

MAX_AMOUNT = 100_000
UNIT_NAMES = {
    "clock_hour": "giờ",
    "working_hour": "giờ làm việc",
    "working_day": "ngày làm việc",
    "calendar_day": "ngày",
}


class UnknownPolicyError(DeadlineError):
    """No such policy, or no such step of it in force on that day."""


class TooManyExtensionsError(DeadlineError):
    """The policy allows fewer extensions."""


@dataclass(frozen=True)
class Variant:
    """What lengthens a limit: remote area, complex case, second instance, extensions already granted."""

    remote: bool = False
    complex: bool = False
    instance: int = 1
    extensions: int = 0

    def words(self) -> tuple[str, ...]:
        """The parts of PolicyStep.variant, in their order: ('second', 'remote', 'complex')."""
        flags = (("second", self.instance == 2), ("remote", self.remote), ("complex", self.complex))
        return tuple(word for word, holds in flags if holds)


@dataclass(frozen=True)
class TraceLine:
    date: dt.date
    counted: bool
    why: str

    def as_json(self) -> dict[str, object]:
        return {"date": self.date.isoformat(), "counted": self.counted, "why": self.why}


@dataclass(frozen=True)
class Deadline:
    """`at`: the office close (or the hour) shown to staff, +07:00. `legal_on`: the day whose 24:00 ends the
    legal limit; None for limits in hours. `legal`: yes | partial | no | "" (no policy asked)."""

    at: dt.datetime
    legal_on: dt.date | None
    unit: str
    amount: int
    start: dt.datetime
    calendar_version: str
    trace: tuple[TraceLine, ...]
    policy: str = ""
    version: str = ""
    article: str = ""
    legal: str = ""


def count(
    unit: str,
    amount: int,
    start: dt.datetime,
    pauses: Iterable[Span] = (),
    hours: str | Hours = OFFICE_HOURS,
    *,
    calendar: Calendar | None = None,
) -> Deadline:
    """Count `amount` of `unit` (clock_hour, working_hour, working_day, calendar_day) from `start`.

    `pauses`: pairs of aware moments. Raises DeadlineError: no such unit, an amount that is no whole number
    from 0 to 100,000, a moment without zone, a pause that ends before it begins, a year without calendar.
    """
    if unit not in COUNTERS:
        raise DeadlineError(f"Không có đơn vị thời hạn {unit!r}; dùng một trong {', '.join(COUNTERS)}.")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= MAX_AMOUNT:
        raise DeadlineError(f"Số lượng {amount!r} phải là số nguyên từ 0 đến {MAX_AMOUNT}.")
    start = local(start)
    day = calendar or current_calendar()
    sessions = Hours.parse(hours) if isinstance(hours, str) else hours
    try:
        at, trace = COUNTERS[unit](amount, start, _joined(pauses, start), sessions, day)
    except OverflowError:
        raise DeadlineError(f"Hạn {amount} {UNIT_NAMES[unit]} vượt quá lịch.") from None
    return Deadline(
        at=at,
        legal_on=at.date() if unit in ("working_day", "calendar_day") else None,
        unit=unit,
        amount=amount,
        start=start,
        calendar_version=day.version(start.date(), at.date()),
        trace=tuple(trace),
    )


def _joined(pauses: Iterable[Span], start: dt.datetime) -> list[Span]:
    """Pauses in order, overlapping ones made one, the part before the start cut off."""
    joined: list[Span] = []
    for begin, end in sorted((local(begin), local(end)) for begin, end in pauses):
        if end < begin:
            raise DeadlineError(f"Tạm dừng kết thúc ({end:%d/%m/%Y %H:%M}) trước khi bắt đầu.")
        begin = max(begin, start)
        if end <= begin:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


Counted = tuple[dt.datetime, list[TraceLine]]


def _clock_hours(
    amount: int, start: dt.datetime, pauses: Sequence[Span], hours: Hours, calendar: Calendar
) -> Counted:
    """Elapsed time: nights, weekends and holidays count."""
    due = start + dt.timedelta(hours=amount)
    for begin, end in pauses:
        if begin < due:
            due += end - begin
    trace = []
    day = start.date()
    while day <= due.date():
        morning = moment(day, dt.time())
        began, ended = max(start, morning), min(due, morning + DAY)
        paused = sum((max(ZERO, min(ended, b) - max(began, a)) for a, b in pauses), ZERO)
        counted = ended - began - paused
        why = f"tính {_length(counted)}" + (f", tạm dừng {_length(paused)}" if paused else "")
        trace.append(TraceLine(day, counted > ZERO, why))
        day += DAY
    return due, trace


def _working_hours(
    amount: int, start: dt.datetime, pauses: Sequence[Span], hours: Hours, calendar: Calendar
) -> Counted:
    """Office time only; used up exactly at a close, the due time is that close."""
    left = dt.timedelta(hours=amount)
    trace: list[TraceLine] = []
    day = start.date()
    while True:
        counted = ZERO
        for opening, closing in calendar.sessions(day, hours):
            for begin, end in _without(pauses, max(opening, start), closing):
                if end - begin >= left:
                    trace.append(TraceLine(day, True, f"tính {_length(counted + left)}"))
                    return begin + left, trace
                left -= end - begin
                counted += end - begin
        why = f"tính {_length(counted)}" if counted else calendar.why_off(day) or "ngoài giờ hoặc tạm dừng"
        trace.append(TraceLine(day, counted > ZERO, why))
        day += DAY


def _without(pauses: Sequence[Span], begin: dt.datetime, end: dt.datetime) -> list[Span]:
    """[begin, end) less the pauses."""
    pieces = []
    for paused, resumed in pauses:
        if paused < end and resumed > begin:
            if paused > begin:
                pieces.append((begin, paused))
            begin = resumed
    return [*pieces, (begin, end)] if begin < end else pieces


def _working_days(
    amount: int, start: dt.datetime, pauses: Sequence[Span], hours: Hours, calendar: Calendar
) -> Counted:
    """Whole working days after the event's day; paused office time comes back rounded up to whole days."""

    def due_after(extra: int) -> dt.datetime:
        return moment(_nth_working_day(start.date(), amount + extra, calendar), hours.close)

    due, extra, taken = due_after(0), 0, list[Span]()
    for pause in pauses:
        if pause[0] < due:
            taken.append(pause)
            paused = sum((calendar.office_time(begin, end, hours) for begin, end in taken), ZERO)
            extra = -(-paused // hours.length)
            due = due_after(extra)
    return due, _trace_working_days(start, due, taken, extra, hours, calendar)


def _nth_working_day(after: dt.date, amount: int, calendar: Calendar) -> dt.date:
    day, left = after, amount
    days = calendar.working_days(after)
    while left:
        day, worked = next(days)
        left -= worked
    return day


def _trace_working_days(
    start: dt.datetime,
    due: dt.datetime,
    pauses: Sequence[Span],
    extra: int,
    hours: Hours,
    calendar: Calendar,
) -> list[TraceLine]:
    trace = [TraceLine(start.date(), False, "ngày xảy ra sự việc, không tính")]
    number, day = 0, start.date() + DAY
    while day <= due.date():
        off = calendar.why_off(day)
        if off:
            trace.append(TraceLine(day, False, off))
        elif extra and any(_touches(pause, day, hours, calendar) for pause in pauses):
            extra -= 1
            trace.append(TraceLine(day, False, "tạm dừng"))
        else:
            number += 1
            trace.append(TraceLine(day, True, _numbered(number, day, calendar)))
        day += DAY
    # Paused office time of the event's own day falls on no counted day: the last days make up for it.
    for place in range(len(trace) - 1, -1, -1):
        if extra and trace[place].counted:
            extra -= 1
            trace[place] = TraceLine(trace[place].date, False, "bù thời gian tạm dừng")
    return trace


def _touches(pause: Span, day: dt.date, hours: Hours, calendar: Calendar) -> bool:
    return any(
        pause[0] < closing and pause[1] > opening for opening, closing in calendar.sessions(day, hours)
    )


def _numbered(number: int, day: dt.date, calendar: Calendar) -> str:
    make_up = calendar.make_up.get(day)
    return f"ngày làm việc thứ {number}" + (f" ({make_up[0].lower()}{make_up[1:]})" if make_up else "")


def _calendar_days(
    amount: int, start: dt.datetime, pauses: Sequence[Span], hours: Hours, calendar: Calendar
) -> Counted:
    """Every day counts; a last day that is not worked moves to the next working day (BLDS 2015, Điều 148)."""

    def due_after(extra: int) -> tuple[dt.date, dt.datetime]:
        raw = start.date() + dt.timedelta(days=amount + extra)
        day = raw
        while not calendar.is_working(day):
            day += DAY
        return raw, moment(day, hours.close)

    (raw, due), taken = due_after(0), list[Span]()
    for pause in pauses:
        if pause[0] < due:
            taken.append(pause)
            raw, due = due_after(sum((end.date() - begin.date()).days for begin, end in taken))
    return due, _trace_calendar_days(start, raw, due, taken, calendar)


def _trace_calendar_days(
    start: dt.datetime, raw: dt.date, due: dt.datetime, pauses: Sequence[Span], calendar: Calendar
) -> list[TraceLine]:
    trace = [TraceLine(start.date(), False, "ngày xảy ra sự việc, không tính")]
    number, day = 0, start.date() + DAY
    while day <= raw:
        if any(begin.date() < day <= end.date() for begin, end in pauses):
            trace.append(TraceLine(day, False, "tạm dừng"))
        else:
            number += 1
            trace.append(TraceLine(day, True, f"ngày thứ {number}"))
        day += DAY
    while raw < due.date():
        why = f"{calendar.why_off(raw)}: hạn chuyển sang ngày làm việc kế tiếp"
        last = trace[-1]
        if last.date == raw:
            trace[-1] = TraceLine(raw, last.counted, f"{last.why}, {why}")
        else:
            trace.append(TraceLine(raw, False, why))
        raw += DAY
    if trace[-1].date < due.date():
        trace.append(TraceLine(due.date(), False, "ngày làm việc kế tiếp, hết hạn"))
    return trace


COUNTERS: dict[str, Callable[[int, dt.datetime, Sequence[Span], Hours, Calendar], Counted]] = {
    "clock_hour": _clock_hours,
    "working_hour": _working_hours,
    "working_day": _working_days,
    "calendar_day": _calendar_days,
}


def _length(time: dt.timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    return f"{hours} giờ" + (f" {rest} phút" if rest else "")


@dataclass(frozen=True)
class _Policies:
    versions: dict[str, str]
    steps: dict[tuple[str, str], list[PolicyStep]]


def _load() -> _Policies:
    steps: dict[tuple[str, str], list[PolicyStep]] = {}
    for row in PolicyStep.objects.all():
        steps.setdefault((row.policy_id, row.step), []).append(row)
    return _Policies(dict(DeadlinePolicy.objects.values_list("slug", "version")), steps)


_policies = Kept(_load)


def rule(policy: str, step: str, *, variant: Variant = Variant(), on: dt.date) -> PolicyStep:
    """The limit in force on that day: of the variant's own row, else of the nearest less special one.

    Raises UnknownPolicyError.
    """
    held = _policies()
    if policy not in held.versions:
        raise UnknownPolicyError(f"Không có chính sách thời hạn {policy!r}.")
    rows = {
        row.variant: row
        for row in held.steps.get((policy, step), ())
        if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    }
    words = variant.words()
    for size in range(len(words), -1, -1):
        for some in combinations(words, size):
            if "_".join(some) in rows:
                return rows["_".join(some)]
    raise UnknownPolicyError(
        f"Chính sách {policy!r} không có thời hạn cho bước {step!r} vào ngày {on:%d/%m/%Y}."
    )


def has_step(policy: str, step: str, *, on: dt.date) -> bool:
    """Whether that policy limits that step at all."""
    try:
        rule(policy, step, on=on)
    except UnknownPolicyError:
        return False
    return True


def due(
    policy: str,
    step: str,
    *,
    start: dt.datetime,
    pauses: Iterable[Span] = (),
    hours: str | Hours,
    variant: Variant = Variant(),
    on: dt.date,
) -> Deadline:
    """The deadline of a step (accept, transfer, resolve, extend, progress) under the rule of day `on`.

    For `resolve`, `variant.extensions` extensions follow, each counted from the due moment before it. For
    `extend`, `start` is the old due moment and `variant.extensions` those granted before.
    Raises DeadlineError and its kinds: no such policy or step, too many extensions, no calendar.
    """
    limit = rule(policy, step, variant=variant, on=on)
    spans = list(pauses)
    first = count(limit.unit, limit.amount, start, spans, hours)
    if step == PolicyStep.Step.EXTEND:
        _refuse_beyond(limit, variant.extensions + 1)
    last = first
    if step == PolicyStep.Step.RESOLVE and variant.extensions:
        extension = rule(policy, PolicyStep.Step.EXTEND, variant=variant, on=on)
        _refuse_beyond(extension, variant.extensions)
        for _ in range(variant.extensions):
            further = count(extension.unit, extension.amount, last.at, spans, hours)
            last = _continued(last, further)
    return Deadline(
        at=last.at,
        legal_on=last.legal_on,
        unit=first.unit,
        amount=first.amount,
        start=first.start,
        calendar_version=current_calendar().version(first.start.date(), last.at.date()),
        trace=last.trace,
        policy=policy,
        version=_policies().versions[policy],
        article=limit.article,
        legal=limit.legal,
    )


def _refuse_beyond(extension: PolicyStep, times: int) -> None:
    most = extension.max_times if extension.max_times is not None else 1
    if times > most:
        raise TooManyExtensionsError(
            f"Chính sách {extension.policy_id!r} cho gia hạn nhiều nhất {most} lần ({extension.article})."
        )


def _continued(before: Deadline, after: Deadline) -> Deadline:
    joint = TraceLine(
        after.trace[0].date, before.trace[-1].counted, f"{before.trace[-1].why}; gia hạn từ đây"
    )
    return Deadline(
        at=after.at,
        legal_on=after.legal_on,
        unit=before.unit,
        amount=before.amount,
        start=before.start,
        calendar_version=after.calendar_version,
        trace=(*before.trace[:-1], joint, *after.trace[1:]),
    )


def explain(deadline: Deadline) -> str:
    """One Vietnamese sentence: the due moment, the limit, and which days were left out and why."""
    at = local(deadline.at)
    sentence = (
        f"Hạn {WEEKDAYS[at.weekday()]} {at:%d/%m/%Y %H:%M}: {deadline.amount} {UNIT_NAMES[deadline.unit]}"
        f" {_from_when(deadline)}"
    )
    left_out = _left_out(deadline) if deadline.unit in ("working_day", "working_hour") else []
    if left_out:
        sentence += f", trừ {_listed(left_out)}"
    elif deadline.unit == "calendar_day" and any("chuyển sang" in line.why for line in deadline.trace):
        sentence += ", chuyển sang ngày làm việc kế tiếp vì ngày cuối là ngày nghỉ"
    paused = sum(line.why in ("tạm dừng", "bù thời gian tạm dừng") for line in deadline.trace)
    if paused:
        sentence += f"; đã trừ {paused} ngày tạm dừng"
    if any("gia hạn từ đây" in line.why for line in deadline.trace):
        sentence += "; đã gia hạn"
    return sentence


def _from_when(deadline: Deadline) -> str:
    """Days are counted from the next one; hours from the moment itself."""
    start = local(deadline.start)
    return f"kể từ {start:%H:%M %d/%m}" if deadline.unit.endswith("hour") else f"sau ngày {start:%d/%m}"


def _left_out(deadline: Deadline) -> list[str]:
    skipped = [line for line in deadline.trace[1:] if not line.counted and "tạm dừng" not in line.why]
    weekend = [name for name in WEEKDAYS[5:] if any(line.why == name for line in skipped)]
    named = [f"{line.date:%d/%m} ({line.why})" for line in skipped if line.why not in WEEKDAYS]
    return weekend + named


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} và {parts[-1]}"


def working_days_left(now: dt.datetime, due: dt.datetime, hours: str | Hours = OFFICE_HOURS) -> float:
    """Office time from now to the due moment in working days of that agency; negative when it has passed."""
    sessions = Hours.parse(hours) if isinstance(hours, str) else hours
    calendar = current_calendar()
    if now > due:
        return -(calendar.office_time(due, now, sessions) / sessions.length)
    return calendar.office_time(now, due, sessions) / sessions.length


def within_working_days(now: dt.datetime, days: int, hours: str | Hours = OFFICE_HOURS) -> dt.datetime:
    """The moment before which `working_days_left` is at most so many days: an office opens again then.

    Raises DeadlineError where the calendar of a year is not known.
    """
    sessions = Hours.parse(hours) if isinstance(hours, str) else hours
    return current_calendar().opens_after(now, days * sessions.length, sessions)
