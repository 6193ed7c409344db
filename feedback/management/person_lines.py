"""Commands that answer JSON Lines as one person would see it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from accounts.models import User
from routing.jsonlines import JsonLinesCommand
from routing.ready import NOT_READY


class PersonLinesCommand(JsonLinesCommand):
    """`--as` says who asks; subclasses say `answer(line)` for `person`."""

    person: User

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as", dest="username", default="", help="tên người dùng")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            self.stderr.write(f"Cho biết ai hỏi bằng --as; không có người dùng {options['username']!r}.")
            raise SystemExit(NOT_READY)
        self.person = person
        super().handle(*args, **options)
