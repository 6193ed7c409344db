"""`manage.py prepare`: everything before the doors open, for a house of many machines."""

from typing import Any

from config import preparation
from config.management.refusing import Refusing


class Command(Refusing):
    help = "Chuẩn bị cơ sở dữ liệu, dữ liệu nền, tệp giao diện. Chạy lại được; “start” tự làm việc này."

    def handle(self, *args: Any, **options: Any) -> None:
        for step in preparation.steps():
            self.stdout.write(step)
