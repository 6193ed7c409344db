"""Names of persons, found by a linear chain over the words that may be one; `learning` teaches it.

Only words that may belong to a name are weighed: those with a capital, and small ones that are rare or on a
list of names, where a title or a word that says a name follows leads to them. What a word weighs by itself
and for its neighbours is added up once a process, what pairs of words weigh is looked up each time.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..places import shipped as gazetteer
from ..text import fold
from .cues import LOCATING, MIDDLE, NAMED_SO, RANKS, ROLES, SAYING, TITLES
from .page import Found, Page
from .words import FAMILIES, GIVEN, STREETS, SURE_FAMILIES, Words

SHIPPED = Path(__file__).parents[1] / "data" / "names"
REACH = 2  # words to each side that speak by themselves
NUMBER, HOME = "0", "¤"  # what stands in the text where a number or a home was found
TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d[\d.,/]*|¤+|[^\w\s]|\n")
_SYLLABLE = re.compile(
    r"(?:ngh|gh|ng|nh|ch|tr|th|ph|kh|gi|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_CLASSES = (("F", SURE_FAMILIES), ("f", FAMILIES), ("G", GIVEN), ("M", MIDDLE), ("T", TITLES))
_PHRASES = (("T", TITLES), ("R", ROLES), ("S", SAYING), ("N", NAMED_SO), ("L", LOCATING))
_LEADING = ("là", "tên", "nhà", "con", "của", "hộ", "la", "ten", "nha", "cua", "ho")
_SPEAKERS = frozenset(["tôi", "tui", "mình", "toi", "minh"])  # behind whom mostly verbs stand
_LONGEST_PHRASE = 4
_LONGEST = 5  # words of a name
_FIRST = frozenset("FfMr")  # what a name in small letters begins with
_AHEAD = frozenset("Mr")
_KEPT_SIGNS = 256  # words and signs inside what is not kept that come again
_KEPT_WORDS, _SHORT = 10_000, 24  # that a process remembers, and how many code points they have at most
_SIGNS = frozenset(["", "0", "5", "9", "^"])  # shapes of what is no word
_STOPS = frozenset(".!?…\n;")
_LOOSE = frozenset(":-–,\"“('*•[")
_AND = frozenset([",", "và", "va", "với", "voi", "&", "-", "cùng", "cung"])
_ROW = _AND | {"/", "–", "qua", "tới", "toi", "đến", "den", "giao"}  # what joins two of a kind
_KINDS = frozenset("TRSNL")  # of phrases
_NEVER, _BEHIND, _SMALL, _FAMILY, _CAPITAL = range(5)  # how easily a word is taken for part of a name


class Word:
    """A word or a sign as it is written.

    `shape`: x small, X with a capital, C one capital, U all capitals, M mixed, figures 0 5 9, else "";
    `said`: lower-cased, without marks where the writer uses none; `key`: its shape, its lists and how often
    the corpus has it in small letters and with a capital; `at`: what it weighs (B + I as one complex number)
    for the word two behind it, one behind it, itself ...
    """

    __slots__ = ("at", "folded", "is_word", "key", "known", "lower", "make", "may", "said", "shape", "sign")

    def __init__(self, lower: str, folded: str, said: str, shape: str, known: str, often: str) -> None:
        self.lower, self.folded, self.said, self.shape, self.known = lower, folded, said, shape, known
        self.make = f"{shape}{known}"
        self.key = f"{self.make}{often}"
        self.is_word = shape not in _SIGNS
        self.sign = shape or lower
        self.at: tuple[complex, ...] = ()
        self.may = _may(shape, known, often) if self.is_word else _NEVER

    def alone(self) -> Iterator[list[str]]:
        """What it says by itself of the word two behind it, one behind it, itself, and those before it."""
        for distance in range(2 * REACH + 1):
            yield [
                f"w{distance}{self.lower}", f"f{distance}{self.folded}", f"s{distance}{self.sign}",
                f"n{distance}{self.key}",
            ]  # fmt: skip


def _may(shape: str, known: str, often: str) -> int:
    if shape in "XMC":
        return _CAPITAL
    if "F" in known:
        return _FAMILY
    named = any(one in "FfGMr" for one in known)
    if often[0] >= "4":
        return _BEHIND if named else _NEVER
    return _SMALL if named or often[0] < "3" else _NEVER


class Known(NamedTuple):
    """What the corpus says of words: how often each is small and has a capital, a figure each; and the pairs
    of small words that begin like a name and are none.
    """

    counts: Mapping[str, str]
    everyday: Sequence[str]


class Lexicon(dict[str, tuple[Word, ...]]):
    """The words in what stands between blanks, as one who uses marks writes, or one who does not (`plain`).

    Each is made when first seen.

    `weights`: what a feature weighs for B and I, as one complex number.
    """

    def __init__(self, plain: bool, known: Known, weights: Mapping[str, complex]) -> None:
        self.plain, self.weights, self._counts = plain, weights, known.counts
        self.everyday = frozenset(known.everyday)
        self._classes = [(name, _of(words, plain)) for name, words in _CLASSES]
        self._folded = [(name, words.folded) for name, words in _CLASSES]
        self.phrases: dict[str, str] = {}
        for name, words in _PHRASES:
            for phrase in _of(words, plain):
                self.phrases[phrase] = self.phrases.get(phrase, "") + name
        self.leading = _leading(
            phrase for phrase, kind in self.phrases.items() if not {"T", "R", "S"}.isdisjoint(kind)
        )
        self.streets = _of(STREETS, plain)
        self.street_words = frozenset(street.split()[0] for street in self.streets)
        self.nothing = self._weighed(Word("", "", "", "^", "", ""))
        self._one = lru_cache(maxsize=_KEPT_SIGNS)(self._made)

    @cached_property
    def units(self) -> Container[str]:
        """The folded names of all units."""
        return gazetteer().names

    def rare(self, word: str) -> bool:
        """Whether the corpus has it seldom in small letters."""
        return self._counts.get(word, "00")[0] < "4"

    def __missing__(self, between: str) -> tuple[Word, ...]:
        words = tuple(map(self._one, TOKEN.findall(between)))
        if len(self) < _KEPT_WORDS and len(between) <= _SHORT:
            self[between] = words
        return words

    def _made(self, written: str) -> Word:
        return self._weighed(self._word(written))

    def _weighed(self, word: Word) -> Word:
        word.at = tuple(sum(self.weights.get(name, 0) for name in names) for names in word.alone())
        return word

    def _word(self, written: str) -> Word:
        if not written[0].isalpha():
            digits = sum(map(str.isdigit, written))
            shape = "" if not digits else "0" if digits < 5 else "5" if digits < 9 else "9"
            sign = "0" if shape else written[0]
            return Word(sign, sign, sign, shape, "", "")
        lower = written.lower()
        folded = fold(lower)
        said = folded if self.plain else lower
        known = "".join(name for name, words in self._classes if said in words)
        if not known and not self.plain and lower.isascii():
            known = "~" + "".join(name for name, words in self._folded if said in words)
        known += "r" if lower in RANKS else ""
        if not _SYLLABLE.fullmatch(folded):
            known += "'" if "'" in lower or "’" in lower else "-" if "-" in lower else "?"
        return Word(lower, folded, said, _shape(written), known, self._counts.get(said, "00"))


def _of(words: Words, plain: bool) -> frozenset[str]:
    return words.folded if plain else words.marked


def _leading(phrases: Iterable[str]) -> dict[str, set[str]]:
    """The last words of phrases, each with those that have to stand before it ("": none)."""
    found: dict[str, set[str]] = {word: {""} for word in _LEADING}
    for phrase in phrases:
        if phrase in _SPEAKERS:
            continue
        *before, last = phrase.split()
        found.setdefault(last, set()).add(before[-1] if before else "")
    return found


def _shape(written: str) -> str:
    if written.islower():
        return "x"
    if len(written) == 1:
        return "C"
    if written.isupper():
        return "U"
    return "X" if written[0].isupper() and written[1:].islower() else "M"


class _Run(NamedTuple):
    """Of a run: its end, its cue as the next of a row has it, what it is (street, place) and is made of."""

    end: int
    cue: str
    kind: str


_NONE = _Run(0, "", "")


class Line:
    """The words of a text, and runs of those that may belong to a name: numbers of words, half open."""

    def __init__(self, text: str, lexicon: Lexicon, places: Sequence[tuple[int, int]] = ()) -> None:
        """`text`: with numbers and homes hidden (see `hide`); `places`: half-open, in the text."""
        self.text, self.lexicon = text, lexicon
        self.words = words = [word for between in text.split(" ") for word in lexicon[between]]
        shapes = [word.shape for word in words]
        capitals, loud = shapes.count("X"), shapes.count("U")
        self.loud = loud > 2 * (shapes.count("x") + capitals)
        self.mode = f"{'p' if lexicon.plain else 'm'}{'U' if self.loud else 'X' if capitals else 'x'}"
        nothing = lexicon.nothing
        self.words += [nothing, nothing, nothing]  # words[-1] and words[-2] stand before the first too
        self.filled = "n" * (shapes.count("9") > 0) + "h" * (HOME in text)
        self.runs = self._runs()
        self._last = _NONE
        self._starts: list[int] = []
        self.places = self._within(places) if places and self.runs else {}

    def _runs(self) -> list[tuple[int, int]]:
        words, end = self.words, 0
        found = list[tuple[int, int]]()
        for start in [at for at, word in enumerate(words) if word.may]:
            if start >= end and self._may_be(start, words[start], 0):
                end = start + 1
                while self._goes_on(end, words[end], end - start):
                    end += 1
                found.append((start, end))
        return found

    def _may_be(self, at: int, word: Word, goes_on: int) -> bool:
        """`goes_on`: behind how many words of a run it stands."""
        words = self.words
        if word.may == _CAPITAL and not self.loud:
            next_ = words[at + 1]
            if goes_on or next_.may == _CAPITAL or (at and words[at - 1].lower not in _STOPS):
                return True
            rare = word.key[-2:] < "30"
            return rare or "M" in next_.known or (next_.shape != "x" and word.known != "")
        if word.shape == "U" and not self.loud:
            return len(word.lower) > 3 or word.known not in ("", "?", "~", "~?") or goes_on > 0
        if goes_on:
            named = words[at - 1].known + words[at - goes_on].known if goes_on < _LONGEST else ""
            return word.may > _BEHIND or words[at - 1].may > _BEHIND or not _FIRST.isdisjoint(named)
        if word.may == _FAMILY and (words[at + 1].may or (words[at + 2].may and not self.lexicon.plain)):
            return f"{word.said} {words[at + 1].said}" not in self.lexicon.everyday
        back = at - 1
        if words[back].lower in _LOOSE:
            back = at - 2
            if words[at - 1].lower == "," and not _FIRST.isdisjoint(word.known):
                return words[back].may == _SMALL and "G" in words[back].known
        before = words[back]
        leads = self.lexicon.leading.get(before.said)
        if leads and ("" in leads or words[back - 1].said in leads):
            return True
        if word.may == _BEHIND:
            return False
        return (before.lower in _AND and "G" in words[back - 1].known) or self._ends(at)

    def _goes_on(self, at: int, word: Word, many: int) -> bool:
        """Whether it belongs to the run of so many words before it.

        A word that nothing speaks for does behind a middle name or a rank ("văn trưởng", "năm lửa"), or
        between a family's and a given name ("đinh công trứ").
        """
        if word.may and self._may_be(at, word, many):
            return True
        before, next_ = self.words[at - 1].known, self.words[at + 1]
        between = many == 1 and "F" in before and (next_.may == _SMALL or (next_.may and "G" in next_.known))
        return word.is_word and (bool(between) or not _AHEAD.isdisjoint(before))

    def _ends(self, at: int) -> bool:
        """Whether a short last sentence begins here, or a number stands behind."""
        words = self.words
        if words[at + 1].shape == "9":
            return True
        if at and words[at - 1].lower not in _STOPS:
            return False
        return any(word.shape == "^" or word.lower == "\n" for word in words[at + 1 : at + 6])

    def alone(self, at: int) -> Iterator[list[str]]:
        """What the words around say by themselves of a word."""
        for distance in range(2 * REACH + 1):
            yield list(self.words[at - REACH + distance].alone())[distance]

    def starts(self) -> list[int]:
        if not self._starts:
            self._starts = [match.start() for match in TOKEN.finditer(self.text)]
        return self._starts

    def found(self, start: int, end: int) -> Found:
        """The person in the words `start` to `end`."""
        starts = self.starts()
        last = TOKEN.match(self.text, starts[end - 1])
        return Found(starts[start], last.end() if last else len(self.text), "person")

    def _within(self, places: Sequence[tuple[int, int]]) -> dict[int, str]:
        """Of words in places: P of the first one, p of the others."""
        found, starts = dict[int, str](), self.starts()
        for start, end in places:
            inside = range(bisect_left(starts, start), bisect_left(starts, end))
            found.update((at, "P" if at == inside[0] else "p") for at in inside)
        return found

    def _cue(self, at: int) -> str:
        """Of which kinds the longest known phrase before a word is, and the signs between."""
        words, phrases = self.words, self.lexicon.phrases
        loose = phrase = found = ""
        at -= 1
        while at >= 0 and len(loose) < 2 and (words[at].lower in _LOOSE or words[at].shape == "0"):
            loose += words[at].sign
            at -= 1
        for back in range(at, max(-1, at - _LONGEST_PHRASE), -1):
            if words[back].shape in _SIGNS:
                break
            phrase = f"{words[back].said} {phrase}" if phrase else words[back].said
            found = phrases.get(phrase) or found
        return found + loose

    def _row(self, start: int) -> str:
        """The sign or word that joins a run to the one before it as a second of its kind; "" where none."""
        between = start - self._last.end
        if not 0 < between < 3 or self.words[start - 1].lower not in _ROW:
            return ""
        first = self.words[start - between].lower
        return first if first in _ROW else ""

    def _phrases(self, start: int, end: int) -> tuple[dict[int, str], dict[int, str]]:
        """Of words that make the name of a street, or of a unit: which one of how many, "=" if all."""
        lexicon, words = self.lexicon, self.words[start:end]
        said, folded = [word.said for word in words], [word.folded for word in words]
        streets = _named(said, lexicon.streets) if not lexicon.street_words.isdisjoint(said) else {}
        units = _named(folded, lexicon.units)
        return (
            {start + at: place for at, place in streets.items()},
            {start + at: place for at, place in units.items()},
        )

    def features(self, start: int, end: int) -> Iterator[list[str]]:
        """What is asked of each word of a run beside what the words say alone; runs are asked in order."""
        words, mode, places, filled = self.words, self.mode, self.places, self.filled
        cue = self._cue(start)
        streets, units = self._phrases(start, end) if end - start > 1 else ({}, {})
        row = self._row(start)
        if row and self._last.cue and cue[:1] not in _KINDS:
            cue = f"{self._last.cue}{row}"
        kind = "S" if "=" in streets.get(start, "") else "P" if start in places else ""
        beside = f"{self._last.kind}{row}" if row else ""
        self._last = _Run(end, cue[:1].lower() if cue[:1].isalpha() else "", f"{kind}{words[start].make}")
        after = f"{cue[:1]}{words[end].sign}{words[end + 1].shape}"
        for at in range(start, end):
            word, one, next_ = words[at], words[at - 1], words[at + 1]
            place = f"{min(at - start, 3)}{min(end - at, 4)}"
            found = [
                f"m{mode}{word.make}",
                f"q{cue}{place[0]}",
                f"z{filled}{cue[:1]}{word.shape}",
                f"Q{cue}{place[0]}{word.key}",
                f"r{place}{one.sign}{word.shape}",
                f"K{word.key}{next_.key or next_.lower}",
                f"t{one.known}|{word.known}|{next_.known}{word.shape}",
                f"a{one.folded} {word.make}",
                f"d{word.folded} {next_.folded}",
                f"e{word.shape}{next_.folded}{place[1]}",
                f"y{after}{place[0]}{word.shape}",
            ]
            if at == start:
                found.append(f"b{words[at - 2].folded} {one.folded}")
            if beside:
                found.append(f"V{beside}{place[0]}{word.make}")
            if at in places:
                found += [f"P{places[at]}{word.shape}{place}", f"R{places[at]}{cue}"]
            if at in streets:
                found += [f"S{streets[at]}{cue}", f"U{streets[at]}{word.shape}"]
            if at in units:
                found += [f"G{units[at]}{cue}", f"H{units[at]}{word.make}"]
            yield found


def _named(words: Sequence[str], names: Container[str]) -> dict[int, str]:
    """Of the words that make one of the names: which one of how many, "=" if all."""
    found, at, all_ = dict[int, str](), 0, len(words)
    while at < all_ - 1:
        length = 0
        for many in range(min(4, all_ - at), 1, -1):
            if " ".join(words[at : at + many]) in names:
                length = many
                break
        for more in range(length):
            found[at + more] = f"{more}{length}=" if length == all_ else f"{more}{length}"
        at += length or 1
    return found


class Ground(NamedTuple):
    """A text in which each number and each home that was found is one sign, and where its places stand."""

    text: str
    places: Sequence[tuple[int, int]]

    def part(self, start: int, end: int) -> "Ground":
        """What stands between two offsets, by itself."""
        within = [(one - start, other - start) for one, other in self.places if start <= one and other <= end]
        return Ground(self.text[start:end], within)


def hidden(text: str, taken: Iterable[Found]) -> str:
    """The text with each number and home made one sign, as long as it was."""
    for one in taken:
        sign = HOME if one.kind == "address" else NUMBER
        text = text[: one.start] + sign * (one.end - one.start) + text[one.end :]
    return text


_NO = -1e9
_NAME = re.compile("BI*")


class Tagger:
    """What was learnt: the weights of features, and what it weighs that one tag follows another."""

    def __init__(
        self,
        names: Sequence[str],
        weights: NDArray[np.int8],
        scale: float,
        known: Sequence[Known],
        steps: Sequence[float],
        eager: float,
    ) -> None:
        """`weights`: (names, 2) for B and I, times `scale`; `known`: as written and folded;
        `steps`: O to B, B to O, B to B, B to I, I to O, I to B, I to I; `eager`: how much rather one
        too many.
        """
        self.names, self._eager, self._steps = names, eager, steps
        self._kept = (weights, scale, known)
        self._weights = dict(zip(names, (weights @ np.array([scale, scale * 1j])).tolist(), strict=True))
        self._lexicons = tuple(Lexicon(plain, known[plain], self._weights) for plain in (False, True))

    def find(self, ground: Ground, page: Page, eager: float | None = None) -> Iterator[Found]:
        """The persons of a text in its order; where a writer of marks goes on without any, as of one who
        uses none."""
        rather = self._eager if eager is None else eager
        named = self._named(ground, page.text, self._lexicons[not page.is_marked], rather)
        if not page.plain_stretches:
            yield from named
            return
        found = [one for one in named if not page.is_plain_at(one.start)]
        for start, end in page.plain_stretches:
            inside = self._named(ground.part(start, end), page.text[start:end], self._lexicons[True], rather)
            found += [Found(start + one.start, start + one.end, one.kind) for one in inside]
        yield from sorted(found, key=lambda one: one.start)

    def _named(self, ground: Ground, text: str, lexicon: Lexicon, rather: float) -> Iterator[Found]:
        line, done = Line(ground.text, lexicon, ground.places), 0
        for start, end in line.runs:
            for name in _NAME.finditer(self._tags(line, start, end, rather)):
                found = _with_nick(text, line.found(start + name.start(), start + name.end()))
                if found.start >= done:
                    done = found.end
                    yield found

    def is_everyday(self, folded: str) -> bool:
        """Whether two folded words begin like a name and are mostly none: "phan anh" is "phản ánh"."""
        return folded in self._lexicons[True].everyday

    def is_rare(self, word: str) -> bool:
        """Whether a small word is seldom anything but a name, as one who uses marks writes it."""
        return self._lexicons[False].rare(word)

    def _tags(self, line: Line, start: int, end: int, eager: float) -> str:
        """The likeliest tags of a run, a letter each."""
        o_b, b_o, b_b, b_i, i_o, i_b, i_i = self._steps
        weight, words, rather = self._weights.get, line.words, complex(eager, eager)
        o, b, i = (0.0, ""), (_NO, ""), (_NO, "")
        for at, asked in enumerate(line.features(start, end), start):
            weighs = (
                words[at - 2].at[0] + words[at - 1].at[1] + words[at].at[2] + words[at + 1].at[3]
                + words[at + 2].at[4] + rather
            )  # fmt: skip
            weighs = sum(map(weight, asked, repeat(0)), weighs)
            to_o = max(o, (b[0] + b_o, b[1]), (i[0] + i_o, i[1]))
            to_b = max((o[0] + o_b, o[1]), (b[0] + b_b, b[1]), (i[0] + i_b, i[1]))
            to_i = max((b[0] + b_i, b[1]), (i[0] + i_i, i[1]))
            o = to_o[0], to_o[1] + "O"
            b = to_b[0] + weighs.real, to_b[1] + "B"
            i = to_i[0] + weighs.imag, to_i[1] + "I"
        return max(o, b, i)[1]

    def save(self, into: Path) -> None:
        """Write it; the same gives the same bytes."""
        weights, scale, known = self._kept
        into.mkdir(parents=True, exist_ok=True)
        names = np.frombuffer("\0".join(self.names).encode(), dtype=np.uint8)
        np.savez_compressed(into / "weights.npz", names=names, weights=weights)
        card = {"scale": scale, "steps": self._steps, "eager": self._eager, "known": known}
        (into / "names.json").write_text(json.dumps(card, ensure_ascii=False) + "\n", encoding="utf-8")


_NICK = re.compile(r"\s?[\"“][^\W\d_]+(?: [^\W\d_]+){0,2}[\"”]")


def _with_nick(text: str, found: Found) -> Found:
    """With a nickname in quotes behind the name."""
    nick = _NICK.match(text, found.end)
    return Found(found.start, nick.end(), found.kind) if nick else found


@cache
def shipped(folder: Path = SHIPPED) -> Tagger:
    """The tagger of a folder, read once a process."""
    card = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    with np.load(folder / "weights.npz", allow_pickle=False) as parts:
        known = [Known(*both) for both in card["known"]]
        names = parts["names"].tobytes().decode().split("\0")
        return Tagger(names, parts["weights"], card["scale"], known, card["steps"], card["eager"])
