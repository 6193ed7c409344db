"""`manage.py petition`: what one person may see of one petition, at this or a pretended moment."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from accounts.models import User
from feedback import access, acting
from feedback.access import What
from routing.jsonlines import JsonLinesCommand, Line, LineError


class Command(JsonLinesCommand):
    help = "Xem một đơn như người đó được xem. Thoát 5 khi không có hoặc không được xem."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", nargs="?", help="mã đơn")
        parser.add_argument("--as", dest="username", default="", help="tên người dùng")
        parser.add_argument("--secret", default="", help="mã bí mật của người gửi")
        parser.add_argument("--at", default="", help="thời điểm giả định (HOIAM_CLOCK=open)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["code"]:
            super().handle(*args, **options)
            return
        line = {name: options[key] for name, key in (("code", "code"), ("as", "username"))}
        try:
            told = self.answer(line | {"secret": options["secret"], "at": options["at"]})
        except LineError as refused:
            self.stderr.write(str(refused))
            raise SystemExit(refused.exit_code) from None
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=None if options["json"] else 2))

    def answer(self, line: Line) -> Line:
        petition, actor = acting.find(
            str(line.get("code") or ""),
            username=str(line.get("as") or ""),
            secret=str(line.get("secret") or ""),
        )
        if isinstance(actor, User) and actor.pk != petition.petitioner_id:
            access.kept(actor, What.PETITION, petition=petition, page="manage.py petition")
        return acting.told_petition(petition, actor, now=acting.moment(line.get("at")))
