"""Which rows of a model's table a text speaks for: those of its syllables and of their neighbouring pairs."""

import re
from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .text import fold

Rows = NDArray[np.signedinteger[Any]]

FOLDED = "~"  # before a term without diacritics: what is written with others, or with none, still speaks
_WORD = re.compile(r"\w+")
_KEPT, _SHORT = 10_000, 24  # words that a process remembers, and how many code points they have at most


def syllables(text: str) -> list[str]:
    """The lower-cased syllables of an NFC text."""
    return _WORD.findall(text.lower())


_Word = tuple[str, str, bytes, bytes]


class Told(NamedTuple):
    """Of each word of a text its syllables as written and folded, with blanks between them; their numbers."""

    written: tuple[str, ...]
    folded: tuple[str, ...]
    numbers: tuple[bytes, ...]  # as numpy has them
    folded_numbers: tuple[bytes, ...]


class Vocabulary(dict[str, _Word]):
    """What stands between two blanks -> its syllables, each worked out when it is first seen.

    Terms are of one or two syllables. A pair is looked up as a number made of its two syllables: of the few
    thousand syllables a processor keeps at hand what it has just seen, of 200,000 pairs it does not.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        """`terms`: in the order of their rows, from 0."""
        numbers: dict[str, int] = {}
        alone, alone_rows, firsts, seconds, pair_rows = (array("i") for _ in range(5))
        for row, term in enumerate(terms):
            first, blank, second = term.partition(" ")
            number = numbers.setdefault(first, len(numbers))
            if blank:
                said = f"{FOLDED}{second}" if first.startswith(FOLDED) else second
                firsts.append(number)
                seconds.append(numbers.setdefault(said, len(numbers)))
                pair_rows.append(row)
            else:
                alone.append(number)
                alone_rows.append(row)
        self._numbers, self._nowhere = numbers, len(numbers)
        # As narrow as the numbers of pairs allow: of less a processor keeps more at hand.
        self._width = "i" if (len(numbers) + 1) ** 2 <= 2**31 else "q"
        self._between = array(self._width, [self._nowhere]).tobytes()
        # Number -> row, -1 where it stands in pairs alone; the last for a syllable that stands nowhere.
        self._alone = np.full(len(numbers) + 1, -1, dtype="i")
        self._alone[alone] = alone_rows
        width = self._width
        pairs = self._pairs_of(np.array(firsts, dtype=width), np.array(seconds, dtype=width))
        order = pairs.argsort()
        self._pairs, self._pair_rows = pairs[order], np.array(pair_rows, dtype="i")[order]

    def _pairs_of(self, firsts: Rows, seconds: Rows) -> Rows:
        return firsts * (self._nowhere + 1) + seconds

    def __missing__(self, between: str) -> _Word:
        written, folded = syllables(between), syllables(fold(between))
        get, nowhere = self._numbers.get, self._nowhere
        word = (
            " ".join(written),
            " ".join(folded),
            array(self._width, [get(said, nowhere) for said in written]).tobytes(),
            array(self._width, [get(f"{FOLDED}{said}", nowhere) for said in folded]).tobytes(),
        )
        if len(self) < _KEPT and len(between) <= _SHORT:
            self[between] = word
        return word

    def told(self, text: str) -> Told:
        """What an NFC text says."""
        return Told(*zip(*map(self.__getitem__, text.split(" ")), strict=True))

    def rows(self, told: Told) -> Rows:
        """The rows of the known terms in a text, as often as they stand there."""
        every = b"".join((*told.numbers, self._between, *told.folded_numbers))
        numbers = np.frombuffer(every, dtype=self._width)
        alone = self._alone[numbers]
        return np.concatenate([alone[alone >= 0], self._rows_of_pairs(numbers)])

    def _rows_of_pairs(self, numbers: Rows) -> Rows:
        if not len(self._pairs):
            return np.empty(0, dtype="i")
        asked = self._pairs_of(numbers[:-1], numbers[1:])
        asked.sort()  # neighbours in the table are found one by the other
        at = np.minimum(self._pairs.searchsorted(asked), len(self._pairs) - 1)
        known: Rows = self._pair_rows[at[self._pairs[at] == asked]]
        return known
