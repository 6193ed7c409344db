"""What a known name means where it stands: with its type before it, bare, or as part of another name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .everyday import is_everyday, often_a_word
from .glue import is_syllable
from .page import Page
from .rows import FINENESS, PlaceRow
from .words import (
    FAMILY,
    LAST_OF_PREFIX,
    MARKED,
    MIDDLE,
    NAMERS,
    NAMES_TOO,
    NO_XA_AFTER,
    PREFIXES,
    SHORT_ALIASES,
    SLIPS,
    SPELT,
    STREETS,
    WORDS_TOO,
)


@dataclass(frozen=True)
class Named:
    """A row as it is looked for: its name cut from its type."""

    row: PlaceRow
    kind: str  # "phuong", "thanh pho", ...; "" for an alias
    spelling: str
    shortened: bool = False  # "B. Thạnh": counts with its type or beside a unit that agrees

    @property
    def unmarked(self) -> bool:
        """Whether the marks of an abolished unit's name are not known."""
        return not self.row.code and self.row.level == "commune" and self.spelling.isascii()


class Sum:
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
class Hit:
    """What one stretch of a text may mean; all rows are of one level."""

    first: int  # words, half open, the prefix included
    last: int
    level: str
    rows: tuple[PlaceRow, ...]
    typed: bool = False  # its type stands before it
    weak: bool = False  # counts only beside a unit that agrees
    spare: tuple[PlaceRow, ...] = ()  # of the same name and another type: "xã" that became "phường"
    numeral: bool = False
    initials: bool = False  # of a district: alone they count in the home province ("P. GD" may be an office)
    guesses: tuple[tuple[PlaceRow, ...], ...] = ()  # of a misspelt name: rows, the nearest first
    communes: tuple[PlaceRow, ...] = ()  # that are called like a bare name of another level
    unsure: bool = False  # of another type than is written, or the name goes on: see `_is_doubtful`
    small: bool = False  # a commune's name that no capital tells
    everyday: bool = False  # the same, or without a type, of words that mean something else as often

    @cached_property
    def sum(self) -> Sum:
        return Sum(self.level, (*self.rows, *self.spare))

    @property
    def order(self) -> tuple[int, bool, int]:
        """Longer before shorter ("Hiệp Bình Phước" is not Bình Phước), then strong before weak."""
        return (self.first - self.last, self.weak or self.doubted, self.first)

    @property
    def doubted(self) -> bool:
        """Whether something near by has to tell that it is a name at all."""
        return self.small and (self.everyday or bool(self.guesses))


def read(page: Page, first: int, last: int, named: Sequence[Named]) -> Hit | None:
    """What the words `first` to `last`, a known name, mean with what stands before them."""
    named = spelt(page, first, last, named)
    if not named:
        return None
    before = prefix(page, first)
    if before and _is_name(page, first, last):
        exact, spare = typed(named, before)
        if _is_either(page, first - len(before.split())):
            exact, spare = exact + spare, []
        society = is_society(page, first)
        if society:  # what is called so is no "phường Hội An"
            exact, spare = (exact if _of_type(named, before) else []), []
        # One small syllable has to be of the very type: "phuong cho em" is no "thị trấn Chờ".
        other = last - first == 1 and not page.capital(first) and not spare and not _of_type(named, before)
        if exact and not other:
            numeral = page.words[first].isdigit()
            small = not tells_a_name(page, first, last)
            start = first if small and society else first - len(before.split())
            hasty = small and _may_be_a_word(page, first, last, exact)
            found = hit(start, last, exact, spare=spare, is_typed=True, numeral=numeral, weak=hasty)
            found = replace(found, unsure=not _of_type(named, before) or _name_goes_on(page, first, last))
            return as_small(page, first, found) if small else found
    if is_society(page, first) and not tells_a_name(page, first, last):
        return None
    return _bare(page, first, last, named)


