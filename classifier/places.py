"""Places that a text names: provinces, districts and communes of today and of before 1/7/2025.

A gazetteer file holds rows; `find` walks an automaton of their folded names over a text, and `resolve`
brings what stands together down to the units of today.
"""

import gzip
import json
import re
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property, lru_cache
from operator import ne
from pathlib import Path
from typing import NamedTuple

import ahocorasick

from .text import Clean, fold, guard

SHIPPED = Path(__file__).parent / "data" / "gazetteer.json.gz"

_NONE: frozenset[str] = frozenset()
_FINENESS = {"province": 0, "district": 1, "commune": 2}


class BrokenGazetteerError(ValueError):
    """A gazetteer file is missing, cut short or no gazetteer."""


@dataclass(frozen=True)
class PlaceRow:
    """One name of one unit.

    `name` with its type ("Phường 12", "Huyện Tam Đảo"), or bare for an alias ("Sài Gòn").
    `codes` are units of today: two digits for level province, else five-digit commune codes.
    `code` is the unit's own code ("" for an alias), `province` the province of today, `district` and
    `old_province` what an old unit lay in (codes of before 1/7/2025).
    """

    name: str
    level: str
    code: str
    province: str
    codes: tuple[str, ...]
    is_old: bool
    district: str = ""
    old_province: str = ""


@dataclass(frozen=True)
class PlaceMention:
    """A place named in a text; offsets are code points of the text as given, `codes` units of today."""

    start: int
    end: int
    text: str
    codes: tuple[str, ...]
    level: str
    is_old: bool


@dataclass(frozen=True)
class Resolved:
    """Where a text points: one code, several to choose from, or none (`level` "")."""

    codes: tuple[str, ...] = ()
    province: str = ""  # "" when the codes lie in several
    basis_old: bool = False
    level: str = ""


# --- what people write ---------------------------------------------------------------------------

# Before a name, folded -> the level it speaks of and the type it fits exactly.
_PREFIXES = {
    "phuong": ("commune", "phuong"),
    "p": ("commune", "phuong"),
    "f": ("commune", "phuong"),
    "xa": ("commune", "xa"),
    "x": ("commune", "xa"),
    "thi tran": ("commune", "thi tran"),
    "tt": ("commune", "thi tran"),
    "dac khu": ("commune", "dac khu"),
    "quan": ("district", "quan"),
    "q": ("district", "quan"),
    "huyen": ("district", "huyen"),
    "h": ("district", "huyen"),
    "thi xa": ("district", "thi xa"),
    "tx": ("district", "thi xa"),
    "thanh pho": ("city", "thanh pho"),
    "tp": ("city", "thanh pho"),
    "tinh": ("province", "tinh"),
    "t": ("province", "tinh"),
}
# The same with marks, for writers who use them: "xa" is far, "xã" is a commune.
_MARKED = {
    "phuong": "phường", "xa": "xã", "thi tran": "thị trấn", "dac khu": "đặc khu", "quan": "quận",
    "huyen": "huyện", "thi xa": "thị xã", "thanh pho": "thành phố", "tinh": "tỉnh",
}  # fmt: skip
_TYPES = {
    f"{marked} ": folded
    for folded, marked in sorted(_MARKED.items(), key=lambda item: -len(item[1]))  # "thị xã" before "xã"
}

# A bare name right after one of these is a street, a school, a river, a person: no unit.
_NO_UNIT_AFTER = (
    "đường", "phố", "ngõ", "ngách", "hẻm", "kiệt", "trường", "chợ", "cầu", "đại lộ", "sông", "kênh", "rạch",
    "suối", "hồ", "bến", "chùa", "đình", "đền", "thcs", "thpt", "công ty", "cty", "kcn", "quán", "siêu thị",
    "tòa", "chung cư", "công viên", "ông", "bà", "anh", "chị", "cô", "chú", "đèo", "tên", "cống", "vòng xoay",
    "cầu vượt", "ngã ba", "ngã tư", "đê",
)  # fmt: skip
_SURNAMES = (
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đinh", "trịnh", "đoàn", "lâm", "trương",
)  # fmt: skip
# Names that are ordinary words too: written small they need a neighbour that agrees.
_WORDS_TOO = frozenset([
     "hoa binh", "thai binh", "thong nhat", "binh minh", "tam nong", "vinh cuu", "ba to", "co to", "ba vi",
     "ba be", "cho moi", "cho gao", "phu quy", "thanh binh", "dong anh", "an lao", "ky anh", "song ma",
     "cau giay",
])  # fmt: skip
_SHORT_ALIASES = frozenset(["hn", "sg", "hue"])

