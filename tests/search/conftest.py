"""The engines that run here, each under the same questions."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from search import embedded, engines


def running() -> list[str]:
    """SQLite's is always there; those of services where they are."""
    names = ["embedded"]
    names += ["postgres"] if connection.vendor == "postgresql" else []
    return names + (["elastic"] if settings.ELASTICSEARCH_URL else [])


@pytest.fixture(params=running())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """What `search` asks in this test, with nothing in it."""
    chosen = import_module(f"search.{request.param}")
    monkeypatch.setattr(engines, "name", lambda: request.param)
    chosen.clear()
    yield chosen
    chosen.clear()


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[Any]:
    yield
    embedded.clear()
