"""`manage.py find`: petitions that hold what is asked for, of those that one person may see."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

import search
from accounts.models import User
from feedback import access
from feedback.access import What
from feedback.finding.looking import find, narrowed, read
from routing.jsonlines import JsonLinesCommand, Line, LineError, value_of
from routing.ready import NOT_READY


class Command(JsonLinesCommand):
    help = "Tìm đơn theo từ ngữ, mã, số điện thoại, nơi, lĩnh vực… trong các đơn mà người đó được xem."
    person: User

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as", dest="username", default="", help="tên người dùng")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            self.stderr.write(f"Cho biết ai tìm bằng --as; không có người dùng {options['username']!r}.")
            raise SystemExit(NOT_READY)
        self.person = person
        super().handle(*args, **options)

    def answer(self, line: Line) -> Line:
        sought = narrowed(read(value_of(line, "q", str, "")), _filters(value_of(line, "filters", dict, {})))
        try:
            page, rows = find(self.person, sought, after=value_of(line, "after", str, ""))
        except search.Unavailable as away:
            raise LineError(str(away)) from None
        access.kept(self.person, What.SEARCH, page="manage.py find", rows=len(rows))
        return {
            "total": page.total,
            "codes": [row.code for row in rows],
            "after": page.after,
            "engine": page.engine,
            "took_ms": page.took_ms,
        }


def _filters(told: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Each fact has one value or several."""
    return {
        str(fact): frozenset(map(str, values if isinstance(values, list) else [values]))
        for fact, values in told.items()
    }
