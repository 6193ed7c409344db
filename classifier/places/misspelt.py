"""Names written as they sound, or with one wrong letter."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

_ENOUGH = 6  # letters that a name must sound of before one of them may be wrong

# Sounds that writers take for each other, by the beginning and the end of a folded syllable.
_BEGINNINGS = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "c"), ("ch", "c"), ("gi", "d"), ("qu", "cu"), ("k", "c"), ("q", "c"),
    ("r", "d"), ("s", "x"), ("l", "n"),
)  # fmt: skip
_ENDINGS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=50_000)
def _sound(syllable: str) -> str:
    for written, heard in _BEGINNINGS:
        if syllable.startswith(written):
            rest = syllable[len(written) :]
            # "gi" before a consonant holds the vowel itself: "gìn".
            syllable = heard + rest if written != "gi" or rest[:1] in _VOWELS else f"d{syllable[1:]}"
            break
    for written, heard in _ENDINGS:
        if syllable.endswith(written):
            syllable = syllable[: -len(written)] + heard
            break
    return syllable.replace("y", "i")


def sound(name: str) -> str:
    """How a folded name sounds to who takes s for x, ch for tr, d for gi or r, n for l, n for ng, t for c."""
    return " ".join(map(_sound, name.split()))


class Misspelt:
    """Finds the known names that a stretch of folded words may have been meant as."""

    def __init__(self, names: Iterable[str]) -> None:
        self._heard: dict[str, list[str]] = defaultdict(list)
        self._lacking: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if " " in name:
                self._heard[sound(name)].append(name)
        for heard in self._heard:
            if len(heard) >= _ENOUGH:
                for lacking in set(_without_one(heard)):
                    self._lacking[lacking].append(heard)
        self.alike = lru_cache(maxsize=64)(self._alike)  # a stretch is looked up thrice in a row

    def _alike(self, written: str) -> tuple[tuple[int, str], ...]:
        """(letters heard wrong, name) by sound, one letter at most, or two that changed places."""
        heard = sound(written)
        found = {heard} if heard in self._heard else set()
        if len(heard) >= _ENOUGH - 1:
            found.update(self._lacking.get(heard, ()))
        if len(heard) >= _ENOUGH:
            for lacking in set(_without_one(heard)):
                found.update([lacking] if lacking in self._heard else ())
                found.update(other for other in self._lacking.get(lacking, ()) if len(other) == len(heard))
            found.update(other for other in _swapped(heard) if other in self._heard)
        return tuple((int(heard != other), name) for other in sorted(found) for name in self._heard[other])


def _without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _swapped(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def begins_otherwise(one: str, other: str) -> int:
    """How many syllables of two folded names begin with letters that sound otherwise: rarely a slip."""
    return sum(mine != yours for mine, yours in zip(_begun(one), _begun(other), strict=False))


@lru_cache(maxsize=20_000)
def _begun(name: str) -> str:
    """The first letters of the syllables as they sound."""
    return "".join(syllable[0] for syllable in sound(name).split())


def edits(one: str, other: str) -> int:
    """Letters and marks to change, add or drop (Levenshtein)."""
    one, other = unicodedata.normalize("NFD", one), unicodedata.normalize("NFD", other)
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for column, beside in enumerate(other, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (letter != beside)),
            )
    return row[-1]
