"""Heads and deputies of public bodies that a text speaks of: it may complain of them."""

import re
from collections.abc import Iterator

from .text import KEPT, fold, guard

_HEAD = (
    r"(?:(?:p(?:ho)?\.? )?(?:chu tich|ct|bi thu|giam doc|truong (?:cong an|phong|ban))"
    r"|(?:p(?:ho)?\.? )?chanh (?:thanh tra|van phong)|pct|pho (?:truong|phong)"
    r"|lanh dao|nguoi dung dau|chi huy truong)"
)
# What is no public body's: the name of a street, a country's, an enterprise's.
_OTHERS = r"(?!ho chi minh|nuoc|hoi dong|hdqt|cong ty|tap doan|cong doan|doanh nghiep)"
_BODY = r"(?:ubnd|uy ban|hdnd|phuong|xa|dac khu|thi tran|quan|huyen|tinh|thanh pho|cong an)"
_AT_ONCE = r"(?:so|p|x|tp)"  # too short to be looked for behind other words: “hồ sơ” is no Sở
_OFFICIAL = re.compile(
    rf"(?<!\w){_HEAD} (?:{_AT_ONCE}|(?:{_OTHERS}\w+ ){{0,2}}?{_BODY})(?!\w)"
    r"|(?<!\w)(?:ong|ba|anh|chi|bac) (?:pho )?(?:chu tich|bi thu)(?!\w)"
    r"(?! (?:ho chi minh|nuoc|hoi|hdqt|chi bo|doan))"
)
# Whom one writes to or thanks is not complained of by that.
_ADDRESSED = re.compile(
    r"(?<!\w)(?:kinh (?:gui|thua|de nghi|mong)|thua|cam on|biet on|tri an|bieu duong|khen|de nghi|mong|xin)"
    r"[^.!?;\n]{0,40}$"
)


def officials(text: str) -> tuple[str, ...]:
    """Heads and deputies of public bodies that a text speaks of, as written, in its order; never raises.

    Not whom it only writes to, asks or thanks. What it says of them, nobody but a reader knows.
    """
    clean = guard(text, KEPT).text
    return tuple(dict.fromkeys(clean[start:end] for start, end in _spoken_of(fold(clean))))


def _spoken_of(folded: str) -> Iterator[tuple[int, int]]:
    for found in _OFFICIAL.finditer(folded):
        if not _ADDRESSED.search(folded[max(0, found.start() - 60) : found.start()]):
            yield found.span()
