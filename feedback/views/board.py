"""The board: what is late, what will be, who holds it, who was told, and a word to remind him."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from feedback import inbox, sheet, watch
from feedback.models import Petition, PetitionQuerySet
from feedback.models.petition import PASSED_AROUND
from feedback.steps import NotNow, take
from feedback.views.deeds import deed, way_back
from routing.models import Agency, Field
from routing.telling import ago, moment, number

MAY_WATCH = (*inbox.INTAKE, *inbox.OVERSIGHT)
MOST_EXPORTED = 10_000


@login_required
@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """`/giam-sat/`: every overdue petition of one's territory, the longest overdue first.

    `co-quan` and `linh-vuc` narrow it to an agency and a field, `qua-tay=3` shows what went through three
    hands or more instead, late or not; `dang=csv` gives it as a sheet.
    """
    user, now = _watcher(request), timezone.now()
    chosen = _chosen(request)
    seen = Petition.objects.visible_to(user)
    rows = _narrowed(seen, chosen)
    passed = request.GET.get("qua-tay") == str(PASSED_AROUND)
    listed = rows.passed_around() if passed else rows.overdue(now)
    if request.GET.get("dang") == "csv":
        return _sheet(listed, "qua-nhieu-noi" if passed else "qua-han")
    agencies = watch.by_agency(_narrowed(seen, chosen | {"agency": None}), now)
    fields = watch.by_field(_narrowed(seen, chosen | {"field": None}), now)
    total = watch.total(watch.by_agency(rows, now) if any(chosen.values()) else agencies)
    page = inbox.page(listed, by=user, after=request.GET.get("sau", ""), now=now)
    reminded = watch.reminders(row.petition for row in page.rows)
    context = {
        "watches": True,
        **chosen,
        **{name: number(count) for name, count in total.items()},
        "soon_days": watch.SOON_DAYS,
        "groups": [
            (
                _("Theo cơ quan"),
                f"?{_asked(chosen | {'agency': None})}&co-quan=".replace("?&", "?"),
                chosen["agency"],
                agencies[: watch.MOST_GROUPS],
            ),
            (
                _("Theo lĩnh vực"),
                f"?{_asked(chosen | {'field': None})}&linh-vuc=".replace("?&", "?"),
                chosen["field"],
                fields,
            ),
        ],
        "asked": _asked(chosen, passed=passed),
        "passed": passed,
        "list": "qua-nhieu-noi" if passed else "qua-han",
        "around": number(rows.passed_around().count()),
        "around_at": f"?{_asked(chosen, passed=True)}",
        "rounds": _rounds(watch.rounds(now), now),
        "page": page,
        "rows": [(row, _told(reminded.get(row.petition.pk), now)) for row in page.rows],
    }
    return render(request, "feedback/board.html", context)


def _rounds(rounds: watch.Rounds, now: dt.datetime) -> dict[str, Any]:
    """Whether the machine still looks after the deadlines, in a sentence."""
    if rounds.last is None:
        return {
            "stopped": True,
            "says": _("Hệ thống chưa rà hạn lần nào, nên chưa nhắc ai. Xin báo quản trị."),
        }
    when = ago(rounds.last, now)
    if rounds.stopped:
        says = _("Hệ thống rà hạn lần cuối %(when)s, từ đó không nhắc ai. Xin báo quản trị.")
    else:
        says = _("Hệ thống rà hạn lần cuối: %(when)s.")
    return {"stopped": rounds.stopped, "says": says % {"when": when}}


def _watcher(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*MAY_WATCH):
        raise Http404
    return user


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """The agency and the field asked for; what is on no list narrows nothing, and that is said."""
    wanted = {
        "agency": (Agency, request.GET.get("co-quan", "")),
        "field": (Field, request.GET.get("linh-vuc", "")),
    }
    chosen: dict[str, Any] = {}
    for name, (model, key) in wanted.items():
        known = key and len(key) <= 150 and "\x00" not in key
        chosen[name] = model._default_manager.filter(pk=key).first() if known else None
        if key and chosen[name] is None:
            messages.warning(
                request, _("Bộ lọc “%(key)s” không có trong danh sách nên bị bỏ qua.") % {"key": key[:60]}
            )
    return chosen


def _narrowed(seen: PetitionQuerySet, chosen: dict[str, Any]) -> PetitionQuerySet:
    if chosen["agency"]:
        seen = seen.filter(lead=chosen["agency"])
    if chosen["field"]:
        seen = seen.filter(subfield__field=chosen["field"])
    return seen


def _asked(chosen: dict[str, Any], *, passed: bool = False) -> str:
    """The chosen filters as they stand in an address, to be kept by the links of the page."""
    told = {"co-quan": chosen["agency"], "linh-vuc": chosen["field"]}
    names = {name: one.pk for name, one in told.items() if one}
    return urlencode(names | ({"qua-tay": PASSED_AROUND} if passed else {}))


def _told(reminded: watch.Reminded | None, now: Any) -> list[str]:
    """How often and when last, in pieces that no line is broken within."""
    if reminded is None:
        return [_("chưa nhắc")]
    return [_("nhắc %(times)s lần,") % {"times": reminded.times}, ago(reminded.last, now)]


def _sheet(rows: PetitionQuerySet, name: str) -> HttpResponse:
    """Facts only: a citizen's words do not leave the house in a file."""
    head = [
        _("Mã"),
        _("Cơ quan chủ trì"),
        _("Lĩnh vực"),
        _("Địa bàn"),
        _("Hạn"),
        _("Trạng thái"),
        _("Số lần chuyển"),
    ]
    listed = rows.by_due().select_related("lead", "subfield", "commune")[:MOST_EXPORTED]
    lines = [
        [
            *(one.printed_code, one.lead, one.subfield, one.commune, moment(one.due_at)),
            *(one.get_state_display(), one.hops),
        ]
        for one in listed
    ]
    answer = HttpResponse(sheet.written([head, *lines]), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@deed(lambda request, code: way_back(request) or reverse("feedback:board"))
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """`/giam-sat/nhac/<code>/`: one click reminds whoever holds it, and the board stands as it was."""
    user = _watcher(request)
    petition = get_object_or_404(Petition.objects.visible_to(user), code=code)
    try:
        take(petition, "remind", by=user, note=request.POST.get("note", ""))
        messages.success(request, _("Đã nhắc đơn vị về đơn %(code)s.") % {"code": petition})
    except NotNow as refused:
        messages.error(request, str(refused))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect(way_back(request) or "feedback:board")
