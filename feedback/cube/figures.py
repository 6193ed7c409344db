"""What is counted: each flow is defined once, and both the counting and the list behind a number ask here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models import Step
from feedback.models.reply import Score
from feedback.workflow import APPEALS, PETITIONS_AT_LAW, Kind, State
from routing.calendar import local

# What a chain is read as: enough for every figure, no words and no record.
COLUMNS = (
    *("petition_id", "seq", "at", "action", "before", "after", "lead_agency", "kind", "subfield", "channel"),
    *("due_at", "first_due_at", "facts", "party"),
)


class Told(NamedTuple):
    """One step as it is counted; the columns of `Step` by the same names."""

    petition_id: int
    seq: int
    at: dt.datetime
    action: str
    before: str
    after: str
    lead_agency: str
    kind: str
    subfield: str
    channel: str
    due_at: dt.datetime | None
    first_due_at: dt.datetime | None
    facts: Mapping[str, Any]
    party: str = "person"

    @classmethod
    def of(cls, row: Sequence[Any]) -> Told:
        """A row of COLUMNS, its moments on a Vietnamese clock: their days are asked for again and again."""
        step = cls(*row)
        return step._replace(at=local(step.at), due_at=local(step.due_at) if step.due_at else None)


@dataclass(frozen=True)
class Flow:
    """Something that happens to petitions, told by one step alone and those before it.

    `in_time`: the due moment that it kept (True) or missed (False). `first`: no such action was before.
    `never`: an action that was never taken before. `giver`: charged to whoever led before the step.
    `turns`: the kind that it has since this step. `settles`: the first of these without a fact that an
    earlier step had, as when a person takes up what the machine proposed.
    """

    key: str
    name: str | Promise
    meaning: str | Promise
    actions: tuple[str, ...]
    first: bool = False
    never: str = ""
    before: str = ""
    facts: Mapping[str, tuple[str | bool, ...]] = field(default_factory=dict)
    has: str = ""
    due: str = ""
    in_time: bool | None = None
    giver: bool = False
    turns: str = ""
    settles: str = ""

    def holds(self, chain: Sequence[Told]) -> bool:
        """Whether the last step of a chain is one of these."""
        step, earlier = chain[-1], chain[:-1]
        return (
            step.action in self.actions
            and not (self.first and any(one.action in self.actions for one in earlier))
            and not (self.never and any(one.action == self.never for one in earlier))
            and (not self.before or step.before == self.before)
            and all(step.facts.get(name) in values for name, values in self.facts.items())
            and (not self.has or bool(step.facts.get(self.has)))
            and (
                not self.turns or (step.kind == self.turns and all(one.kind != self.turns for one in earlier))
            )
            and (not self.settles or self._settled(step, earlier))
            and self._kept(step)
        )

    def _settled(self, step: Told, earlier: Sequence[Told]) -> bool:
        said = [bool(one.facts.get(self.settles)) for one in earlier]
        by_others = any(
            one.action in self.actions and not told for one, told in zip(earlier, said, strict=True)
        )
        return not step.facts.get(self.settles) and any(said) and not by_others

    def _kept(self, step: Told) -> bool:
        if not self.due:
            return True
        due = getattr(step, self.due)
        return due is not None and self.in_time in (None, is_in_time(step.at, due, step.kind))

    def steps(self) -> QuerySet[Step]:
        """All steps that are counted as this one; the same rules, asked of the database."""
        rows = Step.objects.filter(action__in=self.actions)
        earlier = Step.objects.filter(petition=OuterRef("petition"), seq__lt=OuterRef("seq"))
        if self.first:
            rows = rows.exclude(Exists(earlier.filter(action__in=self.actions)))
        if self.never:
            rows = rows.exclude(Exists(earlier.filter(action=self.never)))
        if self.before:
            rows = rows.filter(before=self.before)
        for name, values in self.facts.items():
            rows = rows.filter(**{f"facts__{name}__in": values})
        if self.has:
            rows = rows.filter(facts__has_key=self.has)
        if self.turns:
            rows = rows.filter(kind=self.turns).exclude(Exists(earlier.filter(kind=self.turns)))
        if self.settles:
            said = Q(**{f"facts__{self.settles}": True})
            rows = rows.exclude(said).filter(Exists(earlier.filter(said)))
            rows = rows.exclude(Exists(earlier.filter(action__in=self.actions).exclude(said)))
        if self.due:
            rows = rows.filter(**{f"{self.due}__isnull": False})
        if self.in_time is not None:
            kept = Q(at__lte=F(self.due)) | Q(
                kind__in=PETITIONS_AT_LAW, **{f"{self.due}__date__gte": F("at__date")}
            )
            rows = rows.filter(kept if self.in_time else ~kept)
        return rows

    def charged_to(self, agency: str) -> QuerySet[Step]:
        """Those that are counted for this agency."""
        if not self.giver:
            return self.steps().filter(lead_agency=agency)
        earlier = Step.objects.filter(petition=OuterRef("petition"), lead_agency=agency)
        return self.steps().filter(Exists(earlier.filter(seq=OuterRef("seq") - 1)))


def is_in_time(at: dt.datetime, due: dt.datetime, kind: str) -> bool:
    """A day of the law ends at 24:00, and not when the office closes (Bộ luật Dân sự 2015, Điều 148)."""
    return at <= due or (kind in PETITIONS_AT_LAW and local(due).date() >= local(at).date())


SATISFIED = (Score.VERY_SATISFIED.value, Score.SATISFIED.value)
# What a person of the office does with a proposal of the machine; the first of them confirms or corrects it.
CONFIRMING = ("receive", "assign", "accept", "return_", "ask")

FLOWS: dict[str, Flow] = {
    flow.key: flow
    for flow in (
        Flow("submitted", _("Gửi đến"), _("Đơn được gửi đến."), ("submit",)),
        Flow(
            "received",
            _("Đã tiếp nhận"),
            _("Đơn được tiếp nhận lần đầu, do máy tạm nhận hoặc do người."),
            ("receive",),
            first=True,
        ),
        Flow(
            "given",
            _("Được giao"),
            _("Lượt giao đơn cho một cơ quan chủ trì."),
            ("assign", "transfer", "lift"),
        ),
        Flow("replied", _("Lượt trả lời"), _("Lượt duyệt và gửi câu trả lời, kể cả lần sau."), ("approve",)),
        Flow(
            "answered",
            _("Đã trả lời"),
            _("Đơn được trả lời lần đầu."),
            ("approve",),
            first=True,
        ),
        Flow(
            "timed",
            _("Trả lời, có hạn"),
            _("Đơn được trả lời lần đầu và có hạn."),
            ("approve",),
            first=True,
            due="due_at",
        ),
        Flow(
            "on_time",
            _("Đúng hạn"),
            _("Lần trả lời đầu được gửi không muộn hơn hạn đang có hiệu lực."),
            ("approve",),
            first=True,
            due="due_at",
            in_time=True,
        ),
        Flow(
            "on_time_original",
            _("Đúng hạn ban đầu"),
            _("Lần trả lời đầu được gửi không muộn hơn hạn đầu tiên, không kể tạm dừng và gia hạn."),
            ("approve",),
            first=True,
            due="first_due_at",
            in_time=True,
        ),
        Flow(
            "late",
            _("Trả lời trễ hạn"),
            _("Lần trả lời đầu được gửi sau hạn đang có hiệu lực."),
            ("approve",),
            first=True,
            due="due_at",
            in_time=False,
        ),
        Flow(
            "empty",
            _("Trả lời bị nhắc"),
            _("Lượt trả lời vẫn được gửi dù hệ thống đã nhắc là chưa trả lời vào việc."),
            ("approve",),
            has="empty",
        ),
        Flow(
            "fulfilled", _("Làm xong điều đã hẹn"), _("Lời hẹn được thực hiện, có bằng chứng."), ("fulfil",)
        ),
        Flow(
            "refused",
            _("Bị từ chối"),
            _("Đơn bị từ chối tiếp nhận, do hai người xác nhận."),
            ("confirm_refusal",),
        ),
        Flow("redirected", _("Đã hướng dẫn ra ngoài"), _("Đơn thuộc nơi ngoài hệ thống."), ("redirect",)),
        Flow(
            "returned",
            pgettext_lazy("diễn biến", "Trả lại"),
            _("Lượt một cơ quan trả lại đơn, tính cho cơ quan trả lại."),
            ("return_",),
            giver=True,
        ),
        Flow(
            "passed_on",
            _("Chuyển đi"),
            _("Lượt đơn rời một cơ quan sang cơ quan khác, tính cho nơi chuyển đi."),
            ("transfer", "lift"),
            giver=True,
        ),
        Flow("extended", _("Được gia hạn"), _("Lượt gia hạn được duyệt."), ("grant_extension",)),
        Flow("suspended", _("Tạm dừng"), _("Lượt tạm dừng bằng văn bản."), ("suspend",)),
        Flow("asked", _("Hỏi thêm"), _("Lượt hỏi lại người gửi."), ("ask",)),
        Flow("reopened", _("Mở lại"), _("Lượt đơn được mở lại sau khi trả lời."), ("reopen",)),
        Flow(
            "contested", _("Không đồng ý bị từ chối"), _("Lượt đề nghị xem lại việc từ chối."), ("contest",)
        ),
        Flow(
            "appealed",
            _("Đề nghị xem lại câu trả lời"),
            _("Lượt đề nghị nơi khác xem lại câu trả lời."),
            tuple(APPEALS),
        ),
        Flow(
            "rated",
            _("Được đánh giá"),
            _(
                "Lượt người gửi đánh giá câu trả lời, mỗi lượt vào ngày của nó; đánh giá lại sau khi điều đã "
                "hẹn được làm xong, hoặc sau khi được trả lời lại, là một lượt nữa."
            ),
            ("rate",),
        ),
        Flow(
            "satisfied",
            _("Hài lòng"),
            _("Lượt đánh giá “Hài lòng” hoặc “Rất hài lòng”."),
            ("rate",),
            facts={"score": SATISFIED},
        ),
        Flow(
            "acceptable",
            _("Chấp nhận được"),
            _("Lượt đánh giá “Chấp nhận được”."),
            ("rate",),
            facts={"score": (Score.ACCEPTABLE.value,)},
        ),
        Flow(
            "spam",
            _("Tin rác"),
            _("Nội dung được cán bộ xác định là tin rác."),
            ("receive", "reclassify"),
            turns=Kind.SPAM.value,
        ),
        Flow(
            "proposed",
            _("Máy đề xuất"),
            _("Đơn được máy tạm nhận và đề xuất nơi xử lý."),
            ("receive",),
            facts={"provisional": (True,)},
        ),
        Flow(
            "confirmed",
            _("Cán bộ xác nhận"),
            _("Lần đầu cán bộ xác nhận hoặc sửa đề xuất của máy."),
            CONFIRMING,
            settles="provisional",
        ),
        Flow("closed", _("Đã đóng"), _("Đơn được đóng."), ("close",)),
        Flow(
            "unrated",
            _("Đóng, không ai đánh giá"),
            _("Đơn đã trả lời, hết thời gian mà người gửi chưa đánh giá lần nào."),
            ("close",),
            before=State.ANSWERED.value,
            never="rate",
        ),
        Flow("withdrawn", _("Đã rút"), _("Người gửi rút đơn."), ("withdraw",)),
        Flow("merged", _("Đã gộp"), _("Đơn được gộp vào đơn khác."), ("merge",)),
        Flow("reminded", _("Được nhắc"), _("Lượt người giám sát nhắc."), ("remind",)),
        Flow(
            "demanded", _("Được yêu cầu báo cáo"), _("Lượt yêu cầu báo cáo bằng văn bản."), ("demand_report",)
        ),
        Flow("reported", _("Đã báo cáo"), _("Lượt báo cáo."), ("report",)),
        Flow("escalated", _("Báo động quá hạn"), _("Lượt hệ thống báo lên trên về hạn."), ("escalate",)),
    )
}
# The flows that speak of an action; steps of the others are not counted.
OF_ACTION: dict[str, list[Flow]] = {}
for _flow in FLOWS.values():
    for _action in _flow.actions:
        OF_ACTION.setdefault(_action, []).append(_flow)
COUNTED = tuple(sorted(OF_ACTION))

# Beside the flows. `waited`: first answers, the bucket is the working days since submission ("?" where a
# year has no calendar). Stocks at a day's end: `open`, the bucket is the state; `overdue`, the bucket is
# "state:age", the age one of AGES; `promised`, answered with a plan date that is still open.
WAITED, OPEN_THEN, OVERDUE_THEN, PROMISED_THEN = "waited", "open", "overdue", "promised"
STOCKS = (OPEN_THEN, OVERDUE_THEN, PROMISED_THEN)

OLDEST = 100_000  # days; no class is older
# Class, the most calendar days since the due day, and its name.
AGES: tuple[tuple[str, int, str | Promise], ...] = (
    ("a", 3, _("đến 3 ngày")),
    ("b", 10, _("4 đến 10 ngày")),
    ("c", 30, _("11 đến 30 ngày")),
    ("d", OLDEST, _("trên 30 ngày")),
)


def age_of(days: int) -> str:
    """The age class of what has been overdue so many calendar days."""
    return next(key for key, most, _name in AGES if days <= most)
