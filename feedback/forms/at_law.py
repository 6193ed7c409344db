"""What complaint and denunciation alone ask for: a circumstance on record, a dialogue, the decision told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.facts import Announced, Circumstance, circumstances_of
from feedback.forms.action import ActionForm, Group
from feedback.forms.handing import date_field
from feedback.forms.said import RawField, lines
from feedback.models import Petition
from feedback.workflow.conditions import is_tip, owes_investigators


class DeclareForm(ActionForm):
    action = "declare"
    title = _l("Ghi nhận tình tiết theo luật")
    done = _l("Đã ghi nhận")
    icon = "scale"
    button = _l("Ghi nhận")
    explains = _l("Mỗi điều ghi nhận bằng văn bản mở một thời hạn hoặc một trách nhiệm riêng.")
    group = Group.TIME
    circumstance = forms.ChoiceField(required=False, label=_l("Điều được ghi nhận"))
    reason = RawField(
        label=_l("Nói rõ"),
        help_text=_l(
            "Số, ngày của đơn ký tên; các nơi phải xác minh; dấu hiệu nào; số, ngày của phiếu chuyển "
            "hồ sơ và nơi nhận; vì sao vẫn giải quyết."
        ),
        widget=lines(3),
    )

    @classmethod
    def leads(cls, petition: Petition) -> bool:
        """A tip waits for the form that the law asks, a crime for whoever investigates."""
        return owes_investigators(petition) or (is_tip(petition) and petition.received_at is not None)

    def choose(self) -> None:
        """What holds and is not on record yet."""
        petition = self.petition
        known = {
            Circumstance.SEVERAL_PLACES: petition.several_places,
            Circumstance.CRIME_SIGNS: owes_investigators(petition),
        }
        fitting = circumstances_of(petition, timezone.localdate())
        offered = [(one.value, one.label) for one in fitting if not known.get(one)]
        self.offer("circumstance", [("", _("Chọn")), *offered])

    def proposed(self) -> dict[str, Any]:
        if owes_investigators(self.petition):
            return {"circumstance": Circumstance.CRIME_HANDED}
        return {"circumstance": Circumstance.FORMAL} if is_tip(self.petition) else {}


class DialogueForm(ActionForm):
    action = "dialogue"
    title = _l("Mời đối thoại")
    icon = "users"
    button = _l("Gửi lời mời")
    explains = _l(
        "Gửi trước ít nhất 5 ngày. Gửi xong, in “Thông báo tổ chức đối thoại” ở phần Văn bản để trình ký."
    )
    group = Group.PETITIONER
    day = date_field(label=_l("Ngày đối thoại"))
    text = RawField(
        label=_l("Giờ, địa điểm, nội dung"),
        help_text=_l("Người gửi đọc được những chữ này."),
        widget=lines(3),
    )


class AnnounceForm(ActionForm):
    action = "announce"
    title = _l("Đã gửi, đã công khai quyết định")
    done = _l("Đã ghi lại")
    icon = "send"
    button = _l("Ghi lại")
    explains = _l("Công khai kết luận tố cáo thì không để lộ bất cứ điều gì chỉ ra người tố cáo.")
    group = Group.PUBLIC
    announced = forms.ChoiceField(
        required=False, label=_l("Đã làm gì"), choices=Announced.choices, widget=forms.RadioSelect
    )
    note = RawField(label=_l("Ghi chú: hình thức, số văn bản"), widget=lines(2))

    @classmethod
    def leads(cls, petition: Petition) -> bool:
        """Until both are done."""
        return not (petition.decision_sent_at and petition.publicised_at)

    def choose(self) -> None:
        """What is not done yet; where all is, it may be told again."""
        done = {"sent": self.petition.decision_sent_at, "publicised": self.petition.publicised_at}
        left = [(value, label) for value, label in Announced.choices if not done[value]]
        self.offer("announced", left or Announced.choices)
