"""Which rows of a model's table the syllables of a text have, and their neighbouring pairs."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class Vocabulary:
    """Terms of one or two syllables and their rows.

    A syllable is looked up as a word, a pair as a number made of its two syllables: of the few thousand
    syllables a processor keeps at hand what it has just seen, of 200,000 pairs it does not.
    """

    def __init__(self, terms: Iterable[tuple[str, int]]) -> None:
        self._numbers: dict[str, int] = {}  # syllable -> its number
        single: list[int] = []  # number -> row, -1 where it stands in pairs alone
        pairs: list[tuple[int, int, int]] = []
        for term, row in terms:
            first, _, second = term.partition(" ")
            if second:
                pairs.append((self._number(first, single), self._number(second, single), row))
            else:
                single[self._number(first, single)] = row
        self._single = np.array([*single, -1], dtype=np.int64)  # the last for a syllable that stands nowhere
        self._size = len(single) + 1
        made = np.array(pairs, dtype=np.int64).reshape(-1, 3)
        keys = made[:, 0] * self._size + made[:, 1]
        order = keys.argsort()
        self._pairs, self._pair_rows = keys[order], made[order, 2]

    def _number(self, syllable: str, single: list[int]) -> int:
        number = self._numbers.setdefault(syllable, len(single))
        if number == len(single):
            single.append(-1)
        return number

    def rows(self, syllables: Sequence[str]) -> Rows:
        """The rows of the known terms in a text, as often as they stand there."""
        if not syllables:
            return np.empty(0, dtype=np.int64)
        nowhere = self._size - 1
        get = self._numbers.get
        numbers = np.array([get(syllable, nowhere) for syllable in syllables], dtype=np.int64)
        single = self._single[numbers]
        return np.concatenate([single[single >= 0], self._rows_of_pairs(numbers)])

    def _rows_of_pairs(self, numbers: Rows) -> Rows:
        if not len(self._pairs):
            return np.empty(0, dtype=np.int64)
        asked = numbers[:-1] * self._size + numbers[1:]
        at = np.minimum(self._pairs.searchsorted(asked), len(self._pairs) - 1)
        known: Rows = self._pair_rows[at[self._pairs[at] == asked]]
        return known