def read_bare(page: Page, first: int, last: int, named: Sequence[Named]) -> Hit | None:
    """What they mean by themselves behind the name of a unit, whatever that ends in: "Bồ Đề Long Biên"."""
    return _bare(page, first, last, spelt(page, first, last, named), follows=True)


def spelt(page: Page, first: int, last: int, named: Sequence[Named]) -> Sequence[Named]:
    """The names that may be meant by what is written; who writes marks means them."""
    if not page.joined(first, last):
        return ()
    if page.parted(first, last):  # "Hòa Khánh - Hòa Minh" has no Khánh Hòa, "Bà Rịa - Vũng Tàu" is one
        named = [name for name in named if "-" in name.row.name]
    if not page.marked or (_hurried(page, first, last) and page.bare(first, last)):
        return named
    written = page.word(first, last)
    unmarked = tells_a_name(page, first, last)  # "xã đã có" is no Đa Cô
    return [name for name in named if name.spelling == written or (unmarked and name.unmarked)]


def prefix(page: Page, first: int) -> str:
    """The folded prefix right before word `first`, "" if there is none."""
    for length in (2, 1):
        if first >= length:
            start = first - length
            before = page.words[start] if length == 1 else page.line_of(start, first)
            known = before in PREFIXES and page.joined(start, first)
            if known and page.leads(start, first) and _is_prefix(page, start, first, before):
                return before
    return ""


def _is_prefix(page: Page, start: int, first: int, before: str) -> bool:
    if first in page.glued:
        return True
    if before == "xa" and start and page.words[start - 1] in NO_XA_AFTER:
        return False
    if len(before) == 1:
        dotted = "." in page.between(start, first)
        shouted = page.capital(start) and page.capital(first)
        named = page.capital(first) if page.capitals else page.words[first].isalpha()
        hurried = before in "pq" and named and page.between(start, first) == " "
        return dotted or shouted or hurried or page.words[first].isdigit()
    if page.marked and before in MARKED:
        named = page.capital(start) and page.capital(first) and page.bare(start, first)
        slip = before == "phuong" and (page.capital(first) or page.words[first].isdigit())
        if slip and _is_a_name_too(page, start, before):
            return page.words[first].isdigit() and not belongs_to_another_name(page, start)
        return page.word(start, first) in (SPELT[before], *SLIPS.get(before, ())) or named or slip
    return True


FIRST_OF_PREFIX = frozenset(before.split()[0] for before in PREFIXES)


def _name_goes_on(page: Page, first: int, last: int) -> bool:
    """Whether another capital follows: "phường Thanh Lộc Đán" is no Thanh Lộc."""
    if not page.capitals or last >= len(page.words) or page.between(last - 1, last) != " ":
        return False
    return page.named(first, last) and page.capital(last) and page.words[last] not in FIRST_OF_PREFIX


def _is_a_name_too(page: Page, at: int, before: str) -> bool:
    """Whether a type is written as a name is: "Phương"."""
    return page.marked and page.word(at, at + 1) in NAMES_TOO.get(before, ())


def _may_be_a_ward(page: Page, first: int) -> bool:
    """Whether "phương" stands before a name and nobody's title before that: to be asked."""
    before = first - 1
    if before < 0 or not page.joined(before, first + 1):
        return False
    return _is_a_name_too(page, before, page.words[before]) and not belongs_to_another_name(page, before)


_PLAIN = (" ", "", ".", ". ")  # between a type and its name


def tells_a_name(page: Page, first: int, last: int) -> bool:
    """Whether capitals, or a number, say that a name is meant: not where all around is in capitals too."""
    if not page.words[first].isalpha():
        return True
    if not page.capital(first) or page.shouted(first):
        return False
    plain = not first or page.between(first - 1, first) in _PLAIN
    return plain or page.named(first, last)  # behind a colon or a quotation mark a sentence may begin


