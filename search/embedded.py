"""The engine of a house without services: SQLite's FTS5 in a file of its own beside the database.

Each shelf is a set of tables with a number; while it is built anew there are two sets, and what is written
meanwhile goes into both. Facts and words lie apart, so that counting reads no words. The sets of marks that
decide sight are few and kept once each (`crowd`). The file holds nothing that cannot be made again. Of what
is removed FTS5 keeps words without their text until it tidies up; a rebuild throws them out.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from search import Unavailable
from search.documents import LAYOUT, SETS, WORDS, Document, Shelf, batches
from search.folding import folded, spaced, words_of
from search.paging import Page
from search.query import Sought
from search.relational import SQL, Found, Grammar, Needs, Question, Row, due_of, id_of, page, tally_of
from search.words import Clause

NAME = "embedded"
IN_DATABASE = False  # see `search.remove_here`
PATIENCE_S = 20
HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  # by another, who will be done
GARBLED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

KEPT = """
CREATE TABLE copy (number INTEGER PRIMARY KEY AUTOINCREMENT, shelf TEXT NOT NULL, live INTEGER NOT NULL);
"""
# Of one copy of a shelf; {n} is its number.
TABLES = f"""
CREATE TABLE facts_{{n}} (
    id INTEGER PRIMARY KEY, petition INTEGER NOT NULL UNIQUE, version INTEGER NOT NULL, due INTEGER NOT NULL,
    {", ".join(f"{name} INTEGER NOT NULL" for name in SETS)}, month TEXT NOT NULL,
    {", ".join(f"{name} TEXT NOT NULL" for name in WORDS)}, digest TEXT NOT NULL
);
CREATE INDEX due_{{n}} ON facts_{{n}} (due, id);
CREATE INDEX code_{{n}} ON facts_{{n}} (code);
CREATE INDEX phones_{{n}} ON facts_{{n}} (phones) WHERE phones > 0;
CREATE TABLE gone_{{n}} (petition INTEGER PRIMARY KEY, version INTEGER NOT NULL);
CREATE TABLE crowd_{{n}} (number INTEGER PRIMARY KEY, members TEXT NOT NULL UNIQUE);
CREATE TABLE member_{{n}} (
    member TEXT NOT NULL, crowd INTEGER NOT NULL, PRIMARY KEY (member, crowd)
) WITHOUT ROWID;
CREATE TABLE words_{{n}} (id INTEGER PRIMARY KEY, written TEXT NOT NULL, folded TEXT NOT NULL);
CREATE VIRTUAL TABLE found_{{n}} USING fts5 (
    folded, content='words_{{n}}', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
);
"""
NAMES = ("facts", "gone", "crowd", "member", "found", "words")
COLUMNS = ("id", "petition", "version", "digest", "due", "month", *WORDS, *SETS)


# --- the file -------------------------------------------------------------------------------------------


_own = threading.local()
# A connection made before a fork is the parent's: to close it here would take its file away from there.
_PARENTS: list[sqlite3.Connection | None] = []


def path() -> Path:
    return Path(settings.VAR) / "search.sqlite3"


@contextlib.contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    """This thread's connection to the file that stands there now; a fault is `Unavailable`.

    A file that can be read no more is thrown away: the next one begins with an empty one.
    """
    seen = _as_it_stands()
    try:
        yield _connection()
    except (sqlite3.Error, OSError) as fault:
        _close()
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF in GARBLED:
            _throw_away(seen)
        raise Unavailable from fault


@contextlib.contextmanager
def _reading() -> Iterator[sqlite3.Connection]:
    """All statements see the same moment."""
    with _opened() as db, _within(db, "BEGIN"):
        yield db


@contextlib.contextmanager
def _writing() -> Iterator[sqlite3.Connection]:
    with _opened() as db, _within(db, "BEGIN IMMEDIATE"):
        yield db


@contextlib.contextmanager
def _within(db: sqlite3.Connection, begin: str) -> Iterator[None]:
    db.execute(begin)
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _connection() -> sqlite3.Connection:
    mark = (os.getpid(), _file())
    if getattr(_own, "mark", None) != mark or mark[1] is None:
        _close()
        _own.db = _open()
        _own.mark = (os.getpid(), _file())
    db: sqlite3.Connection = _own.db
    return db


def _file() -> tuple[Path, int] | None:
    """Which file it is: another may have been put in its place."""
    try:
        return path(), path().stat().st_ino
    except FileNotFoundError:
        return None


def _close() -> None:
    db, mark = getattr(_own, "db", None), getattr(_own, "mark", None)
    _own.db = _own.mark = None
    if mark and mark[0] != os.getpid():
        _PARENTS.append(db)
    elif db is not None:
        with contextlib.suppress(sqlite3.Error):
            db.close()


def _open() -> sqlite3.Connection:
    if not path().exists():
        path().touch(mode=0o600)  # people's words; SQLite gives its other files the same mode
    db = sqlite3.connect(path(), timeout=PATIENCE_S, isolation_level=None)
    _log_ahead(db)
    db.executescript("PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32768;")
    if db.execute("PRAGMA user_version").fetchone()[0] != LAYOUT:
        with _within(db, "BEGIN IMMEDIATE"):
            _lay_out(db)
    return db


def _throw_away(seen: tuple[int, int] | None) -> None:
    """Unless another stands in its place already."""
    with contextlib.suppress(OSError), _locked("file"):
        if seen and _as_it_stands() == seen:
            _unlink()


def _as_it_stands() -> tuple[int, int] | None:
    """Whether it is still the same: a new file may have the number of one that is gone."""
    try:
        now = path().stat()
    except FileNotFoundError:
        return None
    return now.st_ino, now.st_ctime_ns


def _unlink() -> None:
    for leftover in path().parent.glob(f"{path().name}*"):
        leftover.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(what: str) -> Iterator[None]:
    """One at a time does this; who was killed holds nobody up."""
    with path().with_suffix(f".{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _log_ahead(db: sqlite3.Connection) -> None:
    """The first of a new file changes how it is written; SQLite lets no other wait for that by itself."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF not in HELD or time.monotonic() > until:
                raise  # a full disk is none the emptier for waiting
            time.sleep(0.02)


