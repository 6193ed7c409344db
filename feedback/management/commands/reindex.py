"""`manage.py reindex`: what is found made anew beside what is found meanwhile; prints how many documents."""

import json
import sqlite3
import time
from typing import Any

from django.core.management.base import CommandParser

import search
from feedback.finding.indexing import reindex
from routing.ready import ReadyCommand
from search.engines import chosen


class Command(ReadyCommand):
    help = "Lập lại chỉ mục tìm kiếm từ cơ sở dữ liệu; trong lúc lập vẫn tìm được bằng bản cũ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--from-nothing",
            action="store_true",
            help="xóa bản cũ trước: sau khi phục hồi một bản sao lưu cũ hơn; chưa lập xong thì chưa tìm đủ",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            if options["from_nothing"]:
                chosen().clear()
            told: dict[str, Any] = reindex()
        except search.Unavailable as away:
            self.stderr.write(f"{away} {_cause(away)}".strip())
            raise SystemExit(1) from None
        told |= {"seconds": round(time.monotonic() - began, 1)}
        said = "Đã lập lại chỉ mục: công khai {public}, thường {desk}, để riêng {sealed}; {seconds} giây."
        self.stdout.write(json.dumps(told) if options["json"] else said.format(**told))


def _cause(away: search.Unavailable) -> str:
    """For whoever has to mend it: what SQLite or the disk says; of a server's answer, which may quote words,
    its name alone."""
    match away.__cause__:
        case None:
            return ""
        case sqlite3.Error() | OSError() as fault:
            return f"({fault})"
        case fault:
            return f"({type(fault).__name__})"
