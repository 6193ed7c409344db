"""Everyday words that a place is called like, or nearly: "xã đồng ý", "phuong chua giai quyet", "van ban"."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

from classifier.text import fold

from .page import Page, spelling

SHIPPED = Path(__file__).parents[1] / "data" / "everyday.csv"
BARE = SHIPPED.with_name("everyday_names.csv")
_FAR = 4  # a name of elsewhere is told so many times less often than in its province


@cache
def _known() -> dict[bool, frozenset[str]]:
    """By whether their writer uses marks."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        words = [row["words"] for row in csv.DictReader(file)]
    return {True: frozenset(map(spelling, words)), False: frozenset(map(fold, words))}


def is_everyday(page: Page, first: int, last: int) -> bool:
    """Whether some words are everyday ones, as far as the corpus has them and a commune is near them."""
    return page.word(first, last) in _known()[page.marked]


@cache
def _bare() -> dict[bool, dict[str, tuple[int, int]]]:
    """By whether marks are used: how often words are everyday ones, and how often a name."""
    with BARE.open(encoding="utf-8", newline="") as file:
        lines = [(row["words"], int(row["small"]), int(row["named"])) for row in csv.DictReader(file)]
    found = {}
    for marked in (True, False):
        small, named = Counter[str](), Counter[str]()
        for words, one, other in lines:
            said = spelling(words) if marked else fold(words)
            small[said] += one
            named[said] += other
        found[marked] = {said: (often, named[said]) for said, often in small.items() if often}
    return found


def often_a_word(page: Page, first: int, last: int) -> bool:
    """Whether a bare name is everyday words often enough to be none in another province."""
    small, named = _bare()[page.marked].get(page.word(first, last), (0, 0))
    return small * _FAR > named


def mostly_a_word(page: Page, first: int, last: int) -> bool:
    """The same where it is one of the home province, which is told oftener there than in the corpus."""
    small, named = _bare()[page.marked].get(page.word(first, last), (0, 0))
    return small > named * _FAR
