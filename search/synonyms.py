"""What else people say for the same: abbreviations, teencode, other names; rows of `data/synonyms.csv`.

Worked out once a question, in Python, so that all engines answer alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from search.folding import folded, written
from search.words import Clause, Phrase

ROWS = Path(__file__).parent / "data" / "synonyms.csv"

Company = tuple[Phrase, ...]


def clauses(words: Sequence[str]) -> tuple[Clause, ...]:
    """One clause a word; words that have another name together are one, in every way it is said.

    `words`: as `folding.written` gives them. A word typed with marks stands for itself alone, one without
    for all that it may be short for.
    """
    return tuple(_clauses(list(words)))


def _clauses(words: list[str]) -> Iterator[Clause]:
    while words:
        length, others = _longest(words)
        as_typed = tuple(Phrase.of([word]) for word in words[:length])
        yield Clause((as_typed, *((other,) for other in others)))
        words = words[length:]


def _longest(words: Sequence[str]) -> tuple[int, Company]:
    """How many of the first words have other names together, and these; 1 and none where there is none."""
    known = _known()
    for length in range(min(len(words), max(map(len, known), default=1)), 0, -1):
        typed = tuple(words[:length])
        if others := [one for one in known.get(tuple(folded(list(typed))), ()) if _may_be(typed, one)]:
            return length, _beside(typed, others)
    return 1, ()


def _may_be(typed: tuple[str, ...], name: tuple[Phrase, Company]) -> bool:
    phrase, _company = name
    return all(word in both for word, *both in zip(typed, phrase.written, phrase.folded, strict=True))


def _beside(typed: tuple[str, ...], names: Sequence[tuple[Phrase, Company]]) -> Company:
    plain = tuple(folded(list(typed)))
    others = [phrase for _name, company in names for phrase in company]
    return tuple({other.folded: other for other in others if other.folded != plain}.values())


@cache
def _known() -> Mapping[tuple[str, ...], list[tuple[Phrase, Company]]]:
    """Folded words of a name -> the name and its whole company."""
    known = defaultdict(list)
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            company = tuple(Phrase.of(written(name)) for name in line.split(","))
            for phrase in company:
                known[phrase.folded].append((phrase, company))
    return known
