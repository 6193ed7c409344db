"""What people type, read as what is sought: words, "a phrase", -not, linh-vuc:…, a code, a telephone.

Whatever is typed is an honest question: no sign of it is an operator of an engine, nothing raises.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from stdnum.iso7064 import mod_11_10

from classifier.text import guard
from search import synonyms, telephones
from search.folding import folded, written
from search.rules import All, Any, Has, Not, Rule
from search.topics import NONE, Topics
from search.words import Clause, Phrase

LONGEST = 1_000  # code points of a question that are read
MOST = 24  # words of a question that are read

# How people name what they narrow by -> the fact of a document.
FILTERS: Mapping[str, str] = {
    "linh vuc": "field",
    "noi": "commune",
    "xa": "commune",
    "phuong": "commune",
    "tinh": "province",
    "co quan": "agency",
    "trang thai": "state",
    "loai": "kind",
    "kenh": "channel",
}
SINCE, UNTIL = "tu", "den"

# Names that a caller knows, each fact's when they are asked for: what people call it (folded, one blank
# between words) -> its codes.
Called = Mapping[str, frozenset[str]]
Names = Mapping[str, Callable[[], Called]]


@dataclass(frozen=True)
class Sought:
    """What is asked for; each word, phrase and filter must hold, none of `without` may."""

    words: tuple[Clause, ...] = ()
    together: tuple[Clause, ...] = ()  # of the words those typed side by side: better where they stand so
    enough: tuple[tuple[Clause, ...], ...] = ()  # asked loosely: the words of one of these do instead of all
    phrases: tuple[Clause, ...] = ()
    without: tuple[Clause, ...] = ()
    code: str = ""  # twelve digits with their check digit
    beside: tuple[Clause, ...] = ()  # with a code: the words beside it and its digits, see `as_words`
    telephone: str = ""  # digits as typed, 0… ; never kept: whoever may ask by it hashes it, see `by_phone`
    phone: str = ""  # its keyed hash
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)  # fact -> one of these
    barred: Mapping[str, frozenset[str]] = field(default_factory=dict)  # fact -> none of these
    since: dt.date | None = None
    until: dt.date | None = None
    unread: tuple[str, ...] = ()  # what was typed and could not be read, to be said on the page
    cut: bool = False  # more was typed than is read
    wordless: bool = False  # something was typed and no word stands in it, nor anything else that is asked

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All that should be in the words of a document."""
        return self.words + self.phrases

    @property
    def needs(self) -> list[tuple[Clause, ...]]:
        """Of these one must hold, with all its clauses."""
        return [some + self.phrases for some in self.enough or (self.words,)]

    @property
    def is_loose(self) -> bool:
        return bool(self.enough)

    @property
    def strict(self) -> Sought:
        """The same where all words must be there."""
        return replace(self, enough=())

    @property
    def said_itself(self) -> Sought:
        """The same where what a field is called is no answer."""
        return replace(self, words=tuple(replace(one, topics=frozenset()) for one in self.words))

    @property
    def full_text(self) -> bool:
        """Words are asked for: without an engine nobody can answer that."""
        return bool(self.clauses or self.without)

    @property
    def rule(self) -> Rule:
        """Filters, code and telephone, for every engine; a field's filter may name a sub-field too."""
        narrowed: list[Rule] = [_filter(fact, values) for fact, values in self.filters.items()]
        narrowed += [Not(_filter(fact, values)) for fact, values in self.barred.items()]
        narrowed += [Has("code", {self.code})] if self.code else []
        narrowed += [Has("phones", {self.phone})] if self.phone else []
        return All(*narrowed)

    @property
    def as_words(self) -> Sought:
        """The same where no petition has that code: the digits may stand in a text."""
        return replace(self, code="", words=self.beside, beside=())

    def by_phone(self, hashed: str) -> Sought:
        """The same asked by the keyed hash of its telephone instead of by its digits."""
        digits = (Phrase.of([self.telephone]),)
        return replace(self, phone=hashed, words=tuple(one for one in self.words if digits not in one.ways))


