"""A text as the finders of personal data see it: as cleaned, and folded to the same length."""

from dataclasses import dataclass

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
