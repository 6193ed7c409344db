"""The same figures month by month, beside the period before, and by what they are of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publication import cubefile, freezing, recompute
from publication.coarsening import UNKNOWN, measures_of
from publication.recompute import REST, last_day_of, scope_of, table_of, whole_months
from publication.statistics import DEFINITIONS, Figure, Filters, Report, read
from routing.calendar import DAY

TOLD = ("received", "answered", "on_time", "on_time_original", "overdue_open", "satisfied")


@dataclass(frozen=True)
class Line:
    """What one month, one place or one field had: the figures of TOLD by their keys."""

    label: str  # "2026-10", or a code
    figures: Mapping[str, Figure]
    running: bool = False  # a month that is not over: of its first days alone nothing can be compared

    @property
    def volume(self) -> int:
        """How many answers its shares are of."""
        return self.figures["answered"].numerator or 0


def _line(label: str, total: dict[str, Any], scope: str) -> Line:
    told = (recompute.figure(DEFINITIONS[key].as_told, total, scope) for key in TOLD)
    return Line(label, {row["key"]: read(row) for row in told})


# --- month by month -----------------------------------------------------------------------------------------


def by_month(told: Report) -> list[Line]:
    """The last MOST_MONTHS of which anything is told, the oldest first."""
    asked = dict(told.filters.as_told())
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in recompute.chosen(map(dict, told.rows), asked):
        months[row["since"][:7]].append(row)
    return [
        replace(
            _line(month, _of_month(month, months[month], told), scope_of(asked)),
            running=_is_running(month, told.as_of),
        )
        for month in sorted(months)[-MOST_MONTHS:]
    ]


def _is_running(month: str, as_of: dt.datetime) -> bool:
    return last_day_of(dt.date.fromisoformat(f"{month}-01")) >= timezone.localdate(as_of)


def _of_month(month: str, rows: Iterable[dict[str, Any]], told: Report) -> dict[str, Any]:
    table = table_of(dict(told.filters.as_told()))
    total = recompute.added_up(rows, month, measures_of(table)) | {"narrow": table != "t"}
    return recompute.hidden_beside(total, list(total["sums"]) if month in told.elsewhere else ())


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
    """By what the figures of a period may be told apart: a table and a column of the cube.

    `within`: a line is told whole in a month within these columns, or not at all.
    """

    name: Any
    table: str
    column: str
    scope: str
    within: tuple[str, ...] = ()
    ranked: bool = False  # among others of like volume

    @property
    def tells_shares(self) -> bool:
        """Whether its table knows parts of what was answered: on time, satisfied."""
        return "on_time" in measures_of(self.table)


WAYS: dict[str, Way] = {
    "field": Way(_("lĩnh vực"), "c", "field", "field", ("province",)),
    "place": Way(_("tỉnh, thành phố"), "g", "province", "whole", ranked=True),
    "agency": Way(_("cơ quan"), "g", "agency", "agency", ("province",), ranked=True),
    "kind": Way(_("loại"), "k", "kind", "field", ("province",)),
    "channel": Way(_("kênh gửi"), "k", "channel", "field", ("province", "kind")),
    "party": Way(_("người gửi"), "p", "party", "field", ("province",)),
}
MOST_MONTHS = 24  # of older ones a period is asked for
MOST_LINES = 100  # of a table, beside what is told together
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

    Of an agency or a field nothing is told apart. Of more than MOST_LINES there is one more.
    """
    if filters.agency or filters.field:
        return []
    asked = filters.as_told()
    frozen = [f"{month:%Y-%m}" for month in freezing.frozen_months()]
    months = [month for month in frozen if recompute.lies_in(month, dict(asked))]
    if not months:
        return []
    name = f"apart-{way.table}-{way.column}-{asked}"
    sums = freezing.kept(name, lambda: fullest(_sums(way, asked, months)))
    lines = [_line(label, total, way.scope) for label, total in sums.items()]
    return sorted(lines, key=lambda line: (line.label in (REST, UNKNOWN), -line.volume, line.label))


