"""Danger to life or safety now: words that say so, and words that take it back."""

import re
from collections.abc import Iterator
from pathlib import Path

from .text import fold

_FILE = Path(__file__).parent / "data" / "danger_words.txt"


_APART = re.compile(r"\|(?![^(]*\))")  # not within brackets


def _pattern(file: Path) -> re.Pattern[str]:
    """The dangers of a file in one pattern, by their first letters: of most words that is enough to know."""
    behind: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        for danger in _APART.split(line) if line and not line.startswith("#") else ():
            for whole in _spelt_out(danger):
                behind.setdefault(whole[0], []).append(whole[1:])
    dangers = "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in behind.items())
    return re.compile(rf"(?<!\w)(?:{dangers})(?!\w)")


def _spelt_out(danger: str) -> list[str]:
    """A pattern that begins with a bracket, once for each word in that."""
    if not danger.startswith("(?:"):
        return [danger]
    firsts, rest = danger.removeprefix("(?:").split(")", 1)
    return [f"{first}{rest}" for first in firsts.split("|")]


_DANGER = _pattern(_FILE)
# Said within a few words before or after: it is over, it is not so, it is asked about in general.
_BEFORE = (
    "khong(?: he)? (?:bi|co|con)", "chua(?: tung)?", "het", "tung", "nam ngoai", "nam truoc", "thang truoc",
    "phong", "phong chong", "dien tap", "tap huan", "cam on", "tuyen truyen", "truoc day", "hoi truoc",
    "not", "no longer", "population",
)  # fmt: skip
_AFTER = (
    "da (?:duoc )?(?:sua|khac phuc|xu ly|thay|dap tat|don|lap|giai quyet|bat|day)", "xong roi", "het roi",
    "nam ngoai", "nam truoc", "thi sao", "bi phat", "phat bao nhieu", "quy dinh",
    "(?:was|were|is|are|been) (?:fixed|repaired|put out)", "(?:years?|months?) ago", "last (?:year|month)",
)  # fmt: skip
_TAKEN_BACK_BEFORE = re.compile(rf"\b(?:{'|'.join(_BEFORE)})(?: \w+){{0,3}} ?$")
_TAKEN_BACK_AFTER = re.compile(rf"^(?: ?\w+){{0,6}} ?\b(?:{'|'.join(_AFTER)})\b")
_CONTEXT = 48  # code points on each side that can take a danger back


def danger_words(text: str) -> tuple[str, ...]:
    """Words of a cleaned text that tell of a danger standing now, as written, in its order."""
    return tuple(dict.fromkeys(text[start:end] for start, end in _dangers(fold(text))))


def _dangers(folded: str) -> Iterator[tuple[int, int]]:
    for found in _DANGER.finditer(folded):
        before = re.split(r"[.!?\n]", folded[max(0, found.start() - _CONTEXT) : found.start()])[-1]
        after = re.split(r"[.!?\n]", folded[found.end() : found.end() + _CONTEXT])[0].replace(",", "")
        if not _TAKEN_BACK_BEFORE.search(before) and not _TAKEN_BACK_AFTER.match(after):
            yield found.start(), found.end()
