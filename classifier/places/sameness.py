"""Whether two mentions are one place: "phường 22 cũ, nay là Thạnh Mỹ Tây"; all others are two."""

import re
from collections.abc import Sequence

from .page import Page
from .reading import Hit

# What stands between an older name and today's, on the folded words; and before the older one.
_NOW = r"nay|gio|thuoc|sap nhap|nhap|gop|doi ten"
_BECAME = re.compile(
    rf"(?:(?:cu|moi|da|duoc|bay|hien|ma|thi) )*(?:(?P<now>{_NOW})|tuc|truoc (?:day|kia|la|thuoc))"
    r"(?: (?:la|thuoc|thanh|vao|ve|day|kia|cua|da|duoc|sap|nhap|gop|doi|ten|dia|ban))*"
)
_THIS = "này"  # folded like "nay"
_PARTING = re.compile(r"[.!?;\n]")


def same_as(page: Page, before: Sequence[Hit], seen: Hit) -> Hit | None:
    """The mention before that a text says is the same place as this one; of its level, the nearest."""
    if before and says_so(page, before[-1], seen):
        return next((other for other in reversed(before) if other.level == seen.level), None)
    return None


def says_so(page: Page, left: Hit, right: Hit) -> bool:
    """Whether what stands between two mentions joins them: "nay là", "thuộc", a bracket, "cũ" at one."""
    between, signs = page.line_of(left.last, right.first), page.between(left.last - 1, right.first)
    if _PARTING.search(signs):
        return False
    if between not in ("", "cu"):
        return _turn(page, left, right) is not None
    return "(" in signs or is_former(page, left) != is_former(page, right)


def became(page: Page, left: Hit, right: Hit) -> bool:
    """Whether the one on the left is said to be the one on the right now."""
    turn = _turn(page, left, right)
    return turn is not None and turn["now"] is not None


def _turn(page: Page, left: Hit, right: Hit) -> re.Match[str] | None:
    if _THIS in page.between(left.last - 1, right.first).lower():
        return None
    return _BECAME.fullmatch(page.line_of(left.last, right.first))


def is_former(page: Page, seen: Hit) -> bool:
    """Whether "cũ" stands right behind."""
    last = seen.last
    if last >= len(page.words) or page.words[last] != "cu" or page.between(last - 1, last) not in (" ", " ("):
        return False
    return page.written(last, last + 1).lower() == ("cũ" if page.marked else "cu")
