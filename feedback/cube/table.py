"""The table of counts: numbers are added to cells, many in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import islice

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
PLACES = f"({', '.join(['%s'] * len(FIELDS))})"


def add(cells: Mapping[Cell, int], *, counted_on: dt.date | None = None) -> None:
    """Add numbers to cells, in the transaction of whoever calls.

    A day that is over when it is counted gets a row dated `counted_on`; without it each cell stands under
    its own day.
    """
    add_dated({(cell, max(cell.day, counted_on or cell.day)): n for cell, n in cells.items()})


def add_dated(cells: Mapping[Dated, int]) -> None:
    """The same, each with the day under which it is written; in one order, so that no two wait in a ring."""
    rows = iter(sorted((dated, n) for dated, n in cells.items() if n))
    with connection.cursor() as cursor:
        while some := list(islice(rows, TOGETHER)):
            told = [(*cell, on, n) for (cell, on), n in some]
            cursor.execute(
                ADD.format(", ".join([PLACES] * len(told))), [value for row in told for value in row]
            )


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
