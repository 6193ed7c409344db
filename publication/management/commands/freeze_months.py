"""`manage.py freeze_months`: publish the figures of the months that are over; prints which."""

import json
from typing import Any

from django.core.management.base import CommandParser

from publication.freezing import freeze
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "Chốt và công bố số liệu của các tháng đã qua. Tháng đã chốt không đổi nữa; chạy lại được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        months = [f"{month:%Y-%m}" for month in freeze()]
        said = f"Đã chốt {len(months)} tháng: {', '.join(months)}." if months else "Không có tháng nào mới."
        self.stdout.write(json.dumps({"months": months}) if options["json"] else said)