_PIECE = re.compile(
    r'(?<![^\s(])([-−–]?)(?:([^\W\d_]+(?:[-_][^\W\d_]+)*):)?(?:["“”]([^"“”]*)["“”]?|([^\s"“”]+))'
)
_CODE = re.compile(r"(?<![\w.-])\d{4}[ .-]?\d{4}[ .-]?\d{4}(?![\w-])")
_QUOTED = re.compile(r'(?<![^\s(:\-−–])["“”][^"“”]*["“”]?')


def parse(typed: str, names: Names | None = None, topics: Topics = NONE) -> Sought:
    """Read what was typed; never raises on any str, the work is bounded whatever the length.

    `names`: what the values of filters are called, so that `linh-vuc:"giao thông"` is understood; a value
    that is not there means all names that hold its words, or is taken for a code itself. A filter by place
    that is no code is looked for as words. `topics`: what fields are called, for words that nobody says.
    """
    return _Reading(names or {}, topics).read(typed)


class _Reading:
    """One question while it is read."""

    def __init__(self, names: Names, topics: Topics) -> None:
        self.names, self.topics = names, topics
        self.plain: list[str] = []
        self.phrases: list[Clause] = []
        self.without: list[Clause] = []
        self.filters: dict[str, frozenset[str]] = {}
        self.barred: dict[str, frozenset[str]] = {}
        self.days: dict[str, dt.date] = {}
        self.unread: list[str] = []

    def read(self, typed: str) -> Sought:
        plain = guard(typed[:LONGEST].replace("\0", " ")).text
        text, code, _as_typed = _taken(_CODE, plain, _code)
        text, telephone, as_typed = _taken(telephones.TELEPHONE, text, telephones.read, outside=_QUOTED)
        for sign, name, phrase, word in _PIECE.findall(text):
            self.piece(sign, " ".join(folded(written(name))), phrase, word)
        words = [self.topics.told(one) for one in synonyms.clauses(self.plain[:MOST])]
        called = (_telephone(telephone, telephones.grouping(as_typed)),) if telephone else ()
        words = _without_passive(words) or words
        wanted = () if code else tuple(dict.fromkeys(words))  # beside a whole code words tell nothing more
        understood = Sought(
            words=wanted + called,
            beside=tuple(dict.fromkeys([*words, *called, _grouped(code)])) if code else (),
            together=tuple(dict.fromkeys(self.topics.told(one) for one in _together(wanted))),
            phrases=tuple(self.phrases[:MOST]),
            without=tuple(self.without[:MOST]),
            code=code,
            telephone=telephone,
            filters=self.filters,
            barred=self.barred,
            since=self.days.get(SINCE),
            until=self.days.get(UNTIL),
            unread=tuple(self.unread),
            cut=len(typed) > LONGEST or len(self.plain) > MOST,
        )
        return replace(understood, wordless=bool(typed.strip()) and understood == Sought())

    def piece(self, sign: str, name: str, phrase: str, word: str) -> None:
        value = phrase or word
        if word.endswith(":") and " ".join(folded(written(word))) in {SINCE, UNTIL, *FILTERS}:
            self.unread.append(word)  # somebody is still typing
        elif name in (SINCE, UNTIL):
            self.day(name, value, sign)
        elif name in FILTERS:
            self.filter(FILTERS[name], value, sign)
        else:
            self.said(sign, written(f"{name} {value}" if name else value), is_phrase=bool(phrase))

    def said(self, sign: str, words: list[str], *, is_phrase: bool) -> None:
        if not words:
            return
        if sign:
            self.without.append(_phrase(words))
        elif is_phrase:
            self.phrases.append(_phrase(words))
        else:
            self.plain += words

    def filter(self, fact: str, value: str, sign: str) -> None:
        called = " ".join(folded(written(value)))
        codes = self.named(fact, called) or frozenset({value} if called else ())
        if fact == "commune" and not all(code.isdigit() for code in codes):
            self.said(sign, written(value), is_phrase=True)
        elif codes:
            told = self.barred if sign else self.filters
            told[fact] = told.get(fact, frozenset()) | codes

    def named(self, fact: str, called: str) -> frozenset[str]:
        """Whose whole name this is; where there is none, all in whose names it stands, but for places."""
        names = self.names[fact]() if fact in self.names else {}
        if called in names or not called or fact == "commune":
            return names.get(called, frozenset())
        return frozenset().union(*(codes for name, codes in names.items() if f" {called} " in f" {name} "))

    def day(self, name: str, value: str, sign: str) -> None:
        day = _day(value, last=name == UNTIL)
        if day is None or sign:
            self.unread.append(f"{sign}{name}:{value}" if sign else value)
        else:
            self.days[name] = day


