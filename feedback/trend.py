"""What happened in a period beside the same days a year before, in all and by agency or field."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from feedback.cube import reading
from feedback.cube.figures import FLOWS, Flow
from feedback.cube.reading import Period, Scope, Sums
from feedback.models import CountedDay

# What the board tells of a period, in this order.
TOLD = (
    *("received", "given", "answered", "on_time", "late", "empty", "returned", "passed_on", "extended"),
    *("reopened", "refused", "contested", "redirected", "rated", "satisfied", "unrated", "fulfilled"),
    *("withdrawn", "merged", "reminded", "demanded", "reported"),
)
# Of these what stands beside each agency and field.
BESIDE = (
    *("answered", "late", "empty", "returned", "passed_on", "extended", "reopened", "refused", "unrated"),
)
ASKED = (*TOLD, "timed")


@dataclass(frozen=True)
class Line:
    """One figure: how often now, and a year before; None where nothing was counted then."""

    flow: Flow
    n: int
    before: int | None


@dataclass(frozen=True)
class Row:
    """One agency or field: its numbers in the order of BESIDE, and how many of those with a limit kept it."""

    key: str
    numbers: list[tuple[Flow, int]]
    on_time: int
    timed: int

    @property
    def share(self) -> float | None:
        """Per cent on time; None where nothing with a limit was answered."""
        return 100 * self.on_time / self.timed if self.timed else None


@dataclass(frozen=True)
class Trend:
    """All of a period. `share`: per cent answered on time; None, like the others, where there was nothing."""

    period: Period
    lines: list[Line]
    agencies: list[Row]
    fields: list[Row]
    share: float | None
    share_before: float | None
    median_wait: int | None
    open_before: int | None  # at the end of the same day a year before


def trend(scope: Scope, period: Period) -> Trend:
    """Count a period and the year before."""
    by_agency = reading.flows(scope, period, by="agency", figures=ASKED)
    by_field = reading.by_field(reading.flows(scope, period, by="subfield", figures=ASKED))
    past = period.a_year_before()
    now, before = reading.totals(by_agency), _before(scope, past)
    return Trend(
        period=period,
        lines=[Line(FLOWS[key], now[key], before[key] if before is not None else None) for key in TOLD],
        agencies=_rows(by_agency),
        fields=_rows(by_field),
        share=_share(now),
        share_before=_share(before) if before is not None else None,
        median_wait=reading.median_wait(scope, period),
        open_before=reading.open_at_end_of(scope, past.until),
    )


def _before(scope: Scope, past: Period) -> Counter[str] | None:
    """None where the house was not there all those days: half a period is not compared with a whole one."""
    first = CountedDay.objects.order_by("day").values_list("day", flat=True).first()
    if first is None or first > past.since:
        return None
    return reading.totals(reading.flows(scope, past, by="agency", figures=ASKED))


def _share(counted: Mapping[str, int]) -> float | None:
    return 100 * counted["on_time"] / counted["timed"] if counted["timed"] else None


def _rows(sums: Sums) -> list[Row]:
    """Those with the most to look at first: all that went late, back, on, or was refused or left unrated."""
    rows = [
        Row(key, [(FLOWS[one], counted[one]) for one in BESIDE], counted["on_time"], counted["timed"])
        for key, counted in sums.items()
        if any(counted.values())
    ]
    return sorted(rows, key=lambda row: (-sum(n for _flow, n in row.numbers[1:]), row.key))


def last_days(days: int, today: dt.date) -> Period:
    """So many local days, the last one today."""
    return Period(today - dt.timedelta(days=days - 1), today)
