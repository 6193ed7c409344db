"""What is typed when signing in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django_otp.models import Device

from accounts import second_factor
from accounts.models import Absence, User


class CodeForm(forms.Form):
    """A code of the telephone, or a spare code; `device` is what it belongs to once the form is valid."""

    code = forms.CharField(
        label=_l("Mã xác thực"),
        max_length=40,
        error_messages={"required": _l("Xin nhập mã.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}
        ),
    )
    device: Device | None = None
    closed_for = 0

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.closed_for = second_factor.closed_for(self.person)
        if self.closed_for:
            raise ValidationError(
                _("Đã nhập sai nhiều lần. Xin thử lại sau %(seconds)s giây.") % {"seconds": self.closed_for}
            )
        self.device = second_factor.accept(self.person, code)
        if self.device is None:
            raise ValidationError(_("Mã chưa đúng, đã dùng rồi hoặc đã hết hạn."))
        return code


class OwnPasswordForm(PasswordChangeForm):
    """The old password, and a new one twice; what a good one is stands in one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _("Ít nhất 12 ký tự; một câu dài dễ nhớ là tốt nhất.")
        self.fields["new_password2"].help_text = ""


class AbsenceForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """From which day to which one is away; the person is set before it is validated."""

    class Meta:
        model = Absence
        fields = ["first_day", "last_day"]
        widgets = dict.fromkeys(fields, forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_last_day(self) -> dt.date:
        last_day: dt.date = self.cleaned_data["last_day"]
        if last_day < timezone.localdate():
            raise ValidationError(_("Ngày này đã qua."))
        return last_day


class FirstCodeForm(forms.Form):
    """The first code that a new telephone shows: proof that it holds the key."""

    code = forms.CharField(
        label=_l("Mã 6 số mà ứng dụng đang hiện"),
        max_length=40,
        error_messages={"required": _l("Xin nhập mã.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())