def _filter(fact: str, values: frozenset[str]) -> Rule:
    return Any(Has("field", values), Has("subfield", values)) if fact == "field" else Has(fact, values)


PASSIVE = ("bị", "bi")  # says of every second petition that somebody suffers it
# Where it is half of a word, by what stands before it or behind it.
HALF_BEHIND = frozenset({"trang", "chuan", "thiet", "du"})
HALF_BEFORE = frozenset({"cao", "can", "hai", "dong", "don", "da", "kich", "quan", "ve"})


def _without_passive(words: Sequence[Clause]) -> list[Clause]:
    said = ["", *(" ".join(_typed(one)) for one in words), ""]
    around = [" ".join(folded(one.split())) for one in said]
    return [
        one
        for at, one in enumerate(words, start=1)
        if said[at] not in PASSIVE or around[at - 1] in HALF_BEHIND or around[at + 1] in HALF_BEFORE
    ]


def _typed(word: Clause) -> list[str]:
    return [part for phrase in word.ways[0] for part in phrase.written]


def _together(words: Sequence[Clause]) -> Iterator[Clause]:
    """A name of several words as such, and each two words that were typed side by side."""
    for one in words:
        if len(one.ways[0]) > 1:
            yield Clause(((_joined(one.ways[0]),), *one.ways[1:]))
    for one, other in pairwise(words):
        yield Clause(((_joined([one.ways[0][-1], other.ways[0][0]]),),))


def _joined(phrases: Sequence[Phrase]) -> Phrase:
    return Phrase.of([word for phrase in phrases for word in phrase.written])


def _grouped(code: str) -> Clause:
    """Its digits as one word, or in groups of four."""
    groups = [code[at : at + 4] for at in range(0, len(code), 4)]
    return Clause(((Phrase.of([code]),), (Phrase.of(groups),)))


def _phrase(words: list[str]) -> Clause:
    """What stood between quotation marks or behind a minus; a telephone alone in whatever groups."""
    digits = "".join(words)
    telephone = telephones.read(digits) if digits.isdecimal() else ""
    return _telephone(telephone, words) if telephone else Clause.of(words)


def _telephone(telephone: str, as_typed: list[str]) -> Clause:
    return Clause(tuple((Phrase.of(way),) for way in telephones.ways(telephone, as_typed)))


def _taken(
    pattern: re.Pattern[str], text: str, read: Callable[[str], str], outside: re.Pattern[str] | None = None
) -> tuple[str, str, str]:
    """The text without the first that the pattern finds and `read` understands, what it understood, and how
    that was typed.

    Nothing that lies within what `outside` finds is taken.
    """
    spared = [found.span() for found in outside.finditer(text)] if outside else []
    for found in pattern.finditer(text):
        if any(start <= found.start() < end for start, end in spared):
            continue
        if understood := read(found.group()):
            return f"{text[: found.start()]} {text[found.end() :]}", understood, found.group()
    return text, "", ""


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _code(text: str) -> str:
    digits = _digits(text)
    return digits if digits.isascii() and mod_11_10.is_valid(digits) else ""


_DAY = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})|(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)


def _day(text: str, *, last: bool) -> dt.date | None:
    """The day of 28/11/2026 or 2026-11-28; of a month or a year its first, or its last."""
    found = _DAY.fullmatch(text)
    if not found:
        return None
    day, month, year, iso_year, iso_month, iso_day = (int(part) if part else 0 for part in found.groups())
    return _of(year or iso_year, month or iso_month, day or iso_day, last=last)


def _of(year: int, month: int, day: int, *, last: bool) -> dt.date | None:
    try:
        if day or not last:
            return dt.date(year, month or 1, day or 1)
        following = dt.date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return following - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return None
