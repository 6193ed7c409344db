"""How a command of the house ends that cannot do what was asked."""

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Refusing(BaseCommand):
    """Says one Vietnamese sentence with the cure on stderr, and no "CommandError:" before it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except CommandError as refused:
            by_hand = getattr(self, "_called_from_command_line", False)  # Django sets it
            if not by_hand or options.get("traceback"):
                raise
            self.stderr.write(str(refused))
            sys.exit(refused.returncode)

    def refuse(self, sentence: object, code: int = 2) -> NoReturn:
        """`code`: the exit status, by the conventions of every command (2: usage, or not ready)."""
        self.stderr.write(str(sentence))
        sys.exit(code)
