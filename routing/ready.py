"""Commands that need the tables and the reference data, and say so in a line where they are not there."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

NOT_READY = 2


class ReadyCommand(BaseCommand):
    """Refuses to begin (exit 2, the cure on stderr) before the house is set up."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        if lacks := missing():
            (options.get("stderr") or self.stderr).write(f"Chưa sẵn sàng: {lacks}\n")
            raise SystemExit(NOT_READY)
        return super().execute(*args, **options)


def missing() -> str:
    """In Vietnamese what is missing and the cure; "" when all is there."""
    from routing.loading import reference_data_ready

    try:
        state = reference_data_ready()
    except DatabaseError:
        return "cơ sở dữ liệu chưa sẵn sàng: chạy `manage.py migrate` rồi `manage.py loadrefdata`"
    return "" if state == "ok" else state