def _lay_out(db: sqlite3.Connection) -> None:
    """Tables for every shelf, empty; what an older release laid out is thrown away, to be made again."""
    if db.execute("PRAGMA user_version").fetchone()[0] == LAYOUT:
        return  # another process was first
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall():
        db.execute(f"DROP TABLE {name}")
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for (name,) in db.execute(names).fetchall():
        db.execute(f"DROP TABLE {name}")
    _execute(db, KEPT)
    for shelf in Shelf:
        _new_copy(db, shelf, live=True)
    db.execute(f"PRAGMA user_version = {LAYOUT}")


def _execute(db: sqlite3.Connection, script: str) -> None:
    """Its statements, within the transaction that is open."""
    for statement in script.split(";\n"):
        db.execute(statement)


# --- copies of a shelf ----------------------------------------------------------------------------------


def _new_copy(db: sqlite3.Connection, shelf: Shelf, *, live: bool) -> int:
    number = db.execute("INSERT INTO copy (shelf, live) VALUES (?, ?)", (shelf, live)).lastrowid
    assert number is not None
    _execute(db, TABLES.format(n=number))
    return number


def _copies(db: sqlite3.Connection, shelf: Shelf, *, live: bool | None = None) -> list[int]:
    only = "" if live is None else f" AND live = {int(live)}"
    return [number for (number,) in db.execute(f"SELECT number FROM copy WHERE shelf = ?{only}", (shelf,))]


def _drop(db: sqlite3.Connection, copies: Iterable[int]) -> None:
    for number in copies:
        db.execute("DELETE FROM copy WHERE number = ?", (number,))
        for name in NAMES:
            db.execute(f"DROP TABLE {name}_{number}")


# --- writing --------------------------------------------------------------------------------------------


def index(documents: Iterable[Document]) -> None:
    """See `search.index`."""
    for some in batches(documents):
        with _writing() as db:
            for shelf in Shelf:
                _put_all(db, [one for one in some if one.shelf == shelf], _copies(db, shelf))


def _put_all(db: sqlite3.Connection, documents: Sequence[Document], copies: Iterable[int]) -> None:
    for number in copies:
        copy = Copy(db, number)
        for document in documents:
            copy.put(document)


