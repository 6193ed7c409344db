"""The very petitions behind a number of the board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from feedback import inbox, watch
from feedback.cube import reading
from feedback.cube.figures import AGES, FLOWS
from feedback.cube.reading import Period
from feedback.models import Petition, PetitionQuerySet
from feedback.views.asked import Asked, watcher
from feedback.views.board import listed
from feedback.views.plans import PlannedForItsValues
from feedback.views.sheets import FORMS, Table, as_file
from feedback.workflow import State
from routing.telling import moment, number, short_day

MOST_EXPORTED = 10_000


@dataclass(frozen=True)
class Behind:
    """A number and what it is made of; `times`: how often it happened, None where nobody counts it."""

    key: str
    name: str
    meaning: str
    rows: PetitionQuerySet
    order: inbox.Order
    period: Period | None = None
    times: int | None = None


@login_required
@require_safe
@never_cache
@PlannedForItsValues()
def behind(request: HttpRequest) -> HttpResponse:
    """`/giam-sat/don/?so=`: a key of `watch.STANDINGS`, by default `overdue`, or of FLOWS.

    Narrowed as the board is.
    Of what stands now also `giai-doan` (a state) and `tuoi` (a class of AGES); of what happened `truoc=1` for
    the same days a year before. `dang=csv` or `dang=xlsx` gives facts, no words of a citizen.
    """
    user, now, asked = watcher(request), timezone.now(), Asked.of(request)
    key, more = request.GET.get("so", "overdue"), _more(request)
    found = _standing(key, user, asked, more, now) or _happened(key, user, asked, more, now)
    if found is None:
        raise Http404
    if (form := request.GET.get("dang", "")) in FORMS:
        name = f"don-{key}".replace("_", "-")
        return as_file(user, form, name, {found.name: _table(found.rows)}, page="feedback:behind")
    after, order = request.GET.get("sau", ""), found.order
    page = inbox.page(
        found.rows,
        by=user,
        after=after,
        now=now,
        order=order,
        columns=inbox.LISTED,
        counted=_is_counted(found),
    )
    context = {
        "watches": True,
        "behind": found,
        "asked": asked,
        "count": _length(found, page),
        "times": None if found.times is None else number(found.times),
        "since": short_day(found.period.since) if found.period else "",
        "until": short_day(found.period.until) if found.period else "",
        "back": asked.query(),
        "query": asked.query(so=key, **more),
        "list": key,
        **listed(page, user, now),
    }
    return render(request, "feedback/behind.html", context)


def _is_counted(found: Behind) -> bool:
    """What happened is, but where it happened so often that it would be counted for seconds."""
    return found.period is not None and (
        found.times is None or found.times <= inbox.most_counted(is_current=True)
    )


def _length(found: Behind, page: inbox.Page) -> str:
    """How many petitions; "" where nobody counts them."""
    if found.period is None:
        return number(found.rows.count())
    return "" if page.length is None else inbox.shown(page.length)


def _more(request: HttpRequest) -> dict[str, str]:
    """What narrows a list further; anything that is on no list narrows nothing."""
    allowed: dict[str, list[str]] = {
        "giai-doan": list(State.values),
        "tuoi": [key for key, *_rest in AGES],
        "truoc": ["1"],
    }
    told = {name: request.GET.get(name, "") for name in allowed}
    return {name: value for name, value in told.items() if value in allowed[name]}


def _standing(key: str, user: User, asked: Asked, more: dict[str, str], now: dt.datetime) -> Behind | None:
    standing = watch.STANDINGS.get(key)
    if standing is None:
        return None
    rows = standing.rows(asked.rows(Petition.objects.visible_to(user)), now)
    names = [str(standing.name)]
    if state := more.get("giai-doan"):
        rows = rows.filter(state=state)
        names.append(str(State(state).label))
    if age := more.get("tuoi"):
        rows = rows.filter(watch.of_age(age, now))
        names.append(next(str(label) for name, _most, label in AGES if name == age))
    order = inbox.Order.HOPS if key == "around" else inbox.Order.DUE
    return Behind(key, ", ".join(names), str(standing.meaning), rows, order)


def _happened(key: str, user: User, asked: Asked, more: dict[str, str], now: dt.datetime) -> Behind | None:
    flow, scope = FLOWS.get(key), asked.scope(user)
    if flow is None or not scope.counts:
        return None
    period = asked.period(timezone.localdate(now))
    if more.get("truoc"):
        period = period.a_year_before()
    rows = reading.behind(flow, scope, period)
    if asked.commune:
        rows = Asked(commune=asked.commune).rows(rows)
    times = None if asked.commune else reading.times(flow, scope, period)
    return Behind(key, str(flow.name), str(flow.meaning), rows, inbox.Order.LATEST, period, times)


def _table(rows: PetitionQuerySet) -> Table:
    """Facts only: a citizen's words do not leave the house in a file."""
    head = [
        *(_("Mã"), _("Cơ quan chủ trì"), _("Lĩnh vực"), _("Địa bàn"), _("Hạn"), _("Trạng thái")),
        _("Số lần chuyển"),
    ]
    kept = rows.by_due().select_related("lead", "subfield", "commune")[:MOST_EXPORTED]
    return [head, *(_line(one) for one in kept)]


def _line(one: Petition) -> list[Any]:
    return [
        *(one.printed_code, one.lead, one.subfield, one.commune, moment(one.due_at)),
        *(str(State(one.state).label), one.hops),
    ]
