"""`manage.py verify`: whether any step, word, state or anchor was changed behind the house's back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from feedback.anchors import UnreadableError
from feedback.verification import verify
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "Kiểm tra chuỗi bước, lời, trạng thái và neo của mọi đơn. Thoát 1 khi có gì không khớp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--anchors", type=Path, metavar="THƯ_MỤC", help="đối chiếu thêm với bản neo giữ riêng ở nơi khác"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = verify(copy=options["anchors"])
        except UnreadableError as broken:
            self.stderr.write(str(broken))
            raise SystemExit(2) from None
        if options["json"]:
            told = {
                "petitions": report.petitions,
                "steps": report.steps,
                "anchors": report.anchors,
                "bad": [asdict(fault) for fault in report.bad],
                "ok": report.ok,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for fault in report.bad:
                self.stdout.write(f"{fault.code or '-'} #{fault.seq}: {fault.why}")
            self.stdout.write(f"{report.petitions} đơn, {report.steps} bước, {report.anchors} neo")
        if not report.ok:
            raise SystemExit(1)
