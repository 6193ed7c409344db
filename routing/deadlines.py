"""By when something must be done, under which rule, and why that day.

Conventions where the law leaves a choice: the event's local day is never counted; hours of the law are
working hours; a limit in calendar days that ends on a day off moves to the next working day (Bộ luật Dân sự
2015, Điều 147, 148); pauses add back the time they took.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    earliest_close,
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
    """One day on the way to a deadline: whether it was counted, and why not, in Vietnamese."""

    date: dt.date
    counted: bool
    why: str

    def as_json(self) -> dict[str, object]:
        return {"date": self.date.isoformat(), "counted": self.counted, "why": self.why}


@dataclass(frozen=True)
class Deadline:
    """`at`: the office close (or the hour) shown to staff, +07:00. `legal_on`: the day whose 24:00 ends the
    legal limit; None for limits in hours. `legal`: yes | partial | no | "" (no policy asked).
    `on_duty`: working hours of the rule were counted day and night, for whoever answers is there."""

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
    on_duty: bool = False


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
        trace.append(TraceLine(day, counted > ZERO or day == due.date(), why))
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
    worked = [day for day in _days_after(start.date(), due.date()) if calendar.is_working(day)]
    still = _given_back(
        worked, extra, lambda day: any(_touches(pause, day, hours, calendar) for pause in pauses)
    )
    trace = [TraceLine(start.date(), False, EVENT_DAY)]
    number = 0
    for day in _days_after(start.date(), due.date()):
        left_out = calendar.why_off(day) or still.get(day, "")
        number += not left_out
        trace.append(TraceLine(day, not left_out, left_out or _numbered(number, day, calendar)))
    return trace


EVENT_DAY = "ngày xảy ra sự việc, không tính"
STILL, MADE_UP = "tạm dừng", "bù thời gian tạm dừng"


def _days_after(day: dt.date, last: dt.date) -> Iterator[dt.date]:
    while day < last:
        day += DAY
        yield day


def _given_back(
    days: Sequence[dt.date], extra: int, stood_still: Callable[[dt.date], bool]
) -> dict[dt.date, str]:
    """Which days do not count because the clock stood still, and why: those of the pauses, then the first.

    Paused time of the event's own day, or of a day off, falls on no day that counts. The last day always
    counts: on it the limit ends.
    """
    paused = [day for day in days[:-1] if stood_still(day)][:extra]
    others = [day for day in days[:-1] if day not in set(paused)][: extra - len(paused)]
    return dict.fromkeys(paused, STILL) | dict.fromkeys(others, MADE_UP)


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
    """The last day counted is the one on which it is due; a last day not worked hands its number on."""
    days = list(_days_after(start.date(), raw))
    extra = sum((end.date() - begin.date()).days for begin, end in pauses)
    still = _given_back(
        days, extra, lambda day: any(begin.date() <= day < end.date() for begin, end in pauses)
    )
    trace = [TraceLine(start.date(), False, EVENT_DAY)]
    number = 0
    for day in days:
        moved = f"{calendar.why_off(day)}: {MOVES_ON}" if day == raw < due.date() else ""
        left_out = still.get(day) or moved
        number += not left_out
        trace.append(TraceLine(day, not left_out, left_out or f"ngày thứ {number}"))
    for day in _days_after(raw, due.date()):
        off = calendar.why_off(day)
        why = f"{off}: {MOVES_ON}" if off else f"ngày thứ {number + 1}, ngày làm việc kế tiếp"
        trace.append(TraceLine(day, not off, why))
    return trace


MOVES_ON = "hạn chuyển sang ngày làm việc kế tiếp"


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
    legal: dict[str, str]
    round_the_clock: frozenset[str]
    steps: dict[tuple[str, str], list[PolicyStep]]


def _load() -> _Policies:
    steps: dict[tuple[str, str], list[PolicyStep]] = {}
    for row in PolicyStep.objects.all():
        steps.setdefault((row.policy_id, row.step), []).append(row)
    policies = list(DeadlinePolicy.objects.all())
    round_the_clock = frozenset(policy.slug for policy in policies if policy.round_the_clock)
    versions = {policy.slug: policy.version for policy in policies}
    return _Policies(versions, {policy.slug: policy.legal for policy in policies}, round_the_clock, steps)


_policies = Kept(_load)


def rule(
    policy: str, step: str, *, variant: Variant = Variant(), on: dt.date, province: str = ""
) -> PolicyStep:
    """The limit in force on that day: of the variant's own row, else of the nearest less special one.

    A province's own row goes before the one for the whole country. Raises UnknownPolicyError.
    """
    held = _policies()
    if policy not in held.versions:
        raise UnknownPolicyError(f"Không có chính sách thời hạn {policy!r}.")
    in_force = [
        row
        for row in held.steps.get((policy, step), ())
        if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    ]
    rows = {row.variant: row for row in in_force if row.province_id is None}
    rows |= {row.variant: row for row in in_force if province and row.province_id == province}
    words = variant.words()
    for size in range(len(words), -1, -1):
        for some in combinations(words, size):
            if "_".join(some) in rows:
                return rows["_".join(some)]
    raise UnknownPolicyError(
        f"Chính sách {policy!r} không có thời hạn cho bước “{step}” vào ngày {on:%d/%m/%Y}."
    )


def is_set_by_law(policy: str, step: str, article: str) -> bool:
    """Whether the limit that rests on `article` is of the law, in part at least; where no row of that step
    names the article any more, whether its policy is."""
    held = _policies()
    named = [row.legal for row in held.steps.get((policy, step), ()) if row.article == article]
    return (named[0] if named else held.legal.get(policy, DeadlinePolicy.Legal.NO)) != DeadlinePolicy.Legal.NO


def has_step(policy: str, step: str, *, on: dt.date, province: str = "") -> bool:
    """Whether that policy limits that step at all."""
    try:
        rule(policy, step, on=on, province=province)
    except UnknownPolicyError:
        return False
    return True


def most_extensions(policy: str, *, on: dt.date, province: str = "") -> int:
    """How often the policy lets its resolve limit be extended, asked on that day."""
    if not has_step(policy, PolicyStep.Step.EXTEND, on=on, province=province):
        return 0
    return _most(rule(policy, PolicyStep.Step.EXTEND, on=on, province=province))


def _most(extension: PolicyStep) -> int:
    return 1 if extension.max_times is None else extension.max_times


def due(
    policy: str,
    step: str,
    *,
    start: dt.datetime,
    pauses: Iterable[Span] = (),
    hours: str | Hours,
    variant: Variant = Variant(),
    on: dt.date,
    province: str = "",
    granted: Sequence[dt.date] = (),
    on_duty: bool = False,
) -> Deadline:
    """The deadline of a step (`PolicyStep.Step`) under the rule of day `on`.

    For `resolve`, `variant.extensions` extensions follow, each counted from the due moment before it, under
    the rule of the day on which it was granted (`granted`; without it, of day `on`). For `extend`, `start`
    is the old due moment and `variant.extensions` those granted before. `province`: whose own rows hold.
    `on_duty`: whoever answers is there at night and on days off, and urgent working hours run then too.
    Raises DeadlineError and its kinds: no such policy or step, too many extensions, no calendar.
    """
    limit = rule(policy, step, variant=variant, on=on, province=province)
    if not limit.amount and limit.unit in ("working_day", "calendar_day"):
        return _at_once(limit, local(start))
    spans = list(pauses)
    first = count(_unit(limit, on_duty), limit.amount, start, spans, hours)
    if step == PolicyStep.Step.EXTEND:
        _refuse_beyond(limit, variant.extensions + 1)
    last = first
    if step == PolicyStep.Step.RESOLVE:
        for number, day in enumerate(granted or [on] * variant.extensions, start=1):
            extension = rule(policy, PolicyStep.Step.EXTEND, variant=variant, on=day, province=province)
            _refuse_beyond(extension, number)
            further = count(_unit(extension, on_duty), extension.amount, last.at, spans, hours)
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
        on_duty=first.unit != limit.unit,
    )


AT_ONCE = "ngay trong ngày"


def _at_once(limit: PolicyStep, start: dt.datetime) -> Deadline:
    """What has to be done at once is done on that very day, worked or not, and waits for nothing."""
    day = start.date()
    return Deadline(
        at=moment(day, dt.time.max),
        legal_on=day,
        unit=limit.unit,
        amount=0,
        start=start,
        calendar_version=current_calendar().version(day),
        trace=(TraceLine(day, True, AT_ONCE),),
        policy=limit.policy_id,
        version=_policies().versions[limit.policy_id],
        article=limit.article,
        legal=limit.legal,
    )


def _unit(limit: PolicyStep, on_duty: bool) -> str:
    """What is urgent goes on at night where somebody is on duty; days stay days."""
    urgent = limit.policy_id in _policies().round_the_clock
    return "clock_hour" if on_duty and urgent and limit.unit == "working_hour" else limit.unit


def _refuse_beyond(extension: PolicyStep, times: int) -> None:
    most = _most(extension)
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
    begins = f"Hạn {WEEKDAYS[at.weekday()]} {at:%d/%m/%Y %H:%M}:"
    if any(line.why == AT_ONCE for line in deadline.trace):
        return f"{begins} {AT_ONCE}"
    sentence = f"{begins} {deadline.amount} {UNIT_NAMES[deadline.unit]} {_from_when(deadline)}"
    if deadline.on_duty:
        sentence += f", {DAY_AND_NIGHT}"
    left_out = _left_out(deadline) if deadline.unit in ("working_day", "working_hour") else []
    if left_out:
        sentence += f", trừ {_listed(left_out)}"
    elif deadline.unit == "calendar_day" and any("chuyển sang" in line.why for line in deadline.trace):
        sentence += ", chuyển sang ngày làm việc kế tiếp vì ngày cuối là ngày nghỉ"
    paused = sum(line.why in (STILL, MADE_UP) for line in deadline.trace)
    if paused:
        sentence += f"; đã trừ {paused} ngày tạm dừng"
    if any("gia hạn từ đây" in line.why for line in deadline.trace):
        sentence += "; đã gia hạn"
    return sentence


DAY_AND_NIGHT = "tính cả đêm và ngày nghỉ vì nơi giải quyết trực 24/7"


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


def working_days_ago(now: dt.datetime, days: int) -> dt.datetime:
    """Midnight of the day before which lies all that is so many working days old at the close of an office.

    By the office that closes first: what lies before it is to be looked at one by one. Where the calendar
    of a year is not known: so many days ago.
    """
    day = local(now).date()
    if local(now).time() < earliest_close():
        day -= DAY
    try:
        return moment(_nth_working_day_back(day, days), dt.time())
    except DeadlineError:
        return now - days * DAY


def _nth_working_day_back(day: dt.date, amount: int) -> dt.date:
    """That day or one before it, so that `amount` working days have closed since its morning."""
    calendar = current_calendar()
    left = amount - calendar.is_working(day)
    while left:
        day -= DAY
        left -= calendar.is_working(day)
    return day


def used_up(deadline: Deadline, share: float, pauses: Iterable[Span], hours: str | Hours) -> dt.datetime:
    """When that share of the time between start and due moment is gone, what was paused left out.

    Office time for limits in working hours and days, elapsed time for the others.
    """
    sessions = Hours.parse(hours) if isinstance(hours, str) else hours
    start, calendar = local(deadline.start), current_calendar()
    spans = [(begin, min(end, deadline.at)) for begin, end in _joined(pauses, start) if begin < deadline.at]
    if not deadline.unit.startswith("working"):
        paused = sum((end - begin for begin, end in spans), ZERO)
        return deadline.at - (deadline.at - start - paused) * (1 - share)
    used = calendar.office_time(start, deadline.at, sessions)
    used -= sum((calendar.office_time(begin, end, sessions) for begin, end in spans), ZERO)
    return calendar.office_time_before(deadline.at, used * (1 - share), sessions)
