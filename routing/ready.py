"""Commands that need the tables of this version and reference data, and say in a line what is lacking."""

from __future__ import annotations

import logging
import pkgutil
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder

NOT_READY = 2
AWAY = (
    "không mở được cơ sở dữ liệu; kiểm tra DATABASE_URL (máy chủ có chạy không, cổng, tên, mật khẩu),"
    " hoặc quyền và chỗ trống của thư mục dữ liệu."
)
EMPTY = "chưa có cơ sở dữ liệu; chạy “make start”, hoặc “manage.py prepare”."
OLDER = (
    "cơ sở dữ liệu còn của bản trước (thiếu {} bước chuyển đổi); dừng hệ thống, sao lưu rồi chạy"
    " “manage.py prepare” (“make start” tự làm việc này)."
)
NEWER = (
    "cơ sở dữ liệu của bản mới hơn mã nguồn này ({}); cài bản phát hành mới, hoặc khôi phục bản sao lưu"
    " làm trước khi nâng cấp vào nơi trống."
)


class ReadyCommand(BaseCommand):
    """Refuses to begin (exit 2, the cure on stderr) before the house is set up and of this version."""

    needs_reference_data = True

    def execute(self, *args: Any, **options: Any) -> str | None:
        if lacks := missing() if self.needs_reference_data else missing_tables():
            (options.get("stderr") or self.stderr).write(f"Chưa sẵn sàng: {lacks}\n")
            raise SystemExit(NOT_READY)
        return super().execute(*args, **options)


def missing() -> str:
    """In Vietnamese what is missing and the cure; "" when all is there."""
    from routing.loading import reference_data_ready

    if lacks := missing_tables():
        return lacks
    state = reference_data_ready()
    return "" if state == "ok" else state


def missing_tables() -> str:
    """In Vietnamese why the database does not fit this code, and the cure; "" when it does."""
    pool = logging.getLogger("psycopg.pool")
    pool.setLevel(logging.ERROR)  # our one sentence says it
    try:
        applied = applied_migrations()
    except (DatabaseError, InterfaceError):
        return AWAY
    finally:
        pool.setLevel(logging.NOTSET)
    if not applied:
        return EMPTY
    if waiting := shipped_migrations() - applied:
        return OLDER.format(len(waiting))
    return newer(applied)


def newer(applied: set[tuple[str, str]]) -> str:
    """In Vietnamese what a database holds that this code does not know, and the cure; "" if nothing."""
    known = shipped_migrations()
    labels = {label for label, _name in known}
    unknown = sorted(".".join(one) for one in applied - known if one[0] in labels)
    return NEWER.format(unknown[-1]) if unknown else ""


def applied_migrations() -> set[tuple[str, str]]:
    """(app, name) of each that this database has seen; empty without the table that keeps them."""
    return set(MigrationRecorder(connection).applied_migrations())


def shipped_migrations() -> set[tuple[str, str]]:
    """(app, name) of each in this code, by names of files alone: none is read, a command begins at once."""
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in pkgutil.iter_modules([f"{app.path}/migrations"])
        if module.name[0] not in "_~"
    }
