"""Officials named right behind their office, where no ward is called so: "công an phường Nguyễn Hữu Tiến".

The tagger of names takes what follows "phường" for the ward's; the gazetteer knows better.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from . import capitals
from .cues import OFFICES
from .page import Found, Page
from .words import FAMILIES, STREETS

# On the folded text: who sits there, up to five words of what, and the word for a unit.
_LIKE_STREETS = "truong|thon|ap|xom|khom|buon|to dan pho|tdp|khu pho|khoi pho"  # may be called after a man
_UNIT = (
    "phuong|xa|thi tran|dac khu|quan|huyen|thi xa|thanh pho|tinh|ubnd|hdnd|mttq|mat tran"
    rf"|(?:dang|huyen|thi|quan|thanh|tinh) uy|chi bo|so|phong|tram|(?P<street>{_LIKE_STREETS})"
)
_BEHIND_A_UNIT = re.compile(rf"(?<!\w)(?:{_UNIT}) $")
_ENDS_A_UNIT = frozenset(re.findall(r"(?<!P)[a-z]+(?=[|)]|$)", _UNIT))
_OFFICE_BEFORE = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(OFFICES.folded))})(?: [a-z]{{1,7}}){{0,5}} $")
_LONGEST_UNIT = 16  # code points of the word for one, and the blanks around it
_REACH = 56  # code points before the word for a unit in which the office stands
_FEWEST = 2  # words of a full name
_KEPT = 256  # stretches that a process remembers


def find(page: Page) -> Iterator[Found]:
    """The full names that stand right behind an office and are no unit's."""
    folded = page.folded
    for at in page.capitals:
        if folded[folded.rfind(" ", 0, max(0, at - 1)) + 1 : max(0, at - 1)] in _ENDS_A_UNIT:
            unit = _BEHIND_A_UNIT.search(folded, max(0, at - _LONGEST_UNIT), at)
            if unit and _has_office(folded[max(0, unit.start() - _REACH) : unit.start()]):
                yield from _named(page, at, or_street=unit["street"] is not None)


@lru_cache(maxsize=_KEPT)
def _has_office(before: str) -> bool:
    return _OFFICE_BEFORE.search(before) is not None


def _named(page: Page, at: int, *, or_street: bool) -> Iterator[Found]:
    """`or_street`: what is behind may be called as a street is, after somebody of history."""
    words = capitals.words_at(page, at)
    unit = capitals.of_a_unit(words)
    name = _name(page, words[unit:])
    if name and not (or_street and STREETS.has(page, name.lower())):
        start = at + sum(len(word) + 1 for word in words[:unit])
        yield Found(start, start + len(name), "person")


def _name(page: Page, words: list[str]) -> str:
    """The full name that the words begin with; "" for none."""
    name = capitals.of_a_person(page, words)
    return " ".join(name) if len(name) >= _FEWEST and FAMILIES.has(page, name[0].lower()) else ""
