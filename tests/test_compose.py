"""The compose file and the image, read as text: there is no Docker engine where the tests run."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from config import environment
from config.celery import app
from tests.config.test_environment import read_settings

ROOT: Path = settings.BASE_DIR
OURS = ("prepare", "web", "worker", "sender", "clock")
GIVEN = {
    "BASE_URL": "https://phananh.vn",
    "SECRET_KEY": "s" * 64,
    "SIGNING_KEY": "a" * 64,
    "IDENTITY_KEY": "i" * 64,
    "POSTGRES_PASSWORD": "mat-khau",
}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"])


def filled(value: str) -> str:
    """Put in what an operator writes into .env, as docker compose would."""
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: GIVEN.get(found[1], found[2] or ""), value)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_given_is_known_to_the_settings(name: str, services: dict[str, Any]) -> None:
    assert set(services[name]["environment"]) <= environment.KNOWN


def test_the_settings_take_what_the_compose_file_gives(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variables = {name: filled(value) for name, value in services["web"]["environment"].items()}
    assert variables.pop("HOIAM_VAR") == "/var/lib/hoiam"
    given = read_settings(monkeypatch, tmp_path, **variables)
    assert given["HOME_PROVINCE"] == "48"
    assert given["DATABASES"]["default"]["HOST"] == "postgres"
    assert given["CELERY_BROKER_URL"] == "redis://redis:6379/0"
    assert given["SECURE_SSL_REDIRECT"] is True


def test_what_an_operator_may_set_reaches_the_house(services: dict[str, Any]) -> None:
    """Those left out are not his: the port inside, and what no public house may have."""
    inside = {"PORT", "HOIAM_CLOCK", "HOIAM_DEBUG"}
    for name in OURS:
        assert set(services[name]["environment"]) == environment.KNOWN - inside


def test_every_queue_has_its_worker(services: dict[str, Any]) -> None:
    words = {name: services[name]["command"] for name in ("worker", "sender")}
    taken = {name: command[command.index("--queues") + 1] for name, command in words.items()}
    assert taken == {"worker": "celery", "sender": "sending"}
    assert set(taken.values()) == {queue.name for queue in app.conf.task_queues}


def test_every_secret_comes_from_outside(services: dict[str, Any]) -> None:
    for name in ("SECRET_KEY", "SIGNING_KEY", "IDENTITY_KEY"):
        assert services["web"]["environment"][name] == f"${{{name}:?}}"
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:?}"


def test_every_image_is_pinned_and_every_service_watched(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, "postgres", "redis", "elasticsearch"}
    for name, service in services.items():
        assert re.search(r":\d+\.\d+\.?\d*(-\w+)?$", service["image"]), name
        assert name == "prepare" or "healthcheck" in service


def test_the_image_is_pinned_locked_and_runs_without_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert {line.split()[1] for line in lines if line.startswith("FROM ")} == {"python:3.11.14-slim-bookworm"}
    assert any("--require-hashes -r /tmp/requirements.lock" in line for line in lines)
    assert "USER hoiam" in lines


def test_the_image_brings_the_programs_that_keep_its_database(services: dict[str, Any]) -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")[-1]
    client = re.search(r"apt-get install .*\bpostgresql-client-(\d+)", image)
    server = re.search(r"^postgres:(\d+)\.", services["postgres"]["image"])
    assert client is not None
    assert server is not None
    # A pg_dump refuses a newer server, and an older server what a newer pg_dump wrote.
    assert client[1] == server[1]
