"""The board: what is late, what will be, who holds it, what happened lately, and a word to remind him."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from feedback import doubts, inbox, watch
from feedback.cube.figures import AGES
from feedback.models import Petition
from feedback.steps import NotNow, take
from feedback.trend import trend
from feedback.views import lately, standing
from feedback.views.asked import Asked, watcher
from feedback.views.deeds import deed, seen_on, way_back
from feedback.views.plans import PlannedForItsValues
from feedback.views.sheets import FORMS, as_file
from feedback.workflow import ACTIONS
from routing.telling import ago, number

REMIND = ACTIONS["remind"]
MOST_OVERDUE = 20  # on a page: a board is looked at for its numbers, the list behind one has fifty


@login_required
@require_safe
@never_cache
@PlannedForItsValues()
def board(request: HttpRequest) -> HttpResponse:
    """`/giam-sat/`: how one's territory stands with its time, and what happened there lately.

    `co-quan`, `linh-vuc` and `xa` narrow it, `ky` is the number of days that it looks back on, `het` names a
    table whose every row is asked for; `dang=csv` or `dang=xlsx` gives its tables. The petitions behind each
    number are at `/giam-sat/don/`.
    """
    user, now, asked = watcher(request), timezone.now(), Asked.of(request)
    seen = Petition.objects.visible_now(user)
    here, scope = asked.rows(seen), asked.scope(user)
    # The tables tell of every agency and field, that of the communes of those asked for.
    told_of = Asked(commune=asked.commune).rows(seen)
    counted, communes = watch.open_now(told_of, now, asked.condition)
    mine = [cell for cell in counted if asked.holds(cell.agency, cell.field)]
    total = watch.total(mine)
    told = trend(scope, asked.period(timezone.localdate(now))) if scope.counts and not asked.commune else None
    if (form := request.GET.get("dang", "")) in FORMS:
        groups = standing.groupings(counted, communes, asked, in_a_file=True)
        tables = standing.tables(groups, mine) | (lately.tables(told) if told else {})
        return as_file(user, form, "giam-sat", tables, page="feedback:board")
    after = request.GET.get("sau", "")
    late = here.overdue(now)
    page = inbox.page(late, by=user, after=after, now=now, most=MOST_OVERDUE, columns=inbox.LISTED)
    context = {
        "watches": True,
        "asked": asked,
        "query": asked.query(),
        **{name: number(n) for name, n in total.items()},
        "soon_days": watch.SOON_DAYS,
        "tiles": standing.tiles(here, total, asked, now),
        "hits": "" if asked.commune else standing.hits(scope, here, now),
        "groups": standing.groupings(counted, communes, asked),
        "numbers": [watch.STANDINGS[key] for key in standing.NUMBERS],
        "stages": standing.stages(mine, asked),
        "ages": [label for _key, _most, label in AGES],
        **(lately.context(told, asked) if told else {}),
        "whole": asked.without("commune").query() if scope.counts and asked.commune else None,
        "rounds": _rounds(watch.rounds(now), now),
        "calendar_ends": watch.calendar_ends(now),
        "doubts": doubts.asked_beside_the_intake(user, now=now),
        **listed(page, user, now),
    }
    return render(request, "feedback/board.html", context)


@dataclass(frozen=True)
class Watched:
    """A petition of a list, with how often somebody was told of it, in pieces that no line is broken within.

    `seq`: the number of its last step, as whoever reminds has seen it; None where he may not.
    """

    row: inbox.Row
    told: list[str]
    seq: int | None


def listed(page: inbox.Page, user: User, now: dt.datetime) -> dict[str, Any]:
    """A page of petitions with how often somebody was told of each, and whether this person may."""
    petitions = [row.petition for row in page.rows]
    reminded = watch.reminders(petitions)
    last = watch.last_steps(one for one in petitions if one.is_open and REMIND.right_of(user, one))
    rows = [
        Watched(row, _told(reminded.get(row.petition.pk), now), last.get(row.petition.pk))
        for row in page.rows
    ]
    return {"page": page, "rows": rows}


def _told(reminded: watch.Reminded | None, now: dt.datetime) -> list[str]:
    """How often and when last."""
    if reminded is None:
        return [_("chưa nhắc")]
    return [_("nhắc %(times)s lần,") % {"times": reminded.times}, ago(reminded.last, now)]


def _rounds(rounds: watch.Rounds, now: dt.datetime) -> dict[str, Any]:
    """Whether the machine still looks after the deadlines, in a sentence."""
    if rounds.last is None:
        return {
            "stopped": True,
            "says": _("Hệ thống chưa rà hạn lần nào, nên chưa nhắc ai. Xin báo quản trị viên."),
        }
    when = ago(rounds.last, now)
    if rounds.stopped:
        says = _("Hệ thống rà hạn lần cuối %(when)s, từ đó không nhắc ai. Xin báo quản trị viên.")
    else:
        says = _("Hệ thống rà hạn lần cuối: %(when)s.")
    return {"stopped": rounds.stopped, "says": says % {"when": when}}


@deed(lambda request, code: way_back(request) or reverse("feedback:board"))
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """`/giam-sat/nhac/<code>/`: one click reminds whoever holds it, and the board stands as it was."""
    user = watcher(request)
    petition = get_object_or_404(Petition.objects.visible_to(user), code=code)
    way = redirect(way_back(request) or "feedback:board")
    now = timezone.now()
    if (last := watch.just_reminded(petition, now)) and REMIND.right_of(user, petition):
        told = {"code": petition, "ago": ago(last, now)}
        messages.info(request, _("Đơn %(code)s đã được nhắc %(ago)s, lần này không nhắc thêm.") % told)
        return way
    try:
        take(petition, "remind", by=user, note=request.POST.get("note", ""), seen=seen_on(request))
        messages.success(request, _("Đã nhắc cơ quan chủ trì về đơn %(code)s.") % {"code": petition})
    except NotNow as refused:
        messages.error(request, str(refused))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return way
