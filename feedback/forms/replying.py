"""The answer: drafted, sent back, sent, kept as promised, published; and taken up again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from feedback import drafts, emptiness, enclosures, facts
from feedback.drafts import Window
from feedback.emptiness import Caution
from feedback.facts import Criterion
from feedback.forms.action import ActionForm, Group
from feedback.forms.handing import date_field
from feedback.forms.said import FilesField, RawField, lines
from feedback.models import Attachment, ReplyDraft
from feedback.models.reply import ABOUT_RULES, DRAFTED, NOT_ABOUT_RULES, Outcome
from feedback.redaction import BLACK
from feedback.workflow import State

BLACK_LEFT = _l("Còn chỗ bị che (▇▇▇): xin viết lại chỗ đó, hoặc bỏ đi.")
EVIDENCE = _l("Số văn bản, biên bản, hoặc kèm ảnh sau xử lý.")


class ReplyForm(ActionForm):
    action = "draft_reply"
    title = _l("Soạn trả lời")
    done = _l("Trình duyệt câu trả lời")
    key = "s"
    icon = "pen-line"
    button = _l("Trình duyệt")
    first_in = frozenset({State.IN_PROGRESS})
    group = Group.PETITIONER
    drafts = True
    said: tuple[Caution, ...] = ()  # what its page warns of
    loses_files = False  # a page cannot give back what was chosen
    outcome = forms.ChoiceField(
        required=False,
        label=_l("Kết quả"),
        error_messages={"invalid_choice": NOT_ABOUT_RULES},
    )
    criteria = forms.MultipleChoiceField(
        required=False,
        label=_l("Quy định chưa đạt tiêu chí nào (NĐ 20/2008, Điều 14)"),
        choices=Criterion.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    text = RawField(
        label=_l("Trả lời"),
        help_text=_l(
            "Đã làm gì, khi nào, ai làm; không làm được thì vì sao, theo căn cứ nào. "
            "Người gửi đọc đúng những chữ này."
        ),
        widget=lines(8),
    )
    evidence = RawField(label=_l("Bằng chứng"), help_text=EVIDENCE)
    files = FilesField(label=_l("Ảnh, văn bản kèm theo"))  # type: ignore[assignment]  # the word for uploads
    again = forms.MultipleChoiceField(
        required=False,
        label=_l("Tệp của dự thảo trước, gửi kèm lần nữa"),
        widget=forms.CheckboxSelectMultiple,
    )
    plan_date = date_field(
        label=_l("Ngày hẹn hoàn thành"), help_text=_l("Bắt buộc khi mới ghi nhận hoặc có kế hoạch.")
    )

    def choose(self) -> None:
        about_rules = self.petition.concerns_rules
        offered = [pair for pair in Outcome.choices if about_rules or pair[0] not in ABOUT_RULES]
        self.offer("outcome", [("", _l("Chọn kết quả")), *offered])
        if not about_rules:
            del self.fields["criteria"]
        files = self._sent_back_with()
        self.offer("again", [(one.sha256, one.name) for one in files])
        if not files:
            del self.fields["again"]

    def _sent_back_with(self) -> list[Attachment]:
        last = self.petition.last_reply
        return self.petition.enclosed_with(last) if last and last.sent_back else []

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in super().told().items() if value != []}

    def proposed(self) -> dict[str, Any]:
        """What this person typed before; else a draft that was sent back is taken up again.

        Another's with what he may not read blacked out: he words those places anew.
        """
        return self._words() | {"again": [file.sha256 for file in self._sent_back_with()]}

    def _words(self) -> dict[str, Any]:
        if kept := next(iter(self.kept()), None):
            return {name: getattr(kept, name) for name in DRAFTED}
        last = self.petition.last_reply
        if last is None or not last.sent_back:
            return {}
        held = {name: getattr(last, name) for name in DRAFTED}
        if enclosures.only_names(held["evidence"], [file.name for file in self._sent_back_with()]):
            held["evidence"] = ""  # said anew of what goes with it this time
        if self.by and self.by.pk == last.drafted_by_id:
            return held
        return held | {name: self.seen(held[name]) for name in ("text", "evidence")}

    def clean(self) -> dict[str, Any]:
        """What is blacked out on this page would be read so by whoever asked."""
        cleaned = super().clean() or {}
        for name in ("text", "evidence"):
            if BLACK in cleaned.get(name, ""):
                self.add_error(name, BLACK_LEFT)
        return cleaned

    def warnings(self) -> tuple[Caution, ...]:
        """What seems empty in what is typed; nothing while something has to be mended anyway."""
        if not self.is_bound or self.errors:
            return ()
        told = self.told()
        names = [file.name for file in told.pop("files", ())]
        names += enclosures.names_again(self.petition, told.get("again", ()))
        if proof := " ".join(names) or str(self.data.get("weigh", "")):  # a script sends no files, only names
            told.setdefault("evidence", proof)
        try:
            today = timezone.localdate()
            told = facts.clean(self.action, told, petition=self.petition, today=today)
        except ValidationError:
            return ()
        weighed = {name: told[name] for name in DRAFTED if name in told}
        return emptiness.of(self.petition, **weighed)

    def warns(self) -> bool:
        """Whether anything is to be said that was not said of it before."""
        self.said = self.warnings()
        told = set(str(self.data.get("warned", "")).split())
        if {one.key for one in self.said} <= told:
            return False
        self.loses_files = bool(self.cleaned_data.get("files"))
        self.button = _l("Vẫn trình duyệt")
        return True

    def kept(self) -> list[ReplyDraft]:
        """This person's drafts, the one of the form first."""
        if self._kept is None or self.is_bound:  # what came back may have been kept meanwhile
            self._kept = drafts.of(self.petition, self.by) if self.by else []
        return self._kept

    _kept: list[ReplyDraft] | None = None

    def window(self) -> Window:
        """The page it is drawn on: a new one, or the one that came back and now shows every draft."""
        new = Window.new(self.kept())
        return replace(Window.told(self.data), shown=new.shown) if self.is_bound else new

    def beside(self) -> list[ReplyDraft]:
        """What this person typed in other windows."""
        window = self.window()
        ours = (window.name, window.began)
        return [row for row in self.kept() if row.window not in ours and row.version not in ours]


