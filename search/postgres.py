"""The engine of a house on PostgreSQL: one table in the main database, no extension.

Words are cut and folded by `search.folding` and put into a `tsvector` as they are, so that no configuration
of the server changes what is found. A shelf is the rows of one copy; while it is built anew there are two,
and what is written meanwhile goes into both. A row that is gone stays as a tombstone, without its words.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from search.documents import SETS, WORDS, Document, Shelf, batches
from search.folding import folded, spaced, words_of
from search.paging import Page
from search.query import Sought
from search.relational import SQL, Found, Grammar, Needs, Question, Row, due_of, id_of, page, tally_of
from search.words import Clause

NAME = "postgres"
IN_DATABASE = True  # see `search.remove_here`
# Keys of locks: who writes shares the first, who changes copies has it alone; one rebuilds at a time.
COPIES, REBUILDING = 1_751_478_121, 1_751_478_122
SHELVES = list(Shelf)
POSITIONS, LAST = 255, 16_383  # of one word; no tsvector knows more

COLUMNS = (
    *("copy", "petition", "version", "gone", "id", "digest", "due", "month"),
    *(*WORDS, *SETS, "written", "folded"),
)
PUT = f"""
INSERT INTO search_document ({", ".join(COLUMNS)})
VALUES ({", ".join(["%s"] * (len(COLUMNS) - 1))}, %s::tsvector)
ON CONFLICT (copy, petition) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[2:])}
WHERE search_document.version <= EXCLUDED.version
"""


# --- writing --------------------------------------------------------------------------------------------


def index(documents: Iterable[Document]) -> None:
    """See `search.index`."""
    for some in batches(documents):
        with transaction.atomic():
            copies = {shelf: _copies_to_write(shelf) for shelf in sorted({one.shelf for one in some})}
            _put([_row(copy, one) for one in some for copy in copies[one.shelf]])


def remove(gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """See `search.remove`."""
    for some in batches(gone):
        with transaction.atomic():
            copies = {shelf: _copies_to_write(shelf) for shelf in sorted({shelf for shelf, *_ in some})}
            _put(
                [
                    _tombstone(copy, petition, version)
                    for shelf, petition, version in some
                    for copy in copies[shelf]
                ]
            )


def write(documents: Iterable[Document], gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """See `search.write`."""
    remove(gone)  # first: what changes its shelf is on none for a moment, and never on two
    index(documents)


def rebuild(shelf: Shelf, documents: Iterable[Document]) -> int:
    """See `search.rebuild`."""
    count = 0
    with _alone(shelf):
        number = _begin(shelf)
        for some in batches(documents):
            count += len(some)
            with transaction.atomic():
                _put([_row(number, one) for one in some])
        _run("ANALYZE search_document")  # or the first to ask would be answered by reading all of it
        _put_in_place(shelf, number)
    return count


def clear() -> None:
    """Throw everything away."""
    with transaction.atomic():
        _run("DELETE FROM search_document")
        _run("DELETE FROM search_copy WHERE NOT live")


def _put(rows: list[tuple[Any, ...]]) -> None:
    """In one order for all, so that no two writers wait for each other."""
    with connection.cursor() as cursor:
        rows.sort(key=itemgetter(0, 1))
        cursor.executemany(PUT, rows)


def _row(copy: int, document: Document) -> tuple[Any, ...]:
    written = words_of(document)
    return (
        *(copy, document.petition, document.version, False),
        *(id_of(document), document.digest, due_of(document), document.on.strftime("%Y-%m")),
        *(getattr(document, name) for name in WORDS),
        *(sorted(getattr(document, name)) for name in SETS),
        *(spaced(written), _vector(folded(written))),
    )


def _tombstone(copy: int, petition: int, version: int) -> tuple[Any, ...]:
    facts: list[Any] = [""] * len(WORDS) + [[]] * len(SETS)
    return (copy, petition, version, True, 0, "", 0, "", *facts, "", "")


def _vector(words: Sequence[str]) -> str:
    """A tsvector as it is written: 'duong':1,7 'hu':2."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(words[:LAST], start=1):
        places[word].append(at)
    return " ".join(f"'{word}':{','.join(map(str, at[:POSITIONS]))}" for word, at in places.items())


# --- copies of a shelf ----------------------------------------------------------------------------------


def _copies_to_write(shelf: Shelf) -> list[int]:
    """The copies that stand; none is added or put in place until this transaction has ended."""
    _lock("pg_advisory_xact_lock_shared", COPIES, shelf)
    return [number for (number,) in _run("SELECT number FROM search_copy WHERE shelf = %s", shelf)]


def _begin(shelf: Shelf) -> int:
    """A copy beside that knows what is gone; of one that was begun and never ended nothing stays."""
    with transaction.atomic():
        _lock("pg_advisory_xact_lock", COPIES, shelf)
        _drop(_run("DELETE FROM search_copy WHERE shelf = %s AND NOT live RETURNING number", shelf))
        begun = "INSERT INTO search_copy (shelf, live) VALUES (%s, false) RETURNING number"
        number: int = _run(begun, shelf)[0][0]
        others = ", ".join(COLUMNS[1:])
        gone = f"INSERT INTO search_document (copy, {others}) SELECT %s, {others} FROM search_document"
        _run(f"{gone} WHERE gone AND copy = ({LIVE})", number, shelf)
    return number


