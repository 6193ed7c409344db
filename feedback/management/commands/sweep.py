"""`manage.py sweep`: one round of the clock: reminders, closings, retention."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from feedback import acting
from feedback.sweep import sweep
from routing.jsonlines import LineError
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = "Một vòng của đồng hồ: nhắc đơn quá hạn, đóng đơn hết hạn đánh giá, xóa theo quy tắc lưu giữ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--at", default="", help="thời điểm giả định (HOIAM_CLOCK=open)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            now = acting.moment_of_step(options["at"]) or timezone.now()
        except LineError as refused:
            self.stderr.write(str(refused))
            raise SystemExit(refused.exit_code) from None
        escalations = [
            {
                "code": said.code,
                "rung": said.rung,
                "fell_due_at": timezone.localtime(said.fell_due_at).isoformat(),
                "sent_to": list(said.sent_to),
            }
            for said in sweep(now=now)
        ]
        told = {"ran_at": timezone.localtime(now).isoformat(), "escalations": escalations}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"Đã nhắc {len(escalations)} đơn.")
