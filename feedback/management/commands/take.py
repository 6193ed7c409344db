"""`manage.py take`: one action on one petition, or one a line; the same door as every page."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from feedback import acting
from routing.jsonlines import JsonLinesCommand, Line, LineError


class Command(JsonLinesCommand):
    help = "Một thao tác trên một đơn. Thoát 2 thiếu, 3 không đúng lúc, 4 không có quyền, 5 không có đơn."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", nargs="?", help="mã đơn")
        parser.add_argument("action", nargs="?", help="thao tác, xem manage.py workflow")
        parser.add_argument("--as", dest="username", default="", help="tên người dùng")
        parser.add_argument("--secret", default="", help="mã bí mật của người gửi")
        parser.add_argument("--fact", action="append", default=[], metavar="tên=giá trị")
        parser.add_argument("--note", default="")
        parser.add_argument("--at", default="", help="thời điểm giả định (HOIAM_CLOCK=open)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["code"]:
            super().handle(*args, **options)
            return
        try:
            told = acting.act(
                {
                    "code": options["code"],
                    "action": options["action"],
                    "as": options["username"],
                    "secret": options["secret"],
                    "facts": acting.facts_of(options["fact"]),
                    "note": options["note"],
                    "at": options["at"],
                }
            )
        except LineError as refused:
            self.stderr.write(str(refused))
            raise SystemExit(refused.exit_code) from None
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else plain(told))

    def answer(self, line: Line) -> Line:
        return acting.act(line)


def plain(told: dict[str, Any]) -> str:
    change = f"{told['before']} -> {told['after']}"
    return f"{told['code']} #{told['seq']} {told['action']}: {change}, hạn {told['due']}"