def _put_in_place(shelf: Shelf, number: int) -> None:
    with transaction.atomic():
        _lock("pg_advisory_xact_lock", COPIES, shelf)
        old = _run("DELETE FROM search_copy WHERE shelf = %s AND live RETURNING number", shelf)
        _run("UPDATE search_copy SET live = true WHERE number = %s", number)
    _drop(old)


def _drop(copies: Iterable[Row]) -> None:
    for (number,) in copies:
        _run("DELETE FROM search_document WHERE copy = %s", number)


LIVE = "SELECT number FROM search_copy WHERE shelf = %s AND live"


@contextlib.contextmanager
def _alone(shelf: Shelf) -> Iterator[None]:
    _lock("pg_advisory_lock", REBUILDING, shelf)
    try:
        yield
    finally:
        _lock("pg_advisory_unlock", REBUILDING, shelf)


def _lock(how: str, what: int, shelf: Shelf) -> None:
    _run(f"SELECT {how}(%s::int, %s::int)", what, SHELVES.index(shelf))


def _run(sql: str, *values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


# --- asking ---------------------------------------------------------------------------------------------


def find(sought: Sought, *, shelves: Collection[Shelf], **asked: Any) -> Page:
    """See `search.find`."""

    def ask(question: Question, shelf: Shelf) -> Found:
        return question.of(Asked(shelf))

    with transaction.atomic():
        # The planner does not know that words lie apart, and would fetch those of every row, with helpers
        # and in a plan that takes longer to be compiled than to be run.
        for switched in ("enable_seqscan", "jit"):
            _run(f"SET LOCAL {switched} = off")
        _run("SET LOCAL max_parallel_workers_per_gather = 0")
        return page(sought, shelves, ask, **asked)


class Asked:
    """One shelf, asked; see `relational.Tables`. Each statement finds the copy that is live at its moment."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def has(self, fact: str, values: Collection[Any]) -> SQL:
        among = f"{fact} && %s::text[]" if fact in SETS else f"{fact} = ANY(%s)"
        return SQL(among, (sorted(values),))

    def says(self, clause: Clause, where: SQL) -> SQL:
        return SQL(
            f"folded @@ %s::tsquery AND {where.text}", (TSQUERY.asked(Needs([[clause]])), *where.values)
        )

    def stands(self, words: Sequence[str], *, folded: bool) -> SQL:
        if folded:
            return SQL("folded @@ %s::tsquery", (_phrase(words),))
        return SQL("strpos(written, %s) > 0", (spaced(words),))

    def candidates(self, needs: Needs, select: SQL, where: SQL, most: int) -> list[Row]:
        # Points are counted for those alone that are wanted. `id + 0`: found by their words and then put
        # in order; the planner takes a phrase for common and would go through all rows in that order.
        where = SQL(f"folded @@ %s::tsquery AND {where.text}", (TSQUERY.asked(needs), *where.values))
        newest = self._selected("copy, petition", where, SQL("ORDER BY id + 0 DESC LIMIT %s", (most,)))
        joined = f"({newest.text}) AS newest JOIN search_document USING (copy, petition)"
        return _run(f"SELECT {select.text} FROM {joined}", *select.values, *newest.values)

    def rows(self, where: SQL, end: SQL) -> list[Row]:
        selected = self._selected("id, petition, due", where, end)
        return _run(selected.text, *selected.values)

    def tally(self, names: Sequence[str], where: SQL) -> list[tuple[str, str, int]]:
        asked = tally_of(names, self._selected(", ".join(names) or "1", where, SQL("")))
        return [(name, value, count) for name, value, count in _run(asked.text, *asked.values)]

    def _selected(self, columns: str, where: SQL, end: SQL) -> SQL:
        of_shelf = f"NOT gone AND copy = ({LIVE}) AND {where.text}"
        text = f"SELECT {columns} FROM search_document WHERE {of_shelf} {end.text}"
        return SQL(text, (self.shelf, *where.values, *end.values))


def _phrase(words: Sequence[str]) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in words) + ")"


TSQUERY = Grammar(" & ", " | ", _phrase)


def kept(shelf: Shelf, after: int, size: int) -> list[tuple[int, int, str]]:
    """See `search.kept`."""
    asked = f"SELECT petition, version, digest FROM search_document WHERE NOT gone AND copy = ({LIVE})"
    rows = _run(f"{asked} AND petition > %s ORDER BY petition LIMIT %s", shelf, after, size)
    return [(petition, version, digest) for petition, version, digest in rows]


def is_up() -> bool:
    """Whether it answers now."""
    with contextlib.suppress(Exception):
        return len(_run("SELECT number FROM search_copy WHERE live")) == len(SHELVES)
    return False
