"""Who was named once and is told again without a title: "Anh Trịnh Văn Bông bán nước. Bông nói ..."."""

import re
from collections.abc import Iterator, Sequence

from . import tagger
from .cues import NAMED_SO
from .page import UPPER, Found, Page

_WORD_BEFORE = re.compile(r"(\w+)[ ]$")
_CAPITAL_BEFORE = re.compile(rf"(?<!\w)[{UPPER}]\w*[ ]$")
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
    taken = [*aside, *((one.start, one.end) for one in persons)]
    for match in known.finditer(page.text):
        start, end = match.span()
        if not any(a < end and start < b for a, b in taken) and (
            " " in match.group() or _is_he(page, start, end)
        ):
            yield Found(start, end, "person")


def _is_told_by_itself(name: str) -> bool:
    return len(name) > 1 and name[0].isupper() and not (name.isupper() and " " not in name)


def _is_he(page: Page, start: int, end: int) -> bool:
    """Whether a given name alone is the person: part of no longer name, of no street, no word that begins."""
    before = page.text[max(0, start - _REACH) : start]
    word = _WORD_BEFORE.search(before.lower())
    if _CAPITAL_BEFORE.search(before) or _CAPITAL_BEHIND.match(page.text, end):
        return False
    if word and NAMED_SO.has(page, word[1]):
        return False
    return _BEGINS.search(before) is None or tagger.shipped().is_rare(page.lower[start:end])