class SendBackForm(ActionForm):
    action = "send_back"
    title = _l("Trả lại dự thảo")
    key = "t"
    icon = "undo-2"
    button = _l("Trả lại")
    first_in = frozenset({State.PENDING_APPROVAL})
    group = Group.PETITIONER
    words = RawField(label=_l("Cần sửa gì?"), widget=lines(3))

    def choose(self) -> None:
        """Whoever wrote it takes it back; nobody sends back to himself."""
        if self.by and self.by.pk == self.petition.drafted_by_id:
            self.title = _l("Rút lại dự thảo")
            self.button = _l("Rút lại")


class ApproveForm(ActionForm):
    action = "approve"
    title = _l("Duyệt và gửi")
    key = "d"
    icon = "circle-check"
    button = _l("Duyệt và gửi câu trả lời")
    explains = _l("Người gửi nhận được câu trả lời ngay.")
    first_in = frozenset({State.PENDING_APPROVAL})
    group = Group.PETITIONER


class FulfilForm(ActionForm):
    action = "fulfil"
    title = _l("Báo đã làm xong điều đã hẹn")
    key = "f"
    icon = "circle-check"
    button = _l("Báo người gửi")
    explains = _l("Người gửi được báo, và có thêm thời gian để đánh giá hoặc mở lại.")
    first_in = frozenset({State.ANSWERED})
    group = Group.PETITIONER
    text = RawField(label=_l("Đã làm xong những gì"), widget=lines(4))
    evidence = RawField(label=_l("Bằng chứng"), help_text=EVIDENCE)
    files = FilesField(label=_l("Ảnh, văn bản kèm theo"))  # type: ignore[assignment]  # the word for uploads


class ReopenForm(ActionForm):
    action = "reopen"
    title = _l("Yêu cầu xử lý lại")
    icon = "history"
    button = pgettext_lazy("việc", "Mở lại")
    explains = _l("Đồng hồ mới; kết quả cũ vẫn giữ. Người khác xử lý, cấp trên trực tiếp duyệt.")
    group = Group.END
    reason = RawField(label=_l("Lý do"), widget=lines(3))


class UnpublishForm(ActionForm):
    action = "unpublish"
    title = _l("Gỡ khỏi trang công khai")
    icon = "eye-off"
    button = _l("Gỡ xuống")
    explains = _l("Trang này, danh sách và tìm kiếm hết thấy ngay; người gửi được báo.")
    group = Group.PUBLIC
    reason = RawField(label=_l("Lý do"), widget=lines(3))
