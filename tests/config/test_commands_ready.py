"""Commands before the house is set up or beside a database of another version: one line, exit 2."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config import preparation
from routing.ready import ReadyCommand, applied_migrations, shipped_migrations

OURS = {"accounts", "config", "feedback", "publication", "routing"}
# They bring the database up, ask it nothing, or keep an older one too.
BESIDE = {"start", "prepare", "restore", "backup", "workflow", "makemessages"}
OURS_BY_NAME = sorted(name for name, app in get_commands().items() if app in OURS)


@pytest.mark.parametrize("name", OURS_BY_NAME)
def test_every_command_of_ours_asks_first_whether_the_database_fits(name: str) -> None:
    command = import_module(f"{get_commands()[name]}.management.commands.{name}").Command
    assert issubclass(command, ReadyCommand) == (name not in BESIDE)


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["verify"], "manage.py prepare"),
        (["work", "--once"], "manage.py prepare"),
        (["setup", "--username", "quan.tri"], "manage.py prepare"),
        (["loadrefdata"], "manage.py prepare"),
    ],
)
def test_without_tables_a_command_says_what_to_do(command: list[str], told: str, tmp_path: Path) -> None:
    done = ask(command, HOIAM_VAR=str(tmp_path), DATABASE_URL="")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.long
def test_a_server_that_is_away_is_said_in_one_line(tmp_path: Path) -> None:
    away = "postgresql://nobody:mat-khau@127.0.0.1:1/none"
    done = ask(["sweep"], HOIAM_VAR=str(tmp_path), DATABASE_URL=away)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Chưa sẵn sàng: không mở được cơ sở dữ liệu")
    assert "mat-khau" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.long
def test_bytes_that_are_no_text_are_refused_in_one_line(tmp_path: Path) -> None:
    done = ask(["find", "--json", "--as", "\udcff"], HOIAM_VAR=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "Tham số có byte không phải UTF-8.\n")


def ask(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *command], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["verify", "rebuild_counts", "loadrefdata", "work"])
def test_a_command_beside_an_older_database_does_nothing_and_says_what_to_do(command: str) -> None:
    MigrationRecorder(connection).record_unapplied("feedback", newest("feedback"))
    assert (said := refused(command)).startswith("Chưa sẵn sàng: cơ sở dữ liệu còn của bản trước (thiếu 1 ")
    assert "manage.py prepare" in said


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["verify", "setup"])
def test_a_command_beside_a_newer_database_does_nothing(command: str) -> None:
    MigrationRecorder(connection).record_applied("routing", "9999_of_the_next_release")
    assert "bản mới hơn mã nguồn này (routing.9999_of_the_next_release)" in refused(command)


@pytest.mark.django_db
def test_a_house_does_not_open_beside_a_newer_database() -> None:
    MigrationRecorder(connection).record_applied("routing", "9999_of_the_next_release")
    with pytest.raises(CommandError, match="bản mới hơn") as newer:
        next(preparation.steps())
    assert newer.value.returncode == 2


@pytest.mark.django_db
def test_what_an_app_left_behind_that_is_here_no_more_makes_no_database_newer() -> None:
    MigrationRecorder(connection).record_applied("gone", "0001_initial")
    call_command("verify", stdout=io.StringIO())


def refused(command: str) -> str:
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, stderr=err)
    assert ended.value.code == 2
    return err.getvalue()


def newest(app: str) -> str:
    return max(name for label, name in shipped_migrations() if label == app)


@pytest.mark.django_db
def test_migrations_are_known_by_their_files() -> None:
    known: Any = MigrationLoader(None).disk_migrations
    assert shipped_migrations() == set(known) == applied_migrations()
