"""`manage.py anchor`: sign the days that are over; the clock does it every hour."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from feedback import acting, anchors
from feedback.anchors import UnreadableError
from routing.jsonlines import LineError
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "Ký neo cho những ngày đã qua. In từng dòng neo và khóa công khai."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--at", default="", help="thời điểm giả định (HOIAM_CLOCK=open)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = anchors.make(now=acting.moment(options["at"]))
        except LineError as refused:
            self.stderr.write(str(refused))
            raise SystemExit(refused.exit_code) from None
        except UnreadableError as broken:
            self.stderr.write(f"{broken} Chưa ký thêm gì; lấy lại tệp từ bản giữ riêng hoặc bản sao lưu.")
            raise SystemExit(1) from None
        except OSError as error:
            why = error.strerror or "lỗi đĩa"
            self.stderr.write(f"Không ghi được neo vào {anchors.folder()}: {why}. Xem quyền và chỗ trống.")
            raise SystemExit(1) from None
        if options["json"]:
            told = {"made": [anchor.date.isoformat() for anchor in made], "key": anchors.public_key_hex()}
            self.stdout.write(json.dumps(told))
            return
        for anchor in made:
            self.stdout.write(anchor.line())
        self.stdout.write(f"Khóa công khai: {anchors.public_key_hex()}")
