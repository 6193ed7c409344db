"""The two strings that words are found by, on every engine alike: as written, and folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from classifier.text import fold, normalise
from search.documents import Document
from search.telephones import told

# In nobody's text, yet letters to every engine. A seam stands between parts, so that no phrase reaches over.
SEAM = "\ue000"
_SIGN = "\ue001"
TOKENS = {"field": "topic", "subfield": "topic", "commune": "commune", "agency": "agency"}
WORD = re.compile(r"[^\W_]{1,40}")  # a longer one is cut, in texts and in questions alike
# Where the tone mark was set before: hoà is hòa, thuý is thúy; quý stays.
_MOVED = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
_OLD = re.compile(rf"(?<!q)({'|'.join(_MOVED)})(?![^\W_])")


def written(text: str) -> list[str]:
    """The words of a text in lower case with their marks, NFC, tones where most set them."""
    return WORD.findall(retoned(normalise(text).lower()))


def retoned(text: str) -> str:
    """A lower-cased NFC text with its tone marks where most set them."""
    return _OLD.sub(lambda found: _MOVED[found.group()], text)


def folded(words: list[str]) -> list[str]:
    """The same words without diacritics, đ as d: one for one."""
    return fold(" ".join(words)).split(" ") if words else []


def spaced(words: Iterable[str]) -> str:
    """With a blank around each, so that a phrase is found as a piece of the text."""
    return f" {' '.join(words)} "


def words_of(document: Document) -> list[str]:
    """All that a document is found by, as written: its text, answer, place, parts of its code, the digits of
    telephones that are written in groups, and tokens."""
    found = written(document.text)
    for part in (document.answer, document.where, " ".join(_halves(document.code))):
        found += [SEAM, *written(part)]
    for telephone in told(normalise(f"{document.text}\n{document.answer}")):
        found += [SEAM, telephone]
    return [*found, SEAM, *_tokens(document)]


def _tokens(document: Document) -> Iterator[str]:
    for fact in TOKENS:
        if value := getattr(document, fact):
            yield token(fact, value)


def token(fact: str, value: str) -> str:
    """The word by which documents of a field or sub-field, commune or agency are found.

    In no text, and nobody can type it. A field and a sub-field may be asked for alike.
    """
    return _SIGN + TOKENS[fact] + re.sub(r"[\W_]", "", value).lower()


def _halves(code: str) -> list[str]:
    """A code as people remember it: its beginning, from four digits on, or its groups of four."""
    groups = [code[at : at + 4] for at in range(4, len(code), 4)]
    return [code[:end] for end in range(4, len(code) + 1)] + groups + [code[4:]]
