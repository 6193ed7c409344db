"""What is erased is nowhere on the disk of a running house."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from feedback.models import Petition
from feedback.steps import take
from feedback.sweep import sweep
from tests import make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own log is the operator's"),
]

WORDS = "Bí mật của bà Đỗ Thị Kín, hẻm 77, "


@pytest.fixture
def other() -> Iterator[sqlite3.Connection]:
    """Another process of the house, at the same database all the time."""
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("SELECT count(*) FROM feedback_petition").fetchone()
    yield other
    other.close()


def on_disk() -> set[str]:
    """Endings of the database's files that hold the words."""
    files = ("", "-wal", "-shm")
    return {
        end
        for end in files
        if WORDS.encode() in Path(f"{connection.settings_dict['NAME']}{end}").read_bytes()
    }


def filed() -> Petition:
    """Long enough to fill pages of its own, with others on both sides."""
    made = [make.petition("in_progress", text=text) for text in ("Trước", WORDS * 300, "Sau")]
    take(made[1], "note", by=make.focal_point(), text=WORDS * 3)
    take(made[1], "draft_reply", by=make.handler(), **make.ANSWER | {"text": WORDS})
    return made[1]


@pytest.mark.long
def test_erased_words_are_in_no_file_of_the_database(reference_data: None, other: sqlite3.Connection) -> None:
    petition = filed()
    assert "-wal" in on_disk()
    take(petition, "erase", by=make.user("administrator", province="48"), rule="feedback-5-years")
    assert on_disk() == set()


@pytest.mark.long
def test_what_a_reader_held_back_the_clock_wipes_in_its_next_round(
    reference_data: None, other: sqlite3.Connection
) -> None:
    petition = filed()
    other.execute("BEGIN")
    other.execute("SELECT text FROM feedback_petition").fetchall()
    take(petition, "erase", by=make.user("administrator", province="48"), rule="feedback-5-years")
    assert "-wal" in on_disk()
    other.execute("COMMIT")
    sweep()
    assert on_disk() == set()
