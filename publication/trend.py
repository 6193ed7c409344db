"""The same figures month by month, beside the period before, and by what they are of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from publication import cubefile, freezing, recompute
from publication.coarsening import UNKNOWN, measures_of
from publication.recompute import REST, scope_of, table_of, whole_months
from publication.statistics import DEFINITIONS, Figure, Filters, read
from routing.calendar import DAY

TOLD = ("received", "answered", "on_time", "on_time_original", "overdue_open", "satisfied")


@dataclass(frozen=True)
class Line:
    """What one month, one place or one field had: the figures of TOLD by their keys."""

    label: str  # "2026-10", or a code
    figures: Mapping[str, Figure]

    @property
    def volume(self) -> int:
        """How many answers its shares are of."""
        return self.figures["answered"].numerator or 0


def _line(label: str, total: dict[str, Any], scope: str) -> Line:
    told = (recompute.figure(DEFINITIONS[key].as_told, total, scope) for key in TOLD)
    return Line(label, {row["key"]: read(row) for row in told})


# --- month by month -----------------------------------------------------------------------------------------


def by_month(rows: Iterable[Mapping[str, Any]], filters: Filters) -> list[Line]:
    """The months of which anything is told, the oldest first. `rows`: those of the question."""
    asked = dict(filters.as_told())
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in recompute.chosen(map(dict, rows), asked):
        months[row["since"][:7]].append(row)
    narrow, measures = {"narrow": table_of(asked) != "t"}, measures_of(table_of(asked))
    return [
        _line(month, recompute.added_up(months[month], month, measures) | narrow, scope_of(asked))
        for month in sorted(months)
    ]


def before(filters: Filters) -> Filters | None:
    """As many whole months just before; None where the period has no beginning or no end."""
    since, until = whole_months(filters.since, filters.until)
    if since is None or until is None:
        return None
    many = (until.year - since.year) * 12 + until.month - since.month + 1
    return replace(filters, since=_months_back(since, many), until=since - DAY)


def _months_back(day: dt.date, many: int) -> dt.date:
    months = day.year * 12 + day.month - 1 - many
    return dt.date(months // 12, months % 12 + 1, 1)


# --- by what they are of ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """By what the figures of a period may be told apart: a table and a column of the cube."""

    name: Any
    table: str
    column: str
    scope: str
    ranked: bool = False  # among others of like volume

    @property
    def tells_shares(self) -> bool:
        """Whether its table knows parts of what was answered: on time, satisfied."""
        return "on_time" in measures_of(self.table)


WAYS: dict[str, Way] = {
    "field": Way(_("lĩnh vực"), "c", "field", "field"),
    "place": Way(_("tỉnh, thành phố"), "g", "province", "whole", ranked=True),
    "agency": Way(_("cơ quan"), "g", "agency", "agency", ranked=True),
    "kind": Way(_("loại"), "k", "kind", "field"),
    "channel": Way(_("kênh gửi"), "k", "channel", "field"),
    "party": Way(_("người gửi"), "p", "party", "field"),
}
# Who had so many in the period is ranked among his like.
VOLUMES = (1_000, 200, 50, 0)


@dataclass(frozen=True)
class Group:
    """Lines of like volume: at least `least`, and fewer than `under` (None: any number)."""

    least: int
    under: int | None
    lines: Sequence[Line]


def apart(way: Way, filters: Filters) -> list[Line]:
    """The figures of the months that are over, by a column; what is told together stands last under "*".

    Of an agency or a field nothing is told apart.
    """
    if filters.agency or filters.field:
        return []
    asked = filters.as_told()
    frozen = [f"{month:%Y-%m}" for month in freezing.frozen_months()]
    months = [month for month in frozen if recompute.lies_in(month, dict(asked))]
    if not months:
        return []
    name = f"apart-{way.table}-{way.column}-{asked}"
    sums = freezing.kept(name, lambda: _sums(way, asked, months[-1]))
    lines = [_line(label, total, way.scope) for label, total in sums.items()]
    return sorted(lines, key=lambda line: (line.label in (REST, UNKNOWN), -line.volume, line.label))


def _sums(way: Way, asked: Mapping[str, str | None], last_month: str) -> dict[str, dict[str, Any]]:
    where: dict[str, Any] = {}
    if asked["province"]:
        where["province"] = asked["province"]
    if asked["from"]:
        where["month__gte"] = asked["from"]
    if asked["to"]:
        where["month__lte"] = asked["to"]
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in freezing.rows(table=way.table, **where):
        lines[getattr(row, way.column)].append(cubefile.as_told(row))
    return {
        label: _sum(rows, last_month, way, lines.get(REST, []) if label != REST else [])
        for label, rows in sorted(lines.items())
    }


def _sum(
    rows: list[dict[str, Any]], last_month: str, way: Way, together: list[dict[str, Any]]
) -> dict[str, Any]:
    """`together`: what is told of no line; in a month where this line is not, it may be in there."""
    total = recompute.added_up(rows, last_month, measures_of(way.table)) | {"narrow": True}
    if {row["since"][:7] for row in together} - set(total["months"]):
        total["hidden"] = list(total["sums"])
    return total


def ranked(lines: Sequence[Line]) -> Iterator[Group]:
    """In groups of like volume, who was on time most often first; nobody is compared with another size."""
    under: int | None = None
    for least in VOLUMES:
        some = [one for one in lines if one.volume >= least and (under is None or one.volume < under)]
        if some:
            yield Group(least, under, sorted(some, key=_by_share))
        under = least


def _by_share(line: Line) -> tuple[bool, float, int]:
    share = line.figures["on_time"].value
    return share is None, -(share or 0), -line.volume
