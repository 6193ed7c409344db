"""What is SQLite's own: the file, who holds it open, and what leaves it."""

import os
import threading
from collections.abc import Iterator

import pytest

import search
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


def test_a_broken_file_is_said_in_words_and_another_in_its_place_is_taken() -> None:
    keep(document(1, "rác"))
    embedded.clear()
    embedded.path().write_bytes(b"no database" * 1_000)
    with pytest.raises(search.Unavailable, match="Máy tìm kiếm"):
        ask("rác")
    assert search.state() == {"engine": "embedded", "up": False}
    with pytest.raises(search.Unavailable):
        keep(document(2, "rác"))
    embedded.path().unlink()
    keep(document(3, "rác"))
    assert (found("rác"), search.state()["up"]) == ([3], True)


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
