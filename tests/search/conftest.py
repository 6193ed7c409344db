"""The engines that run here, each under the same questions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from search import embedded, engines

# These ask for real servers; `make test-services` has them.
collect_ignore = [] if settings.ELASTICSEARCH_URL else ["test_elastic_servers.py"]


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
    if request.param == "elastic":
        another = as_another_house(settings.ELASTICSEARCH_URL)
        monkeypatch.setattr(settings, "ELASTICSEARCH_URL", another)
    chosen.clear()
    yield chosen
    chosen.clear()


def as_another_house(addresses: str, name: str = f"test-{os.getpid()}") -> str:
    """The same servers under a name of this process's own."""
    first, *others = addresses.split(",")
    parts = urlsplit(first)
    return ",".join([f"{parts.scheme}://{parts.netloc}/{name}", *others])


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[Any]:
    yield
    embedded.clear()
