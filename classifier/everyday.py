"""Everyday words that a commune is called like, counted in the corpus: `python -m classifier.everyday`."""

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from .places import Gazetteer, shipped
from .places.everyday import SHIPPED
from .places.words import MARKED
from .text import fold

CORPUS = Path(__file__).parent / "data" / "train.jsonl"
BY_HAND = Path(__file__).parent / "data" / "everyday_by_hand.txt"  # words that the corpus has too seldom

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|\n")
_COMMUNE = ("xã", "phường")
# Right behind one of these small words may be a name in small letters.
_NAMERS = frozenset([*(word for marked in MARKED.values() for word in marked.split()), "tp", "p", "q"])
_SOCIETY = "hội"  # behind "xã" one word with it
_OFTEN = 2  # times a pair of words stands elsewhere than behind a unit's type


def counted(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Pairs of small words behind no type and right behind "xã" and "phường", of who writes capitals."""
    free, behind = Counter[str](), Counter[str]()
    for text in texts:
        words = _TOKEN.findall(unicodedata.normalize("NFC", text))
        if sum(word[0].isupper() for word in words) < 2 or text.isupper():
            continue
        for before, one, other in zip(["", *words], words, words[1:], strict=False):
            if one.islower() and other.islower():
                if before.lower() in _COMMUNE and one != _SOCIETY:
                    behind[f"{one} {other}"] += 1
                elif before.lower() not in _NAMERS:
                    free[f"{one} {other}"] += 1
    return free, behind


def rows(texts: Iterable[str], by_hand: Set[str], known: Gazetteer) -> Iterator[tuple[str, int, int]]:
    """(words, times elsewhere, times behind a type) of the everyday ones that may be taken for a commune.

    Those behind "xã" and "phường" as far as a name is near them, others where a commune is called so.
    """
    free, behind = counted(texts)
    for words in sorted({*free, *behind, *by_hand}):
        often, follows = free[words], behind[words]
        # Without marks a ward of another name is meant as often: "hai văn" stands behind "phường" once.
        nearly = follows >= (_OFTEN if known.knows(fold(words)) else 1)
        everyday = often >= _OFTEN or (often and follows) or words in by_hand
        if everyday and known.may_mean(words, nearly=nearly):
            yield words, often, follows


def build(into: Path) -> None:
    """Write the table; the same corpus and gazetteer give the same bytes."""
    with CORPUS.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    by_hand = frozenset(BY_HAND.read_text(encoding="utf-8").split("\n")[:-1])
    with into.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("words", "elsewhere", "behind"))
        table.writerows(rows(texts, by_hand, shipped()))


if __name__ == "__main__":
    build(SHIPPED)
