"""Filling empty tables quickly: what hangs on them put aside, rows poured in, everything built again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from bench.patterns import NULL, TABLES, columns
from feedback import guards
from feedback.models import DayCount

FILLED: list[type[models.Model]] = [*TABLES, DayCount]
# What one build of an index may use: half a gigabyte, once.
BUILDS = ("SET LOCAL maintenance_work_mem = '512MB'", "SET LOCAL max_parallel_maintenance_workers = 1")
MARK = re.compile(r"\\[\\tnr]")
MARKS = {r"\\": "\\", r"\t": "\t", r"\n": "\n", r"\r": "\r"}


@contextmanager
def bare() -> Iterator[None]:
    """The tables without guards, keys to others and indexes, all in one transaction; then as they were.

    On PostgreSQL the role of a replica is taken, in which no trigger asks, so keys to others are believed
    and not looked up; that needs a superuser. Primary keys stay.
    """
    postgresql = connection.vendor == "postgresql"
    with connection.constraint_checks_disabled(), transaction.atomic():
        guards.drop()
        with connection.cursor() as cursor:
            if postgresql:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("SET LOCAL synchronous_commit = off")
            built = _put_aside_postgresql(cursor) if postgresql else _put_aside_sqlite(cursor)
            if postgresql:
                # Rows that come in the transaction that emptied the table are frozen as they are written.
                cursor.execute(f"TRUNCATE {', '.join(_names())} CASCADE")
        yield
        with connection.cursor() as cursor:
            for statement in (*(BUILDS if postgresql else ()), *built, *_sequences()):
                cursor.execute(statement)
        guards.create()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _names() -> list[str]:
    return [model._meta.db_table for model in FILLED]


def _put_aside_postgresql(cursor: Any) -> list[str]:
    """Every index that is no primary key, with the statement that makes it again; constraints as such."""
    cursor.execute(
        """
        SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid),
               c.conname, pg_get_constraintdef(c.oid)
        FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('u', 'x')
        WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
        """,
        [_names()],
    )
    again = []
    for index, table, definition, constraint, rule in cursor.fetchall():
        if constraint:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {rule}")
        else:
            cursor.execute(f"DROP INDEX {index}")
            again.append(definition)
    return again


def _put_aside_sqlite(cursor: Any) -> list[str]:
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    found = [(name, definition) for name, table, definition in cursor.fetchall() if table in _names()]
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _sequences() -> list[str]:
    return connection.ops.sequence_reset_sql(no_style(), FILLED)


def pour(lines: Mapping[type[models.Model], Sequence[str]]) -> None:
    """Rows as lines of COPY's text format, into their tables."""
    load = _copy if connection.vendor == "postgresql" else _insert
    for model, texts in lines.items():
        if texts:
            load(model, texts)


def _copy(model: type[models.Model], texts: Sequence[str]) -> None:
    names = ", ".join(str(one.column) for one in columns(model))
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN WITH (FREEZE)"
        with cursor.copy(statement) as copy:
            copy.write("\n".join(texts) + "\n")


def _insert(model: type[models.Model], texts: Sequence[str]) -> None:
    fields = columns(model)
    names, blanks = ", ".join(str(one.column) for one in fields), ", ".join(["?"] * len(fields))
    statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({blanks})"  # noqa: S608 - our own names
    rows = ([_cell(cell) for cell in line.split("\t")] for text in texts for line in text.split("\n"))
    connection.connection.cursor().executemany(statement, rows)  # sqlite3's own: no word of it is kept


def _cell(cell: str) -> str | None:
    if cell == NULL:
        return None
    if "\\" not in cell:
        return cell
    return MARK.sub(lambda found: MARKS[found[0]], cell)
