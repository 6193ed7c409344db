"""Which engine answers: Elasticsearch where its address is given, else the main database's own."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import connection


def chosen() -> ModuleType:
    """One of three modules with the same names: index, remove, write, find, kept, rebuild, clear, is_up."""
    return import_module(f"search.{name()}")


def name() -> str:
    """Of the module."""
    if settings.ELASTICSEARCH_URL:
        return "elastic"
    return "postgres" if connection.vendor == "postgresql" else "embedded"
