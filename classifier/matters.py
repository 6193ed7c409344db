"""Whether a text tells of several matters, and where each begins.

What asks for it are words that lead over to something else (`data/second_matter.txt`) and the items of a
list; what decides is that the two sides are read as of different fields, and surely so. Many who tell of one
matter write such words and lists, too: how many of them are taken for several stands in docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from . import noise, store
from .model import AT_LAW, Model
from .text import fold, guard

WORDS = Path(__file__).parent / "data" / "second_matter.txt"
LEAST = 25  # code points of either side: less says nothing of its field
SURE = 0.8  # by which the field of each side must be likelier there than the other side's
ANNOUNCED_SURE = 0.5  # the same where the writer says before his list that these are several things
MOST = 8  # places that are tried
_MARKED = re.compile("[À-ỹ]")  # a letter with a mark
# The marks of a list, at the beginning of a line or behind the end of a sentence; of folded words.
_BEGINS = r"(?:^|\n|(?<=[.!?…])\s)[^\S\n]*(?P<at>)"
_COUNTING = (
    re.compile(rf"{_BEGINS}(?P<mark>[1-9])\s?[.)/:–-]\s?(?=[^\W\d])"),
    re.compile(rf"{_BEGINS}\((?P<mark>[1-9])\)\s?(?=\w)"),
    re.compile(rf"{_BEGINS}(?P<mark>[a-h])\s?[.)/]\s?(?=\w)"),
)
_BULLET = re.compile(r"(?:^|\n)[^\S\n]*(?P<at>)(?P<mark>[-–•*+])\s?(?=\w)")
_THINGS = "viec|van de|chuyen|noi dung|dieu|y|muc"
_NEXT = "(?:hai|ba|tu|bon|nam|[2-6])"
_ORDINAL = re.compile(
    r"(?:^|\n|[.!?…:;]\s)[^\S\n]*(?P<at>)(?:va |con )?"
    rf"(?:(?:{_THINGS}) (?:thu |so )?{_NEXT}(?!\w)|thu {_NEXT}(?:\s?[:,]| la(?!\w))|{_NEXT} la(?!\w))"
)
# “Tôi xin phản ánh ba việc sau”
_ANNOUNCED = re.compile(
    rf"(?<!\w)(?:[2-9]|hai|ba|bon|nam|may|cac|mot so|vai|nhieu) (?:{_THINGS}|y kien|kien nghi)(?!\w)"
)
_NO_MATTER = "other"  # the field of thanks and of what says nothing


@dataclass(frozen=True)
class Matter:
    """One of several: where its words stand, in code points of the text as given, its field, and whether it
    may be a complaint or denunciation."""

    start: int
    end: int
    field: str
    at_law: bool


def matters_in(text: str) -> tuple[Matter, ...]:
    """The matters that a text tells one after another; none where it seems to tell of one. Never raises."""
    try:
        return _found(text)
    except Exception:  # whatever a text does to us, a person reads it
        return ()


def _found(text: str) -> tuple[Matter, ...]:
    clean = guard(text)
    folded = fold(clean.text)
    items = sorted(_items(folded))
    places = sorted({*items, *_led_over(clean.text)})[:MOST]
    if not places:
        return ()
    announced = items and _ANNOUNCED.search(folded, 0, items[0])
    model, sure = store.current(), ANNOUNCED_SURE if announced else SURE
    cuts = _cuts(model, clean.text, 0, len(clean.text), places, sure)
    pieces = pairwise([0, *cuts, len(clean.text)]) if cuts else ()
    found = [Matter(*clean.given(start, end), *_read(model, clean.text[start:end])) for start, end in pieces]
    # What lies beyond what is read of a long letter belongs to the last.
    return (*found[:-1], replace(found[-1], end=len(text))) if found else ()


def _led_over(text: str) -> Iterator[int]:
    """Where words begin that lead over to something else."""
    leading = _leading(bare=not _MARKED.search(text))
    return (match.end() for match in leading.finditer(text))


def _items(folded: str) -> Iterator[int]:
    """Where each item of a list begins, but the first."""
    for shape in _COUNTING:
        marks = pairwise(shape.finditer(folded))
        yield from (then.start("at") for one, then in marks if ord(then["mark"]) == ord(one["mark"]) + 1)
    bullets = pairwise(_BULLET.finditer(folded))
    yield from (then.start("at") for one, then in bullets if then["mark"] == one["mark"])
    yield from (match.start("at") for match in _ORDINAL.finditer(folded))


def _cuts(model: Model, text: str, begin: int, end: int, places: list[int], sure: float) -> list[int]:
    """Where a stretch goes over to another matter, at the surest place first and then on either side."""
    here = [at for at in places if _says_enough(text[begin:at]) and _says_enough(text[at:end])]
    if not here:
        return []
    surest, at = max((_apart(model, text[begin:at], text[at:end]), at) for at in here)
    if surest < sure:
        return []
    return [*_cuts(model, text, begin, at, here, sure), at, *_cuts(model, text, at, end, here, sure)]


def _says_enough(words: str) -> bool:
    return len(words.strip()) >= LEAST


def _apart(model: Model, before: str, after: str) -> float:
    """How sure two sides are of different fields; 0 where one of them is no matter."""
    one, other = (model.fields_of(model.score(side)) for side in (before, after))
    first, second = max(one, key=one.__getitem__), max(other, key=other.__getitem__)
    if _NO_MATTER in (first, second):
        return 0.0
    return min(one[first] - one[second], other[second] - other[first])


def _read(model: Model, words: str) -> tuple[str, bool]:
    """The field of a piece, and whether it may be at law."""
    scores = model.score(words)
    return model.best_field(scores)[0], model.kind(scores) in AT_LAW or model.doubtful(scores)


@cache
def _leading(bare: bool) -> re.Pattern[str]:
    """Right before such words; `bare`: in a text without diacritics."""
    told = [line.strip() for line in WORDS.read_text(encoding="utf-8").splitlines()]
    said = [noise.strip(words) if bare else words for words in told if words and not words.startswith("#")]
    any_of = "|".join(re.escape(words) for words in sorted(said, key=len, reverse=True))
    return re.compile(
        rf"(?:[.!?…]|\n|\s[-–])[^\S\n]*(?=(?:và |va |dạ |da )?(?:{any_of})(?!\w))", re.IGNORECASE
    )
