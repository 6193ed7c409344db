"""How a command of the house ends that cannot do what was asked."""

import sys
from typing import NoReturn

from django.core.management.base import BaseCommand


class Refusing(BaseCommand):
    """Says one Vietnamese sentence with the cure on stderr, and no "CommandError:" before it."""

    def refuse(self, sentence: object, code: int = 2) -> NoReturn:
        """`code`: the exit status, by the conventions of every command (2: usage, or not ready)."""
        self.stderr.write(str(sentence))
        sys.exit(code)
