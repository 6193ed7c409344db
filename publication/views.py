"""Pages for everyone: read-only, the same for all, without cookies, fit for a shared cache."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

import search
from feedback.public import (
    FOR_EVERYBODY,
    Asked,
    excerpt,
    find_published,
    found_context,
    picture_in_public,
    published,
    row,
    served,
    understood_by_all,
    whole,
)
from publication import showing, trend
from publication.filters import ListFilter, StatisticsFilter
from publication.paging import Key, page
from publication.recompute import dumps
from publication.statistics import Report, report

View = Callable[..., HttpResponseBase]
AWAY = 503
JSON = "application/json; charset=utf-8"


def for_everyone(view: View, max_age: int = 60) -> View:
    """Kept a minute (`max_age`, in seconds) by any cache, unless it could not be answered.

    The cookie that these pages depend on is the chosen language's.
    """
    kept = conditional_page(cache_control(public=True, max_age=max_age)(vary_on_cookie(view)))

    def fresh(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = kept(request, *args, **kwargs)
        if response.status_code == AWAY:
            response["Cache-Control"], response["Retry-After"] = "no-store", "60"
        return response

    told = functools.wraps(view)(require_safe(fresh))
    told.reads_only = True  # type: ignore[attr-defined]  # for `NotAllowed`
    return told


def open_to_all_sites(view: View) -> View:
    """A page of others may fetch it in its visitor's browser: it is public, and no cookie goes with that."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        return response

    return told


@for_everyone
def petitions(request: HttpRequest) -> HttpResponse:
    """`/cong-khai/`: what was published, newest first."""
    form = ListFilter(request.GET)
    after = Key.parse(request.GET.get("after", ""))
    shown = page(form.narrow(published()), after)
    today = timezone.localdate()
    context = {
        "form": form,
        "lost_place": bool(request.GET.get("after")) and after is None,
        "petitions": [row(petition, today) for petition in shown.rows],
        "page": shown,
        "first": _address(form.chosen) if after else "",
        "next": _address(form.chosen | {"after": str(shown.after)}) if shown.after else "",
        "feed": reverse("publication:atom") + (_address(form.chosen) if form.chosen else ""),
    }
    return render(request, "publication/list.html", context)


@for_everyone
def found(request: HttpRequest) -> HttpResponse:
    """`/tim/`: published petitions that hold what is asked for; 503 while no words can be looked for.

    `q` is what was typed; `linh-vuc`, `noi`, `co-quan`, `trang-thai`, `thang` narrow it, `xep` sorts.
    """
    asked = Asked.of(request.GET.dict())
    if not asked.anything:
        return render(request, "publication/found.html", {"asked": asked})
    sought = understood_by_all(asked.sought())
    try:
        shown, copies = find_published(sought, sort=asked.sort, after=asked.after)
    except ValueError:  # no key of a page: from the beginning
        asked = replace(asked, after="")
        shown, copies = find_published(sought, sort=asked.sort)
    except search.Unavailable as away:
        return render(request, "publication/found.html", {"asked": asked, "away": str(away)}, status=AWAY)
    today = timezone.localdate()
    rows = [
        row(copy, today)
        | {"text": excerpt(copy.text, sought), "answer": excerpt(copy.current_answer, sought)}
        for copy in copies
    ]
    context = found_context(asked, sought, shown, FOR_EVERYBODY) | {"petitions": rows}
    return render(request, "publication/found.html", context)


def _address(asked: dict[str, str]) -> str:
    return "?" + urlencode(asked) if asked else "?"


@for_everyone
def petition(request: HttpRequest, code: str) -> HttpResponse:
    """`/cong-khai/<code>/`: the reviewed copy; the same 404 for an unknown and for an unpublished code."""
    found = published().filter(code=code).first()
    if found is None:
        raise Http404
    today = timezone.localdate()
    return render(request, "publication/petition.html", {"petition": whole(found, today)})


@for_everyone
def picture(request: HttpRequest, code: str, pk: str) -> HttpResponse:
    """`/cong-khai/<code>/anh/<pk>/`: as the reviewer left it; gone with the copy that it belongs to."""
    found = picture_in_public(code, int(pk))
    if found is None:
        raise Http404
    return served(found)


@open_to_all_sites
@for_everyone
def statistics(request: HttpRequest) -> HttpResponse:
    """`/thong-ke/`: the figures as a page, or as JSON with `?format=json`; from the same functions."""
    form = StatisticsFilter(request.GET)
    as_json = request.GET.get("format") == "json"
    if not form.is_valid():
        if as_json:
            return _json({"error": {name: list(words) for name, words in form.errors.items()}}, status=400)
        return render(request, "publication/statistics.html", {"form": form}, status=400)
    told = report(form.asked)
    if as_json:
        return HttpResponse(dumps(dict(told.told)), content_type=JSON)
    return render(request, "publication/statistics.html", _statistics(form, told))


def _statistics(form: StatisticsFilter, told: Report) -> dict[str, Any]:
    asked = {name: value for name, value in told.filters.as_told().items() if value}
    chosen = asked | ({"by": form.way} if form.way != "field" else {})
    before, way = trend.before(told.filters), form.way
    lines = trend.by_month(told)
    apart = trend.apart(trend.WAYS[way], told.filters)
    return {
        "form": form,
        "moment": showing.moment_said(told.as_of),
        "about": showing.about(told),
        "period": showing.period_said(told),
        "silent": showing.silent_months(told),
        "incomplete": told.is_partial,
        "narrowed_to_place": bool(told.filters.province),
        "snapshot": told.told["snapshot"],
        "six": showing.with_before(showing.six(told.figures), report(before) if before else None),
        "others": showing.others(told.figures),
        "charts": showing.charts(lines),
        "older": trend.MOST_MONTHS if len(told.told["months"]) > len(lines) else None,
        "months": showing.months(lines),
        "ways": [
            (way.name, _address(asked | {"by": key}), key == form.way) for key, way in trend.WAYS.items()
        ],
        "way": trend.WAYS[way].name,
        "apart": showing.apart(way, apart),
        "grid": showing.squares(apart, chosen)
        if way == "place" and apart and not told.filters.province
        else None,
        "stages": showing.stages(told.figures),
        "cohorts": showing.cohorts(told.filters),
        "shares": trend.WAYS[way].tells_shares,
        "monthly_shares": not told.filters.field,
        "most": trend.MOST_LINES if showing.is_cut(apart) else None,
        "periods": showing.periods(timezone.localdate(), chosen),
        "json": _address(asked | {"format": "json"}),
    }


def _json(told: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(dumps(told), content_type=JSON, status=status)
