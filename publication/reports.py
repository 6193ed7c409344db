"""`/thong-ke/bao-cao/`: the report of a month, agency by agency: to read, to print, as Excel and as PDF."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publication import freezing, monthly, reportfiles, showing
from publication.filters import UNKNOWN
from publication.monthly import MOST, Monthly
from publication.views import for_everyone


class ReportFilter(forms.Form):
    """Of which month, and of whom."""

    def __init__(self, asked: Any, months: list[dt.date]) -> None:
        super().__init__(asked, auto_id="%s")
        self.months = months
        self.fields["month"] = forms.ChoiceField(
            label=_("Tháng"),
            required=False,
            choices=[(f"{month:%Y-%m}", f"{month.month}/{month.year}") for month in reversed(months)],
            error_messages=UNKNOWN,
        )
        self.fields["q"] = forms.CharField(
            label=_("Tên cơ quan"),
            required=False,
            max_length=200,
            help_text=_("Ví dụ: sở xây dựng, hải châu"),
        )

    @property
    def month(self) -> dt.date:
        """The chosen one, or the last."""
        chosen = self.cleaned_data["month"]
        return dt.date.fromisoformat(f"{chosen}-01") if chosen else self.months[-1]


@dataclass(frozen=True)
class Offer:
    """A report that can be opened; of some agencies a month has nothing to tell."""

    name: str
    address: str
    is_told: bool


@for_everyone
def reports(request: HttpRequest) -> HttpResponse:
    """`/thong-ke/bao-cao/`: months that are frozen, agencies found by their names."""
    months = freezing.frozen_months()
    form = ReportFilter(request.GET, months)
    context: dict[str, Any] = {"form": form, "months": months}
    if not form.is_valid():
        return render(request, "publication/reports.html", context, status=400)
    if months:
        context |= _offers(form.month, form.cleaned_data["q"])
    return render(request, "publication/reports.html", context)


def _offers(month: dt.date, words: str) -> dict[str, Any]:
    """Those that were asked for by name; without a name all, if they are few."""
    found = monthly.named(words)
    many = len(found) > MOST
    shown = found[:MOST] if words else [] if many else found
    told = monthly.told_in(month)
    offers = [Offer(name, _page(code, month), code in told) for code, name in shown]
    return {"offers": offers, "more": many and bool(words), "month": month, "asked": words}


def _page(agency: str, month: dt.date) -> str:
    return reverse("publication:report", args=[f"{month:%Y-%m}", agency])


@for_everyone
def report(request: HttpRequest, month: str, agency: str) -> HttpResponse:
    """`/thong-ke/bao-cao/2026-10/<agency>/`: as a page that is as good on paper."""
    told = _or_404(month, agency)
    asked = {"agency": agency, "from": told.since.isoformat(), "to": told.until.isoformat()}
    context = {
        "told": told,
        "rows": [(row.month, reportfiles.words(row.month, row.year)) for row in told.rows],
        "frozen_at": showing.moment_said(told.frozen.at),
        "year_months": len(told.year.told["months"]),
        "files": [
            (form, reverse("publication:report_file", args=[month, agency, form]))
            for form in reportfiles.FORMS
        ],
        "figures": f"{reverse('publication:statistics')}?{urlencode(asked)}",
        "neighbours": [(one, _page(agency, one)) for one in _neighbours(told.since)],
    }
    return render(request, "publication/report.html", context)


def _neighbours(month: dt.date) -> list[dt.date]:
    """The frozen month before and the one after, as far as there are."""
    months = freezing.frozen_months()
    at = months.index(month)
    return [*months[max(0, at - 1) : at], *months[at + 1 : at + 2]]


@for_everyone
def report_file(request: HttpRequest, month: str, agency: str, form: str) -> HttpResponse:
    """The same as a file to keep."""
    told = _or_404(month, agency)
    make, media_type = reportfiles.FORMS[form]
    answer = HttpResponse(make(told), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{reportfiles.file_name(told, form)}"'
    return answer


def _or_404(month: str, agency: str) -> Monthly:
    told = monthly.of(agency, dt.date.fromisoformat(f"{month}-01"))
    if told is None:
        raise Http404
    return told