def remove(gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """See `search.remove`."""
    for some in batches(gone):
        with _writing() as db:
            for shelf, petition, version in some:
                for number in _copies(db, shelf):
                    Copy(db, number).take_away(petition, version)


def write(documents: Iterable[Document], gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """See `search.write`."""
    remove(gone)  # first: what changes its shelf is on none for a moment, and never on two
    index(documents)


def rebuild(shelf: Shelf, documents: Iterable[Document]) -> int:
    """See `search.rebuild`."""
    count = 0
    with _locked(shelf):
        number = _begin(shelf)
        for some in batches(documents):
            count += len(some)
            with _writing() as db:
                _put_all(db, some, [number])
        with _writing() as db:
            old = _copies(db, shelf, live=True)
            db.execute("UPDATE copy SET live = 1 WHERE number = ?", (number,))
            _drop(db, old)
        with _opened() as db:  # what is gone leaves the file, not only what is found
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count


def _begin(shelf: Shelf) -> int:
    """An empty copy beside; of one that was begun and never ended nothing stays."""
    with _writing() as db:
        _drop(db, _copies(db, shelf, live=False))
        number = _new_copy(db, shelf, live=False)
        for live in _copies(db, shelf, live=True):
            db.execute(f"INSERT INTO gone_{number} SELECT * FROM gone_{live}")
    return number


def clear() -> None:
    """Throw everything away; the next call begins with an empty file."""
    _close()
    _unlink()


class Copy:
    """One copy of a shelf, written."""

    def __init__(self, db: sqlite3.Connection, number: int) -> None:
        self.db, self.number = db, number

    def put(self, document: Document) -> None:
        if self._version(document.petition) > document.version:
            return
        self._clear(document.petition)
        written = words_of(document)
        self._insert("facts", COLUMNS, self._facts(document))
        self._insert(
            "words",
            ("id", "written", "folded"),
            (id_of(document), spaced(written), spaced(folded(written))),
        )
        self._run(
            "INSERT INTO found_{n} (rowid, folded) SELECT id, folded FROM words_{n} WHERE id = ?",
            id_of(document),
        )

    def take_away(self, petition: int, version: int) -> None:
        if self._version(petition) > version:
            return
        self._clear(petition)
        self._insert("gone", ("petition", "version"), (petition, version))

    def _version(self, petition: int) -> int:
        row = self._run(
            "SELECT version FROM facts_{n} WHERE petition = ?1"
            " UNION ALL SELECT version FROM gone_{n} WHERE petition = ?1",
            petition,
        ).fetchone()
        return row[0] if row else -1

    def _clear(self, petition: int) -> None:
        self._run("DELETE FROM gone_{n} WHERE petition = ?", petition)
        row = self._run("SELECT id, phones FROM facts_{n} WHERE petition = ?", petition).fetchone()
        if row is None:
            return
        id, phones = row  # noqa: A001
        self._run(
            "INSERT INTO found_{n} (found_{n}, rowid, folded)"
            " SELECT 'delete', id, folded FROM words_{n} WHERE id = ?",
            id,
        )
        self._run("DELETE FROM words_{n} WHERE id = ?", id)
        self._run("DELETE FROM facts_{n} WHERE id = ?", id)
        self._drop_crowd(phones)

    def _drop_crowd(self, crowd: int) -> None:
        """Who can be called is kept as long as somebody has these telephones."""
        if (
            crowd
            and not self._run("SELECT 1 FROM facts_{n} WHERE phones = ? AND phones > 0", crowd).fetchone()
        ):
            members = self._run("DELETE FROM crowd_{n} WHERE number = ? RETURNING members", crowd).fetchall()
            for member in json.loads(members[0][0]) if members else ():
                self._run("DELETE FROM member_{n} WHERE member = ? AND crowd = ?", member, crowd)

    def _facts(self, document: Document) -> tuple[Any, ...]:
        return (
            id_of(document),
            document.petition,
            document.version,
            document.digest,
            due_of(document),
            document.on.strftime("%Y-%m"),
            *(getattr(document, name) for name in WORDS),
            *(self._crowd(getattr(document, name)) for name in SETS),
        )

    def _crowd(self, members: frozenset[str]) -> int:
        """The number of a set of marks; 0 of the empty one."""
        if not members:
            return 0
        said = json.dumps(sorted(members))
        row = self._run("SELECT number FROM crowd_{n} WHERE members = ?", said).fetchone()
        if row is not None:
            return int(row[0])
        number = self._insert("crowd", ("members",), (said,))
        for member in members:
            self._insert("member", ("member", "crowd"), (member, number))
        return number

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[Any]) -> int:
        holes = ", ".join("?" * len(columns))
        done = self._run(f"INSERT INTO {table}_{{n}} ({', '.join(columns)}) VALUES ({holes})", *values)
        return done.lastrowid or 0

    def _run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self.db.execute(sql.format(n=self.number), values)


# --- asking ---------------------------------------------------------------------------------------------


def find(sought: Sought, *, shelves: Collection[Shelf], **asked: Any) -> Page:
    """See `search.find`."""
    with _reading() as db:

        def ask(question: Question, shelf: Shelf) -> Found:
            return question.of(Asked(db, _copies(db, shelf, live=True)[0]))

        return page(sought, shelves, ask, **asked)


@dataclass(frozen=True)
class Asked:
    """One copy of a shelf, asked; see `relational.Tables`."""

    db: sqlite3.Connection
    number: int

    def has(self, fact: str, values: Collection[Any]) -> SQL:
        among = "IN (SELECT value FROM json_each(%s))"
        if fact in SETS:
            among = f"IN (SELECT crowd FROM member_{self.number} WHERE member {among})"
        return SQL(f"{fact} {among}", (json.dumps(sorted(values)),))

    def says(self, clause: Clause, where: SQL) -> SQL:
        n = self.number
        said = f"SELECT id FROM found_{n} CROSS JOIN words_{n} ON id = found_{n}.rowid"
        match = f"found_{n} MATCH %s AND {where.text}"
        return SQL(f"id IN ({said} WHERE {match})", (FTS5.asked(Needs([[clause]])), *where.values))

    def stands(self, words: Sequence[str], *, folded: bool) -> SQL:
        column = "folded" if folded else "written"
        return SQL(f"instr(words_{self.number}.{column}, %s) > 0", (spaced(words),))

    def candidates(self, needs: Needs, select: SQL, where: SQL, most: int) -> list[Row]:
        # From the words to the facts, never the other way; of the newest as many as are needed.
        n = self.number
        text = (
            f"SELECT {select.text} FROM found_{n} CROSS JOIN facts_{n} ON id = found_{n}.rowid"
            f" CROSS JOIN words_{n} USING (id) WHERE found_{n} MATCH %s AND {where.text}"
            f" ORDER BY found_{n}.rowid DESC LIMIT %s"
        )
        return self._rows(SQL(text, (*select.values, FTS5.asked(needs), *where.values, most)))

    def rows(self, where: SQL, end: SQL) -> list[Row]:
        return self._rows(self._facts("id, petition, due", where, end))

    def tally(self, names: Sequence[str], where: SQL) -> list[tuple[str, str, int]]:
        return self._rows(tally_of(names, self._facts(", ".join(names) or "1", where, SQL(""))))

    def _facts(self, columns: str, where: SQL, end: SQL) -> SQL:
        text = f"SELECT {columns} FROM facts_{self.number} WHERE {where.text} {end.text}"
        return SQL(text, (*where.values, *end.values))

    def _rows(self, sql: SQL) -> list[Row]:
        return self.db.execute(sql.text.replace("%s", "?"), sql.values).fetchall()


FTS5 = Grammar(" AND ", " OR ", lambda words: f'"{" ".join(words)}"')


def kept(shelf: Shelf, after: int, size: int) -> list[tuple[int, int, str]]:
    """See `search.kept`."""
    with _reading() as db:
        number = _copies(db, shelf, live=True)[0]
        return db.execute(
            f"SELECT petition, version, digest FROM facts_{number}"
            " WHERE petition > ? ORDER BY petition LIMIT ?",
            (after, size),
        ).fetchall()


def is_up() -> bool:
    """Whether it answers now."""
    try:
        with _reading() as db:
            return all(_copies(db, shelf, live=True) for shelf in Shelf)
    except Unavailable:
        return False
