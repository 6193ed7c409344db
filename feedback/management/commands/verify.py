"""`manage.py verify`: whether any step, word, state or anchor was changed behind the house's back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from feedback.verification import verify


class Command(BaseCommand):
    help = "Kiểm tra chuỗi bước, lời, trạng thái và neo của mọi đơn. Thoát 1 khi có gì không khớp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify()
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
