"""Names of units: as they stand inside a Vietnamese sentence, and in which order they stand in a list."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The Vietnamese alphabet, with the four letters of foreign names in their places.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
SYLLABLES = 10_000  # remembered; the names of all units have fewer
# Without a mark, then as dictionaries have them: huyền, hỏi, ngã, sắc, nặng.
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def lowered(words: str) -> str:
    """As within a sentence: 'Phường Hải Châu' -> 'phường Hải Châu'."""
    return words[:1].lower() + words[1:]


def in_sentence(name: str) -> str:
    """'Phường Hải Châu' -> 'phường Hải Châu', 'Thành phố Đà Nẵng' -> 'TP Đà Nẵng', 'Tỉnh X' -> 'tỉnh X'."""
    if name.startswith("Thành phố "):
        return f"TP {name.removeprefix('Thành phố ')}"
    return lowered(name)


def alphabetical(name: str) -> tuple[object, ...]:
    """A sort key, syllable by syllable: its letters, then its tone; numbers by their value, before letters.

    'Dĩ An' < 'Đà Nẵng' < 'Ea Súp', 'Phường 2' < 'Phường 10', 'Tân An' < 'Tân Bình' < 'Tấn An'.
    """
    words = re.findall(r"\d+|[^\W\d_]+", unicodedata.normalize("NFC", name).casefold())
    return tuple(_spelt(word) for word in words), name


@lru_cache(SYLLABLES)
def _spelt(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of one syllable: places of its letters in the alphabet, and the tone of each."""
    if word.isdigit():
        return (-1, int(word)), ()
    pairs = [_letter_and_tone(char) for char in word]
    return tuple(letter for letter, _tone in pairs), tuple(tone for _letter, tone in pairs)


def _letter_and_tone(char: str) -> tuple[int, int]:
    marks = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in marks[1:] if mark in TONES), "")
    letter = unicodedata.normalize("NFC", marks.replace(tone, "")) if tone else char
    return ALPHABET.find(letter) if letter in ALPHABET else len(ALPHABET), TONES.index(tone)
