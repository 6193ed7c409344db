"""Everyday words that a commune is called like, or nearly: "xã đồng ý", "phuong chua giai quyet"."""

import csv
from functools import cache
from pathlib import Path

from classifier.text import fold

from .page import Page, spelling

SHIPPED = Path(__file__).parents[1] / "data" / "everyday.csv"


@cache
def _known() -> dict[bool, frozenset[str]]:
    """By whether their writer uses marks."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        words = [row["words"] for row in csv.DictReader(file)]
    return {True: frozenset(map(spelling, words)), False: frozenset(map(fold, words))}


def is_everyday(page: Page, first: int, last: int) -> bool:
    """Whether some words are everyday ones, as far as the corpus has them and a commune is near them."""
    return page.word(first, last) in _known()[page.marked]
