"""Words as they are asked for: a phrase, and the ways in which one thing may be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.folding import folded


@dataclass(frozen=True)
class Phrase:
    """Words one behind the other, as written and folded; a single word is a phrase too."""

    written: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Phrase:
        """Of the words that `folding.written` gives."""
        return cls(tuple(words), tuple(folded(list(words))))

    @property
    def accented(self) -> bool:
        """It was typed with marks: then a text that has them too is the better one."""
        return self.written != self.folded


@dataclass(frozen=True)
class Clause:
    """One thing that must be said, in any of these ways; each way is all of its phrases, anywhere.

    Where nobody says it, the petition may still be of a field or sub-field (`topics`) that is called so.
    """

    ways: tuple[tuple[Phrase, ...], ...]
    topics: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Sequence[str]) -> Clause:
        """These words as one phrase."""
        return cls(((Phrase.of(words),),))

    @property
    def accented(self) -> bool:
        """As it was typed, in its first way, it has marks."""
        return any(phrase.accented for phrase in self.ways[0])
