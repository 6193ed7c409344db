"""Roads, lines and rides that are called by their two ends, which are no place of a matter.

"Cao tốc Hà Nội - Hải Phòng ngập", "tàu Hà Nội - Vinh trễ", "xe khách Sài Gòn - Đà Lạt - Nha Trang".
"""

from collections.abc import Callable, Iterator, Sequence

from .page import Page
from .reading import Hit
from .words import RIDES, ROADS, STREETS_TOO

_BEFORE = 6  # words that tell of a line
_LONGEST = 8  # words of the ends before another one
_HASTY = 3  # the same of an end that is no known name, where no capital tells it

Holds = Callable[[Hit, Hit], bool]  # whether the first of two lies in the second


def without_ends(page: Page, hits: Sequence[Hit], lies_in: Holds) -> Iterator[Hit]:
    """The hits, in the order of the text, but for the ends of a line."""
    end = -1
    for seen, behind in zip(hits, [*hits[1:], None], strict=True):
        goes_on = end >= 0 and _joins(page, end, seen.first)
        if not _is_told(seen) and (goes_on or _is_an_end(page, seen, behind, lies_in)):
            end = seen.last
        else:
            yield seen


def _is_told(seen: Hit) -> bool:
    return seen.typed and seen.level == "commune"


def _is_an_end(page: Page, seen: Hit, behind: Hit | None, lies_in: Holds) -> bool:
    """Whether what rides between two ends stands before them, or a road that is no street in the second."""
    follows = behind is not None and _joins(page, seen.last, behind.first)
    if follows or _has_dash(page, seen.first) or (_has_dash(page, seen.last) and page.capital(seen.last)):
        if _is_ridden(page, seen.first):
            return True
        if behind and follows and seen.level in ("province", "district") and not lies_in(seen, behind):
            is_street = page.line_of(seen.first, seen.last) in STREETS_TOO
            return not is_street and ROADS.search(_before(page, seen.first)) is not None
    return False


def _is_ridden(page: Page, first: int) -> bool:
    """Whether a ride is told before an end, the ends before it and whose ride it is."""
    parted = False
    for at in range(first, max(0, first - _LONGEST), -1):
        if RIDES.search(_before(page, at)):
            return True
        parted = parted or _has_dash(page, at)
        named = page.capital(at - 1) or page.words[at - 1].isdigit()
        hasty = parted and not page.capitals and first - at < _HASTY
        if not (named or hasty) or not (_has_dash(page, at) or page.between(at - 1, at) == " "):
            return False
    return False


def _before(page: Page, at: int) -> str:
    """The folded words before one with nothing but a blank between; "" where there is more, or a name."""
    if not at or page.between(at - 1, at) != " " or _is_of_a_name(page, at - 1):
        return ""
    return f"{page.line_of(max(0, at - _BEFORE), at)} "


def _is_of_a_name(page: Page, at: int) -> bool:
    """Whether a capital stands inside a sentence: "xe Tuyên Quang" is no "xe tuyến"."""
    return page.capitals and page.capital(at) and at > 0 and page.between(at - 1, at) == " "


def _joins(page: Page, last: int, first: int) -> bool:
    """Whether a dash or "đi" alone stands between two names."""
    if first == last:
        return _has_dash(page, first)
    return page.line_of(last, first) == "di" and page.joined(last - 1, first + 1)


def _has_dash(page: Page, at: int) -> bool:
    return 0 < at < len(page.words) and page.between(at - 1, at).strip() in ("-", "–")
