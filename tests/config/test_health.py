"""What a supervisor is told: alive touches nothing, ready names what is missing."""

import pytest
from django.db import connection
from django.test import Client

from feedback import guards

PARTS = [
    *("ready", "database", "migrations", "reference_data", "guards"),
    *("queue", "clock_last_s", "model", "search"),
]


def test_alive_touches_nothing(client: Client) -> None:
    answer = client.get("/healthz")  # a test without the `django_db` mark has no database to touch
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": "0.1.0"}


@pytest.mark.django_db
def test_a_whole_house_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    state = answer.json()
    assert list(state) == PARTS
    assert [state[part] for part in PARTS[:5]] == [True, "ok", "ok", "ok", "ok"]
    assert state["queue"] == {"waiting": 0, "oldest_s": 0.0, "dead": 0}
    assert state["search"] == {"engine": "none", "lag_s": None}
    assert state["model"].startswith("linear-")


@pytest.mark.django_db
def test_a_missing_guard_closes_the_door_and_is_named(client: Client) -> None:
    guards.drop()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["guards"].startswith("missing: ")
    assert "step_update_guard" in answer.json()["guards"]


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
    assert [state[part] for part in PARTS[:5]] == [False, *["unavailable"] * 4]
    assert state["queue"] == {"waiting": None, "oldest_s": None, "dead": None}
    assert state["model"].startswith("linear-")
