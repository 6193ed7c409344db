"""What else people say for the same: abbreviations, teencode, other names; rows of `data/synonyms.csv`."""

from __future__ import annotations

from collections.abc import Sequence

from search.words import Clause


def clauses(words: Sequence[str]) -> tuple[Clause, ...]:
    """One clause a word, or for several words that have another name together; their other names beside."""
    return tuple(Clause.of([word]) for word in words)
