"""Personal data in a text, to be hidden before it is published: make-up, words that announce, names.

Numbers first, then addresses, then persons: what comes later may not overlap what is found. A person
looks over every text before publication; these spans are his first draft, so a doubt is marked.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from ..places import PlaceMention
from ..text import Clean
from . import addresses, again, numbers, offices, posts, signed, tagger
from .cues import OF_HISTORY
from .page import CAPITAL_BEFORE, UPPER, Found, Page, Span
from .words import STREETS, SURE_FAMILIES

__all__ = ["Span", "find"]


_NEAR = 20  # code points between a person and his home
_LIVES = re.compile(
    r"[\s,(:\-–]{1,3}(?:hien |dang )?(?:(?:cu |thuong |tam )?(?:o|ngu|tru|tai|song)[ :]+)*(?:(?:so|nha) )*"
)
_TYPE = re.compile(  # of a unit; "ông xã" is a husband
    r"(?<!ong )(?<!ba )(?:phuong|xa|thi tran|dac khu|quan|huyen|thi xa|thanh pho|tinh)\s"
)
_INITIALS = re.compile(rf"(?<![\w.])[{UPPER}]\w*(?:\.[{UPPER}])+\.(?=[{UPPER}])")  # "Phạm.Q.Toản"
_SHORTENED = re.compile(  # "Nguyễn-Văn-Tèo", "Trần T. Bích Ngọc"
    rf"(?<![\w\-])(?:[{UPPER}]\w+(?:-[{UPPER}]\w*){{1,3}}(?![\w\-])|[{UPPER}]\w+ [{UPPER}]\.(?= [{UPPER}]))"
)
# Without one of these signs between capitals there is neither: where to look at all.
_INSIDE = re.compile(rf"[.\-](?:(?=[{UPPER}])|(?<= [{UPPER}]\.)(?= [{UPPER}]))")
_JOINING = " ,:-–("  # between the parts of who somebody is
_BETWEEN = re.compile(r"\s?[,\-–]\s?|\s")


def find(clean: Clean, places: Sequence[PlaceMention] = ()) -> tuple[Span, ...]:
    """Personal data in a cleaned text; `places` are its units."""
    page = Page(clean.text)
    kept, doubtful = _numbers_and_homes(clean, page, places)
    seen = _ground(clean, kept, places)
    named = _with_told(page, kept, tagger.shipped().find(seen, page))
    named = [one for one in named if not _is_of_a_things_name(page, one, seen.places)]
    named += again.find(page, named, [*seen.places, *((one.start, one.end) for one in kept)])
    named.sort(key=lambda one: one.start)
    persons = [one for one in named if not OF_HISTORY.has(page, page.lower[one.start : one.end])]
    kept += persons
    ends = [person.end for person in persons]
    for home in doubtful:
        before = bisect_right(ends, home.start) - 1
        if (
            before >= 0
            and _is_lived_at(_between(page, ends[before], home.start, kept))
            and not _taken(home, kept)
        ):
            kept.append(_with_units(clean, home, places))
    found = sorted(kept, key=lambda one: one.start)
    return tuple(Span(*clean.given(one.start, one.end), one.kind) for one in found)


def _with_told(page: Page, taken: Sequence[Found], tagged: Iterable[Found]) -> list[Found]:
    """The persons in the order of the text; those whose post, office or signature tells the whole name by
    that, but for what is part of a longer name.
    """
    told, persons = list[Found](), list(tagged)
    for one in (*offices.find(page), *posts.find(page), *signed.find(page)):
        longer = any(person.start <= one.start and one.end <= person.end for person in persons)
        if not longer and not _taken(one, taken) and not _taken(one, told):
            told.append(one)
    if not told:
        return persons
    others = [one for one in persons if not _taken(one, told)]
    return sorted([*others, *told], key=lambda one: one.start)


def _is_of_a_things_name(page: Page, person: Found, units: Iterable[tuple[int, int]]) -> bool:
    """Whether it is but part of a unit told with its type ("Cán bộ Xã A Lưới 1"), or the rest of a name that
    streets bear ("trường THCS Trương Vĩnh Ký").
    """
    for start, end in units:
        if start <= person.start and person.end <= end and _TYPE.match(page.folded, start):
            return True
    before = CAPITAL_BEFORE.search(page.text, max(0, person.start - _NEAR), person.start)
    return before is not None and page.lower[before.start() : person.end] in STREETS.marked


def ground(clean: Clean, page: Page, places: Sequence[PlaceMention]) -> tagger.Ground:
    """A text as the tagger of names sees it."""
    return _ground(clean, _numbers_and_homes(clean, page, places)[0], places)


def _ground(clean: Clean, kept: Iterable[Found], places: Sequence[PlaceMention]) -> tagger.Ground:
    starts = clean.starts
    where = [(bisect_left(starts, place.start), bisect_left(starts, place.end)) for place in places]
    text = clean.text
    if _INSIDE.search(text):
        text = _SHORTENED.sub(_as_spoken, _INITIALS.sub(_undotted, text))
    return tagger.Ground(tagger.hidden(text, kept), where)


def _undotted(initials: re.Match[str]) -> str:
    return initials.group().replace(".", " ")


def _as_spoken(name: re.Match[str]) -> str:
    family = re.split("[- ]", name.group(), maxsplit=1)[0]
    return re.sub("[-.]", " ", name.group()) if family.lower() in SURE_FAMILIES.marked else name.group()


def _numbers_and_homes(
    clean: Clean, page: Page, places: Sequence[PlaceMention]
) -> tuple[list[Found], list[Found]]:
    """Those that are sure, and homes that are only somebody's where he is named before them."""
    kept, doubtful = list(numbers.find(page)), list[Found]()
    for home, sure in addresses.find(page):
        if not sure:
            doubtful.append(home)
        elif not _taken(home, kept):
            kept.append(_with_units(clean, home, places))
    return kept, doubtful


def _between(page: Page, start: int, end: int, kept: Iterable[Found]) -> str:
    """What stands between somebody and a home, but for his telephone: "Lê Hai - 0905... - 4/5 Lê Lai"."""
    there = [one for one in kept if one.kind == "phone" and start <= one.start and one.end <= end]
    if len(there) != 1:
        return page.folded[start:end]
    return page.folded[start : there[0].start].rstrip(_JOINING) + page.folded[there[0].end : end]


def _is_lived_at(between: str) -> bool:
    """Whether only "who lives at" stands between a person and a home."""
    return len(between) < _NEAR and _LIVES.fullmatch(between) is not None


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
