"""The table of counts: numbers are added to cells, many in one statement."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection

from feedback.cube.chains import Cell, Dated
from feedback.models import DayCount

TOGETHER = 500  # rows written in one statement
PATIENCE = "2s"  # while the table is made anew a count waits so long, then it is tried again later

TABLE = DayCount._meta.db_table
FIELDS = (*Cell._fields, "counted_on", "n")
KEY = ", ".join(FIELDS[:-1])
# One statement for many cells: two that count at once lose nothing.
ADD = (
    f"INSERT INTO {TABLE} ({', '.join(FIELDS)}) VALUES {{}} "  # noqa: S608 - our own names
    f"ON CONFLICT ({KEY}) DO UPDATE SET n = {TABLE}.n + excluded.n"
)
CELL = ", ".join(Cell._fields)
BEFORE = "counts_before"
REMEMBER = f"""
    CREATE TEMPORARY TABLE {BEFORE} AS SELECT {KEY}, n FROM {TABLE}
    WHERE ({CELL}) IN (SELECT {CELL} FROM {TABLE} WHERE counted_on > day)
"""  # noqa: S608 - our own names
COMPARE = f"""
    SELECT {KEY}, SUM(n) FROM (
        SELECT {KEY}, n FROM {BEFORE} UNION ALL
        SELECT {KEY}, -n FROM {TABLE} WHERE ({CELL}) IN (SELECT {CELL} FROM {BEFORE})
    ) AS both_of_them GROUP BY {KEY} HAVING SUM(n) <> 0
"""  # noqa: S608 - our own names
PLACES = f"({', '.join(['%s'] * len(FIELDS))})"
POURED = "counts_poured"
MAKE_ROOM = f"CREATE TEMPORARY TABLE {POURED} AS SELECT {KEY}, n FROM {TABLE} WHERE 1 = 0"  # noqa: S608
ADD_UP = f"""
    INSERT INTO {TABLE} ({KEY}, n) SELECT {KEY}, SUM(n) FROM {POURED} GROUP BY {KEY} HAVING SUM(n) <> 0
"""  # noqa: S608 - our own names


def add_dated(cells: Mapping[Dated, int]) -> None:
    """Add numbers to cells, each under the day under which it is written.

    In the transaction of whoever calls, and in one order, so that no two wait in a ring.
    """
    rows = iter(sorted((dated, n) for dated, n in cells.items() if n))
    with connection.cursor() as cursor:
        while some := list(islice(rows, TOGETHER)):
            told = [(*cell, on, n) for (cell, on), n in some]
            cursor.execute(
                ADD.format(", ".join([PLACES] * len(told))), [value for row in told for value in row]
            )


@contextmanager
def pouring() -> Iterator[Callable[[Mapping[Dated, int]], None]]:
    """For an empty table and millions of numbers: what is poured lies aside and is added up once."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_ROOM)
        yield _pour
        cursor.execute(ADD_UP)
        cursor.execute(f"DROP TABLE {POURED}")


def _pour(cells: Mapping[Dated, int]) -> None:
    rows = [(*cell, on, n) for (cell, on), n in cells.items()]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {POURED} VALUES {PLACES}", rows)  # noqa: S608 - our own names
            return
        with cursor.copy(f"COPY {POURED} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def remember() -> None:
    """Keep what was counted after its day, until `restore`, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER)


def restore(today: dt.date) -> None:
    """What was counted after its day stands again under the day on which it was; what that makes too much or
    too little stands under today."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE)
        found = [(_dated(row), int(row[-1])) for row in cursor.fetchall()]
        cursor.execute(f"DROP TABLE {BEFORE}")
    changes = Counter(dict(found))
    for (cell, _on), n in found:
        changes[cell, today] -= n
    add_dated(changes)


def _dated(row: Sequence[Any]) -> Dated:
    """A row of COMPARE; SQLite tells days as words."""
    cell = Cell(*row[: len(Cell._fields)])
    return cell._replace(day=_day(cell.day)), _day(row[len(Cell._fields)])


def _day(told: object) -> dt.date:
    return dt.date.fromisoformat(str(told))


def be_patient() -> None:
    """Do not wait long for the table: it may be made anew for minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")


def hold() -> None:
    """Nobody else adds anything until this transaction ends; on SQLite nobody writes at all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")


def join() -> None:
    """Wait for whoever holds the table, and be waited for by whoever will."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN ROW EXCLUSIVE MODE")
