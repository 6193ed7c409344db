"""What the access log is narrowed to, and what an inspector takes along."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.audit import Asked
from feedback.forms.handing import date_field
from feedback.inspection import Wanted
from feedback.models import Look

# Names of the fields as they stand in the address.
FIELDS = {"who": "nguoi", "code": "ma", "what": "viec", "since": "tu-ngay", "until": "den-ngay"}
ANY = ("", _l("Tất cả"))


class LogForm(forms.Form):
    """Filters in the address; one that cannot be read narrows nothing and says so."""

    label_suffix = ""

    nguoi = forms.CharField(required=False, max_length=150, label=_l("Ai xem"))
    ma = forms.CharField(required=False, max_length=40, label=_l("Mã đơn"))
    viec = forms.ChoiceField(required=False, choices=[ANY, *Look.What.choices], label=_l("Xem gì"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="log_%s")
        self.fields["tu-ngay"] = date_field(label=_l("Từ ngày"))
        self.fields["den-ngay"] = date_field(label=_l("Đến hết ngày"))
        self.is_valid()

    @property
    def asked(self) -> Asked:
        told = {name: self.cleaned_data.get(field) for name, field in FIELDS.items()}
        return Asked(**{name: value for name, value in told.items() if value})

    @property
    def address(self) -> str:
        """The chosen filters as they stand in an address, to be kept by the links of the page."""
        return urlencode(
            {field: self.data[field] for field in FIELDS.values() if self.cleaned_data.get(field)}
        )


class ExportForm(forms.Form):
    """Days, or petitions by their codes; one of the two."""

    label_suffix = ""

    since = date_field(label=_l("Từ ngày"))
    until = date_field(label=_l("Đến hết ngày"))
    codes = forms.CharField(
        required=False,
        max_length=2000,
        label=_l("Hoặc mã đơn"),
        help_text=_l("Nhiều mã thì cách nhau bằng dấu phẩy."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="export_%s")

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        since, until = told.get("since"), told.get("until")
        if not self.errors and not self._codes() and not (since and until):
            raise ValidationError(_("Xin chọn từ ngày nào đến ngày nào, hoặc ghi mã đơn."))
        if told.get("codes") and not self._codes():
            raise ValidationError(_("Không có mã đơn nào trong ô mã đơn."))
        if since and until and until < since:
            raise ValidationError(_("Ngày cuối phải bằng hoặc sau ngày đầu."))
        return told

    @property
    def wanted(self) -> Wanted:
        told = self.cleaned_data
        codes = self._codes()
        return Wanted(codes=codes) if codes else Wanted(since=told["since"], until=told["until"])

    def _codes(self) -> tuple[str, ...]:
        told = self.cleaned_data.get("codes", "")
        return tuple(code.strip() for code in told.split(",") if code.strip())
