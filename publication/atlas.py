"""`/cong-khai/ban-do/`: where the published petitions are, what is done and what is still to do there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from feedback.public import published
from publication import backlog, dots, tiles
from publication.backlog import Work
from publication.views import for_everyone
from routing.models import Commune, Province

# Its figures are up to `KEPT_S` old when the page is made.
counted = partial(for_everyone, max_age=60 - backlog.KEPT_S)


@dataclass(frozen=True)
class Row:
    """A place in the table beside the map."""

    name: str
    work: Work
    address: str


@counted
def country(request: HttpRequest) -> HttpResponse:
    """The provinces as squares, and as a table."""
    work = backlog.by_province()
    islands = {code: backlog.in_commune(code) for code in tiles.ISLANDS}
    names = dict(Province.objects.values_list("code", "name"))
    context = {
        "grid": tiles.of_provinces(work, islands, _map_of),
        "rows": _rows({names[code]: (one, _map_of(code)) for code, one in work.items()}),
    }
    return render(request, "publication/map.html", context)


@counted
def province(request: HttpRequest, code: str) -> HttpResponse:
    """Its communes as squares, the points of its newest petitions, and a table."""
    place = Province.objects.filter(pk=code).first()
    if place is None:
        raise Http404
    communes, work = list(Commune.objects.filter(province=place)), backlog.by_commune(code)
    pointed = published().filter(backlog.WORK, province=place, lat__isnull=False)
    newest = list(pointed.order_by("-published_at", "-pk")[: dots.MOST])
    names = {one.code: one.name for one in communes}
    context = {
        "place": place,
        "grid": tiles.of_communes(communes, work, lambda one: _list_at(code, one)) if communes else None,
        "ground": dots.ground(communes, newest),
        "most": dots.MOST if len(newest) == dots.MOST else 0,
        "rows": _rows(
            {names[one]: (told, _list_at(code, one)) for one, told in work.items() if one in names}
        ),
        "all": _list_at(code),
    }
    return render(request, "publication/map.html", context)


def _rows(places: Mapping[str, tuple[Work, str]]) -> Sequence[Row]:
    """The most still to do first."""
    rows = [Row(name, work, address) for name, (work, address) in places.items()]
    return sorted(rows, key=lambda row: (-row.work.open, -row.work.total, row.name))


def _map_of(code: str) -> str:
    return reverse("publication:province", args=[code])


def _list_at(province: str, commune: str = "") -> str:
    asked = {"province": province} | ({"commune": commune} if commune else {})
    return f"{reverse('publication:list')}?{urlencode(asked)}"
