"""`manage.py rebuild_counts`: the day's cube made anew from all Steps; prints how many rows it holds."""

import json
import time
from typing import Any

from django.core.management.base import CommandParser

from feedback.cube.counting import rebuild
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "Đếm lại toàn bộ số liệu từng ngày từ các bước đã ghi. Chạy lại được; trong lúc chạy không ai đếm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        told = {"rows": rebuild(), "seconds": round(time.monotonic() - began, 1)}
        said = f"Đã đếm lại: {told['rows']} dòng, {told['seconds']} giây."
        self.stdout.write(json.dumps(told) if options["json"] else said)
