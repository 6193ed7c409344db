"""Everyday words that a place is called like, counted in the corpus: `python -m classifier.everyday`."""

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from .places import Gazetteer, shipped
from .places.everyday import BARE, SHIPPED
from .places.words import MARKED
from .text import fold

_DATA = Path(__file__).parent / "data"
CORPUS = _DATA / "train.jsonl"
BY_HAND = _DATA / "everyday_by_hand.txt"  # words that the corpus has too seldom
BARE_BY_HAND = _DATA / "everyday_names_by_hand.txt"  # the same of names that need no type

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|\n")
_COMMUNE = ("xã", "phường")
# Right behind one of these small words may be a name in small letters.
_NAMERS = frozenset([*(word for marked in MARKED.values() for word in marked.split()), "tp", "p", "q"])
_SOCIETY = "hội"  # behind "xã" one word with it
_OFTEN = 2  # times a pair of words stands elsewhere than behind a unit's type
_LONGEST = 4  # words of a name that everyday ones make


def counted(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Pairs of small words behind no type and right behind "xã" and "phường", of who writes capitals."""
    free, behind = Counter[str](), Counter[str]()
    for words in _with_capitals(texts):
        for before, one, other in zip(["", *words], words, words[1:], strict=False):
            if one.islower() and other.islower():
                if before.lower() in _COMMUNE and one != _SOCIETY:
                    behind[f"{one} {other}"] += 1
                elif before.lower() not in _NAMERS:
                    free[f"{one} {other}"] += 1
    return free, behind


def _with_capitals(texts: Iterable[str]) -> Iterator[list[str]]:
    """The words and signs of each text whose writer writes names with capitals."""
    for text in texts:
        words = _TOKEN.findall(unicodedata.normalize("NFC", text))
        if sum(word[0].isupper() for word in words) > 1 and not text.isupper():
            yield words


def counted_bare(texts: Iterable[str], known: Gazetteer) -> tuple[Counter[str], Counter[str]]:
    """How often words that fold to a name without a type stand in small letters, and as a name; behind a type
    small ones may be a name that is spelt so.
    """
    small, told = Counter[str](), Counter[str]()
    names = known.loud
    begin = {name.split(" ", 1)[0] for name in names}
    for words in _with_capitals(texts):
        folded = [fold(word) for word in words]
        for at in [at for at, word in enumerate(folded) if word in begin]:
            for end in range(at + 2, min(at + _LONGEST, len(words)) + 1):
                if " ".join(folded[at:end]) in names:
                    said = " ".join(words[at:end]).lower()
                    if not words[end - 1].islower():
                        told[said] += 1
                    elif at == 0 or words[at - 1].lower() not in _NAMERS or not known.is_spelt(said):
                        small[said] += 1
    return small, told


def bare_rows(texts: Iterable[str], by_hand: Set[str], known: Gazetteer) -> Iterator[tuple[str, int, int]]:
    """(words, times in small letters, times as a name) of what folds to the name of a district, a province
    or a landmark, of those that are everyday ones at least once; what is by hand never counts as a name.
    """
    small, told = counted_bare(texts, known)
    small.update(by_hand)
    for words in by_hand:
        del told[words]
    everyday = set(map(fold, small))
    yield from (
        (words, small[words], told[words]) for words in sorted({*small, *told}) if fold(words) in everyday
    )


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


def build(into: Path, bare: Path) -> None:
    """Write both tables; the same corpus and gazetteer give the same bytes."""
    with CORPUS.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    known = shipped()
    _write(into, ("words", "elsewhere", "behind"), rows(texts, _by_hand(BY_HAND), known))
    _write(bare, ("words", "small", "named"), bare_rows(texts, _by_hand(BARE_BY_HAND), known))


def _by_hand(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split("\n")[:-1])


def _write(path: Path, columns: tuple[str, ...], lines: Iterable[tuple[str, int, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(lines)


if __name__ == "__main__":
    build(SHIPPED, BARE)
