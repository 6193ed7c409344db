"""How rare a word is: of the texts that the classifier learns from (synthetic) how many hold it, folded; and
which two syllables are one word, for where the one stands the other mostly does.

Tables and not the index itself: so every engine weighs alike, and no order tells what others' petitions say.
`python -c "from search import rarity; rarity.write()"` makes them anew after those texts changed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from classifier.examples import from_file
from search.folding import folded, written

ROWS = Path(__file__).parent / "data" / "rarity.csv"
PAIRS = Path(__file__).parent / "data" / "bound.csv"
TEXTS = Path(__file__).parents[1] / "classifier" / "data" / "train.jsonl"
LEAST = 3  # texts: what fewer hold is not worth a row
LEAST_BOUND, BOUND = 10, 0.5  # texts that hold the two side by side, of those that hold the rarer one


def rarity(word: str) -> float:
    """Of a folded word: 0 if every text had it, 10 if none has."""
    texts, counts = _table()
    return math.log(1 + texts / (1 + counts.get(word, 0)))


@cache
def _table() -> tuple[int, Mapping[str, int]]:
    rows = [line.split(",") for line in ROWS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    counts = {word: int(count) for word, count in rows}
    return counts.pop(""), counts


def bound(one: str, other: str) -> bool:
    """Whether two folded syllables, one behind the other, are one word: "khieu nai"."""
    return (one, other) in _bound()


@cache
def _bound() -> frozenset[tuple[str, ...]]:
    rows = PAIRS.read_text(encoding="utf-8").splitlines()
    return frozenset(tuple(row.split()) for row in rows if row[0] != "#")


def lines(texts: Iterable[str]) -> list[str]:
    """The table of these texts: how many they are, then each word with how many hold it."""
    every = [set(folded(written(text))) for text in texts]
    counts = Counter(word for words in every for word in words)
    rows = sorted((word, count) for word, count in counts.items() if count >= LEAST)
    return [f",{len(every)}", *(f"{word},{count}" for word, count in rows)]


def bound_lines(texts: Iterable[str]) -> list[str]:
    """Of these texts the words of two syllables."""
    every = [folded(written(text)) for text in texts]
    counts = Counter(word for words in every for word in set(words))
    pairs = Counter(pair for words in every for pair in set(pairwise(words)))
    return sorted(
        f"{one} {other}"
        for (one, other), count in pairs.items()
        if count >= LEAST_BOUND
        and count >= BOUND * min(counts[one], counts[other])
        and one != other
        and f"{one}{other}".isalpha()
    )


def write() -> None:
    texts = [one.text for one in from_file(TEXTS)]
    head = "# Word without diacritics, in how many texts of classifier/data/train.jsonl (synthetic, ours)."
    pairs = "# Two syllables that are one word wherever classifier/data/train.jsonl holds the rarer, mostly."
    for path, told in ((ROWS, [head, *lines(texts)]), (PAIRS, [pairs, *bound_lines(texts)])):
        path.write_text("\n".join(told) + "\n", encoding="utf-8")
