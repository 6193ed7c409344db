"""A text as the finders of personal data see it: as cleaned, and folded to the same length."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from ..text import fold


@dataclass(frozen=True)
class Span:
    """Personal data of one kind: cccd cmnd phone email plate bank_account tax_code passport address person.

    Offsets are code points of the text as given. cccd covers insurance numbers too: they say as much.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Found:
    """A span in the cleaned text."""

    start: int
    end: int
    kind: str

    def meets(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


# Ranges of code points mix capitals and small letters (ở lies between À and Ỹ), hence written out.
UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
CAPITAL_BEFORE = re.compile(rf"(?<!\w)[{UPPER}]\w* $")  # up to where something begins
LETTER = re.compile(r"[^\W\d_]")
_CAPITAL = re.compile(rf"[{UPPER}](?<!\w.)")  # it looks back: capitals are few
_HAN = {ord(sign): str(figure) for figure, sign in enumerate("〇一二三四五六七八九")}
_LIKE_O = {ord(sign): "o" for sign in "οо"}  # Greek, Cyrillic
STRETCH = 24  # code points that show whether their writer uses marks
_CLAUSE = re.compile(r"[^.!?;:,\n]+[.!?;:,\n]*|[.!?;:,\n]+")
_FIGURE_AND_O = re.compile(r"\do")


class _Figuring(dict[int, str]):
    """Code point of a folded text -> the ASCII sign that stands for it between figures."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        figure = unicodedata.digit(sign, None)  # of every script, also ⑤ and ⁵
        if figure is not None:
            self[code] = str(figure)
        else:
            self[code] = "-" if code > 0x7F and unicodedata.category(sign)[0] in "PSZ" else sign
        return self[code]


_FIGURING = _Figuring(_HAN | _LIKE_O)


class Page:
    """A text with what is asked of it again and again.

    `text` is NFC, so `folded` (no marks) and `lower` (with marks) have its offsets; `is_marked`: the writer
    uses marks, so that "cho" is no "chợ".
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        lower = text.lower()
        self.lower = lower if len(lower) == len(text) else self.folded  # İ becomes two
        self.is_marked = self.lower != self.folded
        self.parts: dict[int, int] = {}  # of addresses: where one that begins there ends

    @cached_property
    def capitals(self) -> list[int]:
        """Where words with a capital begin: code points of the cleaned text."""
        return [match.start() for match in _CAPITAL.finditer(self.text)]

    @cached_property
    def plain_stretches(self) -> list[tuple[int, int]]:
        """Where a writer of marks goes on without any: "Kính gửi cơ quan. toi la le thi thanh"."""
        found: list[tuple[int, int]] = []
        for match in _CLAUSE.finditer(self.text) if self.is_marked else ():
            start, end = match.span()
            if self.lower[start:end] == self.folded[start:end]:
                goes_on = found and found[-1][1] == start
                found[-1:] = [(found[-1][0], end)] if goes_on else [*found[-1:], (start, end)]
        return [(start, end) for start, end in found if end - start >= STRETCH]

    def is_plain_at(self, at: int) -> bool:
        """Whether no marks are used there."""
        return not self.is_marked or any(start <= at < end for start, end in self.plain_stretches)

    @cached_property
    def figured(self) -> str:
        """`folded` with figures of every script as 0 to 9 and signs beyond ASCII as hyphens, same offsets.

        An o with marks right behind a figure stays itself: it begins a word ("0912345678ở Huế").
        """
        figured = self.folded if self.folded.isascii() else self.folded.translate(_FIGURING)
        return _FIGURE_AND_O.sub(self._as_written, figured) if self.is_marked else figured

    def _as_written(self, both: re.Match[str]) -> str:
        figure, written = both.group()[0], self.lower[both.end() - 1]
        return f"{figure}o" if ord(written) in _LIKE_O else f"{figure}{written}"
