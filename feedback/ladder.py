"""The ladder: what falls due on a petition, when, whom it concerns, and what there is to do.

One row a rung, the lowest first. A row is asked in two ways that must agree: `question`, by indexed
columns, for a round over every petition; `fell_due_at`, of one petition in hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from feedback.models import Escalation, Petition
from feedback.workflow import BEFORE_ACCEPTANCE, OPEN, PETITIONS_AT_LAW, State
from feedback.workflow.conditions import may_be_told_of
from feedback.workflow.states import ANSWERED_OR_CLOSED, OWING
from routing.calendar import DAY, DeadlineError, moment, office_hours_of
from routing.deadlines import count, working_days_ago


class Level(Enum):
    """Who is told, from below upwards: where nobody holds one level, the next hears of it."""

    HANDLER = 1
    HEAD = 2
    FOCAL_POINT = 3
    SUPERIOR = 4
    SUPERVISOR = 5


@dataclass(frozen=True)
class Later:
    """So many working or calendar days after what stands in a column; 0 of both: that very moment."""

    working_days: int = 0
    calendar_days: int = 0

    def than(self, value: Any, petition: Petition) -> dt.datetime:
        if not isinstance(value, dt.datetime):  # a day that was promised is over at its midnight
            return moment(value + DAY, dt.time())
        days = self.working_days or self.calendar_days
        if not days:
            return value
        unit = "working_day" if self.working_days else "calendar_day"
        try:
            return count(unit, days, value, (), office_hours_of(petition.lead_id)).at
        except DeadlineError:  # a year without calendar: no law's limit, so days elapsed, and nothing skipped
            return value + days * DAY

    def reached(self, column: str, now: dt.datetime) -> Q:
        """Those whose column lies so far back, or so nearly that they have to be looked at."""
        if self.working_days:
            return Q(**{f"{column}__lt": working_days_ago(now, self.working_days)})
        today = timezone.localdate(now)
        if column in DAYS:
            return Q(**{f"{column}__lt": today})
        if self.calendar_days:
            return Q(**{f"{column}__lt": moment(today - (self.calendar_days - 1) * DAY, dt.time())})
        return Q(**{f"{column}__lt": now})


DAYS = frozenset({"commitment_due", "report_due_on"})  # columns that hold a day and no moment


@dataclass(frozen=True)
class Rung:
    """Of petitions in `states`, what stands in `column` and so much `later` has passed.

    `of` is the column whose value it is said once for. `stops`: not while the clock stands still since
    before. `only`: what else holds; `at_law`: complaints and denunciations too, which have limits of their
    own. `danger`: somebody may be in it, and no limit is spoken of.
    """

    slug: str
    states: frozenset[State]
    column: str
    of: str
    tells: tuple[Level, ...]
    title: Any
    says: Any
    do: Any
    article: Any
    later: Later = Later()
    stops: bool = False
    at_law: bool = True
    danger: bool = False
    only: Mapping[str, Any] = field(default_factory=dict)

    def question(self, now: dt.datetime) -> Q:
        """Petitions that may stand on it and were not told of it yet."""
        asked = Q(state__in=self.states, **self.only) & self.later.reached(self.column, now)
        if self.stops:
            asked &= ~Q(paused_at__isnull=False, **{f"{self.column}__gte": F("paused_at")})
        if not self.at_law:
            asked &= ~Q(kind__in=PETITIONS_AT_LAW)
        if State.MERGED in self.states:
            asked &= ~Q(state=State.MERGED) | Q(main__state__in=OPEN)
        said = Escalation.objects.filter(petition=OuterRef("pk"), rung=self.slug, of=OuterRef(self.of))
        return asked & ~Q(Exists(said))

    def fell_due_at(self, petition: Petition, by: dt.datetime) -> dt.datetime | None:
        """The moment, not after `by`, at which it is said of the petition as it stands; None: not by then."""
        value = getattr(petition, self.column)
        if petition.state not in self.states or value is None or self._is_far(value, by):
            return None
        if any(getattr(petition, name) != wanted for name, wanted in self.only.items()):
            return None
        if self.stops and petition.paused_at and value >= petition.paused_at:
            return None
        if not self.at_law and petition.kind in PETITIONS_AT_LAW:
            return None
        if not may_be_told_of(petition):
            return None
        at = self.later.than(value, petition)
        return at if at <= by else None

    def _is_far(self, value: dt.date, by: dt.datetime) -> bool:
        """So many days later is more than a day before that many days have passed: nothing to be counted."""
        days = self.later.working_days + self.later.calendar_days
        return isinstance(value, dt.datetime) and value + max(0, days - 1) * DAY > by


Said = tuple[str, dt.datetime]


@dataclass(frozen=True)
class Fallen:
    """A rung that a petition stands on: of which moment of its, and since when."""

    rung: Rung
    of: dt.datetime
    at: dt.datetime

    @property
    def said(self) -> Said:
        """What makes it one of its kind: said once for ever."""
        return self.rung.slug, self.of


RECEIVED = OPEN - {State.SUBMITTED}
NEXT_DAY, THIRD_DAY, FORTY_FIFTH_DAY = Later(working_days=1), Later(working_days=3), Later(calendar_days=45)
HANDLER, HEAD, FOCAL_POINT, SUPERIOR, SUPERVISOR = Level
DUTY_TOLD_TO_ALL = "duty_3"
SAID_LATER = "danger"
OF_THE_CLOCK = _l("thời hạn ghi trên đơn")
OF_THE_HOUSE = _l("mặc định của hệ thống, luật không quy định")

LADDER = (
    Rung(
        "unread", frozenset({State.SUBMITTED}), "stands_since", "stands_since", (FOCAL_POINT,),
        title=_l("Chưa được đọc"),
        says=_l("quá một ngày làm việc máy chưa đọc, chưa có hạn và chưa ai tiếp nhận"),
        do=_l("Xin mở đơn và tiếp nhận."),
        article=OF_THE_HOUSE, later=NEXT_DAY, only={"due_at": None, "sealed": False},
    ),
    Rung(
        "unreceived", frozenset({State.SUBMITTED}), "due_at", "due_at", (FOCAL_POINT,),
        title=_l("Chưa tiếp nhận"),
        says=_l("đã quá hạn tiếp nhận"),
        do=_l("Xin tiếp nhận, hỏi lại người gửi hoặc hướng dẫn đến nơi khác."),
        article=OF_THE_CLOCK,
    ),
    Rung(
        "unassigned", frozenset({State.RECEIVED, State.RETURNED}), "stands_since", "stands_since",
        (FOCAL_POINT,),
        title=_l("Chưa phân công"),
        says=_l("quá một ngày làm việc chưa giao cho cơ quan nào"),
        do=_l("Xin chọn cơ quan chủ trì."),
        article=OF_THE_HOUSE, later=NEXT_DAY, at_law=False,
    ),
    Rung(
        "unaccepted", frozenset({State.ASSIGNED, State.REOPENED}), "stands_since", "stands_since",
        (HANDLER, HEAD),
        title=_l("Chưa nhận xử lý"),
        says=_l("quá một ngày làm việc chưa ai nhận xử lý"),
        do=_l("Xin nhận xử lý, hoặc báo đầu mối giao lại."),
        article=OF_THE_HOUSE, later=NEXT_DAY, at_law=False,
    ),
    Rung(
        "tip_1", BEFORE_ACCEPTANCE, "stands_since", "stands_since", (FOCAL_POINT,),
        title=_l("Đơn niêm phong chưa được xem"),
        says=_l("quá một ngày làm việc chưa ai xem xét đơn niêm phong này"),
        do=_l("Xin mở đơn: hướng dẫn, thụ lý, chuyển, hoặc đưa về phản ánh thường."),
        article=OF_THE_HOUSE, later=NEXT_DAY, only={"sealed": True, "due_at": None},
    ),
    Rung(
        "tip_3", BEFORE_ACCEPTANCE, "stands_since", "stands_since", (FOCAL_POINT, SUPERVISOR),
        title=_l("Đơn niêm phong chưa được xem"),
        says=_l("quá ba ngày làm việc chưa ai xem xét đơn niêm phong này"),
        do=_l("Xin mở đơn: hướng dẫn, thụ lý, chuyển, hoặc đưa về phản ánh thường."),
        article=OF_THE_HOUSE, later=THIRD_DAY, only={"sealed": True, "due_at": None},
    ),
    Rung(
        "nearly", RECEIVED, "warns_at", "due_at", (HANDLER,),
        title=_l("Sắp đến hạn"),
        says=_l("đã dùng hết bốn phần năm thời hạn"),
        do=_l("Xin trả lời trước hạn, hoặc xin gia hạn khi còn trong hạn."),
        article=OF_THE_HOUSE, stops=True,
    ),
    Rung(
        "plan_passed", frozenset({State.ANSWERED}), "commitment_due", "answered_at", (HANDLER, HEAD),
        title=_l("Quá ngày hẹn"),
        says=_l("đã qua ngày hẹn hoàn thành ghi trong câu trả lời"),
        do=_l("Xin báo đã làm xong kèm bằng chứng, hoặc báo cáo tiến độ."),
        article=_l("ngày hẹn ghi trong câu trả lời"), only={"commitment_met_at": None},
    ),
    Rung(
        "report_late", OPEN | {State.ANSWERED}, "report_due_on", "report_asked_at",
        (HANDLER, HEAD, SUPERVISOR),
        title=_l("Chưa báo cáo"),
        says=_l("đã qua ngày phải báo cáo mà chưa có báo cáo"),
        do=_l("Xin báo cáo ngay: đã làm gì, còn gì, bao giờ xong."),
        article=_l("ngày ghi trong yêu cầu báo cáo"),
    ),
    Rung(
        "due", RECEIVED, "due_at", "due_at", (HANDLER, HEAD, SUPERVISOR),
        title=_l("Quá hạn"),
        says=_l("đã quá hạn"),
        do=_l("Xin trả lời ngay, hoặc báo cáo vì sao chậm."),
        article=OF_THE_CLOCK, stops=True,
    ),
    Rung(
        "late_1", OPEN, "due_at", "due_at", (HANDLER, HEAD, FOCAL_POINT, SUPERVISOR),
        title=_l("Quá hạn 1 ngày làm việc"),
        says=_l("đã quá hạn 1 ngày làm việc"),
        do=_l("Xin trả lời ngay; đầu mối xin hỏi cơ quan chủ trì vì sao chậm."),
        article=OF_THE_CLOCK, later=NEXT_DAY, stops=True,
    ),
    Rung(
        "late_3", OPEN, "due_at", "due_at", (HANDLER, HEAD, FOCAL_POINT, SUPERIOR, SUPERVISOR),
        title=_l("Quá hạn 3 ngày làm việc"),
        says=_l("đã quá hạn 3 ngày làm việc"),
        do=_l("Xin trả lời ngay; cấp trên xin đôn đốc cơ quan chủ trì."),
        article=OF_THE_CLOCK, later=THIRD_DAY, stops=True,
    ),
    Rung(
        "alarm_45", OPEN | {State.MERGED}, "waiting_since", "waiting_since",
        (HANDLER, HEAD, FOCAL_POINT, SUPERIOR, SUPERVISOR),
        title=_l("Quá 45 ngày"),
        says=_l("đã quá 45 ngày kể từ lần gửi đầu mà chưa giải quyết xong"),
        do=_l("Xin giải quyết ngay: để quá mà không có lý do chính đáng, người quản lý có thể bị cách chức."),
        article=_l("Nghị định 154/2026/NĐ-CP, Điều 41 khoản 3 điểm b"), later=FORTY_FIFTH_DAY,
    ),
    Rung(
        "crime", OWING, "crime_signs_at", "crime_signs_at", (HEAD, FOCAL_POINT),
        title=_l("Có dấu hiệu tội phạm"),
        says=_l("có dấu hiệu tội phạm, phải chuyển cơ quan điều tra ngay trong ngày"),
        do=_l("Xin chuyển hồ sơ cho cơ quan điều tra và ghi lại ở trang của đơn."),
        article=_l("Luật Tố cáo 2018, Điều 27"), only={"crime_handed_at": None},
    ),
    Rung(
        "crime_1", OWING, "crime_signs_at", "crime_signs_at", (HEAD, FOCAL_POINT, SUPERVISOR),
        title=_l("Chưa chuyển cơ quan điều tra"),
        says=_l("có dấu hiệu tội phạm mà quá một ngày làm việc chưa chuyển cơ quan điều tra"),
        do=_l("Xin chuyển hồ sơ cho cơ quan điều tra và ghi lại ở trang của đơn."),
        article=_l("Luật Tố cáo 2018, Điều 27"), later=NEXT_DAY, only={"crime_handed_at": None},
    ),
    Rung(
        "duty", OWING, "duty_due_at", "duty_due_at", (HANDLER, HEAD, FOCAL_POINT),
        title=_l("Quá hạn một việc luật định"),
        says=_l(
            "có việc luật định đã quá hạn: chuyển đơn, chuyển cơ quan điều tra, báo việc thụ lý, "
            "gửi quyết định hoặc công khai"
        ),
        do=_l("Xin làm ngay và ghi lại ở trang của đơn; mục thời hạn nói rõ việc nào."),
        article=_l("thời hạn của việc ấy, ghi ở trang của đơn"), stops=True,
    ),
    Rung(
        DUTY_TOLD_TO_ALL, OWING, "duty_due_at", "duty_due_at", (HEAD, FOCAL_POINT, SUPERIOR, SUPERVISOR),
        title=_l("Quá hạn một việc luật định 3 ngày làm việc"),
        says=_l("có việc luật định đã quá hạn 3 ngày làm việc"),
        do=_l("Xin đôn đốc; mục thời hạn ở trang của đơn nói rõ việc nào."),
        article=_l("thời hạn của việc ấy, ghi ở trang của đơn"), later=THIRD_DAY, stops=True,
    ),
    Rung(
        "urgent", OPEN, "submitted_at", "submitted_at", (FOCAL_POINT,),
        title=_l("KHẨN"),
        says=_l("thuộc loại việc khẩn"),
        do=_l("Xin mở ngay để xác nhận; có người gặp nguy hiểm thì báo nơi ứng cứu."),
        article=OF_THE_HOUSE, only={"urgent": True}, danger=True,
    ),
    Rung(
        SAID_LATER, OPEN | ANSWERED_OR_CLOSED, "danger_at", "danger_at", (FOCAL_POINT,),
        title=_l("KHẨN, nói thêm"),
        says=_l("người gửi vừa nói thêm, có thể đang có nguy hiểm"),
        do=_l("Xin mở ngay, đọc lời nói thêm và báo nơi ứng cứu."),
        article=OF_THE_HOUSE, danger=True,
    ),
)  # fmt: skip

RUNGS: Mapping[str, Rung] = {rung.slug: rung for rung in LADDER}


def stood_on(petition: Petition, now: dt.datetime) -> Iterator[Fallen]:
    """Every rung on which the petition stands at that moment, said before or not, the lowest first."""
    for rung in LADDER:
        at = rung.fell_due_at(petition, now)
        if at is not None and at < now:
            yield Fallen(rung, getattr(petition, rung.of), at)


def next_by(petition: Petition, said: set[Said], by: dt.datetime) -> dt.datetime | None:
    """When the next rung falls due that was not said yet, if everything stays as it is; None: not by then."""
    left = (rung for rung in LADDER if (rung.slug, getattr(petition, rung.of)) not in said)
    moments = (rung.fell_due_at(petition, by) for rung in left)
    return min((at for at in moments if at is not None), default=None)
