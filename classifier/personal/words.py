"""Words around personal data, looked up with marks where a writer uses them and folded where not."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from ..text import fold
from .page import STRETCH, Page

_DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Words:
    """Words as one looks them up in a text: with marks where the writer uses them, folded where not."""

    marked: frozenset[str]
    folded: frozenset[str]

    def has(self, page: Page, word: str, *, plain: bool = False) -> bool:
        """`plain`: the words around are without marks, whatever the others of the text are."""
        return word in (self.folded if plain or not page.is_marked else self.marked)


@dataclass(frozen=True)
class Pattern:
    """The same expression twice: for who writes with marks, and for folded text."""

    marked: re.Pattern[str]
    folded: re.Pattern[str]

    def of(self, page: Page, around: str = "") -> re.Pattern[str]:
        """The one that fits how the words `around` are written; without a line of them, the whole text."""
        plain = around.isascii() if len(around) >= STRETCH else not page.is_marked
        return self.folded if plain else self.marked


def vocabulary(text: str, but: str = "") -> Words:
    """`but`: what is no such word when folded."""
    marked = frozenset(word.strip() for word in text.replace("\n", "|").split("|") if word.strip())
    return Words(marked, frozenset(map(fold, marked)) - frozenset(but.split()))


def pattern(form: str, *words: Words) -> Pattern:
    """A pattern in which each `%s` stands for one of the words."""
    marked = tuple(_alternatives(of.marked) for of in words)
    folded = tuple(_alternatives(of.folded) for of in words)
    return Pattern(re.compile(form % marked), re.compile(form % folded))


def _alternatives(words: frozenset[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


def lines(name: str) -> list[str]:
    rows = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [row.lower() for row in rows if row[:1] not in ("", "#")]


def rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


STREETS = vocabulary("|".join(lines("street_names.txt")))
FAMILIES = vocabulary("|".join(row.removesuffix(" ?") for row in lines("surnames.txt")))
SURE_FAMILIES = vocabulary("|".join(row for row in lines("surnames.txt") if not row.endswith(" ?")))
GIVEN = vocabulary("|".join("|".join(row.split()) for row in lines("given_names.txt")))
MIDDLES = vocabulary(
    "|".join(
        "|".join(row.partition(":")[2].split())
        for row in lines("people.txt")
        if row.startswith(("woman:", "man:"))
    )
)
