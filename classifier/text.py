"""Vietnamese text made safe to read: cleaned once, folded for comparing, cut into words for showing."""

import re
import threading
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

KEPT = 20_000  # code points of a text that are kept
ANALYSED = 4_000  # code points that classifier, places and personal look at
_RAW = 2 * KEPT  # what lies behind is not even looked at: bounds the work on hostile input
_MARKS = 8  # more marks on one letter are no writing (Vietnamese needs two)
_RUN = 3  # "!!!!!!" says no more than "!!!"

# What takes no room or shows nothing: the signs that Unicode calls default-ignorable, controls, annotation
# marks, the frame of a keycap.
_UNSEEN = (
    "\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_DROPPED = re.compile(f"[\x00\ud800-\udfff{_UNSEEN}]")
# Marks that belong to the letter before them; on a figure they say nothing.
_LOOSE_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_ODD = re.compile(f"[\x00\ud800-\udfff{_UNSEEN}{_LOOSE_MARKS}]")
_ON_FIGURE = re.compile(rf"(?<=\d)[{_LOOSE_MARKS}]+")
# Other writings of a space, a line end, a hyphen and ASCII ("０９", "𝟎𝟗", "﹫"): read as these, one for one.
_SPACES = (
    "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\u3000"
)
_LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"
_HYPHENS = "\u2010\u2011\u2012\u2212\ufe63"
_SHAPES = [
    *range(0xFE50, 0xFE6C),
    *range(0xFF01, 0xFF5F),
    *range(0x1D400, 0x1D800),
]  # small, wide, mathematical
_PLAINER = str.maketrans(
    {
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in _SHAPES},
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_LINE_ENDS, "\n"),
        **dict.fromkeys(_HYPHENS, "-"),
    }
)
_VARIANT = re.compile(f"[{_SPACES}{_LINE_ENDS}{_HYPHENS}\ufe50-\ufe6b\uff01-\uff5e\U0001d400-\U0001d7ff]")
_LONG_RUN = re.compile(rf"([\W_])\1{{{_RUN},}}")
_MANY_SIGNS = re.compile(r"[\W_]{4}")  # no run of one sign or of marks is long without
_MARK_RUN = re.compile(rf"[^\w\x00-\u02ff]{{{_MARKS + 1},}}")  # marks are no \w
# Code points of combining class 0 that NFC may still melt into the one before them.
_MELTING = frozenset(
    map(
        ord,
        "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u1b35\u102e",
    )
) | frozenset([*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)])


@dataclass(frozen=True)
class Clean:
    """A cleaned text and, for each of its code points, where it stood in the text as given."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    raw: str  # the text as given, as far as it was looked at

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given of the half-open span `start`..`end` of the cleaned text."""
        return (self.starts[start], self.ends[end - 1]) if start < end else (0, 0)

    def as_given(self, start: int, end: int) -> str:
        """The stretch between two offsets of the text as given."""
        return self.raw[start:end]


def guard(text: str, cap: int = ANALYSED) -> Clean:
    """Clean a text: NFC, plain spaces and figures, nothing unseen, no surrogates, runs squeezed, at most
    `cap` code points.

    Never raises on any str; the work is bounded whatever the length.
    """
    raw = text[:_RAW]
    read = raw.translate(_PLAINER) if _VARIANT.search(raw) else raw
    if _plain(read):
        read = read[:cap]
        return Clean(read, range(len(read)), range(1, len(read) + 1), raw)
    if _DROPPED.search(read) and _plain(_DROPPED.sub("", read)):
        return _thinned(read, raw, cap)
    return replace(_mapped(read, cap), raw=raw)


def normalise(text: str) -> str:
    """The text as it is kept: NFC, no surrogates, no NUL, squeezed, at most 20,000 code points."""
    return guard(text, KEPT).text


def _plain(raw: str) -> bool:
    runs = _MANY_SIGNS.search(raw) and (_LONG_RUN.search(raw) or _MARK_RUN.search(raw))
    return not runs and not _ODD.search(raw) and unicodedata.is_normalized("NFC", raw)


def _is_nfc(raw: str) -> bool:
    # Composing a long run of marks costs its square, so such a text is not even asked.
    return not _MARK_RUN.search(raw) and unicodedata.is_normalized("NFC", raw)


def _is_loose(char: str) -> bool:
    return char >= "\u0300" and (unicodedata.combining(char) != 0 or ord(char) in _MELTING)


def _thinned(read: str, raw: str, cap: int) -> Clean:
    """What is plain but for what is dropped, which belongs to the sign before it."""
    starts, at = array("l"), 0
    for match in _DROPPED.finditer(read):
        starts.extend(range(at, match.start()))
        at = match.end()
    starts.extend(range(at, len(read)))
    return Clean(_DROPPED.sub("", read)[:cap], starts[:cap], [*starts[1:], len(read)][:cap], raw)


def _mapped(raw: str, cap: int) -> Clean:
    chars: list[str] = []
    starts, ends = array("l"), array("l")
    run = 0
    for start, end in _clusters(raw):
        letter = _DROPPED.sub("", raw[start : min(end, start + _MARKS)])
        if letter[:1].isdigit():
            letter = _ON_FIGURE.sub("", letter)
        for char in unicodedata.normalize("NFC", letter):
            run = run + 1 if chars and char == chars[-1] and not char.isalnum() else 1
            if run <= _RUN:
                chars.append(char)
                starts.append(start)
                ends.append(end)
            else:
                ends[-1] = end
        if len(chars) >= cap:
            break
    return Clean("".join(chars[:cap]), starts[:cap], ends[:cap], raw)


def _clusters(raw: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of one letter with the marks that follow it, and what is dropped between them.

    A long run of one sign is one span too: but for its last, which may carry marks.
    """
    start = 0
    while start < len(raw):
        run = None if _is_loose(raw[start]) else _LONG_RUN.match(raw, start)
        end = run.end() - 1 if run else start + 1
        while not run and end < len(raw) and (_is_loose(raw[end]) or _DROPPED.match(raw[end])):
            end += 1
        yield start, end
        start = end


class _Folding(dict[int, str]):
    """Code point -> one folded letter, worked out on first sight."""

    def __missing__(self, code: int) -> str:
        first = unicodedata.normalize("NFD", chr(code).lower())[:1] or chr(code)
        self[code] = folded = "d" if first == "đ" else first
        return folded


_FOLDING = _Folding()


@lru_cache(maxsize=64)  # of a text that is read five ask for the same
def fold(text: str) -> str:
    """Lower case without diacritics, đ as d: what texts are compared by.

    One code point stays one code point when the text is NFC, so offsets hold.
    """
    folded = text.translate(_FOLDING)
    if folded.isascii() or _is_nfc(text):
        return folded
    return _mapped(text, len(text)).text.translate(_FOLDING)


_segmenter = threading.Lock()


def words(text: str) -> list[str]:
    """The words of a text as underthesea cuts them ("hố ga" is one), for showing only.

    Slow (2 ms a text) and 90 MB on first use, hence imported here; on failure the bare syllables.
    """
    clean = guard(text).text
    try:
        # Its model is published before it is loaded: two first callers at once would crash.
        with _segmenter:
            from underthesea import word_tokenize

            return [str(word) for word in word_tokenize(clean)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # its Rust core panics outside Exception
        return re.findall(r"\w+", clean)
