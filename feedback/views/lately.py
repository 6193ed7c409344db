"""What happened lately, for the board: numbers beside the year before, with the petitions behind them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback import trend
from feedback.cube.figures import FLOWS
from feedback.cube.reading import UNKNOWN
from feedback.trend import BESIDE, Trend
from feedback.views.asked import LISTS, PERIODS, Asked
from feedback.views.sheets import Table
from feedback.views.standing import Number, most_rows, named
from routing.telling import number, short_day


def context(told: Trend, asked: Asked) -> dict[str, Any]:
    return {
        "trend": told,
        "says": sentence(told, asked.days, of_agency=asked.agency is not None),
        "lines": [
            (line, asked.behind(line.flow.key), asked.behind(line.flow.key, truoc=1)) for line in told.lines
        ],
        "periods": [(days, asked.over(days).query(), days == asked.days) for days in PERIODS],
        "beside": [FLOWS[key] for key in BESIDE],
        "tables": [
            _table("agency", _("Theo cơ quan"), told.agencies, asked),
            _table("field", _("Theo lĩnh vực"), told.fields, asked),
        ],
    }


def _table(name: str, heading: str, rows: list[trend.Row], asked: Asked) -> dict[str, Any]:
    """The first rows, or all where that is asked; `whole`: where all are, "" where they are here."""
    table = f"dien-bien-{LISTS[name][0]}"
    kept = rows[: most_rows(table, asked)]
    names, rest = named(name, (row.key for row in kept)), asked.without(name)
    return {
        "heading": heading,
        "table": table,
        "rows": [
            _row(row, names.get(row.key, ""), {LISTS[name][0]: row.key or UNKNOWN}, rest) for row in kept
        ],
        "count": len(rows),
        "open": asked.whole == table,
        "whole": asked.all_of(table) if len(rows) > len(kept) and asked.whole != table else "",
    }


def _row(row: trend.Row, called: str, only: dict[str, str], rest: Asked) -> dict[str, Any]:
    numbers = [Number(flow.key, n, rest.behind(flow.key, **only) if n else "") for flow, n in row.numbers]
    return {
        "name": called,
        "share": None if row.share is None else number(row.share, 1),
        "numbers": numbers,
    }


def sentence(told: Trend, days: int, *, of_agency: bool = False) -> str:
    """The period in a sentence, beside the same days a year before; of an agency also what it was given."""
    counts = {line.flow.key: number(line.n) for line in told.lines} | {"days": days}
    if of_agency:
        got = _("%(days)s ngày qua nhận %(received)s đơn, được giao %(given)s lượt, trả lời %(answered)s đơn")
        said = [got % counts]
    else:
        said = [_("%(days)s ngày qua nhận %(received)s đơn, trả lời %(answered)s đơn") % counts]
    if told.share is not None and told.share_before is not None:
        shares = {"share": number(told.share, 1), "before": number(told.share_before, 1)}
        said.append(_("%(share)s%% đúng hạn (cùng kỳ năm trước %(before)s%%)") % shares)
    elif told.share is not None:
        said.append(_("%(share)s%% đúng hạn") % {"share": number(told.share, 1)})
    if told.median_wait is not None:
        half = ngettext(
            "một nửa được trả lời trong %(days)s ngày làm việc",
            "một nửa được trả lời trong %(days)s ngày làm việc",
            told.median_wait,
        )
        said.append(half % {"days": told.median_wait})
    return ", ".join(said) + "."


def tables(told: Trend) -> dict[str, Table]:
    """The same as sheets."""
    spans = [
        f"{short_day(period.since)} – {short_day(period.until)}"
        for period in (told.period, told.period.a_year_before())
    ]
    lines = [[line.flow.name, line.n, line.before, line.flow.meaning] for line in told.lines]
    return {
        _("Diễn biến"): [[_("Việc"), *spans, _("Định nghĩa")], *lines],
        _("Diễn biến theo cơ quan"): _beside("agency", _("Cơ quan"), told.agencies),
        _("Diễn biến theo lĩnh vực"): _beside("field", _("Lĩnh vực"), told.fields),
    }


def _beside(name: str, heading: str, rows: list[trend.Row]) -> Table:
    names = named(name, (row.key for row in rows))
    head = [heading, *(FLOWS[key].name for key in BESIDE), _("Có hạn"), _("Đúng hạn")]
    return [head, *(_line(row, names.get(row.key) or _("Chưa rõ")) for row in rows)]


def _line(row: trend.Row, called: str) -> list[object]:
    return [called, *(n for _flow, n in row.numbers), row.timed, row.on_time]
