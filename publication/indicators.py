"""`/du-lieu-mo/chi-tieu/`: figures of an agency for a reporting system of the government, as JSON, every day.

The day is the day of asking; the figures are of whole months that are frozen, never of the running one: told
day by day, one could be taken from the other and a single petition would be left. docs/indicators.schema.json
says what stands where.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.links import link_to
from publication import freezing, monthly
from publication.models import FrozenMonth
from publication.monthly import Monthly
from publication.opendata import JSON, LICENCE
from publication.recompute import dumps
from publication.statistics import DEFINITIONS, Report
from publication.views import for_everyone, open_to_all_sites

VERSION = 1  # of the form of these files: another where a name or its meaning is


@open_to_all_sites
@for_everyone
def index(request: HttpRequest) -> HttpResponse:
    """`/du-lieu-mo/chi-tieu/`: the agencies of which any month is told apart, and where their figures are."""
    agencies = freezing.kept("indicators", _agencies)
    months = [f"{month:%Y-%m}" for month in freezing.frozen_months()]
    return _json({**_common(), "months": months, "agencies": agencies})


def _agencies() -> list[dict[str, str]]:
    return [{"code": code, "name": name, "url": _address(code)} for code, name, _folded in monthly.by_name()]


def _address(code: str) -> str:
    return link_to("publication:indicators", code)


@open_to_all_sites
@for_everyone
def of_agency(request: HttpRequest, agency: str) -> HttpResponse:
    """`/du-lieu-mo/chi-tieu/<agency>.json`: its last frozen month, and the year so far."""
    last = FrozenMonth.objects.order_by("month").last()
    told = monthly.of(agency, last.month) if last else None
    if told is None:
        raise Http404
    return _json(_common() | _told(told))


def _common() -> dict[str, Any]:
    return {"version": VERSION, "day": timezone.localdate().isoformat(), "licence": LICENCE}


def _told(told: Monthly) -> dict[str, Any]:
    return {
        "agency": {"code": told.agency.pk, "name": told.agency.name},
        "snapshot": told.month.told["snapshot"],
        "month": {"digest": told.frozen.digest, "frozen_at": told.month.told["as_of"]},
        "periods": [_period("month", told.month), _period("year", told.year)],
    }


def _period(kind: str, told: Report) -> dict[str, Any]:
    asked = told.told["filters"]
    span = {"kind": kind, "from": asked["from"], "to": asked["to"], "months": told.told["months"]}
    indicators = [_indicator(row) for row in told.told["figures"]]
    return span | {"complete": told.told["complete"], "indicators": indicators}


def _indicator(row: dict[str, Any]) -> dict[str, Any]:
    known = DEFINITIONS[row["key"]].as_told
    told = {name: row[name] for name in ("unit", "value", "numerator", "denominator", "definition")}
    return told | {
        "code": row["key"],
        "name": known["name"],
        "base": known["base"],
        "few": row.get("few", False),
    }


def _json(told: dict[str, Any]) -> HttpResponse:
    return HttpResponse(dumps(told), content_type=JSON)
