"""`manage.py workflow`: the whole table of actions, states and persons, as the house goes by it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from feedback.workflow import ACTIONS, Action, State


class Command(BaseCommand):
    help = "Bảng quy trình: mỗi dòng một thao tác và một trạng thái xuất phát."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="mỗi dòng một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        for action in ACTIONS.values():
            for source in (state for state in State if state in action.sources):
                line = row(action, source)
                self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else plain(line))


def row(action: Action, source: State) -> dict[str, Any]:
    """`to` is one state, or a list where it hangs on what was before or on who acts."""
    becomes = [state.value for state in State if state in action.becomes[source]]
    return {
        "action": action.name,
        "from": source.value,
        "to": becomes[0] if len(becomes) == 1 else becomes,
        "roles": action.roles_in(source),
        "kinds": sorted(kind.value for kind in action.kinds),
        "needs": [*action.needs, *action.needs_in.get(source, ())],
    }


def plain(line: dict[str, Any]) -> str:
    to = line["to"] if isinstance(line["to"], str) else " | ".join(line["to"])
    return f"{line['action']}: {line['from']} -> {to} ({', '.join(line['roles'])})"
