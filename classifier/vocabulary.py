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
        known = list(terms)
        single = {term: row for term, row in known if " " not in term}
        pairs = [(*term.partition(" "), row) for term, row in known if " " in term]
        firsts, seconds = [one for one, _, _, _ in pairs], [two for _, _, two, _ in pairs]
        syllables = dict.fromkeys([*single, *firsts, *seconds])
        numbers = {syllable: number for number, syllable in enumerate(syllables)}
        self._numbers, self._nowhere = numbers, len(numbers)
        # Number -> row, -1 where it stands in pairs alone; the last for a syllable that stands nowhere.
        self._single = np.array([*(single.get(one, -1) for one in syllables), -1], dtype=np.int64)
        keys = np.array([numbers[one] for one in firsts], dtype=np.int64) * (self._nowhere + 1)
        keys += np.array([numbers[two] for two in seconds], dtype=np.int64)
        order = keys.argsort()
        self._pairs = keys[order]
        self._pair_rows = np.array([row for *_, row in pairs], dtype=np.int64)[order]

    def rows(self, syllables: Sequence[str]) -> Rows:
        """The rows of the known terms in a text, as often as they stand there."""
        if not syllables:
            return np.empty(0, dtype=np.int64)
        get, nowhere = self._numbers.get, self._nowhere
        numbers = np.array([get(syllable, nowhere) for syllable in syllables], dtype=np.int64)
        single = self._single[numbers]
        return np.concatenate([single[single >= 0], self._rows_of_pairs(numbers)])

    def _rows_of_pairs(self, numbers: Rows) -> Rows:
        if not len(self._pairs):
            return np.empty(0, dtype=np.int64)
        asked = numbers[:-1] * (self._nowhere + 1) + numbers[1:]
        at = np.minimum(self._pairs.searchsorted(asked), len(self._pairs) - 1)
        known: Rows = self._pair_rows[at[self._pairs[at] == asked]]
        return known
