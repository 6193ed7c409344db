"""The board: what is late, what will be, who holds it, what happened lately, and a word to remind him."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback import inbox, trend, watch
from feedback.cube import reading
from feedback.cube.figures import AGES, FLOWS
from feedback.models import CountedDay, Petition, PetitionQuerySet
from feedback.steps import NotNow, take
from feedback.trend import Trend
from feedback.views.asked import LISTS, PERIODS, Asked, watcher
from feedback.views.deeds import deed, way_back
from feedback.views.sheets import FORMS, Table, as_file
from routing.telling import ago, number

MOST_GROUPS = 60
TILES = ("overdue", "will_be_late", "soon", "around", "promised", "reports")


@login_required
@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """`/giam-sat/`: how one's territory stands with its time, and what happened there lately.

    `co-quan`, `linh-vuc` and `xa` narrow it, `ky` is the number of days that it looks back on; `dang=csv` or
    `dang=xlsx` gives its tables. The petitions behind each number are at `/giam-sat/don/`.
    """
    user, now, asked = watcher(request), timezone.now(), Asked.of(request)
    seen = Petition.objects.visible_to(user)
    here, scope = asked.rows(seen), asked.scope(user)
    counted = watch.cells(Asked(commune=asked.commune).rows(seen), now)
    mine = [cell for cell in counted if asked.holds(cell.agency, cell.field)]
    told = trend.trend(scope, asked.period(timezone.localdate(now))) if scope.counts else None
    groups = _groups(counted, watch.by_commune(here, now), asked)
    if (form := request.GET.get("dang", "")) in FORMS:
        return as_file(user, form, "giam-sat", _tables(groups, mine, told), page="feedback:board")
    page = inbox.page(here.overdue(now), by=user, after=request.GET.get("sau", ""), now=now)
    context = {
        "watches": True,
        "asked": asked,
        "query": asked.query(),
        **{name: number(n) for name, n in watch.total(mine).items()},
        "soon_days": watch.SOON_DAYS,
        "tiles": [_tile(watch.STANDINGS[key], here, asked, now) for key in TILES],
        "hits": _hits(here, now),
        "groups": groups,
        "stages": [_stage(stage, asked) for stage in watch.stages(mine)],
        "ages": [label for _key, _most, label in AGES],
        **(_trend(told, asked) if told else {}),
        "rounds": _rounds(watch.rounds(now), now),
        **listed(page, now),
    }
    return render(request, "feedback/board.html", context)


def listed(page: inbox.Page, now: dt.datetime) -> dict[str, Any]:
    """A page of petitions with how often somebody was told of each."""
    reminded = watch.reminders(row.petition for row in page.rows)
    return {"page": page, "rows": [(row, _told(reminded.get(row.petition.pk), now)) for row in page.rows]}


# --- what stands now ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grouping:
    """Open petitions by agency, field or commune: its heading, and each group with its name and address."""

    name: str  # one of LISTS
    heading: str
    groups: list[tuple[str, str, watch.Group]]
    chosen: str


def _groups(counted: list[watch.Cell], communes: list[watch.Group], asked: Asked) -> list[Grouping]:
    of_field = [cell for cell in counted if asked.without("agency").holds(cell.agency, cell.field)]
    of_agency = [cell for cell in counted if asked.without("field").holds(cell.agency, cell.field)]
    found = (
        ("agency", _("Theo cơ quan"), watch.grouped(of_field, "agency")),
        ("field", _("Theo lĩnh vực"), watch.grouped(of_agency, "field")),
        ("commune", _("Theo địa bàn"), communes),
    )
    return [_grouping(name, heading, groups[:MOST_GROUPS], asked) for name, heading, groups in found]


def _grouping(name: str, heading: str, groups: list[watch.Group], asked: Asked) -> Grouping:
    names = named(name, (group.key for group in groups))
    parameter, _model = LISTS[name]
    chosen = getattr(asked, name)
    rest = asked.without(name)
    return Grouping(
        name,
        heading,
        [(names.get(group.key, ""), f"?{rest.query(**{parameter: group.key})}", group) for group in groups],
        chosen.pk if chosen else "",
    )


def named(name: str, keys: Iterable[str]) -> dict[str, str]:
    """How the agencies, fields or communes with these codes are called."""
    model: type[Model] = LISTS[name][1]
    return {
        str(key): str(one)
        for key, one in model._default_manager.in_bulk([key for key in keys if key]).items()
    }


def _tile(standing: watch.Standing, here: PetitionQuerySet, asked: Asked, now: dt.datetime) -> dict[str, Any]:
    n = standing.rows(here, now).count()
    return {
        "standing": standing,
        "n": number(n),
        "tone": standing.tone if n else "",
        "at": _at(asked, standing.key),
    }


def _at(asked: Asked, key: str, **more: Any) -> str:
    return f"{reverse('feedback:behind')}?{asked.query(so=key, **more)}"


def _stage(stage: watch.Stage, asked: Asked) -> dict[str, Any]:
    """A line of the table of stages: how many stand there, of the late ones how old, each with its list."""
    ages = [
        (n, _at(asked, "overdue", **{"giai-doan": stage.state.value, "tuoi": key}))
        for (key, *_rest), n in zip(AGES, stage.ages, strict=True)
    ]
    at = _at(asked, "open", **{"giai-doan": stage.state.value})
    return {"name": stage.state.label, "open": stage.open, "at": at, "ages": ages}


def _hits(here: PetitionQuerySet, now: dt.datetime) -> str:
    """How good the expectations of the last quarter were, in a sentence; "" where none is decided yet."""
    last = CountedDay.objects.order_by("-day").values_list("day", flat=True).first()
    rate = reading.hit_rate(here, now, last) if last else None
    if rate is None or rate.share is None:
        return ""
    return _(
        "90 ngày qua báo trước %(decided)s đơn nay đã rõ: %(late)s trễ thật (%(share)s %%);"
        " trong %(all)s đơn trễ có %(late)s đơn đã được báo trước."
    ) % {
        "decided": number(rate.decided),
        "late": number(rate.late),
        "share": number(100 * rate.share, 1),
        "all": number(rate.late_in_all),
    }


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


def _told(reminded: watch.Reminded | None, now: dt.datetime) -> list[str]:
    """How often and when last, in pieces that no line is broken within."""
    if reminded is None:
        return [_("chưa nhắc")]
    return [_("nhắc %(times)s lần,") % {"times": reminded.times}, ago(reminded.last, now)]


# --- what happened lately -----------------------------------------------------------------------------------


def _trend(told: Trend, asked: Asked) -> dict[str, Any]:
    lines = [(line, _at(asked, line.flow.key), _at(asked, line.flow.key, truoc=1)) for line in told.lines]
    periods = [(days, asked.over(days).query(), days == asked.days) for days in PERIODS]
    return {
        "trend": told,
        "says": _sentence(told, asked),
        "lines": lines,
        "periods": periods,
        "beside": [FLOWS[key] for key in trend.BESIDE],
        "tables": [
            (_("Theo cơ quan"), _rows("agency", told.agencies, asked)),
            (_("Theo lĩnh vực"), _rows("field", told.fields, asked)),
        ],
    }


def _rows(name: str, rows: list[trend.Row], asked: Asked) -> list[dict[str, Any]]:
    """Each agency or field with its numbers, and where the petitions behind each are."""
    names, parameter = named(name, (row.key for row in rows[:MOST_GROUPS])), LISTS[name][0]
    rest = asked.without(name)
    return [
        {
            "name": names.get(row.key, ""),
            "share": None if row.share is None else number(row.share, 1),
            "numbers": [
                (flow, n, _at(rest, flow.key, **{parameter: row.key}) if row.key else "")
                for flow, n in row.numbers
            ],
        }
        for row in rows[:MOST_GROUPS]
    ]


def _sentence(told: Trend, asked: Asked) -> str:
    """The period in a sentence, beside the same days a year before."""
    counts = {line.flow.key: number(line.n) for line in told.lines} | {"days": asked.days}
    said = [_("%(days)s ngày qua nhận %(received)s đơn, trả lời %(answered)s đơn") % counts]
    if told.share is not None and told.share_before is not None:
        shares = {"share": number(told.share, 1), "before": number(told.share_before, 1)}
        said.append(_("%(share)s %% đúng hạn (cùng kỳ năm trước %(before)s %%)") % shares)
    elif told.share is not None:
        said.append(_("%(share)s %% đúng hạn") % {"share": number(told.share, 1)})
    if told.median_wait is not None:
        said.append(_("một nửa được trả lời trong %(days)s ngày làm việc") % {"days": told.median_wait})
    return ", ".join(said) + "."


# --- the tables as a file -----------------------------------------------------------------------------------


def _tables(groups: list[Grouping], mine: list[watch.Cell], told: Trend | None) -> dict[str, Table]:
    """Everything that the board shows, facts only."""
    head = [_("Quá hạn"), _("Sắp đến hạn"), _("Đang mở")]
    tables: dict[str, Table] = {
        one.heading: [
            [one.heading, *head],
            *(
                [name or _("Chưa rõ"), group.overdue, group.soon, group.open]
                for name, _at, group in one.groups
            ),
        ]
        for one in groups
    }
    ages = [f"{_('Quá hạn')} {label}" for _key, _most, label in AGES]
    tables[_("Theo giai đoạn")] = [
        [_("Giai đoạn"), _("Đang mở"), *ages],
        *([stage.state.label, stage.open, *stage.ages] for stage in watch.stages(mine)),
    ]
    return tables | (_trend_tables(told) if told else {})


def _trend_tables(told: Trend) -> dict[str, Table]:
    period, past = told.period, told.period.a_year_before()
    lines: Table = [
        [_("Việc"), f"{period.since} – {period.until}", f"{past.since} – {past.until}", _("Định nghĩa")],
        *([line.flow.name, line.n, line.before, line.flow.meaning] for line in told.lines),
    ]
    return {
        _("Diễn biến"): lines,
        _("Diễn biến theo cơ quan"): _beside("agency", _("Cơ quan"), told.agencies),
        _("Diễn biến theo lĩnh vực"): _beside("field", _("Lĩnh vực"), told.fields),
    }


def _beside(name: str, heading: str, rows: list[trend.Row]) -> Table:
    names = named(name, (row.key for row in rows))
    head = [heading, *(FLOWS[key].name for key in trend.BESIDE), _("Có hạn"), _("Đúng hạn")]
    return [
        head,
        *(
            [names.get(row.key) or _("Chưa rõ"), *(n for _flow, n in row.numbers), row.timed, row.on_time]
            for row in rows
        ),
    ]


@deed(lambda request, code: way_back(request) or reverse("feedback:board"))
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """`/giam-sat/nhac/<code>/`: one click reminds whoever holds it, and the board stands as it was."""
    user = watcher(request)
    petition = get_object_or_404(Petition.objects.visible_to(user), code=code)
    try:
        take(petition, "remind", by=user, note=request.POST.get("note", ""))
        messages.success(request, _("Đã nhắc đơn vị về đơn %(code)s.") % {"code": petition})
    except NotNow as refused:
        messages.error(request, str(refused))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect(way_back(request) or "feedback:board")
