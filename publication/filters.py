"""What a visitor may ask of the public pages: closed lists, and a sentence for whatever is not on them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.public import OPEN, State, published
from publication import freezing
from publication.statistics import Filters
from publication.trend import WAYS
from routing.choosing import LongSelect
from routing.models import Agency, Commune, Field, Province, name_column

Choices = list[tuple[str, Any]]

# What a published petition can be asked for, in the citizen's words.
ASKED_STATES: dict[str, tuple[Any, Q]] = {
    "in_progress": (_("Đang xử lý"), Q(state__in=OPEN - {State.REOPENED})),
    "answered": (_("Đã trả lời"), Q(state=State.ANSWERED)),
    "reopened": (_("Đang xử lý lại"), Q(state=State.REOPENED)),
    "closed": (_("Hoàn thành"), Q(state=State.CLOSED, answered_at__isnull=False)),
    "ended": (_("Kết thúc, không có câu trả lời"), Q(answered_at__isnull=True) & ~Q(state__in=OPEN)),
}
# What is compared as it is asked for.
COLUMNS = {
    "province": "province",
    "commune": "commune",
    "agency": "lead",
    "from": "submitted_on__gte",
    "to": "submitted_on__lte",
}
MOST_AGENCIES, FEW_AGENCIES = 300, 60
BACKWARDS = _("“Đến ngày” phải từ “Từ ngày” trở đi.")
UNKNOWN = {"invalid_choice": _("Không có lựa chọn này trong danh sách.")}


def fields() -> Choices:
    return list(Field.objects.values_list("slug", name_column()))


def communes(province: str) -> Choices:
    return Commune.objects.filter(province=province).listed()


def agencies(codes: Iterable[str]) -> Choices:
    return Agency.objects.filter(pk__in=codes).listed()


def answering(province: str, asked: str) -> Choices:
    """The agencies that have published petitions there, and the one that is asked for: it may have none."""
    rows = published().order_by().filter(province=province, lead__isnull=False)
    return agencies([asked, *rows.values_list("lead", flat=True).distinct()[:MOST_AGENCIES]])


def choice(label: Any, every: Any, choices: Choices) -> forms.ChoiceField:
    """One of a list, or all of it."""
    return forms.ChoiceField(
        label=label, choices=[("", every), *choices], required=False, error_messages=UNKNOWN
    )


class Day(forms.DateField):
    """A local day, picked or typed."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Ngày phải viết theo dạng 2026-12-01.")},
            validators=[
                MinValueValidator(dt.date(2000, 1, 1), _("Ngày phải từ 01/01/2000 trở đi.")),
                MaxValueValidator(dt.date(2100, 1, 1), _("Ngày quá xa trong tương lai.")),
            ],
        )


class ListFilter(forms.Form):
    """Which published petitions to show; a filter that cannot be understood is left out, and said."""

    def __init__(self, asked: Any) -> None:
        super().__init__(asked, auto_id="%s")
        listed = Province.objects.listed()
        chosen = asked.get("province", "")
        self.fields["field"] = choice(_("Lĩnh vực"), _("Mọi lĩnh vực"), fields())
        self.fields["province"] = choice(_("Tỉnh, thành phố"), _("Cả nước"), listed)
        known = chosen in dict(listed)
        if known or asked.get("commune"):
            offered = communes(chosen) if known else Commune.objects.filter(pk=asked["commune"]).listed()
            self.fields["commune"] = choice(_("Xã, phường, đặc khu"), _("Tất cả"), offered)
        if known or asked.get("agency"):
            offered = answering(chosen if known else "", asked.get("agency", ""))
            self.fields["agency"] = choice(_("Cơ quan chủ trì"), _("Mọi cơ quan"), offered)
        states = [(key, word) for key, (word, _rows) in ASKED_STATES.items()]
        self.fields["state"] = choice(_("Trạng thái"), _("Mọi trạng thái"), states)
        self.fields["from"] = Day(_("Gửi từ ngày"))
        self.fields["to"] = Day(_("Gửi đến ngày"))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        since, until = told.get("from"), told.get("to")
        if since and until and since > until:
            self.add_error("to", BACKWARDS)
        return told

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that were understood and not left open, as they stand in an address."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.chosen
        wanted = Q()
        if "field" in chosen:
            wanted &= Q(subfield__field=chosen["field"])
        if "state" in chosen:
            wanted &= ASKED_STATES[chosen["state"]][1]
        for name, column in COLUMNS.items():
            if name in chosen:
                wanted &= Q(**{column: chosen[name]})
        return rows.filter(wanted)


class StatisticsFilter(forms.Form):
    """Which petitions to count; figures are given only for a question that was understood whole."""

    def __init__(self, asked: Any) -> None:
        super().__init__(asked, auto_id="%s")
        listed = Province.objects.listed()
        province = asked.get("province", "")
        self.fields["from"] = Day(_("Từ ngày"))
        self.fields["to"] = Day(_("Đến ngày"))
        self.fields["province"] = choice(_("Tỉnh, thành phố"), _("Cả nước"), listed)
        self.fields["field"] = choice(_("Lĩnh vực"), _("Mọi lĩnh vực"), fields())
        self.fields["agency"] = forms.CharField(
            label=_("Cơ quan chủ trì"),
            required=False,
            max_length=150,
            widget=LongSelect(
                choices=self._agencies(province if province in dict(listed) else "", asked.get("agency", ""))
            ),
            validators=[RegexValidator(re.compile(r"[a-z0-9:-]+\Z"), _("Mã cơ quan không đúng dạng."))],
        )

        self.fields["by"] = choice(
            _("Chia theo"), _("lĩnh vực"), [(key, way.name) for key, way in WAYS.items()]
        )

    @property
    def way(self) -> str:
        """A key of WAYS: by what the figures are told apart."""
        return self.cleaned_data["by"] or "field"

    @staticmethod
    def _agencies(province: str, chosen: str) -> Choices:
        told = freezing.agencies(province)
        # Of the whole country a list to choose from helps nobody: first the province.
        codes = set(told[:MOST_AGENCIES] if province or len(told) <= FEW_AGENCIES else [])
        if re.fullmatch(r"[a-z0-9:-]{1,150}", chosen):
            codes.add(chosen)
        return [("", _("Mọi cơ quan")), *agencies(codes)]

    def clean_agency(self) -> str:
        code: str = self.cleaned_data["agency"]
        if code and not Agency.objects.filter(pk=code).exists():
            raise ValidationError(_("Không có cơ quan nào mang mã này."))
        return code

    def clean(self) -> None:
        since, until = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if since and until and since > until:
            self.add_error("to", BACKWARDS)

    @property
    def asked(self) -> Filters:
        """The question of a valid form."""
        told = self.cleaned_data
        return Filters(told["agency"], told["field"], told["province"], told["from"], told["to"])

    @property
    def narrowed(self) -> bool:
        """True if anything at all was asked or mistaken: the form then shows itself open."""
        return bool(self.errors) or any(self.data.get(name) for name in self.fields)