_TOKEN = re.compile(r"[pqf](?=\d{1,2}(?!\w))|[^\W_]+")
_GAP = re.compile(r"[\s.\-–’'`ʼ]{0,4}")  # what may stand inside one mention
_PARTING = re.compile(r"[!?;\n]|\.\s")  # what parts two mentions
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
# Words that may stand between the parts of one address, and how many of them.
_JOINTS = frozenset(
    ["thuoc", "o", "tai", "cua", "cu", "moi", "truoc", "day", "la", "nay", "nhap", "vao", "dia", "ban"]
)
_TOGETHER = 3
_PARTS = 6  # parts that one address has at most
_MOST = 100  # mentions in one text; a report has a handful
_NEAR = 9  # the same in code points, where only offsets are known


def _spelling(text: str) -> str:
    """Lower case, the tone moved to the end of each syllable: hòa and hoà are one spelling."""
    return " ".join(_respelled(syllable) for syllable in re.findall(r"[^\W_]+", text.lower()))


@lru_cache(maxsize=20_000)
def _respelled(syllable: str) -> str:
    spread = unicodedata.normalize("NFD", syllable.lstrip("0") or "0")
    return unicodedata.normalize("NFC", _TONES.sub("", spread)) + "".join(_TONES.findall(spread))


def _split_type(name: str) -> tuple[str, str]:
    """("phuong", "Bắc Lý") of "Phường Bắc Lý"; ("", name) where no type stands before."""
    lowered = name.lower()
    for kind, folded in _TYPES.items():
        if lowered.startswith(kind):
            return folded, name[len(kind) :]
    return "", name


class _Token(NamedTuple):
    text: str  # folded, numerals without leading zeros
    start: int
    end: int


def _tokens(folded: str) -> list[_Token]:
    return [_Token(m.group().lstrip("0") or "0", m.start(), m.end()) for m in _TOKEN.finditer(folded)]


class _Page:
    """A cleaned text cut into folded tokens, and how its writer writes."""

    def __init__(self, text: str) -> None:
        folded = fold(text)
        self.text = text
        self.tokens = _tokens(folded)
        self.line = f" {' '.join(token.text for token in self.tokens)} "
        self.ending = self._endings()  # position in `line` of a token's last letter -> its number
        lowered = text.lower()
        marks = sum(map(ne, folded, lowered))
        self.marked = marks * 12 > len(text)  # Vietnamese marks a fourth of its letters
        capitals = sum(1 for token in self.tokens if text[token.start].isupper())
        self.capitals = capitals > 1 and text != text.upper()

    def _endings(self) -> dict[int, int]:
        endings, at = {}, 0
        for number, token in enumerate(self.tokens):
            at += len(token.text) + 1
            endings[at - 1] = number
        return endings

    def written(self, first: int, last: int) -> str:
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def between(self, left: int, right: int) -> str:
        return self.text[self.tokens[left].end : self.tokens[right].start]

    def line_of(self, first: int, last: int) -> str:
        return " ".join(token.text for token in self.tokens[first:last])

    def joined(self, first: int, last: int) -> bool:
        """Whether only spaces, dots, hyphens and apostrophes stand between the tokens."""
        gaps = (self.between(at - 1, at) for at in range(first + 1, last))
        return all(_GAP.fullmatch(gap) and "\n" not in gap for gap in gaps)

    def capital(self, at: int) -> bool:
        return self.text[self.tokens[at].start].isupper()

    def word(self, first: int, last: int) -> str:
        """The tokens as they are compared: with their marks where the writer uses marks."""
        if not self.marked:
            return self.line_of(first, last)
        return " ".join(
            _respelled(self.text[token.start : token.end].lower()) for token in self.tokens[first:last]
        )

    def holds_apart(self, last: int) -> bool:
        """Whether the token after `last` goes on with the name: "Hòa Bình Green City"."""
        return last < len(self.tokens) and self.between(last - 1, last) == " " and self.capital(last)


# --- finding --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Named:
    """A row as it is looked for: its name cut from its type."""

    row: PlaceRow
    kind: str  # "phuong", "thanh pho", ...; "" for an alias
    spelling: str


