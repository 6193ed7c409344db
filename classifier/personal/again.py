"""Who was named once and is told again without a title: "Anh Trịnh Văn Bông bán nước. Bông nói ..."."""

import re
from collections.abc import Iterator, Sequence

from . import tagger
from .cues import NAMED_SO
from .page import CAPITAL_BEFORE, UPPER, Found, Page

_CAPITAL_BEHIND = re.compile(rf"[ ]?[\-']?[{UPPER}]")
_BEGINS = re.compile(r"(?:^|[.!?:;\n\-–\"“(])\s*$")
_REACH = 16
_MOST = 20  # persons of one text that are looked for again


def find(page: Page, persons: Sequence[Found], aside: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Further places of full and given names, as written; `aside`: what is something else, half open."""
    named = [page.text[one.start : one.end] for one in persons[:_MOST]]
    names = {name for full in named for name in (full, full.rpartition(" ")[2]) if _is_told_by_itself(name)}
    if not names:
        return
    known = re.compile(
        rf"(?<![\w.'’\-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)"
    )
    taken = bytearray(len(page.text))
    for start, end in (*aside, *((one.start, one.end) for one in persons)):
        taken[start:end] = b"\x01" * (end - start)
    for match in known.finditer(page.text):
        start, end = match.span()
        if not any(taken[start:end]) and _is_he(page, start, end):
            yield Found(start, end, "person")


def _is_told_by_itself(name: str) -> bool:
    return len(name) > 1 and name[0].isupper() and not (name.isupper() and " " not in name)


def _is_he(page: Page, start: int, end: int) -> bool:
    """Whether it is the person: no street's or school's name, and a given name alone part of no longer name
    and no word that begins.
    """
    if _is_called_so(page, start):
        return False
    before = page.text[max(0, start - _REACH) : start]
    if " " in page.text[start:end]:
        return True
    if CAPITAL_BEFORE.search(before) or _CAPITAL_BEHIND.match(page.text, end):
        return False
    return _BEGINS.search(before) is None or tagger.shipped().is_rare(page.lower[start:end])


def _is_called_so(page: Page, start: int) -> bool:
    """Whether a word for what is called after people stands right before: "đường", "nhà thờ"."""
    words = page.lower[max(0, start - _REACH) : start].split(" ")
    behind = [" ".join(words[-many - 1 : -1]) for many in (1, 2)]
    return not words[-1] and any(NAMED_SO.has(page, said) for said in behind)
