"""Words written without the spaces between them: "p12q3", "phuong5govap", "tpthuduc"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_LONGEST = 40  # code points of a word that is looked into
_KEPT = 50_000  # words that a process remembers
_AGAIN = 256  # words that are cut and come again

_ONSET = "b|ch?|d|gh?|gi|h|kh?|l|m|n|ngh?|nh|p|ph|qu?|r|s|t|th|tr|v|x"
_NUCLEUS = (
    "uyeu|uyu|uye|uya|uay|uao|uai|oai|oao|oay|oeo|ieu|yeu|uoi|uou|uy|uu|uo|ui|ue|ua|oo|oi|oe|oa|iu|ie|ia|"
    "eu|eo|ay|au|ao|ai|ye|a|e|i|o|u|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:ch?|m|ng?|nh|p|t)?")

# What stands glued before a name, longest first; a single letter only where it is common.
_BEFORE = (
    "thanhpho", "thitran", "thixa", "dackhu", "phuong", "huyen", "quan", "tinh", "xa", "tp", "tx", "tt", "p",
    "q", "f", "h",
)  # fmt: skip
_SPREAD = {"thanhpho": (5, 3), "thitran": (3, 4), "thixa": (3, 2), "dackhu": (3, 3)}
_NUMBERED = frozenset(["phuong", "quan", "p", "q", "f"])
_ONE_SYLLABLE = frozenset(["thanhpho", "thixa", "phuong", "huyen", "quan", "tinh", "tp", "tx"])
_NUMBER = re.compile(r"\d{1,2}(?!\d)")
# What may stand glued before a unit: "tổ3phường".
_PLACED = re.compile(r"(to|ap|kp|khu|khupho|thon|hem|ngo|ngach|kiet|so|lo)(\d{1,3})")
_INITIALS = re.compile(r"[a-z]{2,3}")


class Piece(NamedTuple):
    """A word inside a word, with its place there."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a folded word can be one Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


class Splitter:
    """Cuts words at known names; `names` are folded, their syllables parted by spaces."""

    def __init__(self, names: Iterable[str]) -> None:
        self._glued: dict[str, str] = {}
        for name in names:
            if name[0].isalpha():
                self._glued.setdefault(name.replace(" ", ""), name)
        self._syllables = frozenset(part for name in self._glued.values() for part in name.split())
        self._longest = max(map(len, self._glued), default=0)
        self._whole: set[str] = set()  # words that were seen to be none of ours
        self._pieces = lru_cache(maxsize=_AGAIN)(self._cut_up)

    def cuts(self, words: Sequence[str]) -> bool:
        """Whether any of the words is to be cut."""
        return not self._whole.issuperset(words) and any(map(self.split, words))

    def split(self, word: str) -> tuple[Piece, ...]:
        """The pieces of a folded word, () where it is none of ours; numerals lose leading zeros."""
        if word in self._whole:
            return ()
        pieces = self._pieces(word)
        if not pieces and len(word) <= _LONGEST and len(self._whole) < _KEPT:
            self._whole.add(word)
        return pieces

    def _cut_up(self, word: str) -> tuple[Piece, ...]:
        if word.isdigit():
            bare = word.lstrip("0") or "0"
            return (Piece(bare, 0, len(word)),) if bare != word else ()
        if len(word) > _LONGEST or word in self._syllables or is_syllable(word):
            return ()
        pieces = self._cut(word, 0, set())
        return tuple(pieces) if pieces and len(pieces) > 1 else ()

    def _cut(self, word: str, at: int, dead: set[int]) -> list[Piece] | None:
        """Pieces that fill the word from `at` on; None where it cannot be filled, as from those `dead`."""
        if at == len(word):
            return []
        for head in self._heads(word, at) if at not in dead else ():
            rest = self._cut(word, head[-1].end, dead)
            if rest is not None:
                return head + rest
        dead.add(at)
        return None

    def _heads(self, word: str, at: int) -> Iterator[list[Piece]]:
        for before in _BEFORE:
            if word.startswith(before, at):
                start = at + len(before)
                for named in self._named(word, start, before):
                    yield [*_prefix(before, at), *named]
                if start == len(word) and (at or before in _SPREAD):  # its name is the next word
                    yield list(_prefix(before, at))
                if before == "tp" and _INITIALS.fullmatch(word, start):
                    yield [*_prefix(before, at), Piece(word[start:], start, len(word))]
        yield from self._names(word, at)
        placed = _PLACED.match(word, at)
        if placed and placed.end() < len(word):
            yield [
                Piece(placed[1], at, placed.end(1)),
                Piece(placed[2].lstrip("0") or "0", placed.start(2), placed.end()),
            ]
        if at and word[at - 1].isdigit() and _INITIALS.fullmatch(word, at):
            yield [Piece(word[at:], at, len(word))]

    def _named(self, word: str, start: int, before: str) -> Iterator[list[Piece]]:
        number = _NUMBER.match(word, start) if before in _NUMBERED else None
        if number:
            yield [Piece(number.group().lstrip("0") or "0", start, number.end())]
        yield from self._names(word, start, alone=before in _ONE_SYLLABLE)

    def _names(self, word: str, at: int, *, alone: bool = False) -> Iterator[list[Piece]]:
        for end in range(min(len(word), at + self._longest), at + 2, -1):
            name = self._glued.get(word[at:end])
            if name and (alone or " " in name):
                yield list(_spread(name, at))


def _prefix(before: str, at: int) -> Iterator[Piece]:
    cut = 0
    for length in _SPREAD.get(before, (len(before),)):
        yield Piece(before[cut : cut + length], at + cut, at + cut + length)
        cut += length


def _spread(name: str, at: int) -> Iterator[Piece]:
    for syllable in name.split():
        yield Piece(syllable, at, at + len(syllable))
        at += len(syllable)