class _Sum:
    """All rows of a hit at once, as sets: what its neighbours are held against."""

    def __init__(self, level: str, rows: Sequence[PlaceRow]) -> None:
        self.level = level
        self.own = {row.code for row in rows if row.code}
        self.own_old = {row.code for row in rows if row.code and row.is_old}
        self.codes = {code for row in rows for code in row.codes}
        self.codes_of_today = {code for row in rows if not (row.is_old and row.code) for code in row.codes}
        self.alias_codes = {code for row in rows if not row.code for code in row.codes}
        self.districts = {row.district for row in rows if row.district}
        self.provinces = {row.province for row in rows if row.province}
        self.old_provinces = {row.old_province for row in rows if row.old_province}


@dataclass(frozen=True)
class _Hit:
    """What one stretch of a text may mean; all rows are of one level."""

    first: int  # tokens, half open, the prefix included
    last: int
    start: int  # code points of the cleaned text
    end: int
    level: str
    rows: tuple[PlaceRow, ...]
    typed: bool  # its type stands before it
    weak: bool = False  # counts only beside a unit that agrees

    @cached_property
    def sum(self) -> _Sum:
        return _Sum(self.level, self.rows)

    @property
    def order(self) -> tuple[int, bool, int]:
        """Longer before shorter ("Hiệp Bình Phước" is not Bình Phước), then strong before weak."""
        return (self.first - self.last, self.weak, self.first)


def _read(page: _Page, first: int, last: int, named: Sequence[_Named]) -> _Hit | None:
    """What the tokens `first` to `last`, a known name, mean with what stands before them."""
    if not page.joined(first, last):
        return None
    if page.marked:  # who writes marks means them
        spelling = page.word(first, last)
        named = [name for name in named if name.spelling == spelling]
    prefix = _prefix(page, first)
    rows = _typed(named, prefix) if prefix and _is_name(page, first, last) else []
    if rows:
        return _hit(page, first - len(prefix.split()), last, rows, typed=True)
    return _bare(page, first, last, named)


def _prefix(page: _Page, first: int) -> str:
    """The folded prefix right before token `first`, "" if there is none."""
    for length in (2, 1):
        if first >= length and page.joined(first - length, first + 1):
            prefix = page.line_of(first - length, first)
            if prefix in _PREFIXES and _is_prefix(page, first - length, first, prefix):
                return prefix
    return ""


def _is_prefix(page: _Page, start: int, first: int, prefix: str) -> bool:
    if len(prefix) == 1:
        dotted = "." in page.between(start, first)
        shouted = page.capital(start) and page.capital(first)
        return dotted or shouted or page.tokens[first].text.isdigit()
    if page.marked and prefix in _MARKED:
        return page.word(start, first) == _spelling(_MARKED[prefix])
    return True


def _is_name(page: _Page, first: int, last: int) -> bool:
    """Who writes capitals writes "xã Tư": "xã tư" is something else."""
    alone = last - first == 1
    return not (alone and page.capitals and page.written(first, last).islower())


def _typed(named: Sequence[_Named], prefix: str) -> list[PlaceRow]:
    """Rows of the level that a prefix speaks of, of its exact type where there are such."""
    level, kind = _PREFIXES[prefix]
    levels = ("province", "district") if level == "city" else (level,)
    fitting = [name for name in named if name.row.level in levels]
    exact = [name.row for name in fitting if name.kind in (kind, "")]
    numeral = any(name.spelling.isdigit() for name in fitting)
    rows = exact or ([] if numeral else [name.row for name in fitting])
    today = [row for row in rows if row.level == "province" and not row.is_old]
    return today if level == "city" and today else rows


def _bare(page: _Page, first: int, last: int, named: Sequence[_Named]) -> _Hit | None:
    """A name without its type: a province, an alias, a district of two syllables; weakly a commune."""
    level, rows = _coarsest(named, alone=last - first == 1)
    if not rows or not _stands_alone(page, first, last):
        return None
    word_too = page.line_of(first, last) in _WORDS_TOO
    if word_too and page.holds_apart(last):
        return None
    weak = level == "commune" or (word_too and not page.capital(first))
    return _hit(page, first, last, rows, weak=weak)


def _coarsest(named: Sequence[_Named], *, alone: bool) -> tuple[str, list[PlaceRow]]:
    """Rows of the coarsest level that a bare name has; one syllable is only ever an alias or a province."""
    for level in _FINENESS:
        rows = [
            name.row
            for name in named
            if name.row.level == level
            and not name.spelling.isdigit()
            and not (alone and name.kind and level != "province")
        ]
        if rows:
            return level, rows
    return "", []


