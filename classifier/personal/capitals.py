"""Names as they are written with capitals: the words of one, and how many of them are a unit's."""

import re
from collections.abc import Callable
from itertools import pairwise

from ..places import shipped as gazetteer
from ..text import fold
from .cues import MIDDLE
from .page import UPPER, Page
from .words import vocabulary

_CAPITALS = re.compile(rf"[{UPPER}]\w*(?: [{UPPER}]\w*){{1,7}}")
_SHORTEST = 2  # words of a name of a street or a unit
_LONGEST = 5  # words of somebody's name
_MOSTLY = 4  # what of more words is his, the rest begins something else
ROYAL = vocabulary("tôn nữ|tôn thất").marked  # families of two words, which others may stand before
_NEXT_PART = vocabulary("tổ|thôn|ấp|xóm|phường|xã|quận|huyện|số|đường")  # of an address behind a name


def words_at(page: Page, at: int) -> list[str]:
    """Words with capitals that begin there, up to one in capitals throughout; none where a single one is."""
    capitals = _CAPITALS.match(page.text, at)
    words = capitals.group().split(" ") if capitals else []
    loud = next((many for many, word in enumerate(words) if len(word) > 1 and word.isupper()), len(words))
    return words[:loud] if loud > 1 else []


def named_first(words: list[str], is_known: Callable[[str], bool]) -> int:
    """How many words, from the first, are a known name: "Hải Châu" of "Hải Châu Nguyễn Văn An".

    A single word left over belongs to the name: neither "Phan Thanh" Sơn nor "Lê Thị Hồng" Nhung.
    """
    for many in range(len(words), 1, -1):
        is_longer = many == len(words) - 1 and (many == _SHORTEST or words[1].lower() in MIDDLE.marked)
        if not is_longer and is_known(" ".join(words[:many])):
            return many
    return 0


def of_a_unit(words: list[str]) -> int:
    """How many words, from the first, name a unit."""
    return named_first(words, lambda name: gazetteer().knows(fold(name)))


def of_a_person(page: Page, words: list[str]) -> list[str]:
    """Those that name somebody, where the first is a family's name."""
    name = _before_the_next_part(page, words)
    royal = any(" ".join(pair).lower() in ROYAL for pair in pairwise(name))
    return name if royal or len(name) <= _LONGEST else name[:_MOSTLY]


def _before_the_next_part(page: Page, words: list[str]) -> list[str]:
    """Those before one that goes on with an address."""
    many = next((at for at, word in enumerate(words) if _NEXT_PART.has(page, word.lower())), len(words))
    return words[:many]
