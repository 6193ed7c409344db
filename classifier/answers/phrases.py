"""Phrases of officials by what they say, as patterns for text with diacritics and for text without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from classifier.text import fold

_FILE = Path(__file__).parents[1] / "data" / "answer_words.txt"
# Two ways of placing one mark, of which the left one is kept.
_PLACED = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe"}
_PLACED |= {"oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}
_PLACING = re.compile(rf"(?:{'|'.join(_PLACED)})(?!\w)")
_WORD = re.compile(r"\w+")

# Capital letters, for a class of a regular expression.
CAPITALS = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x1EFA) if chr(code).isupper())


def lowered(text: str) -> str:
    """Small letters, each mark at one place; as many code points as before."""
    return _PLACING.sub(lambda pair: _PLACED[pair[0]], text.lower())


def folded_words(text: str) -> list[str]:
    """Its words in their order, folded."""
    return _WORD.findall(fold(text))


# Single words that are the same without diacritics: others would be many words at once.
_CLEAR = frozenset(["đã", "sẽ", "chưa", "thay", "sửa", "phạt", "dọn", "hút", "lát", "xong", "vừa"])
_CAUTIOUS = frozenset(["steps", "orders", "maybe", "unreal"])  # a wrong guess says less, not more


@dataclass(frozen=True)
class Pattern:
    """One regular expression twice: for text with diacritics, and for text that was written without."""

    marked: re.Pattern[str]
    plain: re.Pattern[str]

    @classmethod
    def of(cls, marked: str) -> Pattern:
        """`marked` in small letters and without escapes in capitals; folded it is the other one."""
        return cls(re.compile(lowered(marked)), re.compile(fold(marked)))

    def of_writing(self, marked: bool) -> re.Pattern[str]:
        return self.marked if marked else self.plain


@cache
def alternatives(section: str) -> tuple[str, str]:
    """The phrases of a section as an alternation, the longest first: with diacritics, and without."""
    phrases = _sections()[section]
    marked = {lowered(phrase.removeprefix("!")) for phrase in phrases}
    plain = {fold(phrase) for phrase in phrases if not phrase.startswith("!")}
    return _alternation(marked), _alternation(plain)


def _alternation(phrases: set[str]) -> str:
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", " ") for phrase in longest)


@cache
def phrase(section: str, template: str = "{}") -> Pattern:
    """Any phrase of the section as whole words, within `template`, which speaks of the rest."""
    marked, plain = alternatives(section)
    wholes = [rf"(?<!\w)(?:{phrases})(?!\w)" for phrases in (marked, plain)]
    template = lowered(template)
    return Pattern(
        re.compile(template.replace("{}", wholes[0])), re.compile(fold(template).replace("{}", wholes[1]))
    )


def categories(sections: Sequence[str]) -> Pattern:
    """Any phrase of these sections, the longest at each place, in a group named like its section.

    A phrase of two sections is of the first.
    """
    return Pattern(*(_grouped(sections, marked=marked) for marked in (True, False)))


def _grouped(sections: Sequence[str], *, marked: bool) -> re.Pattern[str]:
    of: dict[str, str] = {}
    for section in sections:
        for phrase in _sections()[section]:
            if marked or " " in phrase or phrase in _CLEAR or section in _CAUTIOUS:
                written = lowered(phrase) if marked else fold(phrase)
                of.setdefault(written, section)
    # One group a length and section: the alternation tries the longest phrases first.
    runs = [
        (section, [phrase for phrase in of if of[phrase] == section and len(phrase) == length])
        for length in sorted({len(phrase) for phrase in of}, reverse=True)
        for section in sections
    ]
    names = (
        f"(?P<{section}_{number}>{_alternation(set(run))})"
        for number, (section, run) in enumerate(runs)
        if run
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")


@cache
def syllables(section: str, *, marked: bool) -> frozenset[str]:
    """Every single word of a section, with its diacritics or folded."""
    write = lowered if marked else fold
    return frozenset(word for phrase in _sections()[section] for word in write(phrase).split())


@cache
def pairs(section: str, *, marked: bool) -> frozenset[tuple[str, str]]:
    """Every two words that stand beside one another in a section, written likewise."""
    write = lowered if marked else fold
    return frozenset(pair for phrase in _sections()[section] for pair in pairwise(write(phrase).split()))


@cache
def _sections() -> Mapping[str, tuple[str, ...]]:
    sections: dict[str, list[str]] = {}
    for line in _lines():
        if line.startswith("["):
            rows = sections.setdefault(line[1 : line.index("]")], [])
        else:
            rows += [phrase.strip() for phrase in line.split(";") if phrase.strip()]
    return {name: tuple(rows) for name, rows in sections.items()}


def _lines() -> Iterator[str]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line
