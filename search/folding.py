"""The two strings that words are found by, on every engine alike: as written, and folded."""

from __future__ import annotations

import re

from classifier.text import fold, normalise

# Between parts of a document, so that no phrase reaches over: in nobody's text, yet a letter to every engine.
SEAM = "\ue000"
_WORD = re.compile(r"[^\W_]+")
# Where the tone mark was set before: hoà is hòa, thuý is thúy; quý stays.
_MOVED = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
_OLD = re.compile(rf"(?<!q)({'|'.join(_MOVED)})(?!\w)")


def written(text: str) -> list[str]:
    """The words of a text in lower case with their marks, NFC, tones where most set them."""
    lower = normalise(text).lower()
    return _WORD.findall(_OLD.sub(lambda found: _MOVED[found.group()], lower))


def folded(words: list[str]) -> list[str]:
    """The same words without diacritics, đ as d: one for one."""
    return fold(" ".join(words)).split(" ") if words else []
