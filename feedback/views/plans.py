"""How PostgreSQL plans what a page asks."""

from __future__ import annotations

from contextlib import ContextDecorator
from typing import Any

from django.db import connection


class PlannedForItsValues(ContextDecorator):
    """Each statement is planned for the very values asked for.

    A connection keeps one plan for a statement that it has often seen, made for an agency of middling size:
    for the largest it takes seconds. Other databases know no such thing.
    """

    def __enter__(self) -> None:
        _set("SET plan_cache_mode = force_custom_plan")

    def __exit__(self, *_error: Any) -> None:
        _set("RESET plan_cache_mode")


def _set(statement: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)
