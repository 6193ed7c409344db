"""Whether two texts tell the same thing: a signature to find them by, a likeness to be sure of.

A signature is MinHash over the pairs of neighbouring words, folded, without greeting and closing. Cut into
bands it is found by equality, so that a table of bands answers without comparing with every text.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from .text import fold, guard

SIZE = 64  # minima in a signature
BANDS, ROWS = 21, 3  # 21 x 3 of the 64: at half the pairs in common two texts share a band in 19 of 20
SURE = 80.0  # letters alike, of 100
AGREEING = 0.3  # share of minima in common

_SEED = 20261127
_WORD = re.compile(r"\w+")
_CLAUSE_END = re.compile(r"[.,:;!?…\n]+")
# Of folded text, where "gui" is also parking, "thua" a plot of land and "chao" porridge.
_SELF = r"(?:toi|em|chau|minh|con|ba con|nguoi dan|chung toi|chung em)"
_BODY = r"(?:lanh dao|co quan|uy ban|ubnd|cong an|tong dai)"
_SOMEBODY = rf"(?:anh|chi|co|chu|bac|cac|quy|ban|moi nguoi|ad|admin|{_BODY})"
_HAIL = rf"(?:kinh|than) (?:gui|thua|chao|trinh)|xin chao|alo|hello|dear|(?:gui|thua|chao)(?: {_SOMEBODY}|$)"
_GREETING = re.compile(rf"(?:da |xin |{_SELF} )*(?:{_HAIL})\b|{_SELF} (?:ten la|la|ten)\b")
_INTRODUCTION = re.compile(
    rf"(?:(?:nay|hom nay|xin|muon|can|viet don nay|cho|duoc|phep|{_SELF}) )+(?:phan anh|kien nghi|trinh bay)"
    r"(?: (?:ve|viec|su viec|mot|voi|nhu|sau|quy|co quan|noi dung|rang|la)\b)*"
)
_CLOSING = re.compile(
    rf"(?:(?:rat|xin|kinh|chan thanh|tran trong|{_SELF}) )*(?:cam on|cam ta|biet on|mong|tran trong)\b"
)
_MOST_WORDS = 25  # of a clause that is nothing but manners


def _odd_multipliers() -> NDArray[np.uint64]:
    # With 32-bit multipliers the minima of different functions hang together.
    dice = np.random.Generator(np.random.PCG64(_SEED))
    return dice.integers(0, 2**64, size=(SIZE, 1), dtype=np.uint64, endpoint=False) | np.uint64(1)


_MULTIPLIERS = _odd_multipliers()
_PAIR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_BAND = np.array([[0x94D049BB133111EB], [0xD6E8FEB86659FD93], [0xA0761D6478BD642F]], dtype=np.uint64)


def matter(text: str) -> str:
    """The folded words of a text between greeting and closing, one blank between two.

    All of them where nothing else is said. Never raises on any str.
    """
    folded = fold(guard(text).text)
    clauses = [" ".join(_WORD.findall(clause)) for clause in _CLAUSE_END.split(folded)]
    clauses = [clause for clause in clauses if clause]
    start, end = 0, len(clauses)
    while start < end and _is_manners(_GREETING, clauses[start]):
        start += 1
    while start < end and _is_manners(_CLOSING, clauses[end - 1]):
        end -= 1
    kept = clauses[start:end] or clauses
    whole = " ".join(kept)
    opening = _INTRODUCTION.match(whole)
    return whole[opening.end() :].lstrip() or whole if opening else whole


def _is_manners(way: re.Pattern[str], clause: str) -> bool:
    return bool(way.match(clause)) and clause.count(" ") < _MOST_WORDS


def signature(text: str) -> bytes:
    """64 minima of the text's matter, little-endian uint32 (256 bytes); b"" below two words."""
    return signature_of(matter(text))


def signature_of(matter: str) -> bytes:
    """The same of what `matter` gave."""
    words = [zlib.crc32(word.encode("utf-8", "replace")) for word in matter.split(" ") if word]
    if len(words) < 2:
        return b""
    hashes = np.array(words, dtype=np.uint64)
    pairs = hashes[:-1] * _PAIR + hashes[1:]
    pairs = np.unique((pairs ^ (pairs >> np.uint64(31))) * _MIX)
    minima: NDArray[np.uint64] = ((_MULTIPLIERS * pairs) >> np.uint64(32)).min(axis=1)
    return bytes(minima.astype("<u4").tobytes())


def bands(signature: bytes, area: str = "") -> list[int]:
    """21 signed 32-bit numbers, one of each band, other ones in each area; none of an empty signature."""
    if not signature:
        return []
    minima = np.frombuffer(signature, dtype="<u4")[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    mixed = (minima * _BAND.T).sum(axis=1, dtype=np.uint64) + np.arange(1, BANDS + 1, dtype=np.uint64) * _PAIR
    mixed = ((mixed ^ (mixed >> np.uint64(29))) * _MIX) >> np.uint64(32)
    numbers = mixed.astype(np.uint32) ^ np.uint32(zlib.crc32(area.encode("utf-8", "replace")))
    return [int(number) for number in numbers.astype(np.int32)]


def agreement(one: bytes, other: bytes) -> float:
    """The share of minima in common, about that of word pairs: 0 to 1; 0 where one is empty."""
    if len(one) != len(other) or not one:
        return 0.0
    return float((np.frombuffer(one, dtype="<u4") == np.frombuffer(other, dtype="<u4")).mean())


def likeness(one: str, other: str) -> float:
    """How much of the letters of two matters is the same, in the same order: 0 to 100."""
    return float(fuzz.ratio(one, other))


def is_same(agreement: float, likeness: float) -> bool:
    """Whether two texts that share a band are likely to tell the same thing; a person confirms.

    Either will do: a text cut short keeps its pairs and loses letters, one full of slips the other way.
    """
    return agreement >= AGREEING or likeness >= SURE
