"""`manage.py reset_second_factor NAME`: when no administrator is left who could do it in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management.base import CommandParser

from accounts import second_factor
from accounts.models import User
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "Đặt lại xác thực hai bước của một người; lần đăng nhập sau phải thiết lập lại."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            self.stderr.write(f"Không có người dùng {options['username']!r}.")
            raise SystemExit(5)
        if not second_factor.forget(person):
            self.stderr.write(f"{person.username} chưa thiết lập xác thực hai bước.")
            raise SystemExit(3)
        # Who stood at the machine is not known here; the history says that it was done there, and when.
        LogEntry.objects.log_actions(
            person.pk,
            [person],
            CHANGE,
            "Đặt lại xác thực hai bước bằng lệnh trên máy chủ",
            single_object=True,
        )
        self.stdout.write(f"Đã đặt lại xác thực hai bước của {person.username}.")
