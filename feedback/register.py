"""The register of complaints and denunciations: each with every limit of the law that it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext, pgettext_lazy

from feedback.clocks import COMPLAINT, is_owed
from feedback.inbox import Order
from feedback.models import Clock, Petition, PetitionQuerySet
from feedback.models.clock import LAWS
from feedback.timing import icon_of, left_until
from feedback.workflow import OPEN, PETITIONS_AT_LAW, Kind, PetitionLife
from feedback.workflow.conditions import is_tip
from feedback.workflow.states import OWING
from routing.calendar import DeadlineError, office_hours_of
from routing.deadlines import Deadline, Variant, due
from routing.names import lowered
from routing.telling import article, day

AT_LAW = Q(kind__in=PETITIONS_AT_LAW, sealed=True)

WHAT: Mapping[str, Any] = {
    "accept": _l("Thụ lý"),
    "transfer": _l("Chuyển đơn không thuộc thẩm quyền"),
    "crime": _l("Chuyển cơ quan điều tra"),
    "notify": _l("Báo việc thụ lý"),
    "resolve": _l("Giải quyết"),
    "send": _l("Gửi quyết định"),
    "publicise": pgettext_lazy("việc", "Công khai"),
}
LOOK = _l("Xem đơn nghi là tố cáo")


@dataclass(frozen=True)
class View:
    """One page of the register."""

    slug: str
    name: Any
    of: Callable[[PetitionQuerySet], PetitionQuerySet]
    order: Order = Order.DUE

    @property
    def latest(self) -> bool:
        """All of them: not counted."""
        return self.order is Order.LATEST


VIEWS = (
    View("dang-mo", _l("Đang giải quyết"), lambda seen: seen.filter(state__in=OPEN)),
    View(
        "con-viec",
        _l("Còn phải gửi, công khai"),
        lambda seen: seen.filter(duty_due_at__isnull=False, state__in=OWING - OPEN),
    ),
    View("tat-ca", _l("Tất cả"), lambda seen: seen, order=Order.LATEST),
)


@dataclass(frozen=True)
class Limit:
    """One limit of the law: what it is for, its day, how it stands, and the article behind it."""

    what: str
    day: str
    left: str
    tone: str
    icon: str
    article: str


def entries(seen: PetitionQuerySet) -> PetitionQuerySet:
    """The petitions at law among these."""
    return seen.filter(AT_LAW)


def running(petition: Petition, now: dt.datetime) -> list[Limit]:
    """The limits that run now, the nearest first."""
    open_ones = [clock for clock in petition.all_clocks() if clock.ended_at is None and clock.step in WHAT]
    return [_limit(petition, clock, now) for clock in sorted(open_ones, key=lambda clock: clock.due_at)]


def every(petition: Petition, now: dt.datetime) -> list[Limit]:
    """The limits of the law that it has or had, in the order in which they began."""
    at_law = [clock for clock in petition.all_clocks() if clock.step in WHAT and clock.result != "void"]
    return [_limit(petition, clock, now) for clock in at_law if _is_of_law(clock) or clock.ended_at is None]


def _is_of_law(clock: Clock) -> bool:
    return clock.policy in LAWS


def _limit(petition: Petition, clock: Clock, now: dt.datetime) -> Limit:
    of_law = _is_of_law(clock)
    what = str(WHAT[clock.step] if of_law else LOOK)
    told = article(clock.article) if of_law else _("mặc định của hệ thống, luật không đặt thời hạn")
    last = day(clock.legal_due_on or clock.due_at)
    if clock.ended_at is not None:
        late = clock.result == Clock.Result.LATE
        left = _("xong, trễ hạn") if late else _("xong, đúng hạn")
        return Limit(what, last, left, "late" if late else "", "circle-check", told)
    if petition.paused_at is not None and petition.is_open:
        return Limit(what, "", _("đang dừng đếm"), "", "pause", told)
    if clock.step == "crime" and now <= clock.due_at:
        return Limit(what, last, _("ngay trong ngày"), "soon", "hourglass", told)
    if clock.step == "transfer" and not is_owed(clock):
        return Limit(what, last, _("nếu nơi khác có thẩm quyền"), "", "clock", told)
    left, tone = left_until(clock.due_at, office_hours_of(petition.lead_id), now, ends_at=clock.ends_at)
    return Limit(what, last, lowered(left), tone, icon_of(tone), told)


def what_it_is(petition: Petition) -> str:
    """`Khiếu nại lần hai`, `Tố cáo`, `Tin tố cáo, chưa có đơn ký`."""
    if petition.kind == Kind.COMPLAINT:
        return pgettext("loại", "Khiếu nại lần hai") if petition.instance > 1 else _("Khiếu nại lần đầu")
    return _("Tin tố cáo, chưa có đơn ký") if is_tip(petition) else _("Tố cáo")


def bar(petition: Petition) -> tuple[str, bool] | None:
    """Until when one may, or might, complain a second time, in a sentence; True where that was missed.

    Of a decided first complaint the day to come; of a second one whether it came in time. A person judges
    whether there was a good reason; nothing is refused by it.
    """
    if petition.kind != Kind.COMPLAINT:
        return None
    if petition.instance == 1:
        last = _second_until(petition, petition.decision_sent_at or petition.answered_at)
        if last is None:
            return None
        said = _("Khiếu nại lần hai được đến hết %(day)s (%(article)s).")
        return said % {"day": day(last.legal_on or last.at), "article": article(last.article)}, False
    first = petition.origin
    last = _second_until(petition, _decided_or_due(first) if first else None)
    if last is None:
        return None
    missed = petition.submitted_at.astimezone(last.at.tzinfo).date() > (last.legal_on or last.at.date())
    said = _("Thời hạn khiếu nại lần hai hết %(day)s (%(article)s): đơn này %(how)s.")
    how = _("gửi sau ngày đó, xem có lý do chính đáng không") if missed else _("gửi trong hạn")
    return said % {"day": day(last.legal_on or last.at), "article": article(last.article), "how": how}, missed


def _decided_or_due(first: PetitionLife) -> dt.datetime | None:
    """When the second complaint became possible: with the decision, or with the end of the time for it."""
    return first.decision_sent_at or first.answered_at or first.due_at


def _second_until(petition: Petition, since: dt.datetime | None) -> Deadline | None:
    if since is None:
        return None
    remote = bool(petition.commune and petition.commune.remote_area)
    try:
        return due(
            COMPLAINT,
            "complain",
            start=since,
            hours=office_hours_of(petition.lead_id),
            variant=Variant(remote=remote, instance=2),
            on=since.date(),
        )
    except DeadlineError:
        return None