def _stands_alone(page: _Page, first: int, last: int) -> bool:
    written = page.written(first, last)
    if page.tokens[first].text in _SHORT_ALIASES and written.isascii() and written.islower():
        return False
    if page.capitals and not all(page.capital(at) for at in range(first, last)):
        return False
    return not _belongs_to_another_name(page, first)


_NAMERS = {True: frozenset(map(_spelling, _NO_UNIT_AFTER)), False: frozenset(map(fold, _NO_UNIT_AFTER))}
_FAMILY = {True: frozenset(map(_spelling, _SURNAMES)), False: frozenset(map(fold, _SURNAMES))}


def _belongs_to_another_name(page: _Page, first: int) -> bool:
    """Whether the words before say street, school, river or person."""
    for length in (2, 1):
        if first >= length and page.joined(first - length, first + 1):
            word = page.word(first - length, first)
            if page.line_of(first - length, first) in ("thanh pho", "thi xa"):
                return False
            if word in _NAMERS[page.marked]:
                return True
    one = first and page.joined(first - 1, first + 1)
    return bool(one and page.capital(first - 1) and page.word(first - 1, first) in _FAMILY[page.marked])


def _hit(
    page: _Page, first: int, last: int, rows: Sequence[PlaceRow], *, typed: bool = False, weak: bool = False
) -> _Hit:
    level = min((row.level for row in rows), key=_FINENESS.__getitem__)
    same = tuple(row for row in rows if row.level == level)
    return _Hit(first, last, page.tokens[first].start, page.tokens[last - 1].end, level, same, typed, weak)


def _apart(hits: Iterable[_Hit], tokens: int) -> list[_Hit]:
    """Of overlapping hits the longest, of equal ones the strongest; in text order."""
    taken = bytearray(tokens)
    kept = []
    for hit in sorted(hits, key=lambda hit: hit.order):
        if not any(taken[hit.first : hit.last]):
            taken[hit.first : hit.last] = b"\x01" * (hit.last - hit.first)
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.first)[:_MOST]


def _groups(page: _Page, hits: Sequence[_Hit]) -> Iterator[list[_Hit]]:
    """Hits that stand together, as the parts of one address do; a house number parts none."""
    group: list[_Hit] = []
    for hit in hits:
        if len(group) == _PARTS or (group and not _together(page, group[-1], hit)):
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def _together(page: _Page, left: _Hit, right: _Hit) -> bool:
    between = page.tokens[left.last : right.first]
    if len(between) > _TOGETHER or not all(
        token.text in _JOINTS or token.text.isdigit() for token in between
    ):
        return False
    return not _PARTING.search(page.text[left.end : right.start])


