"""What one test walked by real steps, put back row by row for the next that needs the same.

A walk writes rows with numbers of its own, far above those that count up in a test; so they can be written
again, guards and all, wherever nothing else was filed before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from feedback.models import Petition, Step
from routing.models import ReferenceState

PETITIONS = Petition._meta.db_table
STEPS = Step._meta.db_table


class Rows(NamedTuple):
    """What a walk wrote to one table, as the database gave it."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


Written = dict[str, Rows]

# Every walk has a million numbers; those of the tests themselves start at 1.
RANGE = 1_000_000
_ranges = count(RANGE, RANGE)
World = dict[str, Petition]
# By what was asked for and all that it hangs on: the petitions by name, and the rows of their walks.
_walked: dict[Hashable, tuple[dict[str, int], Written]] = {}
_walking: list[bool] = []


def once(asked: Hashable, walk: Callable[[], World]) -> World:
    """The petitions of `walk()`, walked at the first call with this key and put back at every later one.

    Walked anew where rows of before could not stand: in a test with real commits, in one that has filed
    already, and as a part of another walk.
    """
    if _walking or not connection.in_atomic_block or Petition.objects.exists():
        return walk()
    key = (asked, _moment(), tuple(settings.FOLLOW_UPS), ReferenceState.current())
    if key not in _walked:
        _walked[key] = _kept(walk)
    else:
        _put_back(_walked[key][1])
    found = Petition.objects.in_bulk(_walked[key][0].values())
    return {name: found[pk] for name, pk in _walked[key][0].items()}


def _moment() -> dt.datetime | dt.date:
    """The pretended moment; else the day, for what was filed before midnight is another day's after it."""
    return timezone.now() if time_machine.escape_hatch.is_travelling() else timezone.localdate()


def _tables() -> list[str]:
    """What a walk may write to: every table of ours whose rows are numbered."""
    ours = (*apps.get_app_config("accounts").get_models(), *apps.get_app_config("feedback").get_models())
    return [model._meta.db_table for model in ours if isinstance(model._meta.pk, models.BigAutoField)]


def _kept(walk: Callable[[], World]) -> tuple[dict[str, int], Written]:
    start = next(_ranges)
    with connection.cursor() as cursor:
        for table in _tables():
            _count_from(cursor, table, start)
        with _a_walk(), _only_known_tables():
            world = walk()
        written = {table: _above(cursor, table, start) for table in _tables()}
    pks = {name: petition.pk for name, petition in world.items()}
    return pks, {table: kept for table, kept in written.items() if kept.rows}


def _above(cursor: Any, table: str, start: int) -> Rows:
    cursor.execute(f"SELECT * FROM {table} WHERE id > %s ORDER BY id", [start])
    return Rows([column[0] for column in cursor.description], cursor.fetchall())


def _count_from(cursor: Any, table: str, start: int) -> None:
    """New rows count up from here (on PostgreSQL for good: it never gives a number twice)."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, start])
        return
    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])


@contextmanager
def _a_walk() -> Iterator[None]:
    _walking.append(True)
    try:
        yield
    finally:
        _walking.pop()


@contextmanager
def _only_known_tables() -> Iterator[None]:
    """A walk that writes elsewhere cannot be put back: better said than half kept."""
    known = set(_tables())

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written = re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        assert written is None or written[1] in known, f"a walk writes to {written[1]}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield


def _put_back(written: Written) -> None:
    with connection.cursor() as cursor:
        for table, (columns, rows) in written.items():
            newborn = [_with(row, columns, state="submitted") for row in rows] if table == PETITIONS else rows
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", newborn)
        # The guards let a petition be born submitted and go on only by legal changes: those of its steps.
        columns, rows = written[STEPS]
        places_of = [columns.index(name) for name in ("after", "petition_id")]
        changes = [tuple(row[place] for place in places_of) for row in rows]
        cursor.executemany(f"UPDATE {PETITIONS} SET state = %s WHERE id = %s", changes)


def _with(row: tuple[Any, ...], columns: list[str], **changed: Any) -> tuple[Any, ...]:
    return tuple(changed.get(name, value) for name, value in zip(columns, row, strict=True))
