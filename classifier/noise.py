"""Texts as hurried people type them: stripped, mistyped, in teencode. For training and for measuring."""

import random
import re
import unicodedata
from functools import cache
from pathlib import Path

from .text import fold

_FRAMES = Path(__file__).parent / "data" / "letter_frames.txt"
_BRACKET = re.compile(r"\(([^()]*)\)")

_TEENCODE = {
    "không": "ko", "được": "dc", "với": "vs", "vậy": "v", "gì": "j", "rồi": "r", "biết": "bít",
    "bây": "h", "giờ": "h", "người": "ng", "nhiều": "nh", "những": "nhg", "trong": "trg", "anh": "a",
    "em": "e", "chị": "c", "mình": "mk", "quá": "wá", "qua": "wa", "quận": "q", "phường": "p",
    "đường": "đg", "nước": "nc", "điện": "đ", "thoại": "thoai", "bình": "bt", "thường": "thg",
    "trước": "trc", "luôn": "lun", "tôi": "t", "cũng": "cug", "đi": "đ", "thì": "thì", "là": "la",
    "phải": "fải", "nhà": "nha", "vào": "vô", "chưa": "chx", "cho": "cho", "yêu": "iu", "cầu": "cầu",
}  # fmt: skip
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"\w+")


def strip(text: str) -> str:
    """The text without diacritics, its capitals kept."""
    return "".join(f.upper() if c.isupper() else f for c, f in zip(text, fold(text), strict=True))


def teencode(text: str, seed: int, share: float = 0.6, stripped: float = 0.24) -> str:
    """Short forms for a `share` of the words that have one, diacritics off a share of the others."""
    dice = random.Random(seed)  # noqa: S311 - noise, not a secret

    def one(found: re.Match[str]) -> str:
        word = found.group()
        short = _TEENCODE.get(word.lower())
        if short and dice.random() < share:
            return short
        return strip(word) if dice.random() < stripped else word

    return _WORD.sub(one, text)


def framed(text: str, seed: int, *, asks: bool = True) -> str:
    """The text with thanks behind it, half of the time with an address before it and, where it `asks` for
    something, half of the time with that said once more behind it.
    """
    dice = random.Random(seed)  # noqa: S311 - noise, not a secret

    def drawn(side: str, likely: float = 0.5) -> str:
        if dice.random() >= likely:
            return ""
        return _BRACKET.sub(lambda found: dice.choice(found[1].split("|")), dice.choice(_frames()[side]))

    parts = drawn("<"), text, drawn("+") if asks else "", drawn(">", 1)
    return " ".join(filter(None, parts))


@cache
def _frames() -> dict[str, list[str]]:
    """What letters have around them whatever they are about, by the side on which it stands."""
    lines = _FRAMES.read_text(encoding="utf-8").splitlines()
    return {side: [line[2:] for line in lines if line.startswith(f"{side} ")] for side in "<+>"}


def typos(text: str, seed: int, share: float = 0.1) -> str:
    """One wrong edit or wrong tone in a `share` of the words."""
    dice = random.Random(seed)  # noqa: S311 - noise, not a secret

    def one(found: re.Match[str]) -> str:
        word = found.group()
        return _mistype(word, dice) if len(word) > 1 and dice.random() < share else word

    return _WORD.sub(one, text)


def _mistype(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + word[at] + word[at + 1 :]
    return _retone(word, dice)


def _retone(word: str, dice: random.Random) -> str:
    spread = unicodedata.normalize("NFD", word)
    tones = [at for at, char in enumerate(spread) if char in _TONES]
    if not tones:
        return word[:-1]
    at = tones[0]
    tone = dice.choice([*_TONES, ""])
    return unicodedata.normalize("NFC", spread[:at] + tone + spread[at + 1 :])
