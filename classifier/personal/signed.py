"""Full names told by the words beside them, though heroes are called so: "Ký tên: Võ Thị Sáu"."""

import re
from collections.abc import Iterator

from .cues import NAMED_SO
from .page import CAPITAL_BEFORE, UPPER, Found, Page
from .words import FAMILIES

_SAID = re.compile(  # on the folded text, right before the name
    r"(?<!\w)(?:nguoi (?:(?:lam|viet|dung|nop) don|viet|gui|phan anh|to cao|khieu nai|de nghi|ky|khai)"
    r"|ky ten|chu (?:tai khoan|tk|the)|(?:nha|ho|gia dinh|vo|chong|tai khoan) cua"
    r"|(?:stk|tk|so tai khoan)[ :]{1,2}[\d ]{8,24} cua)\s{0,2}[:,]?\s{1,3}$"
)
_SIGNS_OR_LIVES = re.compile(
    r",? (?:kinh (?:trinh|don|thu|bao|gui|de nghi|mong|xin)|(?:o|ngu|tru) (?:thon|ap|xom|to|khom|buon))(?!\w)"
)
_WHERE = (" o ", " ngu ", " tru ")  # without one of these words and those below there is nothing to look for
_WORTH_IT = ("nguoi ", "ky ten", "chu t", " cua ", " kinh ", *_WHERE)
_CAPITALS = re.compile(rf"(?<![\w.'’\-])[{UPPER}]\w*(?: [{UPPER}]\w*)+")
_WORDS = range(2, 5)  # of a full name
_REACH = 48
_LONGEST_WORD = 12


def find(page: Page) -> Iterator[Found]:
    """Two to four words with capitals, a family's name first, announced, or said to sign or to live."""
    if not any(word in page.folded for word in _WORTH_IT):
        return
    for at in page.capitals:
        family = page.lower[at : page.lower.find(" ", at)]
        if family not in FAMILIES.marked and family not in FAMILIES.folded:
            continue
        match = _CAPITALS.match(page.text, at)
        if match and not CAPITAL_BEFORE.search(page.text, max(0, at - _LONGEST_WORD), at):
            yield from _told(page, match)


def _told(page: Page, name: re.Match[str]) -> Iterator[Found]:
    words, (start, end) = name.group().split(" "), name.span()
    known = FAMILIES.has(page, words[0].lower(), plain=name.group().isascii())
    if len(words) in _WORDS and known and (_is_said(page, start) or _says(page, start, end)):
        yield Found(start, end, "person")


def _is_said(page: Page, start: int) -> bool:
    return _SAID.search(page.folded, max(0, start - _REACH), start) is not None


def _says(page: Page, start: int, end: int) -> bool:
    """Whether it goes on as somebody does, and is no street: "đường Trần Phú ở tổ 5"."""
    before = page.lower[max(0, start - _REACH) : start].split()
    street = before and NAMED_SO.has(page, before[-1])
    return not street and _SIGNS_OR_LIVES.match(page.folded, end) is not None
