"""Who waits for SQLite's write lock gets it soon after it is free, and is told when it never comes."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from config.sqlite.base import DatabaseWrapper
from feedback.models import Look
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows, not the house"),
]


@pytest.fixture
def other() -> Iterator[sqlite3.Connection]:
    """Another process at the same database."""
    other = sqlite3.connect(
        str(connection.settings_dict["NAME"]), isolation_level=None, check_same_thread=False
    )
    yield other
    other.close()


@pytest.mark.long
def test_the_lock_is_taken_within_milliseconds_of_being_free(
    other: sqlite3.Connection, reference_data: None
) -> None:
    other.execute("BEGIN IMMEDIATE")
    freed: list[float] = []

    def free() -> None:
        time.sleep(0.2)  # by then SQLite's own wait would look ten times a second
        other.execute("COMMIT")
        freed.append(time.monotonic())

    thread = threading.Thread(target=free)
    thread.start()
    with transaction.atomic():
        taken = time.monotonic()
    thread.join()
    assert taken - freed[0] < 0.05


def test_a_lock_that_never_comes_is_said_after_the_timeout(
    other: sqlite3.Connection, reference_data: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    other.execute("ROLLBACK")
    with transaction.atomic():
        assert connection.in_atomic_block


def test_a_new_database_and_what_sqlite_puts_beside_it_are_the_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    house = DatabaseWrapper(connection.settings_dict | {"NAME": tmp_path / "house.sqlite3"}, "house")
    try:
        with house.cursor() as cursor:
            cursor.execute("CREATE TABLE word (text)")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
        house.close()
    assert modes == dict.fromkeys(("house.sqlite3", "house.sqlite3-shm", "house.sqlite3-wal"), 0o600)


@pytest.mark.long
def test_a_new_connection_takes_no_lock_from_the_others_of_its_process(reference_data: None) -> None:
    """Closing any descriptor of the file would drop them all: two would write at once, and ruin it."""
    name = str(connection.settings_dict["NAME"])
    tries = f"import sqlite3; sqlite3.connect({name!r}, timeout=0).execute('BEGIN IMMEDIATE')"
    check = f"import sqlite3; sqlite3.connect({name!r}, timeout=0).execute('PRAGMA journal_mode=DELETE')"
    with transaction.atomic():
        connection.connection.execute("UPDATE routing_referencestate SET version = version")
        DatabaseWrapper(connection.settings_dict, "another").connect()
        for intruder in (tries, check):
            done = subprocess.run([sys.executable, "-c", intruder], capture_output=True, text=True)
            assert "locked" in done.stderr, done


def test_what_may_be_left_undone_waits_no_longer_than_it_says(
    other: sqlite3.Connection, reference_data: None
) -> None:
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    waiting: Any = connection
    with pytest.raises(OperationalError, match="locked"), waiting.waiting_at_most(0.05), transaction.atomic():
        pass
    assert time.monotonic() - began < 1
    other.execute("ROLLBACK")
    assert waiting.patience_s is None


def test_a_process_that_begins_while_another_writes_knows_that_there_is_json(
    other: sqlite3.Connection, reference_data: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    other.execute("BEGIN IMMEDIATE")
    assert DatabaseWrapper.features_class(connection).supports_json_field


@pytest.mark.long
def test_while_another_holds_the_database_a_petition_is_shown_and_a_sealed_one_is_not(
    other: sqlite3.Connection, reference_data: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition, client = make.petition("in_progress"), Client()
    sealed = make.petition("submitted")
    take(sealed, "seal", by=SYSTEM, kind="complaint")
    client.force_login(make.officer())
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    other.execute("BEGIN IMMEDIATE")
    shown = [client.get(one.get_absolute_url()).status_code for one in (petition, sealed)]
    other.execute("ROLLBACK")
    assert (shown, Look.objects.count()) == ([200, 503], 0)
