"""Where in a text stands what is sought: in Python, alike on every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifier.text import KEPT, fold, guard
from search.folding import WORD, retoned
from search.query import Sought
from search.words import Phrase


@dataclass(frozen=True)
class _Word:
    written: str
    folded: str
    start: int
    end: int


def spans(text: str, sought: Sought) -> list[tuple[int, int]]:
    """See `search.highlight`."""
    clean = guard(text, KEPT)
    words = list(_words(clean.text))
    found = [
        span
        for clause in sought.clauses
        for phrase in dict.fromkeys(phrase for way in clause.ways for phrase in way)
        for span in _stands(phrase, words)
    ]
    return [clean.given(start, end) for start, end in _merged(found)]


def _words(text: str) -> Iterator[_Word]:
    for found in WORD.finditer(text):
        word = retoned(found.group().lower())
        yield _Word(word, fold(word), found.start(), found.end())


def _stands(phrase: Phrase, words: Sequence[_Word]) -> list[tuple[int, int]]:
    """Where it stands as it was typed; where it does so nowhere, as it is folded."""
    alike = [
        words[at : at + len(phrase.folded)]
        for at, word in enumerate(words)
        if word.folded == phrase.folded[0]
        and phrase.folded == tuple(one.folded for one in words[at : at + len(phrase.folded)])
    ]
    exact = [some for some in alike if phrase.written == tuple(one.written for one in some)]
    return [(some[0].start, some[-1].end) for some in exact or alike]


def _merged(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
