"""How good an answer a petition is: points for what it says and how, the same on every engine.

A word counts by its rarity. Said as it was typed it is worth most, without any marks nearly as much, with
other marks little, and then it is near and not whole. Two words that were typed side by side and stand so
count more than both alone. What the petition's field or sub-field is called counts beside what it says
itself. Weighed on the judged questions (tests/search/judged.csv), which are no blind examination since; see
docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from search.query import Sought
from search.rarity import bound, rarity
from search.words import Clause


class How(StrEnum):
    """In what manner a document says something."""

    TYPED = "typed"  # with the marks that were typed
    UNMARKED = "unmarked"  # so, or without any
    FOLDED = "folded"  # with whatever marks
    FIELD = "field"  # by what its field is called; the name of that fact of a document
    SUBFIELD = "subfield"  # likewise
    ANYHOW = "anyhow"  # folded, or by its topic: enough to be found
    SAID = "said"  # unmarked where it was typed with marks, else folded; or by its topic: enough to be whole


TOPICS = (How.FIELD, How.SUBFIELD)


@dataclass(frozen=True)
class Merit:
    """Points of a document that says all of these in this manner; with no clause, of every document."""

    points: int
    clauses: tuple[Clause, ...]
    how: How


UNIT = 100  # points of a word of rarity 1
TOGETHER = 1.6  # of words side by side, against half of what both are worth
WITH_MARKS = {How.FOLDED: 0.3, How.UNMARKED: 0.6, How.TYPED: 0.1}
WITHOUT_MARKS = {How.FOLDED: 1.0}
OF_A_WORD = {How.SUBFIELD: 0.5, How.FIELD: 0.2}
OF_WORDS_TOGETHER = {How.SUBFIELD: 0.8, How.FIELD: 0.2}
WHOLE = 1_000_000  # whoever says all goes before whoever does not; exact as a 32-bit float with all others


def merits(sought: Sought) -> Iterator[Merit]:
    """All for which a document is given points."""
    yield Merit(WHOLE, sought.clauses, How.SAID)
    worth = weights(sought)
    for clause in sought.clauses:
        yield from _of(clause, worth[clause], OF_A_WORD)
    for together in sought.together:
        yield from _of(together, TOGETHER * weight(together) / 2, OF_WORDS_TOGETHER)


def _of(clause: Clause, worth: float, by_topic: dict[How, float]) -> Iterator[Merit]:
    shares = WITH_MARKS if clause.accented else WITHOUT_MARKS
    for how, share in (shares | (by_topic if clause.topics else {})).items():
        yield Merit(round(UNIT * worth * share), (clause,), how)


def manner(clause: Clause) -> How:
    """In which manner a document must say it itself, to say it."""
    return How.UNMARKED if clause.accented else How.FOLDED


def weight(clause: Clause) -> float:
    """That of its commonest way: "ko" is no rarer than "không"."""
    return min(sum(rarity(word) for phrase in way for word in phrase.folded) for way in clause.ways)


def weights(sought: Sought) -> dict[Clause, float]:
    """Of each clause; two syllables that are one word weigh together what the heavier does alone."""
    found = {clause: weight(clause) for clause in sought.clauses}
    by_syllable = {clause.ways[0][0].folded: clause for clause in sought.words if len(clause.ways[0]) == 1}
    for pair in {one.ways[0][0].folded for one in sought.together}:
        halves = [by_syllable.get((syllable,)) for syllable in pair]
        if len(pair) == 2 and all(halves) and bound(*pair):
            both = {half: weight(half) for half in halves if half}
            share = max(both.values()) / sum(both.values())
            found |= {half: min(found[half], share * whole) for half, whole in both.items()}
    return found


# --- where too little has all -----------------------------------------------------------------------------

FEW = 20  # petitions that hold all: with less, also those are looked for that hold nearly all
ENOUGH = 0.5  # of the weight of all words
CORE = 6  # the rarest words, by which nearly all is told


def loosened(sought: Sought) -> Sought | None:
    """The same asked less strictly: words of half the weight are enough; None if none can be left out."""
    worth = weights(sought)
    core = sorted(sought.words, key=lambda one: worth[one], reverse=True)[:CORE]
    if len(core) < 2:
        return None
    enough = tuple(tuple(some) for some in _least(core, worth))
    return replace(sought, enough=enough)


def _least(core: Sequence[Clause], worth: Mapping[Clause, float]) -> Iterator[Sequence[Clause]]:
    """Sets of which each is enough, and none is with one less."""
    least = ENOUGH * sum(worth[one] for one in core)
    for size in range(1, len(core) + 1):
        for some in combinations(core, size):
            have = sum(worth[one] for one in some)
            if have >= least and have - min(worth[one] for one in some) < least:
                yield some