def _sums(way: Way, asked: Mapping[str, str | None], months: Sequence[str]) -> dict[str, dict[str, Any]]:
    where: dict[str, Any] = {}
    if asked["province"]:
        where["province"] = asked["province"]
    if asked["from"]:
        where["month__gte"] = asked["from"]
    if asked["to"]:
        where["month__lte"] = asked["to"]
    rows = map(cubefile.as_told, freezing.rows(table=way.table, **where))
    return sums_of(way, rows, months, of_all=not asked["province"])


def fullest(sums: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The lines with most answers, one more than are shown, and what is told together."""

    def rank(label: str) -> tuple[int, str]:
        return -(sums[label]["sums"]["answered"] or 0), label

    named = sorted((label for label in sums if label not in (REST, UNKNOWN)), key=rank)
    rest = [label for label in (REST, UNKNOWN) if label in sums]
    return {label: sums[label] for label in (*named[: MOST_LINES + 1], *rest)}


def sums_of(
    way: Way, rows: Iterable[dict[str, Any]], months: Sequence[str], *, of_all: bool = True
) -> dict[str, dict[str, Any]]:
    """The sums of each line, by its label, over these months. `rows`: those of the table, or (not `of_all`)
    those of one province, of which in other months nothing is told."""
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        lines[row[way.column]].append(row)
    told = _Told.of(way, lines)
    silent = set[str]() if of_all else set(months) - told.months
    return {
        label: _sum(
            some, months[-1], way, silent | (set() if label == REST else told.perhaps_elsewhere(some))
        )
        for label, some in sorted(lines.items())
    }


def _sum(rows: list[dict[str, Any]], last_month: str, way: Way, hidden_in: Collection[str]) -> dict[str, Any]:
    """`hidden_in`: the months in which more of the line may stand than what these rows tell of it."""
    total = recompute.added_up(rows, last_month, measures_of(way.table)) | {"narrow": True}
    return recompute.hidden_beside(total, recompute.measures_in(total, hidden_in, last_month))


Block = tuple[str, ...]  # a month and what a line is told whole within


@dataclass(frozen=True)
class _Told:
    """Where something is told of no line, and of which provinces anything is told by name, by months."""

    way: Way
    together: frozenset[Block]
    provinces: frozenset[Block]

    @classmethod
    def of(cls, way: Way, lines: Mapping[str, Sequence[Mapping[str, Any]]]) -> _Told:
        together = frozenset(_block(row, way.within) for row in lines.get(REST, ()))
        rows = (row for some in lines.values() for row in some)
        return cls(way, together, frozenset(_block(row, ("province",)) for row in rows))

    @property
    def months(self) -> set[str]:
        return {month for month, _province in self.provinces}

    def perhaps_elsewhere(self, rows: Sequence[Mapping[str, Any]]) -> set[str]:
        """The months in which a line may have more than its rows say: they are not there where some is told
        together. An agency stands where it is at home alone, and with a province that is not named."""
        if self.way.column == "agency" and rows[0]["agency"] != UNKNOWN:
            return self._without_agency(rows)
        return {block[0] for block in self.together - {_block(row, self.way.within) for row in rows}}

    def _without_agency(self, rows: Sequence[Mapping[str, Any]]) -> set[str]:
        homes, there = {row["province"] for row in rows} - {REST}, {row["since"][:7] for row in rows}
        absent = [(month, province) for month, province in self.together if month not in there]
        return {
            month
            for month, province in absent
            if not homes or province in homes or (province == REST and not self._named(month, homes))
        }

    def _named(self, month: str, homes: Collection[str]) -> bool:
        return any((month, home) in self.provinces for home in homes)


def _block(row: Mapping[str, Any], columns: Sequence[str]) -> Block:
    return (row["since"][:7], *(row[column] for column in columns))


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
