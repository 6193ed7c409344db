"""How rare a word is: of the texts that the classifier learns from (synthetic) how many hold it, folded.

A table and not the index itself: so every engine weighs alike, and no order tells what others' petitions say.
`python -c "from search import rarity; rarity.write()"` makes it anew after those texts changed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from classifier.examples import from_file
from search.folding import folded, written

ROWS = Path(__file__).parent / "data" / "rarity.csv"
TEXTS = Path(__file__).parents[1] / "classifier" / "data" / "train.jsonl"
LEAST = 3  # texts: what fewer hold is not worth a row


def rarity(word: str) -> float:
    """Of a folded word: 0 if every text had it, 10 if none has."""
    texts, counts = _table()
    return math.log(1 + texts / (1 + counts.get(word, 0)))


@cache
def _table() -> tuple[int, Mapping[str, int]]:
    rows = [line.split(",") for line in ROWS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    counts = {word: int(count) for word, count in rows}
    return counts.pop(""), counts


def lines(texts: Iterable[str]) -> list[str]:
    """The table of these texts: how many they are, then each word with how many hold it."""
    every = [set(folded(written(text))) for text in texts]
    counts = Counter(word for words in every for word in words)
    rows = sorted((word, count) for word, count in counts.items() if count >= LEAST)
    return [f",{len(every)}", *(f"{word},{count}" for word, count in rows)]


def write() -> None:
    head = "# Word without diacritics, in how many texts of classifier/data/train.jsonl (synthetic, ours)."
    told = [head, *lines(one.text for one in from_file(TEXTS))]
    ROWS.write_text("\n".join(told) + "\n", encoding="utf-8")
