"""What a supervisor is told: alive touches nothing, ready names what is missing."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from config import preparation
from feedback import guards
from feedback.intake import receive
from routing.models import CalendarYear
from search.engines import chosen
from tests import make

PARTS = [
    *("ready", "database", "migrations", "reference_data", "guards", "keys"),
    *(
        "queue",
        "lag_s",
        "clock_last_s",
        "sweep_last_s",
        "calendar_days",
        "model",
        "search",
        "broker",
        "files",
        "letters",
    ),
]


def test_alive_touches_nothing(client: Client) -> None:
    answer = client.get("/healthz")  # a test without the `django_db` mark has no database to touch
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": "0.1.0"}


@pytest.mark.long
@pytest.mark.django_db
def test_a_whole_house_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    state = answer.json()
    assert list(state) == PARTS
    assert [state[part] for part in PARTS[:6]] == [True, *["ok"] * 5]
    assert state["queue"] == {"waiting": 0, "oldest_s": 0.0, "dead": 0}
    assert state["search"] == {"engine": chosen().NAME, "up": True, "lag_s": 0.0, "lost": False}
    assert state["model"].startswith("linear-")
    last = CalendarYear.objects.latest("year").year
    assert state["calendar_days"] == (dt.date(last, 12, 31) - timezone.localdate()).days


@pytest.mark.long
@pytest.mark.django_db
def test_a_missing_guard_closes_the_door_and_is_named(client: Client) -> None:
    guards.drop()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["guards"].startswith("missing: ")
    assert "step_update_guard" in answer.json()["guards"]


@pytest.mark.long
@pytest.mark.django_db
def test_a_migration_not_applied_closes_the_door(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 not applied"
    assert answer.json()["database"] == "ok"


def test_a_database_that_is_away_closes_the_door_and_hides_nothing_else(client: Client) -> None:
    answer = client.get("/readyz")  # a test without the `django_db` mark has no database
    assert answer.status_code == 503
    state = answer.json()
    assert list(state) == PARTS
    assert [state[part] for part in PARTS[:6]] == [False, *["unavailable"] * 5]
    assert state["queue"] == {"waiting": None, "oldest_s": None, "dead": None}
    assert state["model"].startswith("linear-")


@pytest.mark.django_db
def test_another_key_closes_the_door_before_anything_is_sealed_with_it(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    receive(make.submission(phone="0905123456"))
    assert client.get("/readyz").json()["keys"] == "ok"
    settings.IDENTITY_KEY = "ff" * 32
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["keys"]) == (503, "IDENTITY_KEY is another")
    with pytest.raises(CommandError, match="IDENTITY_KEY không phải khóa"):
        list(preparation.steps())
    assert "does not open" not in caplog.text  # one sentence says it, and no line for each name


@pytest.mark.django_db
def test_a_disk_that_takes_no_file_is_named_and_closes_no_door(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    assert client.get("/readyz").json()["files"] == "ok"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.write_text("a file where the folder was")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["files"]) == (200, "cannot be written: File exists")


@pytest.mark.django_db
def test_a_broker_that_is_away_is_told_and_closes_no_door(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    told = client.get("/readyz")
    assert (told.status_code, told.json()["broker"]) == (200, "unavailable")


def test_whoever_rings_a_bell_that_is_away_does_not_wait() -> None:
    """Six seconds it took by the library's own patience, for every citizen who filed."""
    with Celery("bell", broker="redis://127.0.0.1:1/0") as inside:
        inside.conf.broker_transport_options = django_settings.CELERY_BROKER_TRANSPORT_OPTIONS
        began = time.monotonic()
        with pytest.raises(OperationalError):
            inside.send_task("feedback.tasks.follow_up", args=[1], retry=False)
    assert time.monotonic() - began < 3
