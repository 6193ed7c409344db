"""A cleaned text cut into folded words, and how its writer writes."""

import re
import unicodedata
from functools import cached_property, lru_cache
from itertools import pairwise

from classifier.text import fold

from .glue import Piece, Splitter

_WORD = re.compile(r"\S+")
_SIGNS = re.compile(r"[^\w\x00-\x7f]+")  # emoji, quotes, dashes: no marks of a writer
_GAP = re.compile(r"[\s.\-–_’'`ʼ]{0,4}")  # what may stand inside one mention
_LEAD = re.compile(r"[\s.\-–_’'`ʼ:/()\"“”*«»]{0,6}")  # the same between a type and its name: "Phường: "
_DASH = re.compile(r"\s[\-–]|[\-–]\s")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SMALL = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_CAPITAL = f"[{_SMALL.replace('a-z', '').upper()}A-Z]"
_CAMEL = re.compile(f"{_CAPITAL}(?<=[{_SMALL}]{_CAPITAL})")  # it looks back: capitals are few
_SHOUT = re.compile(f"{_CAPITAL}{{2}}")


class _Spacing(dict[int, str]):
    """Code point of a folded text -> itself, a space for what is no letter and no digit."""

    def __missing__(self, code: int) -> str:
        self[code] = spaced = chr(code) if chr(code).isalnum() else " "
        return spaced


_SPACING = _Spacing()


def spelling(text: str) -> str:
    """Lower case, the tone moved to the end of each syllable: hòa and hoà are one spelling."""
    return " ".join(respelled(syllable) for syllable in re.findall(r"[^\W_]+", text.lower()))


@lru_cache(maxsize=20_000)
def respelled(syllable: str) -> str:
    """One lower-case syllable with its tone at the end, a numeral without leading zeros."""
    spread = unicodedata.normalize("NFD", syllable.lstrip("0") or "0")
    return unicodedata.normalize("NFC", _TONES.sub("", spread)) + "".join(_TONES.findall(spread))


class Page:
    """Words of a cleaned text: folded, numerals without leading zeros, glued ones cut apart.

    What no name needs is worked out when it is asked for. Words are told by their numbers from 0, runs of
    them half open (`first`, `last`).
    """

    def __init__(self, text: str, splitter: Splitter) -> None:
        self.text = text
        self._spaced = fold(text).translate(_SPACING)
        self.glued: frozenset[int] = frozenset()  # words with nothing but their writer's haste before them
        self.words = self._spaced.split()
        if splitter.cuts(self.words) or _CAMEL.search(text):
            self._cut(splitter)
        self.line = f" {' '.join(self.words)} "

    def _cut(self, splitter: Splitter) -> None:
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        glued: list[int] = []
        humps = {m.start() for m in _CAMEL.finditer(self.text)}
        for match in _WORD.finditer(self._spaced):
            first = True
            for start, end in _parted(match.start(), match.end(), humps):
                word = self._spaced[start:end]
                for piece in splitter.split(word) or (Piece(word, 0, len(word)),):
                    if not first:
                        glued.append(len(words))
                    first = False
                    words.append(piece.text)
                    spans.append((start + piece.start, start + piece.end))
        self.words, self.spans, self.glued = words, spans, frozenset(glued)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Half-open code points of each word in the cleaned text."""
        return list(map(re.Match.span, _WORD.finditer(self._spaced)))

    @cached_property
    def marked(self) -> bool:
        """Whether the writer uses marks: Vietnamese marks a fourth of its letters."""
        text = self.text if fold(self.text).isascii() else _SIGNS.sub("", self.text)
        return (len(text) - len(text.encode("ascii", "ignore"))) * 12 > len(text)

    @cached_property
    def capitals(self) -> bool:
        """Whether the writer writes names with capitals."""
        text = self.text
        seen = (start for start, _ in self.spans if text[start].isupper())
        return next(seen, None) is not None and next(seen, None) is not None and text != text.upper()

    @cached_property
    def shouts(self) -> bool:
        """Whether any two capitals stand together."""
        return _SHOUT.search(self.text) is not None

    def written(self, first: int, last: int) -> str:
        return self.text[self.spans[first][0] : self.spans[last - 1][1]]

    def between(self, left: int, right: int) -> str:
        return self.text[self.spans[left][1] : self.spans[right][0]]

    def line_of(self, first: int, last: int) -> str:
        return " ".join(self.words[first:last])

    def joined(self, first: int, last: int) -> bool:
        """Whether only spaces, dots, hyphens and apostrophes stand between the words."""
        for at in range(first + 1, last):
            gap = self.between(at - 1, at)
            if gap != " " and not (_GAP.fullmatch(gap) and "\n" not in gap):
                return False
        return True

    def leads(self, start: int, first: int) -> bool:
        """Whether the words from `start` on may be the type of the name that begins at `first`."""
        gap = self.between(first - 1, first)
        if gap == " ":
            return True
        if _DASH.search(gap) and self._goes_on_from(start):
            return False  # "Đường Tân Xã - Ninh Sở"
        sign = _GAP if len(self.words[first - 1]) == 1 else _LEAD
        return sign.fullmatch(gap) is not None and "\n" not in gap

    def _goes_on_from(self, at: int) -> bool:
        """Whether a name goes on there: behind a capital that neither begins a sentence nor is "UBND"."""
        if at < 2 or not self.capital(at - 1):
            return False
        parted = {self.between(at - 2, at - 1), self.between(at - 1, at)} != {" "}
        return not parted and (self.shouted(at) or not self.written(at - 1, at).isupper())

    def parted(self, first: int, last: int) -> bool:
        """Whether a dash between the words parts two names: "Hòa Khánh - Hòa Minh", "Hòa Khánh-Hòa Minh"."""
        written = self.written(first, last)
        if "-" not in written and "–" not in written:
            return False
        goes_before = first > 0 and self.capital(first - 1) and self.between(first - 1, first) == " "
        return _DASH.search(written) is not None or (goes_before and self.goes_on(last))

    def shouted(self, at: int) -> bool:
        """Whether a word and the one before, if there is one, are in capitals throughout."""
        here = self.written(max(0, at - 1), at + 1)
        return len(here) > 1 and here.isupper()

    def capital(self, at: int) -> bool:
        return self.text[self.spans[at][0]].isupper()

    def capitalised(self, first: int, last: int) -> bool:
        return all(self.capital(at) for at in range(first, last))

    def named(self, first: int, last: int) -> bool:
        """Whether the words stand as a name: with capitals, but for a number at its end ("An Thạnh 2")."""
        return self.capitalised(first, last - (last - first > 1 and self.words[last - 1].isdigit()))

    def word(self, first: int, last: int) -> str:
        """The words as they are compared: with their marks where the writer uses marks."""
        if not self.marked:
            return self.line_of(first, last)
        return " ".join(respelled(self.text[a:b].lower()) for a, b in self.spans[first:last])

    def bare(self, first: int, last: int) -> bool:
        """Whether the words bear no mark at all, but for đ."""
        return self.written(first, last).replace("đ", "d").replace("Đ", "D").isascii()

    def goes_on(self, last: int) -> bool:
        """Whether the word after `last` goes on with the name: "Hòa Bình Green City"."""
        return last < len(self.words) and self.between(last - 1, last) == " " and self.capital(last)


def _parted(start: int, end: int, humps: set[int]) -> list[tuple[int, int]]:
    cuts = [start, *(at for at in range(start + 1, end) if at in humps), end] if humps else [start, end]
    return list(pairwise(cuts))
