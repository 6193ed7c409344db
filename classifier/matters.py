"""Whether a text tells of two matters, and where the second begins.

What asks for it are words that lead over to something else (`data/second_matter.txt`); what decides is that
the two sides are read as of different fields. Of letters that tell of one matter in many settings, or count
its grounds, hardly one has both (docs/reading.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import noise, store
from .model import Model
from .text import guard

WORDS = Path(__file__).parent / "data" / "second_matter.txt"
LEAST = 25  # code points of either side: less says nothing of its field
SURE = 0.3  # by which the field of each side must be likelier there than the other side's
MOST = 6  # places that are tried


@dataclass(frozen=True)
class Matters:
    """Two matters: where the second begins, in code points of the text as given, and the field of each."""

    at: int
    first: str
    second: str


def two_matters(text: str) -> Matters | None:
    """The surest place where a text goes over to a second matter; None where none is sure. Never raises."""
    try:
        return _found(text)
    except Exception:  # whatever a text does to us, a person reads it
        return None


def _found(text: str) -> Matters | None:
    clean = guard(text)
    begins = [match.end() for match in _leading(noise.strip(clean.text) == clean.text).finditer(clean.text)]
    places = [at for at in begins if min(len(clean.text[:at].strip()), len(clean.text[at:])) >= LEAST][:MOST]
    if not places:
        return None
    model = store.current()
    surest, at, first, second = max(_apart(model, clean.text, at) for at in places)
    told = surest >= SURE and "other" not in (first, second)
    return Matters(clean.given(at, at + 1)[0], first, second) if told else None


def _apart(model: Model, text: str, at: int) -> tuple[float, int, str, str]:
    """How sure the two sides of a place are of different fields, the place, and the two."""
    before, after = (model.fields_of(model.score(side)) for side in (text[:at], text[at:]))
    one, other = max(before, key=before.__getitem__), max(after, key=after.__getitem__)
    return min(before[one] - before[other], after[other] - after[one]), at, one, other


@cache
def _leading(bare: bool) -> re.Pattern[str]:
    """Right before such words; `bare`: in a text without diacritics."""
    told = [line.strip() for line in WORDS.read_text(encoding="utf-8").splitlines()]
    said = [noise.strip(words) if bare else words for words in told if words and not words.startswith("#")]
    any_of = "|".join(re.escape(words) for words in sorted(said, key=len, reverse=True))
    return re.compile(rf"(?:[.!?…]|\n|\s[-–])\s*(?=(?:và |va |dạ |da )?(?:{any_of})(?!\w))", re.IGNORECASE)
