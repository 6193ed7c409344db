"""`manage.py compare_index`: whether what is found is what stands in the database; exit 1 where it is not."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

import search
from feedback.finding.indexing import compare
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "So chỉ mục tìm kiếm với cơ sở dữ liệu. Thoát 1 khi có chỗ lệch; --repair: sửa luôn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--repair", action="store_true", help="ghi lại những gì lệch; khi đó thoát 0")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drift = compare(repair=options["repair"])
        except search.Unavailable as away:
            self.stderr.write(str(away))
            raise SystemExit(1) from None
        said = "Đã so {compared} đơn: thiếu {missing}, khác {other}, thừa {surplus}."
        told = asdict(drift)
        self.stdout.write(json.dumps(told) if options["json"] else said.format(**told))
        if drift.found and not options["repair"]:
            raise SystemExit(1)