def is_society(page: Page, first: int) -> bool:
    """Whether "xã hội" may stand there, one word: "nhà ở xã hội An Trung", "bảo hiểm xã hội an khê"."""
    if page.words[first] != "hoi" or not first or page.words[first - 1] != "xa":
        return False
    return first < 2 or page.words[first - 2] != "thi"


def as_small(page: Page, first: int, found: Hit) -> Hit:
    """A hit whose name, from word `first` on, no capital tells."""
    if found.level != "commune":
        return found
    everyday = is_society(page, first) or is_everyday(page, first, found.last)
    return replace(found, small=True, everyday=everyday)


def _is_name(page: Page, first: int, last: int) -> bool:
    """Who writes capitals writes "xã Tư": "xã tư" is something else."""
    alone = last - first == 1
    return not (alone and page.capitals and page.written(first, last).islower())


def _may_be_a_word(page: Page, first: int, last: int, rows: Sequence[PlaceRow]) -> bool:
    """Whether a single small syllable is no sure name: "UBND xã ba tháng nay", "can bo xa tu choi".

    Communes of one syllable are all former ones but for a few, which are told by their marks.
    """
    if last - first > 1 or not is_syllable(page.words[first]):
        return False
    communes = [row for row in rows if row.level == "commune"]
    goes_on = last < len(page.words) and is_everyday(page, first, last + 1)  # "phường láng giềng"
    return bool(communes) and (goes_on or not page.marked or all(row.is_old for row in communes))


def typed(named: Sequence[Named], before: str) -> tuple[list[PlaceRow], list[PlaceRow]]:
    """Rows of the level that a prefix speaks of: of its exact type where there are such, and the others."""
    level, kind = PREFIXES[before]
    levels = ("province", "district") if level == "city" else (level,)
    fitting = [name for name in named if name.row.level in levels]
    exact = [name.row for name in fitting if name.kind in (kind, "")]
    others = [name.row for name in fitting if name.kind not in (kind, "") and not name.spelling.isdigit()]
    if not exact:
        return others, []
    today = [row for row in exact if row.level == "province" and not row.is_old]
    return (today, []) if level == "city" and today else (exact, others)


def _is_either(page: Page, start: int) -> bool:
    """Whether the type that begins there is the second of two: "Phường/xã: Thanh Trì"."""
    if not start or page.words[start - 1] not in LAST_OF_PREFIX:
        return False
    return page.between(start - 1, start).strip() in ("/", "(")


def _of_type(named: Sequence[Named], before: str) -> bool:
    return any(name.kind in (PREFIXES[before][1], "") for name in named)


def _bare(page: Page, first: int, last: int, named: Sequence[Named], *, follows: bool = False) -> Hit | None:
    """A name without its type: a province, an alias, a district of two syllables; weakly a commune, Vinh."""
    alone = last - first == 1
    level, rows = _coarsest(named, alone=alone)
    if not rows or not _stands_alone(page, first, last, level, follows=follows):
        return None
    word_too = page.line_of(first, last) in WORDS_TOO
    if word_too and page.goes_on(last):
        return None
    a_city = alone and level == "district"
    short = all(name.shortened or (a_city and name.kind == "thanh pho") for name in named)
    small = (word_too or _is_hasty(page, first, last)) and not page.capital(first)
    weak = level == "commune" or short or small
    communes = () if alone else _communes(page, first, last, level, named)
    found = hit(first, last, rows, weak=weak, communes=communes)
    told = _ends_as_a_name(page, first, last)
    return found if told or not often_a_word(page, first, last) else replace(found, everyday=True)


def _ends_as_a_name(page: Page, first: int, last: int) -> bool:
    """Whether capitals, where not all are, say so: a landmark's stands behind what it is, "chợ Hôm"."""
    ends = last - (last - first > 1 and page.words[last - 1].isdigit())
    return page.capital(ends - 1) and not page.shouted(ends - 1)


