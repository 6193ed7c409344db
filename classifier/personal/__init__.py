"""Personal data in a text, to be hidden before it is published: make-up, words that announce, names.

Numbers first, then addresses, then persons: what comes later may not overlap what is found. A person
looks over every text before publication; these spans are his first draft, so a doubt is marked.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from ..places import PlaceMention
from ..text import Clean
from . import addresses, names, numbers
from .cues import Person
from .page import Found, Page, Span

__all__ = ["Span", "find"]


_BETWEEN = re.compile(r"\s?[,\-–]\s?|\s")


def find(clean: Clean, places: Sequence[PlaceMention] = ()) -> tuple[Span, ...]:
    """Personal data in a cleaned text; `places` are its units: no person is called so."""
    page = Page(clean.text)
    kept = list(numbers.find(page))
    homes: list[Found] = []
    for home in addresses.find(page):
        if not _taken(home, kept + homes):
            homes.append(_with_units(clean, home, places))
    persons = [
        person.found
        for person in names.find(page)
        if not _taken(person.found, kept + homes) and not _is_place(clean, person, places)
    ]
    found = sorted(kept + homes + persons, key=lambda one: one.start)
    return tuple(Span(*clean.given(one.start, one.end), one.kind) for one in found)


def _taken(found: Found, others: Sequence[Found]) -> bool:
    return any(other.meets(found.start, found.end) for other in others)


def _with_units(clean: Clean, home: Found, places: Sequence[PlaceMention]) -> Found:
    """The home with the units told right behind it: "12 Lê Lợi, hải châu, đà nẵng"."""
    end = home.end
    for place in sorted(places, key=lambda one: one.start):
        ahead = _BETWEEN.match(clean.text, end)
        if ahead and clean.starts[min(ahead.end(), len(clean.text) - 1)] == place.start:
            end = bisect_right(clean.ends, place.end)
    return Found(home.start, end, home.kind)


def _is_place(clean: Clean, person: Person, places: Sequence[PlaceMention]) -> bool:
    """Whether a place has the whole name; where a person is told, the title too ("Bà Rịa")."""
    start, end = clean.given(person.found.start, person.found.end)
    return any(
        place.end >= end and (place.start < start if person.told else place.start <= start)
        for place in places
    )
