"""What is typed before a letter is printed: its number and day, and whether a sealed name stands there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.forms.handing import date_field
from feedback.forms.said import RawField, SaidForm, lines
from feedback.papers import Paper

# What some forms ask for, each a row of `papers/forms.yaml` by its name.
ASKED: dict[str, Any] = {
    "why": lambda: RawField(label=_l("Lý do chậm"), widget=lines(3)),
    "promised": lambda: date_field(label=_l("Hẹn trả lời chậm nhất ngày")),
}


class PaperForm(SaidForm):
    """The few words that a form asks of whoever prints it; all may stay empty and be written by hand."""

    number = RawField(
        label=_l("Số văn bản"), help_text=_l("Để trống thì ghi tay sau khi đăng ký."), max_length=20
    )
    on = date_field(label=_l("Ngày ban hành"))
    named = forms.BooleanField(
        required=False,
        label=_l("Ghi tên người gửi"),
        help_text=_l("Đơn được niêm phong: ghi tên là xem danh tính, lần xem được lưu lại."),
    )

    def __init__(self, data: Any = None, *, paper: Paper, may_name: bool) -> None:
        super().__init__(data, auto_id=f"{paper.slug}_%s", initial={"on": timezone.localdate()})
        for name in paper.asks:
            self.fields[name] = ASKED[name]()
        if not may_name:
            del self.fields["named"]

    def clean_promised(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["promised"]
        if day and day < timezone.localdate():
            raise ValidationError(_("Ngày này đã qua."))
        return day

    def typed(self) -> dict[str, str]:
        """What goes into the letter's values, days as they are written here."""
        told = {name: self.cleaned_data.get(name) for name in ASKED}
        return {
            name: f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
            for name, value in told.items()
            if value
        }
