"""The clock of a petition for people: the moment, how long from now, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Clock, Petition
from feedback.models.clock import LAWS
from routing import telling
from routing.calendar import DeadlineError, Hours, current_calendar, local, office_hours_of
from routing.deadlines import is_set_by_law, working_days_left
from routing.telling import moment, number

SOON = 1.0  # working days
HOURS_A_DAY = 8
JUST_AFTER = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Timing:
    """`tone` and `icon` go with the words of `left`: colour never speaks alone. `at`: if a moment stands."""

    what: str
    left: str
    tone: str = ""
    icon: str = "clock"
    at: dt.datetime | None = None
    why: str = ""

    @property
    def moment(self) -> str:
        """In words, "" where none stands; a list says how long is left and asks for none."""
        return moment(self.at)

    @property
    def iso(self) -> str:
        return self.at.isoformat() if self.at else ""


def timing(petition: Petition, now: dt.datetime, *, why: bool = False) -> Timing:
    """How a petition stands with its time; `why` asks its clock for what, and for what reason (one query)."""
    clock = petition.clock if why or not petition.is_open else None
    if not petition.is_open:
        return _ended(clock, why=why)
    if petition.paused_at and not petition.is_overdue(now):
        return Timing(what="", left=_("Đang dừng đếm thời hạn"), icon="pause", why=_stopped(petition))
    if petition.due_at is None:
        return Timing(what="", left=_("Chưa có hạn"), icon="hourglass")
    left, tone = _left(petition, now)
    return Timing(
        what=_what_for(clock, petition),
        left=left,
        tone=tone,
        icon=icon_of(tone),
        at=petition.due_at,
        why=reason(clock),
    )


def icon_of(tone: str) -> str:
    """How late it is, as a picture of lucide's."""
    return {"late": "triangle-alert", "soon": "hourglass"}.get(tone, "clock")


def _what_for(clock: Clock | None, petition: Petition) -> str:
    """By then it is answered, accepted as the law asks, taken in or looked at; "" where nobody asked."""
    if clock is None:
        return ""
    if clock.is_resolve:
        return _("Hạn trả lời")
    if clock.policy in LAWS:
        return _("Hạn thụ lý")
    return _("Hạn xem") if petition.received_at else _("Hạn tiếp nhận")


def reason(clock: Clock | None) -> str:
    """Why that moment, without the moment itself, which stands beside it, and what it rests on.

    A limit that no law sets is called what it is, a default, also where the law sets another step of it.
    """
    if clock is None:
        return ""
    told = telling.reason(clock.reason.partition(": ")[2] or clock.reason)
    lawful = is_set_by_law(clock.policy, clock.step, clock.article)
    basis = (
        telling.article(clock.article) if lawful else _("Thời hạn mặc định của hệ thống, luật chưa quy định")
    )
    return f"{told[:1].upper()}{told[1:]}. {basis}".strip(". ") + "."


def _stopped(petition: Petition) -> str:
    """No moment stands while the clock stands still: it would not be kept."""
    since = _("Dừng từ %(moment)s.") % {"moment": moment(petition.paused_at)}
    later = (
        _("Khi xử lý tiếp, hạn lùi thêm thời gian đã dừng, tính tròn từng ngày làm việc.")
        if petition.due_at
        else ""
    )
    return f"{since} {later}".strip()


def _ended(clock: Clock | None, *, why: bool) -> Timing:
    answered = clock and clock.is_resolve and clock.ended_at and clock.result != Clock.Result.VOID
    if clock is None or not answered:
        return Timing(what="", left=_("Không còn tính hạn"), icon="circle")
    late = clock.result == Clock.Result.LATE
    return Timing(
        what=_("Hạn trả lời"),
        left=_("Trả lời trễ hạn") if late else _("Trả lời đúng hạn"),
        tone="late" if late else "good",
        icon="triangle-alert" if late else "circle-check",
        at=clock.due_at,
        why=reason(clock) if why else "",
    )


def _left(petition: Petition, now: dt.datetime) -> tuple[str, str]:
    if petition.due_at is None:
        return "", ""
    return left_until(petition.due_at, office_hours_of(petition.lead_id), now, ends_at=petition.ends_at)


def left_until(
    due_at: dt.datetime, hours: str | Hours, now: dt.datetime, *, ends_at: dt.datetime | None = None
) -> tuple[str, str]:
    """How much working time is left until that moment, in words, and how pressing it is.

    `ends_at`: a day of the law goes on after the office has closed.
    """
    if due_at < now <= (ends_at or due_at):
        return _("Còn đến hết ngày hôm nay"), "soon"
    try:
        days, hours_a_day = working_days_left(_begun(now, hours), due_at, hours), HOURS_A_DAY
        long = _long(abs(days))
    except DeadlineError:  # a year without a calendar: elapsed days, and no claim about working days
        days, hours_a_day = (due_at - now) / dt.timedelta(days=1), 24
        long = _elapsed(abs(days))
    if now > due_at:
        if -days * hours_a_day < 0.5:
            return _("Vừa quá hạn"), "late"
        return _("Quá hạn %(long)s") % {"long": long}, "late"
    return _("Còn %(long)s") % {"long": long}, "soon" if days <= SOON else ""


def _begun(now: dt.datetime, hours: str | Hours) -> dt.datetime:
    """Before the office opens, just after that: the day has begun, and does not count any more."""
    sessions = Hours.parse(hours) if isinstance(hours, str) else hours
    openings = [opening for opening, _closing in current_calendar().sessions(local(now).date(), sessions)]
    return max([now, *(opening + JUST_AFTER for opening in openings[:1])])


def _elapsed(days: float) -> str:
    """Whole days by the clock, or hours where less than one is left."""
    if days >= 1:
        whole = int(days)
        return ngettext("%(count)s ngày", "%(count)s ngày", whole) % {"count": number(whole)}
    hours = max(1, int(days * 24))
    return ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours}


def _long(days: float) -> str:
    """Whole working days, or hours where less than one is left (a working day is eight).

    A day that has begun does not count: on the first day three days after it are three.
    """
    if days >= 1:
        whole = int(days + 1e-6)
        count = number(whole)
        return ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", whole) % {"count": count}
    hours = int(days * HOURS_A_DAY + 0.5)
    if hours < 1:
        return _("chưa tới 1 giờ làm việc")
    return ngettext("%(count)s giờ làm việc", "%(count)s giờ làm việc", hours) % {"count": hours}
