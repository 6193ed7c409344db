"""Before the doors open: an older database is copied aside, and what is already right is not done again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from config import preparation
from routing.models import ReferenceState

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


def test_an_older_database_is_copied_whole_and_only_the_newest_copies_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 8):
        (folder / f"before-migrate-2026010{day}-000000.sqlite3").touch()
    with closing(sqlite3.connect(tmp_path / "old.sqlite3")) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE petition (text)")
        old.execute("INSERT INTO petition VALUES ('Nắp cống bị mất')")
        old.commit()
        copy = preparation.copy_aside(tmp_path / "old.sqlite3", folder)
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT text FROM petition").fetchall() == [("Nắp cống bị mất",)]
    assert sorted(folder.iterdir())[-1] == copy
    assert len(list(folder.iterdir())) == 5


def test_reference_data_is_loaded_once_a_release_and_again_for_another_database(
    var: Path, reference_data: None
) -> None:
    (var / "reference-data.stamp").write_text(preparation.loaded())
    assert list(preparation.load_reference_data()) == []
    state = ReferenceState.objects.get(pk=1)
    state.loaded_at = None  # another database in its place, or a copy put back
    state.save()
    assert (var / "reference-data.stamp").read_text() != preparation.loaded()


def test_the_release_is_known_by_its_files_and_its_code(
    settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    before = preparation.shipped_digest()
    assert before == preparation.shipped_digest()
    (tmp_path / "places.csv").write_text("48,Đà Nẵng")
    monkeypatch.setattr(preparation, "SHIPPED", tmp_path)
    assert preparation.shipped_digest() != before


def test_every_migration_is_written() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_migrated_database_waits_for_nothing() -> None:
    assert preparation.migrations_wait() is False
