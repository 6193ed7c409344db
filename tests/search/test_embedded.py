"""What is SQLite's own: the file, who holds it open, and what leaves it."""

import io
import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import search
from feedback.management.commands.reindex import Command
from search import Shelf, embedded, engines
from tests.search.shelf import all_pages, ask, document, found, keep


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engines, "name", lambda: "embedded")
    embedded.clear()
    yield
    embedded.clear()


def test_a_file_that_is_thrown_away_is_begun_anew() -> None:
    keep(document(1, "rác"))
    for leftover in embedded.path().parent.glob(f"{embedded.path().name}*"):
        leftover.unlink()
    assert found("rác") == []
    keep(document(2, "rác"))
    assert found("rác") == [2]
    files = list(embedded.path().parent.glob(f"{embedded.path().name}*"))
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_garbled_file_is_said_in_words_and_the_next_one_begins_anew() -> None:
    keep(document(1, "rác"))
    embedded.clear()
    embedded.path().write_bytes(b"no database" * 1_000)
    with pytest.raises(search.Unavailable, match="Máy tìm kiếm"):
        ask("rác")
    assert search.state() == {"engine": "embedded", "up": True}
    keep(document(3, "rác"))
    assert found("rác") == [3]


def test_of_two_who_see_a_garbled_file_the_later_one_leaves_the_new_one() -> None:
    embedded.path().write_bytes(b"no database" * 1_000)
    seen = embedded._as_it_stands()
    embedded.clear()
    keep(document(1, "rác"))
    embedded._throw_away(seen)
    assert found("rác") == [1]


def test_a_page_garbled_in_the_middle_is_noticed_when_it_is_read() -> None:
    keep(*(document(n, f"rác bốc mùi {n}") for n in range(300)))
    with embedded._opened() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    embedded._close()
    size = embedded.path().stat().st_size
    with embedded.path().open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(search.Unavailable):
        ask("rác")
    keep(document(1, "rác"))
    assert found("rác") == [1]


def test_a_file_that_cannot_be_written_is_left_alone() -> None:
    embedded.clear()
    embedded.path().mkdir()
    try:
        with pytest.raises(search.Unavailable):
            ask("rác")
        assert search.state() == {"engine": "embedded", "up": False}
        assert embedded.path().is_dir()
    finally:
        embedded.path().rmdir()


@contextmanager
def without_room() -> Iterator[None]:
    """No file of this process may have a single byte more; nothing inside may write a line."""
    embedded.clear()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_without_room_is_said_at_once() -> None:
    """Only who is held up by another waits."""
    began = time.monotonic()
    with without_room():
        with pytest.raises(search.Unavailable):
            ask("rác")
        state = search.state()
    assert state == {"engine": "embedded", "up": False}
    assert time.monotonic() - began < 2


def test_whoever_makes_it_anew_reads_what_is_wrong_with_the_disk() -> None:
    said = io.StringIO()
    with without_room(), pytest.raises(SystemExit):
        Command(stderr=said).handle(from_nothing=False, json=False)
    assert "disk I/O error" in said.getvalue()


def test_what_an_older_release_laid_out_is_made_anew() -> None:
    keep(document(1, "rác"))
    with embedded._writing() as db:
        db.execute("PRAGMA user_version = 0")
    embedded._close()
    assert found("rác") == []
    keep(document(2, "rác"))
    assert found("rác") == [2]
    files = list(embedded.path().parent.glob(f"{embedded.path().name}*"))
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_after_a_fork_the_child_has_a_connection_of_its_own() -> None:
    keep(document(1, "rác"))
    child = os.fork()
    if not child:
        keep(document(2, "rác"))
        os._exit(0 if found("rác") == [2, 1] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert found("rác") == [2, 1]


def test_many_threads_write_and_none_is_lost() -> None:
    def write(first: int) -> None:
        for number in range(first, first + 20):
            keep(document(number, "rác"))
        embedded._close()

    threads = [threading.Thread(target=write, args=(first,)) for first in (100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(all_pages("rác", size=100)) == 60


def test_what_is_gone_leaves_the_file_when_its_shelf_is_rebuilt() -> None:
    keep(document(1, "Nguyễn Bímật ở hẻm", phones=frozenset({"hash-of-him"})), document(2, "rác"))
    search.remove([(Shelf.DESK, 1, 9)])
    search.rebuild(Shelf.DESK, [document(2, "rác")])
    left = b"".join(one.read_bytes() for one in embedded.path().parent.glob(f"{embedded.path().name}*"))
    assert found("rác") == [2]
    assert b"bimat" not in left
    assert "bímật".encode() not in left
    assert b"hash-of-him" not in left


def test_the_newest_are_found_without_reading_all_and_words_before_facts() -> None:
    keep(document(1, "rác", due=None), document(2, "rác"))
    plans = []
    with embedded._reading() as db:
        number = embedded._copies(db, Shelf.DESK, live=True)[0]
        for statement in (
            f"SELECT id FROM facts_{number} WHERE 1 = 1 ORDER BY id DESC LIMIT 20",
            f"SELECT id FROM facts_{number} WHERE (due, id) > (1, 1) ORDER BY due, id LIMIT 20",
            f"SELECT id FROM facts_{number} WHERE code = '1'",
        ):
            plans.append(" ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")))
    assert not any("TEMP B-TREE" in plan for plan in plans), plans
    assert "due_" in plans[1]
    assert "code_" in plans[2]
