"""What stands now, for the board: numbers with the addresses of the petitions behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from feedback import inbox, watch
from feedback.cube import reading
from feedback.cube.figures import AGES
from feedback.cube.reading import UNKNOWN
from feedback.models import PetitionQuerySet
from feedback.views.asked import LISTS, Asked
from feedback.views.sheets import Table
from routing.kept import agencies_by_code, commune_names, every_field
from routing.telling import number

SHOWN = 8  # of each table, for a board must be light
MOST_GROUPS = 200  # of a table that is asked for whole; a file has them all
NUMBERS = ("overdue", "will_be_late", "soon", "open")  # beside each agency, field and commune
TILES = ("overdue", "will_be_late", "soon", "around", "promised", "reports", "open")


@dataclass(frozen=True)
class Number:
    """How many, and where they are listed; "" where there are none. `shown`: as a link to these.

    Drawn here, not in a template: a board has thousands.
    """

    key: str
    n: int
    at: str

    @property
    def shown(self) -> str:
        if not self.at:
            return number(self.n)
        tone = mark_safe(' class="late-word"') if self.key == "overdue" else ""
        return format_html('<a{} href="{}">{}</a>', tone, self.at, number(self.n))


@dataclass(frozen=True)
class Row:
    """One agency, field or commune of the table, with the numbers of NUMBERS."""

    key: str  # its code, UNKNOWN for what has none
    group: watch.Group
    name: str
    narrowed: str  # the board of it alone
    numbers: list[Number]


@dataclass(frozen=True)
class Grouping:
    """Open petitions by one of LISTS; `chosen` is the code that the board is narrowed to."""

    heading: str
    table: str  # its name in addresses
    rows: list[Row]
    chosen: str
    count: int  # of all rows there are
    whole: str  # where they all are; "" where they are here


def groupings(
    cells: list[watch.Cell], communes: list[watch.Group], asked: Asked, *, in_a_file: bool = False
) -> list[Grouping]:
    """By agency as the field is asked for, by field as the agency is, by commune as both are."""
    of_field = [cell for cell in cells if asked.without("agency").holds(cell.agency, cell.field)]
    of_agency = [cell for cell in cells if asked.without("field").holds(cell.agency, cell.field)]
    headings = {"agency": _("Theo cơ quan"), "field": _("Theo lĩnh vực"), "commune": _("Theo địa bàn")}
    of = {
        "agency": watch.grouped(of_field, "agency"),
        "field": watch.grouped(of_agency, "field"),
        "commune": communes,
    }
    return [
        _grouping(name, headings[name], groups, asked, most=len(groups) if in_a_file else None)
        for name, groups in of.items()
    ]


def _grouping(
    name: str, heading: str, groups: list[watch.Group], asked: Asked, most: int | None = None
) -> Grouping:
    table, chosen = f"theo-{LISTS[name][0]}", getattr(asked, name)
    most = most or most_rows(table, asked)
    kept = groups[:most] + [one for one in groups[most:] if chosen and chosen.pk == (one.key or UNKNOWN)]
    names = named(name, (group.key for group in kept))
    return Grouping(
        heading=heading,
        table=table,
        rows=[_row(name, group, names.get(group.key, ""), asked.without(name)) for group in kept],
        chosen=chosen.pk if chosen else "",
        count=len(groups),
        whole=asked.all_of(table) if len(groups) > len(kept) and most == SHOWN else "",
    )


def most_rows(table: str, asked: Asked) -> int:
    """How many rows of this table are on the page."""
    return MOST_GROUPS if asked.whole == table else SHOWN


def _row(name: str, group: watch.Group, called: str, rest: Asked) -> Row:
    only = {LISTS[name][0]: group.key or UNKNOWN}
    counts = ((key, getattr(group, key)) for key in NUMBERS)
    numbers = [Number(key, n, rest.behind(key, **only) if n else "") for key, n in counts]
    return Row(group.key or UNKNOWN, group, called, f"?{rest.query(**only)}", numbers)


def named(name: str, keys: Iterable[str]) -> dict[str, str]:
    """How the agencies, fields or communes with these codes are called."""
    codes = {key for key in keys if key}
    if name == "field":
        return {field.pk: str(field) for field in every_field() if field.pk in codes}
    if name == "commune":
        return commune_names(codes)
    return {code: agency.name for code, agency in agencies_by_code(codes).items()}


def tiles(
    here: PetitionQuerySet, counted: Mapping[str, int], asked: Asked, now: dt.datetime
) -> list[dict[str, Any]]:
    """The lists that a supervisor begins with: each with how many stand in it, as `counted` already says."""
    lists = [watch.STANDINGS[key] for key in TILES]
    rest = [one for one in lists if one.key not in counted]
    lengths = inbox.lengths([one.rows(here, now) for one in rest])
    counts = {**counted, **{one.key: n for one, n in zip(rest, lengths, strict=True)}}
    return [
        {
            "standing": one,
            "n": number(counts[one.key]),
            "tone": one.tone if counts[one.key] else "",
            "at": asked.behind(one.key),
        }
        for one in lists
    ]


def stages(cells: list[watch.Cell], asked: Asked) -> list[dict[str, Any]]:
    """How many stand at each stage, and of the late ones among them how many of each age."""
    return [
        {
            "name": stage.state.label,
            "open": stage.open,
            "at": asked.behind("open", **{"giai-doan": stage.state.value}),
            "ages": [
                (n, asked.behind("overdue", **{"giai-doan": stage.state.value, "tuoi": key}))
                for (key, *_rest), n in zip(AGES, stage.ages, strict=True)
            ],
        }
        for stage in watch.stages(cells)
    ]


def hits(scope: reading.Scope, here: PetitionQuerySet, now: dt.datetime) -> str:
    """How good the expectations of the last quarter were, in a sentence; "" where none is decided yet."""
    rate = reading.hit_rate(scope, here, now) if scope.counts else None
    if rate is None or rate.share is None:
        return ""
    counts = {
        "decided": number(rate.decided),
        "late": number(rate.late),
        "share": number(100 * rate.share, 1),
    }
    if rate.late_in_all is None or rate.late_in_all < rate.late:
        return _("90 ngày qua báo trước %(decided)s đơn nay đã rõ: %(late)s trễ thật (%(share)s%%).") % counts
    return _(
        "90 ngày qua báo trước %(decided)s đơn nay đã rõ: %(late)s trễ thật (%(share)s%%);"
        " trong %(all)s đơn trễ có %(late)s đơn đã được báo trước."
    ) % (counts | {"all": number(rate.late_in_all)})


def tables(groups: list[Grouping], cells: list[watch.Cell]) -> dict[str, Table]:
    """The same as sheets."""
    head = [watch.STANDINGS[key].name for key in NUMBERS]
    by_stage: Table = [
        [_("Giai đoạn"), _("Đang mở"), *(f"{_('Quá hạn')} {label}" for _key, _most, label in AGES)],
        *([stage.state.label, stage.open, *stage.ages] for stage in watch.stages(cells)),
    ]
    return {one.heading: [[one.heading, *head], *map(_line, one.rows)] for one in groups} | {
        _("Theo giai đoạn"): by_stage
    }


def _line(row: Row) -> list[object]:
    return [row.name or _("Chưa rõ"), *(one.n for one in row.numbers)]
