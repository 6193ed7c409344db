"""The day's cube of copied lives: each is counted once for each day that it lies back, for all places."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from bench.copies import Lines
from bench.patterns import Life
from feedback.cube.chains import Cell, Dated, dated_sum_of
from feedback.cube.closing import End, close_days, last_day_over
from feedback.cube.figures import Told
from feedback.cube.workdays import Workdays
from feedback.models import CountedDay, DayCount, Step

if TYPE_CHECKING:
    from bench.data import Copy

AT_ONCE = 20_000  # rows between two loads
DAY = dt.timedelta(days=1)


def lines(
    copies: Iterable[Copy], lives: Sequence[Life], places: Sequence[Mapping[str, str]], last: dt.date
) -> Iterator[Lines]:
    """The rows of the cube until the end of the day `last`, day by day, by functions of `feedback.cube`."""
    where: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for copy in copies:
        where[copy.life, copy.back][copy.place] += 1
    days: dict[dt.date, Counter[tuple[str, ...]]] = defaultdict(Counter)
    workdays = Workdays()
    for (life, back), times in where.items():
        cells = _cells(lives[life], back, last, workdays)
        for place, many in times.items():
            for (cell, on), n in cells.items():
                days[on][_told(cell, places[place])] += n * many
    yield from _poured(days)


def _cells(life: Life, back: int, last: dt.date, workdays: Workdays) -> Counter[Dated]:
    cells: Counter[Dated] = Counter()
    for chain in _chains(life, dt.timedelta(days=back)):
        end = End(chain[0].at.date() - DAY, last)
        end.take(chain)
        cells.update({(cell, cell.day): n for cell, n in end.cells.items()})
        cells.update(dated_sum_of(chain, [False] * len(chain), workdays))
    return cells


def _chains(life: Life, back: dt.timedelta) -> Iterator[list[Told]]:
    """The steps of each petition so many days earlier."""
    chains: dict[int, list[Told]] = defaultdict(list)
    for row in life.rows[Step]:
        told = Told(**{name: row[name] for name in Told._fields})
        due, first = (told.due_at and told.due_at - back), (told.first_due_at and told.first_due_at - back)
        chains[told.petition_id].append(told._replace(at=told.at - back, due_at=due, first_due_at=first))
    yield from chains.values()


def _told(cell: Cell, place: Mapping[str, str]) -> tuple[str, ...]:
    """A cell somewhere else, as it is written."""
    territory, agency = place.get(cell.territory, cell.territory), place.get(cell.agency, cell.agency)
    there = cell._replace(territory=territory, agency=agency)
    return tuple(there._replace(day=cell.day.isoformat()))  # type: ignore[arg-type]


def _poured(days: dict[dt.date, Counter[tuple[str, ...]]]) -> Iterator[Lines]:
    rows: list[str] = []
    number = 0
    for day in sorted(days):
        for cell, n in days.pop(day).items():
            number += 1
            rows.append("\t".join((str(number), *cell, day.isoformat(), str(n))))
        if len(rows) > AT_ONCE:
            yield {DayCount: rows}
            rows = []
    yield {DayCount: rows}


def last_day() -> dt.date:
    """The last day whose end copies tell of: the one after, and what is expected then, the house counts."""
    return last_day_over(timezone.now()) - DAY


def close(first: dt.date, last: dt.date) -> None:
    """Every day until the last is counted; the house closes the one after and notes what it expects."""
    days = [first + DAY * number for number in range((last - first).days + 1)]
    CountedDay.objects.bulk_create(CountedDay(day=day, at=timezone.now()) for day in days)
    close_days()