def _communes(page: Page, first: int, last: int, level: str, named: Sequence[Named]) -> tuple[PlaceRow, ...]:
    """Communes that bear a bare name of another level; its own where it is numbered, which is no street's, or
    behind "Phương".
    """
    own = page.words[last - 1].isdigit() or _may_be_a_ward(page, first)
    if level == "commune" and not own:
        return ()
    return tuple(name.row for name in named if name.row.level == "commune")


def _is_hasty(page: Page, first: int, last: int) -> bool:
    """Whether letters that are a word as often are all there is: "hn", "hue"."""
    return page.words[first] in SHORT_ALIASES and page.written(first, last).isascii()


def _coarsest(named: Sequence[Named], *, alone: bool) -> tuple[str, list[PlaceRow]]:
    """Rows of the coarsest level that a bare name has; of one syllable only an alias, a province, a city."""
    for level in ("province", "district", "landmark", "commune"):
        rows = [
            name.row
            for name in named
            if name.row.level == level
            and not name.spelling.isdigit()
            and not (alone and level != "province" and name.kind not in ("", "thanh pho"))
        ]
        if rows:
            return level, rows
    return "", []


def _stands_alone(page: Page, first: int, last: int, level: str, *, follows: bool) -> bool:
    if level == "landmark":  # its name begins with what it is: "chợ Bến Thành", but not "Tây Hồ - Hoàn Kiếm"
        if _names_a_street(page, first) or " - " in page.written(first, last):
            return False
        named = page.capital(last - 1) or page.words[last - 1].isdigit() or _hurried(page, first, last)
        return not page.capitals or named
    if page.capitals and not page.named(first, last) and not _hurried(page, first, last):
        return False
    return follows or not belongs_to_another_name(page, first)


def _names_a_street(page: Page, first: int) -> bool:
    """Whether "đường" stands right before, which is no end of "thành phố"."""
    if not first or page.between(first - 1, first) != " " or page.word(first - 1, first) not in STREETS:
        return False
    return first < 2 or page.line_of(first - 2, first) != "thanh pho"


def _hurried(page: Page, first: int, last: int) -> bool:
    """Whether the words of a name are written as one."""
    return last - first > 1 and all(at in page.glued for at in range(first + 1, last))


def belongs_to_another_name(page: Page, first: int) -> bool:
    """Whether the words before say street, school, river or person."""
    for length in (2, 1):
        if first >= length and page.joined(first - length, first + 1):
            if page.line_of(first - length, first) in ("thanh pho", "thi xa"):
                return False
            if page.word(first - length, first) in NAMERS[page.marked]:
                return True
    if first >= 2 and _is_middle_name(page, first - 1):
        return True
    one = first and page.joined(first - 1, first + 1)
    return bool(one and page.capital(first - 1) and page.word(first - 1, first) in FAMILY[page.marked])


def begins_like_a_person(page: Page, first: int) -> bool:
    """Whether a family's name and "thị" or "văn" stand there: "xã Trần Văn Minh" misspells no ward."""
    return first + 2 < len(page.words) and _is_middle_name(page, first + 1)


def _is_middle_name(page: Page, at: int) -> bool:
    """Whether "thị" or "văn" stands there between a family's name and a given one."""
    family, middle = FAMILY[page.marked], MIDDLE[page.marked]
    named = page.word(at, at + 1) in middle and page.word(at - 1, at) in family
    return named and page.joined(at - 1, at + 2)


def hit(
    first: int,
    last: int,
    rows: Sequence[PlaceRow],
    *,
    spare: Sequence[PlaceRow] = (),
    is_typed: bool = False,
    weak: bool = False,
    numeral: bool = False,
    communes: tuple[PlaceRow, ...] = (),
) -> Hit:
    """A hit of the coarsest level among the rows."""
    level = min((row.level for row in rows), key=FINENESS.__getitem__)
    same, others = (tuple(row for row in some if row.level == level) for some in (rows, spare))
    return Hit(first, last, level, same, is_typed, weak, others, numeral, communes=communes)