# --- the gazetteer --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gazetteer:
    """All names of all units, ready to be found. Made by `load` or `Gazetteer.of`."""

    province_of: Mapping[str, str] = field(repr=False)  # commune of today -> its province
    _names: Mapping[str, tuple[_Named, ...]] = field(repr=False)
    _automaton: "ahocorasick.Automaton" = field(repr=False)
    _old_provinces: Mapping[str, frozenset[str]] = field(repr=False)  # old province -> communes of today

    @classmethod
    def of(cls, rows: Iterable[PlaceRow]) -> "Gazetteer":
        names: dict[str, list[_Named]] = defaultdict(list)
        province_of: dict[str, str] = {}
        reach: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            kind, name = _split_type(row.name)
            for key in _keys(name):
                names[key].append(_Named(row, kind, _spelling(name)))
            if row.level == "commune" and not row.is_old:
                province_of[row.code] = row.province
            if row.is_old and row.level == "district":
                reach[row.old_province].update(row.codes)
        return cls(
            province_of=province_of,
            _names={key: tuple(named) for key, named in names.items()},
            _automaton=_automaton(names),
            _old_provinces={code: frozenset(codes) for code, codes in reach.items()},
        )

    def find(self, text: str | Clean, *, home: str = "") -> tuple[PlaceMention, ...]:
        """The mentions in a text, in its order, each narrowed by its neighbours, then by the home province.

        A stretch that reads as a unit of today and as an older one, of other codes, gives two mentions,
        today's first. Offsets are those of the text as given.
        """
        clean = text if isinstance(text, Clean) else guard(text)
        page = _Page(clean.text)
        found: list[PlaceMention] = []
        for group in _groups(page, _apart(self._hits(page), len(page.tokens))):
            for hit in self._narrowed(group):
                found += _mentions(clean, hit, home)
        return tuple(found)

    def _hits(self, page: _Page) -> Iterator[_Hit]:
        for at, key in self._automaton.iter(page.line):
            last = page.ending[at - 1] + 1
            hit = _read(page, last - key.count(" ") - 1, last, self._names[key])
            if hit:
                yield hit

    def _narrowed(self, group: Sequence[_Hit]) -> Iterator[_Hit]:
        for hit in group:
            rows, agreed = self._agreeing(hit, group)
            doubtful = hit.weak or (not hit.typed and self._contradicted(hit, group))
            if agreed or not doubtful:
                yield replace(hit, rows=rows)

    def _contradicted(self, hit: _Hit, group: Sequence[_Hit]) -> bool:
        """Whether a bare name stands beside a unit named with its type that lies elsewhere."""
        return any(other.typed and other.level != hit.level for other in group)

    def _agreeing(self, hit: _Hit, group: Sequence[_Hit]) -> tuple[tuple[PlaceRow, ...], bool]:
        """The rows of a hit that lie in, or hold, what stands beside it; and whether any does."""
        rows, agreed = hit.rows, False
        for other in group:
            if other.level != hit.level and not (hit.weak and other.weak):
                keep = tuple(row for row in rows if self._agrees(row, other.sum))
                rows, agreed = keep or rows, agreed or bool(keep)
        return rows, agreed

    def _agrees(self, row: PlaceRow, beside: _Sum) -> bool:
        if _FINENESS[row.level] < _FINENESS[beside.level]:
            return self._holds(row, beside)
        if beside.level == "district":
            known = row.is_old and row.district
            inside = beside.alias_codes if known else beside.codes
            return (known and row.district in beside.own) or not inside.isdisjoint(row.codes)
        in_old = (
            row.old_province in beside.own_old if row.is_old else self._reaches(beside.own_old, row.codes)
        )
        return row.province in beside.codes_of_today or in_old

    def _holds(self, row: PlaceRow, inside: _Sum) -> bool:
        """Whether a coarse row holds one of the finer rows beside it."""
        if row.level == "district":
            return row.code in inside.districts or not inside.codes_of_today.isdisjoint(row.codes)
        if not row.is_old or not row.code:
            return not inside.provinces.isdisjoint(row.codes)
        return row.code in inside.old_provinces or self._reaches({row.code}, inside.codes_of_today)

    def _reaches(self, old_provinces: Iterable[str], communes: Iterable[str]) -> bool:
        """Whether one of the communes of today took land of one of the old provinces."""
        return any(not self._old_provinces.get(old, _NONE).isdisjoint(communes) for old in old_provinces)


def _keys(name: str) -> set[str]:
    """How a name is looked for: its folded syllables, those parted by an apostrophe also as one."""
    glued = re.sub(r"[’'`ʼ]", "", name)
    return {_key(name)} if glued == name else {_key(name), _key(glued)}


def _key(name: str) -> str:
    return " ".join(syllable.lstrip("0") or "0" for syllable in _TOKEN.findall(fold(name)))


def _automaton(names: Iterable[str]) -> "ahocorasick.Automaton":
    automaton = ahocorasick.Automaton()
    for key in names:
        automaton.add_word(f" {key} ", key)
    automaton.make_automaton()
    return automaton


def _mentions(clean: Clean, hit: _Hit, home: str) -> Iterator[PlaceMention]:
    start, end = clean.given(hit.start, hit.end)
    told: set[tuple[str, ...]] = set()
    rows = [row for row in hit.rows if row.province == home] or hit.rows
    for is_old in (False, True):
        codes = tuple(sorted({code for row in rows if row.is_old == is_old for code in row.codes}))
        if codes and codes not in told:
            told.add(codes)
            yield PlaceMention(start, end, clean.text[hit.start : hit.end], codes, hit.level, is_old)


# --- resolving ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """One mention in the light of those beside it."""

    at: int  # where it starts
    level: str
    codes: tuple[str, ...]
    is_old: bool
    agreed: int  # coarser neighbours that hold it; -1: some stand there and none does
    fit: int = 0  # the same of what stands farther off, and of the home province

    @property
    def rank(self) -> tuple[bool, int, int]:
        return (self.agreed >= 0, _FINENESS[self.level], self.agreed)


