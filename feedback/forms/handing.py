"""From hand to hand: assign, accept, return, transfer, lift, ask others to help, split."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback import matters
from feedback.accused import accused_of
from feedback.facts import ReturnReason
from feedback.forms import choices
from feedback.forms.action import ActionForm, Group, Words
from feedback.forms.said import RawField, lines
from feedback.later_words import is_apart
from feedback.workflow import State
from feedback.workflow.conditions import last_day_to_help
from routing.choosing import LongSelect
from routing.telling import day as told_day

ACCUSED_ROLES = [
    ("unit", _l("Cả cơ quan")),
    ("head", _l("Người đứng đầu")),
    ("deputy", _l("Cấp phó")),
    ("staff", _l("Một cán bộ")),
]


# Beyond these a day has no day before or after it that a calendar can count with.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


def date_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        **options,
    )


class AgencyForm(ActionForm):
    """A form that hands the petition to an agency, or names one."""

    group = Group.HANDS
    agency_field = "agency"

    def choose(self) -> None:
        self.offer(self.agency_field, choices.agencies(self.petition, self.action))


class AssignForm(AgencyForm):
    action = "assign"
    title = _l("Chuyển cơ quan chủ trì")
    key = "c"
    icon = "route"
    button = _l("Chuyển")
    first_in = frozenset({State.RECEIVED, State.RETURNED, State.REOPENED})
    agency = forms.CharField(required=False, label=_l("Cơ quan chủ trì"), widget=LongSelect)

    def proposed(self) -> dict[str, Any]:
        if is_apart(self.petition):  # whom it must not reach may be the very one that the rules name
            return {}
        if matters.stands_under_its_part(self.petition):
            return {}
        named = [
            *choices.by_law(self.petition),
            *choices.suggested(self.petition),
            *choices.reviewing(self.petition),
        ]
        routes = choices.routes_of(self.petition)
        return {"agency": named[0][0] if named else routes[0]["agency"] if routes else ""}


class AcceptForm(ActionForm):
    action = "accept"
    title = _l("Nhận xử lý")
    key = "n"
    icon = "check"
    button = _l("Nhận xử lý")
    explains = _l("Cơ quan nhận việc; người gửi sẽ thấy cơ quan đang xử lý.")
    group = Group.HANDS
    first_in = frozenset({State.ASSIGNED, State.REOPENED})


class AcceptForHandlingForm(ActionForm):
    action = "accept_for_handling"
    title = _l("Thụ lý")
    key = "s"
    icon = "scale"
    button = _l("Thụ lý giải quyết")
    explains = _l("Thời hạn giải quyết khiếu nại, tố cáo tính từ ngày thụ lý.")
    group = Group.HANDS
    first_in = frozenset({State.RECEIVED, State.ASSIGNED})
    decision_number = RawField(label=_l("Số quyết định, thông báo thụ lý"))
    signed_on = date_field(label=_l("Ngày người gửi ký đơn, hoặc trình bày trực tiếp"))


class ReturnForm(AgencyForm):
    action = "return_"
    title = _l("Trả lại đầu mối")
    key = "t"
    icon = "undo-2"
    button = _l("Trả lại")
    explains = _l(
        "Trong 1 ngày làm việc từ lúc được giao. Một đơn chỉ được trả lại hai lần, lần ba phải nhận."
    )
    first_in = frozenset({State.ASSIGNED})
    agency_field = "suggested_agency"
    reason_code = forms.ChoiceField(
        required=False,
        label=_l("Vì sao"),
        choices=[("", _l("Chọn lý do")), *ReturnReason.choices],
    )
    words = RawField(label=_l("Nói rõ"), widget=lines(3))
    suggested_agency = forms.CharField(required=False, label=_l("Nên giao cho"), widget=LongSelect)


class TransferForm(AgencyForm):
    action = "transfer"
    title = _l("Chuyển sang cơ quan khác")
    key = "x"
    icon = "arrow-right"
    button = _l("Chuyển")
    explains = _l("Hạn trả lời giữ nguyên; người gửi được báo nơi mới.")
    agency = forms.CharField(required=False, label=_l("Cơ quan chủ trì mới"), widget=LongSelect)
    reason = RawField(label=_l("Lý do"), widget=lines(3))

    def proposed(self) -> dict[str, Any]:
        return {"agency": choices.one_heir(self.petition)}


class AccusedForm(AgencyForm):
    """A form that may also say who is complained about: that body sees nothing from then on."""

    accused = forms.CharField(required=False, label=_l("Cơ quan bị phản ánh"), widget=LongSelect)
    accused_role = forms.ChoiceField(
        required=False,
        label=_l("Ai ở đó bị phản ánh"),
        choices=ACCUSED_ROLES,
        help_text=_l("Cơ quan bị phản ánh không đọc, không xử lý, không phối hợp đơn này nữa."),
    )

    def choose(self) -> None:
        lead = self.petition.lead
        own = [(lead.pk, lead.name)] if lead else []
        self.offer("accused", [("", _("Không có")), *own, *choices.neighbours(self.petition)])

    def told(self) -> dict[str, Any]:
        told = super().told()
        accused, role = told.pop("accused", ""), told.pop("accused_role", "unit")
        if accused:
            kind, _colon, unit = accused.partition(":")
            told["against"] = {"agency_type": kind, "unit_code": unit, "role": role}
        return told


class LiftForm(AccusedForm):
    action = "lift"
    title = _l("Đưa lên cấp trên")
    key = "a"
    icon = "shield-check"
    button = _l("Đưa lên cấp trên")
    explains = _l("Khi chính cơ quan đang chủ trì bị phản ánh, hoặc đã giải thể.")
    agency = forms.CharField(required=False, label=_l("Cơ quan chủ trì mới"), widget=LongSelect)
    reason = RawField(label=_l("Lý do"), widget=lines(3))
    field_order = ("agency", "reason", "accused", "accused_role")

    def choose(self) -> None:
        super().choose()
        ruled = choices.raised_to(self.petition)
        by_rule = ("", _("Theo quy tắc, tùy ai bị phản ánh"))
        others = choices.agencies(self.petition, self.action, first=dict.fromkeys(ruled.values()))[1:]
        self.offer("agency", [by_rule, *others])
        self.fields["agency"].help_text = "; ".join(f"{who}: {agency.name}" for who, agency in ruled.items())

    def proposed(self) -> dict[str, Any]:
        """Where it is known who is complained of, or the lead is no more: whom the rules name."""
        held = self.petition
        agency = choices.one_heir(held) or choices.raised_from(held, accused_of(held))
        return {"agency": agency, "accused_role": "unit"}


class AccuseForm(AccusedForm):
    action = "accuse"
    title = _l("Ghi bên bị phản ánh")
    icon = "shield-check"
    button = _l("Ghi")
    explains = _l(
        "Khi việc đã trả lời hoặc kết thúc: bên bị phản ánh không xem được nữa, đơn họ giữ lên cấp trên."
    )
    why = RawField(label=_l("Vì sao"), widget=lines(2))
    field_order = ("accused", "accused_role", "why")

    def proposed(self) -> dict[str, Any]:
        return {"accused_role": "unit"}


class ClearAccusedForm(ActionForm):
    action = "clear_accused"
    title = _l("Bỏ ghi bên bị phản ánh")
    icon = "undo-2"
    button = _l("Bỏ ghi")
    explains = _l(
        "Khi ghi nhầm: bên này lại được xem và được giao đơn, trừ khi còn lý do khác. Lịch sử giữ nguyên; "
        "cơ quan chủ trì chưa đổi, xin chuyển tiếp nếu cần."
    )
    group = Group.HANDS
    accused = forms.ChoiceField(required=False, label=_l("Bên bị phản ánh"))
    why = RawField(label=_l("Vì sao"), widget=lines(2))

    def choose(self) -> None:
        named = choices.accusations(self.petition, dict(ACCUSED_ROLES))
        self.offer("accused", [("", _("Chọn")), *named])

    def proposed(self) -> dict[str, Any]:
        """The one that is there."""
        field: Any = self.fields["accused"]
        values = [value for value, _label in field.choices]
        return {"accused": values[1] if len(values) == 2 else ""}

    def told(self) -> dict[str, Any]:
        told = super().told()
        code, _slash, role = told.pop("accused", "").partition("/")
        kind, _colon, unit = code.partition(":")
        return told | ({"against": {"agency_type": kind, "unit_code": unit, "role": role}} if code else {})


class CoordinateForm(ActionForm):
    action = "coordinate"
    title = _l("Đề nghị phối hợp")
    key = "o"
    icon = "users"
    button = _l("Gửi đề nghị")
    explains = _l("Cơ quan được hỏi trả lời cho chủ trì; chỉ chủ trì trả lời người gửi.")
    group = Group.HANDS
    agencies = forms.MultipleChoiceField(
        required=False, label=_l("Cơ quan phối hợp"), widget=forms.CheckboxSelectMultiple
    )
    question = RawField(label=_l("Cần gì ở họ"), widget=lines(3))
    day = date_field(label=_l("Trả lời trước ngày"))

    def choose(self) -> None:
        self.offer("agencies", choices.neighbours(self.petition))
        if latest := last_day_to_help(self.petition, self.petition.moment):
            said = _("Muộn nhất %(day)s: nửa thời gian còn lại, nửa kia để chủ trì trả lời.")
            self.fields["day"].help_text = said % {"day": told_day(latest)}

    def proposed(self) -> dict[str, Any]:
        return {"day": last_day_to_help(self.petition, self.petition.moment)}

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in super().told().items() if value != []}


class ContributeForm(ActionForm):
    action = "contribute"
    title = _l("Góp ý kiến phối hợp")
    key = "z"
    icon = "reply"
    button = _l("Gửi ý kiến")
    group = Group.HANDS
    first_in = frozenset({State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS})
    text = RawField(label=_l("Ý kiến"), widget=lines(5))

    def quoted(self) -> list[tuple[Words, str]]:
        asked = [one for one in self.petition.coordinations.all() if one.contributed_at is None]
        return [
            (
                _l("Chủ trì hỏi"),
                _("%(question)s (trước %(day)s)") % {"question": one.question, "day": told_day(one.due_on)},
            )
            for one in asked
        ]


class SplitForm(ActionForm):
    action = "split"
    title = _l("Tách thành nhiều đơn")
    key = "f"
    icon = "copy"
    button = _l("Tách")
    explains = _l(
        "Đơn có nhiều nội dung thì mỗi nội dung là một đơn (NĐ 154/2026, Điều 14). Đơn này giữ nguyên "
        "toàn văn; mỗi phần thành một đơn riêng, vẫn mở được bằng mã bí mật cũ. Có phần là khiếu nại, tố "
        "cáo thì tách phần còn lại ra để giao, rồi niêm phong chính đơn này: ai đọc toàn văn cũng đọc "
        "phần ấy."
    )
    group = Group.SORT
    PARTS: ClassVar[tuple[str, ...]] = ("texts", "texts_2", "texts_3")
    texts = RawField(label=_l("Phần tách ra"), widget=lines(3))
    texts_2 = RawField(label=_l("Phần nữa"), widget=lines(3))
    texts_3 = RawField(label=_l("Phần nữa"), widget=lines(3))

    def proposed(self) -> dict[str, Any]:
        """Where he reads the words as they were sent: no mark that hides any becomes a part's own words."""
        whole = self.petition.text
        several = matters.left_to_split(self.petition, whole) if self.seen(whole) == whole else None
        parts = several.parts if several else ()
        last = len(self.PARTS) - 1  # the last box holds all that is left
        boxes = [*parts[:last], "\n".join(parts[last:])]
        return {name: words for name, words in zip(self.PARTS, boxes, strict=False) if words}

    def told(self) -> dict[str, Any]:
        parts = [self.cleaned_data[name].strip() for name in self.PARTS]
        return {"texts": [part for part in parts if part]}
