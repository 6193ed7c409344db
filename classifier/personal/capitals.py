"""Names as they are written with capitals: the words of one, and how many of them are a unit's."""

import re

from ..places import shipped as gazetteer
from ..text import fold
from .page import UPPER, Page
from .words import vocabulary

_CAPITALS = re.compile(rf"[{UPPER}]\w*(?: [{UPPER}]\w*){{1,7}}")
_NEXT_PART = vocabulary("tổ|thôn|ấp|xóm|phường|xã|quận|huyện|số|đường")  # of an address behind a name


def words_at(page: Page, at: int) -> list[str]:
    """Two words and more with capitals that begin there; none where all of them are capitals throughout."""
    capitals = _CAPITALS.match(page.text, at)
    return [] if not capitals or capitals.group().isupper() else capitals.group().split(" ")


def of_a_unit(words: list[str], *, fewest: int) -> int:
    """How many words, from the first, name a unit: "Hải Châu" of "Hải Châu Nguyễn Văn An".

    `fewest`: words that are somebody's; fewer left over belong to the name: "Phan Thanh Sơn" lives nowhere.
    """
    known, folded = gazetteer(), fold(" ".join(words)).split(" ")
    ends = [many for many in range(len(words), 1, -1) if not 0 < len(words) - many < fewest]
    return next((many for many in ends if known.knows(" ".join(folded[:many]))), 0)


def before_the_next_part(page: Page, words: list[str]) -> list[str]:
    """Those before one that goes on with an address."""
    many = next((at for at, word in enumerate(words) if _NEXT_PART.has(page, word.lower())), len(words))
    return words[:many]