def resolve(
    mentions: Sequence[PlaceMention], *, home: str = "", gazetteer: Gazetteer | None = None
) -> Resolved:
    """Bring the mentions of a text down to units of today.

    The finest mention that its neighbours confirm wins, a unit of today over an older one of the same
    name, then the home province (a two-digit code). What is still open comes back as several codes.
    """
    known = gazetteer or shipped()
    readings = [reading for group in _near(mentions) for reading in _readings(group, known)]
    if not readings:
        return Resolved()
    best = max(reading.rank for reading in readings)
    leading = [_fitted(reading, mentions, home, known) for reading in readings if reading.rank == best]
    chosen = _one_a_span(leading)
    surest = max(reading.fit for reading in chosen)
    chosen = [reading for reading in chosen if reading.fit == surest]
    codes = tuple(dict.fromkeys(code for reading in chosen for code in reading.codes))
    provinces = {known.province_of.get(code, code) for code in codes}
    return Resolved(codes, provinces.pop() if len(provinces) == 1 else "", chosen[0].is_old, chosen[0].level)


def _near(mentions: Sequence[PlaceMention]) -> Iterator[list[PlaceMention]]:
    group: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, mention.is_old)):
        if group and mention.start - max(m.end for m in group) > _NEAR:
            yield group
            group = []
        group.append(mention)
    if group:
        yield group


def _readings(group: Sequence[PlaceMention], known: Gazetteer) -> Iterator[_Reading]:
    for mention in group:
        codes, agreed, spans = mention.codes, 0, _coarser_spans(mention, group)
        for span in spans:
            held = tuple(code for code in codes if any(_holds(m, code, known) for m in span))
            codes, agreed = held or codes, agreed + bool(held)
        yield _Reading(
            mention.start, mention.level, codes, mention.is_old, -1 if spans and not agreed else agreed
        )


def _coarser_spans(mention: PlaceMention, group: Sequence[PlaceMention]) -> list[list[PlaceMention]]:
    spans: dict[int, list[PlaceMention]] = defaultdict(list)
    for other in group:
        if _FINENESS[other.level] < _FINENESS[mention.level]:
            spans[other.start].append(other)
    return list(spans.values())


def _holds(coarse: PlaceMention, code: str, known: Gazetteer) -> bool:
    return code in coarse.codes or known.province_of.get(code) in coarse.codes


def _fitted(reading: _Reading, mentions: Sequence[PlaceMention], home: str, known: Gazetteer) -> _Reading:
    """A reading narrowed by what else the text names, then by the home province.

    Its `fit` counts what held it.
    """
    priors = [
        [mention for mention in mentions if mention.level == level and mention.start != reading.at]
        for level in ("district", "province")
        if _FINENESS[level] < _FINENESS[reading.level]
    ]
    codes, fit = reading.codes, 0
    for beside in priors:
        held = tuple(code for code in codes if any(_holds(m, code, known) for m in beside))
        codes, fit = held or codes, fit + bool(held)
    at_home = tuple(code for code in codes if known.province_of.get(code, code) == home)
    return replace(reading, codes=at_home or codes, fit=fit + bool(at_home))


def _one_a_span(readings: Sequence[_Reading]) -> list[_Reading]:
    """Of today's and the older reading of one mention the one that fits better, else today's."""
    first: dict[int, _Reading] = {}
    for reading in sorted(readings, key=lambda reading: (-reading.fit, reading.is_old)):
        first.setdefault(reading.at, reading)
    return sorted(first.values(), key=lambda reading: reading.at)


# --- the file -------------------------------------------------------------------------------------


def build(rows: Iterable[PlaceRow], into: Path) -> None:
    """Write a gazetteer file; the same rows give the same bytes."""
    lines = sorted({json.dumps(astuple(row), ensure_ascii=False) for row in rows})
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_bytes(gzip.compress(("[" + ",\n".join(lines) + "]\n").encode(), mtime=0))


def load(path: Path) -> Gazetteer:
    """Read a gazetteer file (0.2 s); BrokenGazetteerError where it is none."""
    try:
        rows = json.loads(gzip.decompress(path.read_bytes()))
        return Gazetteer.of(
            PlaceRow(name, level, code, province, tuple(codes), is_old, district, old_province)
            for name, level, code, province, codes, is_old, district, old_province in rows
        )
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise BrokenGazetteerError(f"{path}: {error}") from error


_loaded: dict[Path, Gazetteer] = {}
_loading = threading.Lock()


def shipped(path: Path = SHIPPED) -> Gazetteer:
    """The gazetteer of a file, read once a process."""
    if path not in _loaded:
        with _loading:
            if path not in _loaded:
                _loaded[path] = load(path)
    return _loaded[path]
