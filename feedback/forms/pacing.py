"""Time: suspend and resume, more time, reports and reminders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from feedback import story
from feedback.facts import ComplexGround
from feedback.forms.action import ActionForm, Group, Words
from feedback.forms.said import RawField, lines
from feedback.models import Petition
from feedback.workflow import PETITIONS_AT_LAW, State

POOLED = "pooled"


class SuspendForm(ActionForm):
    action = "suspend"
    title = pgettext_lazy("việc", "Tạm dừng")
    icon = "pause"
    button = pgettext_lazy("việc", "Tạm dừng")
    explains = _l("Đồng hồ dừng tới khi xử lý tiếp; người gửi đọc được lý do.")
    group = Group.TIME
    reason = RawField(label=_l("Lý do bằng văn bản"), widget=lines(3))
    pooled = forms.BooleanField(
        required=False,
        label=_l("Tiếp tục tập hợp"),
        help_text=_l("Kiến nghị về quy định hành chính, gom lại để xem chung (NĐ 20/2008, Điều 14)."),
    )

    def told(self) -> dict[str, Any]:
        told = super().told()
        return {"reason": POOLED} if told.pop("pooled") and not told.get("reason") else told


class ResumeForm(ActionForm):
    action = "resume"
    title = _l("Xử lý tiếp")
    icon = "circle-dot"
    button = _l("Xử lý tiếp")
    group = Group.TIME
    first_in = frozenset({State.SUSPENDED})
    reason = RawField(label=_l("Vì sao nay xử lý tiếp được"), widget=lines(3))


class RequestExtensionForm(ActionForm):
    action = "request_extension"
    title = _l("Xin gia hạn")
    key = "e"
    icon = "history"
    button = _l("Gửi đề nghị")
    explains = _l("Lãnh đạo duyệt; phải xin trước khi hết hạn.")
    group = Group.TIME
    reason = RawField(label=_l("Vì sao chưa xong kịp"), widget=lines(3))
    interim_reply = RawField(
        label=_l("Trả lời tạm cho người gửi"),
        help_text=_l("Đã làm gì, còn lại gì, khi nào xong."),
        widget=lines(4),
    )
    complex_ground = forms.ChoiceField(
        required=False,
        label=_l("Căn cứ vụ việc phức tạp"),
        choices=[("", _l("Chọn căn cứ")), *ComplexGround.choices],
    )

    def choose(self) -> None:
        if self.petition.kind not in PETITIONS_AT_LAW:
            del self.fields["complex_ground"]


class GrantExtensionForm(ActionForm):
    action = "grant_extension"
    title = _l("Xem đề nghị gia hạn")
    done = _l("Đồng ý gia hạn")
    key = "y"
    icon = "history"
    button = _l("Đồng ý gia hạn")
    group = Group.TIME
    first_in = frozenset({State.IN_PROGRESS})

    def quoted(self) -> list[tuple[Words, str]]:
        asked = story.last_words(self.petition, "request_extension")
        quoted = [(_l("Lý do"), asked.get("reason", "")), (_l("Trả lời tạm"), asked.get("interim_reply", ""))]
        ground = dict(ComplexGround.choices).get(self.petition.complex_ground)
        return [*quoted, (_l("Căn cứ"), str(ground))] if ground else [*quoted]


class ReportForm(ActionForm):
    action = "report"
    title = _l("Báo cáo tiến độ")
    key = "v"
    icon = "file-text"
    button = _l("Gửi báo cáo")
    group = Group.TIME
    text = RawField(label=_l("Đã làm gì, còn gì, bao giờ xong"), widget=lines(4))

    @classmethod
    def leads(cls, petition: Petition) -> bool:
        return petition.report_due_on is not None


class RemindForm(ActionForm):
    action = "remind"
    title = _l("Nhắc cơ quan chủ trì")
    key = "m"
    icon = "bell"
    button = _l("Nhắc")
    explains = _l("Cán bộ và lãnh đạo cơ quan được báo ngay; ai nhắc, lúc nào được ghi lại.")
    group = Group.TIME
    note = RawField(label=_l("Lời nhắn"), widget=lines(2))


class DemandReportForm(ActionForm):
    action = "demand_report"
    title = _l("Yêu cầu báo cáo")
    key = "q"
    icon = "bell"
    button = _l("Yêu cầu")
    group = Group.TIME
    days = forms.CharField(
        required=False,
        label=_l("Báo cáo trong mấy ngày làm việc"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    note = RawField(label=_l("Lời nhắn"), widget=lines(2))

    def proposed(self) -> dict[str, Any]:
        return {"days": "2"}
