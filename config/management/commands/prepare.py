"""`manage.py prepare`: everything before the doors open, for a house of many machines."""

from typing import Any

from django.core.management.base import BaseCommand

from config import preparation


class Command(BaseCommand):
    help = "Chuẩn bị cơ sở dữ liệu, dữ liệu nền, tệp giao diện. Chạy lại được; “start” tự làm việc này."

    def handle(self, *args: Any, **options: Any) -> None:
        for step in preparation.steps():
            self.stdout.write(step)
