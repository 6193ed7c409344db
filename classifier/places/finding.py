"""The gazetteer: all names ready to be found, and what stands together narrowed to what agrees."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

import ahocorasick

from classifier.text import Clean, fold, guard

from .everyday import is_everyday, mostly_a_word
from .glue import Splitter, is_syllable
from .lines import without_ends
from .listed import Seen, listed
from .misspelt import Misspelt, begins_otherwise, edits
from .names import INITIALS, LOUD, TYPED, UNIT, Names
from .page import Page, spelling
from .reading import (
    Hit,
    Named,
    Sum,
    as_small,
    begins_like_a_person,
    belongs_to_another_name,
    hit,
    is_society,
    prefix,
    read,
    read_bare,
    tells_a_name,
    typed,
)
from .rows import FINENESS, NAME, PlaceMention, PlaceRow
from .sameness import became, is_former, same_as
from .words import (
    ASIDE,
    COMMON_TYPES,
    JOINTS,
    LAST_OF_ASIDE,
    LAST_OF_PREFIX,
    MOVING,
    PAIRING,
    PASSING,
    PREFIXES,
    STREETS_TOO,
)

_NONE: frozenset[str] = frozenset()
_PARTING = re.compile(r"[!?;\n]|\.\s")  # what parts two mentions
_COMMA = re.compile(r"\s?[,\-–(]\s?")
_STUCK = re.compile(r"(?<=[a-z])(?=\d+$)")  # between a name and its number
_TOGETHER = 3  # words between the parts of one address
_REACH = _TOGETHER + 1
_PARTS = 6  # parts that one address has at most
_MOST = 100  # mentions in one text; a report has a handful
_MOST_NAMES = 3 * _MOST  # that may count by themselves, of which mentions are made
_GUESSES = 30  # stretches of one text that are looked up as misspelt
_SYLLABLES = 4  # of a misspelt name, at most
_NEAR = 3  # the same, and what sounds otherwise, of a misspelt name of the home province
_SLIPS = 2  # letters and marks that are wrong in a misspelt name without capitals
_OTHER_TYPE = 2  # letters that another type weighs as
_LETTERS = frozenset("abcd")  # that part wards of one name
_BEFORE = 48  # code points before a name that say how it is meant


class _Search(Enum):
    """How near a name has to be to what is written, in the order in which it is tried."""

    BY_SOUND = 1
    NEAR = 2  # where small letters tell no name
    ANY = 3

    def takes(self, wrong: int, gap: int, far: int) -> bool:
        if self is _Search.BY_SOUND:
            return not wrong and gap <= _SLIPS
        return self is _Search.ANY or far <= _NEAR


_Known = tuple[int, int, str]  # first word, last, the name


@dataclass(frozen=True)
class Gazetteer:
    """All names of all units, ready to be found. Made by `load`."""

    province_of: Mapping[str, str] = field(repr=False)  # commune of today -> its province
    _names: Names = field(repr=False)
    _automaton: "ahocorasick.Automaton" = field(repr=False)
    _old_provinces: Mapping[str, frozenset[str]] = field(repr=False)  # old province -> communes of today

    @classmethod
    def of(cls, rows: Sequence[str], names: Iterable[str]) -> "Gazetteer":
        """Of the lines of a file, see `names`; ValueError where they are none."""
        province_of: dict[str, str] = {}
        reach: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            _, level, code, province, codes, old, _, old_province = row.split("\t")
            if level == "commune" and not old:
                province_of[code] = province
            elif level == "district" and old:
                reach[old_province].update(codes.split())
        known = Names(rows, names)
        return cls(
            province_of=province_of,
            _names=known,
            _automaton=_automaton(known),
            _old_provinces={code: frozenset(codes) for code, codes in reach.items()},
        )

    def knows(self, folded: str) -> bool:
        """Whether folded words are the name of a unit or a landmark, whatever the text says."""
        return folded in self.names

    def is_spelt(self, words: str) -> bool:
        """Whether a unit or a landmark is called like some words with their marks."""
        return any(name.spelling == spelling(words) for name in self._names[fold(words)])

    def may_mean(self, words: str, *, nearly: bool) -> bool:
        """Whether a commune is called like two words or the first of them alone; `nearly`: or about so."""
        whole, first = spelling(words), fold(words).split()[0]
        called = self._communes(fold(words))
        short = [name for name in self._communes(first) if not name.row.is_old]
        exact = any(name.unmarked or name.spelling == whole for name in called)
        begins = any(name.spelling == whole.split()[0] for name in short)
        return exact or begins or (nearly and bool(called or self._misspelt.alike(fold(words))))

    def _communes(self, folded: str) -> list[Named]:
        if folded not in self._names:
            return []
        return [name for name in self._names[folded] if name.row.level == "commune"]

    @property
    def names(self) -> Set[str]:
        """All folded names of units and landmarks."""
        return self._names.keys()

    @property
    def loud(self) -> Set[str]:
        """The folded names that count without a type: of provinces, districts and landmarks."""
        return frozenset(self._names.flagged(LOUD))

    @cached_property
    def _splitter(self) -> Splitter:
        return Splitter(self._names.flagged(UNIT))

    @cached_property
    def _misspelt(self) -> Misspelt:
        return Misspelt(self._names.flagged(TYPED))

    @cached_property
    def _initials(self) -> Mapping[str, list[str]]:
        """First letters of the syllables of a name -> the names."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in self._names.flagged(INITIALS):
            found["".join(syllable[0] for syllable in key.split())].append(key)
        return {short: keys for short, keys in found.items() if len(short) <= 3 and short not in PREFIXES}

    def find(self, text: str | Clean, *, home: str = "") -> tuple[PlaceMention, ...]:
        """The mentions in a text, in its order, each narrowed by its neighbours, then by the home province.

        A stretch that reads as a unit of today and as an older one, of other codes, gives two mentions,
        today's first; beside the former district of the older one that alone. A misspelt name is guessed
        behind its type; where several fit, all are told. Offsets are those of the text as given.
        """
        clean = text if isinstance(text, Clean) else guard(text)
        page = Page(clean.text, self._splitter)
        hits = self._hits(page)
        if not hits:
            return ()
        apart = [
            _surely_meant(page, seen, home)
            for seen in _apart(self._ending_before_what_holds(hits), len(page.words))
        ]
        groups = _weighed(page, _groups(page, without_ends(page, apart, self._lies_in_what_follows)))
        told = [(aside, seen) for aside, group in groups for seen in group if _holds_others(seen)]
        far, everywhere = [seen for aside, seen in told if not aside], [seen for _, seen in told]
        found: list[PlaceMention] = []
        before: list[Hit] = []
        for aside, group in groups:
            for narrowed in self._narrowed(page, group, home, () if aside else far, everywhere):
                also = same_as(page, before, narrowed)
                same = clean.given(*page.spans[also.first])[0] if also else -1
                before.append(narrowed)
                found += _mentions(clean, page, narrowed, home, aside=aside, same_as=same)
        return tuple(found)

    def _ending_before_what_holds(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Without names that end inside the name of what holds a shorter one: "xã Tân Hòa Tây Ninh"."""
        coarse: dict[int, list[Hit]] = defaultdict(list)
        for seen in hits:
            if _holds_others(seen) and not seen.typed:
                coarse[seen.first].append(seen)
        held = [seen for seen in hits if self._is_held(seen, coarse.get(seen.last, ()))] if coarse else []
        ends: dict[int, list[Hit]] = defaultdict(list)
        for seen in held:
            ends[seen.first] += coarse[seen.last]
        cut = {
            longer
            for longer in hits
            if any(one.first < longer.last < one.last for one in ends.get(longer.first, ()))
            and longer not in held
        }
        return [seen for seen in hits if seen not in cut] if cut else hits

    def _is_held(self, seen: Hit, behind: Iterable[Hit]) -> bool:
        """Whether a commune named with its type lies in one of the units."""
        rows = (*seen.rows, *seen.spare) if seen.typed and seen.level == "commune" else ()
        return any(self._agrees(row, coarse.sum) for coarse in behind for row in rows)

    def _lies_in_what_follows(self, seen: Hit, behind: Hit) -> bool:
        finer = FINENESS[behind.level] < FINENESS[seen.level]
        return finer and any(self._agrees(row, behind.sum) for row in (*seen.rows, *seen.communes))

    def _hits(self, page: Page) -> list[Hit]:
        """All that the text may name; nothing where nothing in it counts by itself."""
        behind = [at for at, word in enumerate(page.words[:-1], 1) if word in LAST_OF_PREFIX]
        sure, quiet = self._known(page)
        hits = self._read(page, sure)
        hits += self._guessed(page, behind, {seen.first: seen for seen in hits if seen.typed})
        if not hits:
            return list(self._abbreviated(page, behind, hits))
        names = [(first, last, self._names[name]) for first, last, name in (*sure, *quiet)]
        hits = [*listed(page, names, hits), *self._with_whole_names(page, names, hits)]
        beside = {at for seen in hits for at in range(seen.first - _REACH, seen.last + _REACH)}
        hits += self._read(page, [known for known in quiet if known[0] in beside or known[1] in beside])
        return [*hits, *self._abbreviated(page, behind, hits), *self._untyped(page, hits)]

    def _known(self, page: Page) -> tuple[list[_Known], list[_Known]]:
        """The known names in the text: those that may count by themselves, those that need a neighbour."""
        line, words = page.line, page.words
        sure: list[_Known] = []
        quiet: list[_Known] = []
        last = before = 0
        for at, (name, length, loud) in self._automaton.iter(line):
            last += line.count(" ", before, at)
            before = at
            first = last - length
            alone = loud or (first > 0 and words[first - 1] in LAST_OF_PREFIX)
            (sure if alone else quiet).append((first, last, name))
            if len(sure) == _MOST_NAMES:
                break
        return sure, quiet

    def _read(self, page: Page, known: Sequence[_Known]) -> list[Hit]:
        found = (read(page, first, last, self._names[name]) for first, last, name in known)
        hits = [seen for seen in found if seen]
        ends = {seen.last for seen in hits if seen.typed} - {seen.first for seen in hits}
        behind = (
            read_bare(page, first, last, self._names[name]) for first, last, name in known if first in ends
        )
        return [*hits, *(seen for seen in behind if seen)] if ends else hits

    def _with_whole_names(self, page: Page, known: Iterable[Seen], hits: Sequence[Hit]) -> Iterator[Hit]:
        """The hits, but for types that end the name of a commune before its district: "tam xa dong anh"."""
        ending = {seen[1]: seen for seen in known if seen[1] - seen[0] > 1}
        types = {
            seen.first: ending[seen.first + 1] for seen in hits if seen.typed and seen.first + 1 in ending
        }
        apart = {
            seen: self._taken_apart(page, types[seen.first], seen) for seen in hits if seen.first in types
        }
        taken = {seen.first for seen, parts in apart.items() if parts}
        yield from (seen for seen in hits if not (seen.typed and seen.first in taken))
        yield from (part for parts in apart.values() for part in parts)

    def _taken_apart(self, page: Page, name: Seen, seen: Hit) -> tuple[Hit, ...]:
        """A commune and the district that holds it; what both were read as together is asked with them."""
        first, last, named = name
        beside = page.line_of(last, seen.last)
        commune = read(page, first, last, named)
        district = read_bare(page, last, seen.last, self._names[beside]) if beside in self._names else None
        if not (commune and commune.level == "commune" and district and district.level == "district"):
            return ()
        if not any(self._agrees(row, district.sum) for row in commune.rows):
            return ()
        others = tuple(replace(row, is_old=True) for row in seen.rows if row.level == "commune")
        return replace(commune, rows=(*commune.rows, *others)), replace(district, weak=False)

    def _guessed(self, page: Page, behind: Sequence[int], sure: Mapping[int, Hit]) -> Iterator[Hit]:
        """Names behind a type that are none, and what they may have been meant as."""
        left = _GUESSES
        for first in [at for at in behind if page.words[at].isalpha()]:
            before = prefix(page, first)
            start = first - len(before.split())
            known = sure.get(start)
            named = known and not _is_cut_short(page, known)
            if left and before and not named and not _are_other_words(page, first):
                left -= 1
                yield from self._meant(page, start, first, before)

    def _meant(self, page: Page, start: int, first: int, before: str) -> Iterator[Hit]:
        """The longest stretch that is nearly a name; what is written small has to sound like it.

        Small words that do not are a name only where they are near one of the home province and no "xã", a
        word of its own in "xã thu phí", stands before, or beside a unit that agrees: "phường nên làm vườn".
        """
        stretches = [
            (last, not page.capitalised(first, last) or page.shouted(first))
            for last in range(first + _SYLLABLES, first + 1, -1)
            if last <= len(page.words) and page.joined(first, last) and not page.parted(first, last)
        ]
        for how in _Search:
            for last, small in stretches:
                if (small and page.capitals) or (how is not _Search.BY_SOUND and not small):
                    continue
                if how is _Search.NEAR and (before in COMMON_TYPES or _has_type(page, first, last)):
                    continue
                guesses = self._alike(page, first, last, before, how if small else _Search.ANY)
                if guesses:
                    rows = [row for some in guesses for row in some]
                    weak = small and how is _Search.ANY
                    found = replace(hit(start, last, rows, is_typed=True, weak=weak), guesses=guesses)
                    yield as_small(page, first, found) if small else found
                    return

    def _untyped(self, page: Page, hits: Sequence[Hit]) -> Iterator[Hit]:
        """A misspelt name without its type, right before a district that holds it: "Thạc Dán, Thanh Khê"."""
        taken = {at for seen in hits for at in range(seen.first, seen.last)}
        for seen in hits if page.capitals else ():
            for first in (seen.first - 3, seen.first - 2):
                known = seen.level != "district" or not taken.isdisjoint(range(first, seen.first))
                if first < 0 or known or not _is_name_before(page, first, seen.first):
                    continue
                guesses = self._alike(page, first, seen.first, "phuong", _Search.ANY)
                if guesses:
                    rows = [row for some in guesses for row in some]
                    yield replace(hit(first, seen.first, rows, weak=True), guesses=guesses)

    def _alike(
        self, page: Page, first: int, last: int, before: str, how: "_Search"
    ) -> tuple[tuple[PlaceRow, ...], ...]:
        """Rows of the level that a type speaks of, by how near their names are to what is written."""
        near: dict[tuple[int, int], list[PlaceRow]] = defaultdict(list)
        written, line = page.word(first, last), self._numbered(page.line_of(first, last))
        for wrong, name in self._misspelt.alike(line):
            if wrong and how is _Search.BY_SOUND:
                continue
            begun = begins_otherwise(line, name)
            for named in self._names[name]:
                exact, others = typed([named], before)
                if exact or others:
                    gap = edits(written, named.spelling if page.marked else name)
                    far = wrong + gap + begun + (0 if exact else _OTHER_TYPE)
                    if how.takes(wrong, gap, far):
                        near[far, wrong] += exact + others
        return tuple(tuple(near[gap]) for gap in sorted(near))

    def _numbered(self, line: str) -> str:
        """A name whose number was written together with it, with the space that it lacks: "Gia Hòa1"."""
        spaced = _STUCK.sub(" ", line)
        return spaced if spaced in self._names else line

    def _abbreviated(self, page: Page, behind: Sequence[int], hits: Sequence[Hit]) -> Iterator[Hit]:
        """Initials behind a type or behind a numbered ward: "P. HCB, Q. Hải Châu", "p11 PN"."""
        known, words = self._initials, page.words
        numbered = {seen.last for seen in hits if seen.numeral}
        for at in range(len(words)) if page.shouts else sorted({*behind, *numbered}):
            if at == len(words) or words[at] not in known:
                continue
            plain = is_syllable(words[at]) or not (at in numbered or words[at - 1] in LAST_OF_PREFIX)
            if plain and not (page.shouts and page.written(at, at + 1).isupper()):
                continue
            if not _has_letter_behind(page, at + 1):
                named = [n for key in known[words[at]] for n in self._names[key] if n.kind]
                yield from self._by_initials(page, at, named, numbered=at in numbered)

    def _by_initials(self, page: Page, at: int, named: Sequence[Named], *, numbered: bool) -> Iterator[Hit]:
        before = prefix(page, at)
        rows = typed(named, before)[0] if before else []
        if rows:
            first = at - len(before.split())
            yield replace(hit(first, at + 1, rows, is_typed=True, weak=True), initials=True)
        elif numbered:
            rows = [name.row for name in named if name.row.level == "district"]
            if rows:
                yield hit(at, at + 1, rows, weak=True)

    def _narrowed(
        self, page: Page, found: Sequence[Hit], home: str, far: Sequence[Hit], everywhere: Sequence[Hit]
    ) -> Iterator[Hit]:
        """What is left of each hit beside its neighbours, else beside what the text names farther off."""
        group = [_of_its_time(page, seen) for seen in self._settled(found, home)]
        for at, seen in enumerate(group):
            beside = [other for other in group if not _is_it_in_short(other, seen, home)]
            rows, agreed = self._agreeing(seen, seen.rows, beside)
            if not agreed and seen.typed:
                # A province somewhere in the text makes no commune of everyday words.
                sure = [other for other in far if other.level == "district" or not seen.doubted]
                sure = [other for other in sure if not _is_it_in_short(other, seen, home)]
                rows, agreed = self._agreeing(seen, seen.rows, sure)
            if not agreed and seen.spare:
                spare, agreed = self._agreeing(seen, seen.spare, group)
                rows = spare if agreed else _at_home(rows, home) or _at_home(spare, home) or rows
            if agreed and seen.level == "commune" and not (at and became(page, group[at - 1], seen)):
                told = (other for other in far if _is_told(seen, other))
                rows = self._of_its_district(rows, [*group, *told])
            doubtful = _is_far_landmark(page, seen, home) or self._is_doubtful(seen, group, home)
            left = seen if rows is seen.rows else replace(seen, rows=rows)
            if seen.small and not (seen.weak or agreed):
                yield from _asked_where_small(left, home)
                continue
            called = None
            if seen.communes:
                behind = [] if _is_street(page, seen) else _coarser_behind(group, at)
                called = self._called_so(left, behind, everywhere, home, agreed=agreed)
            if called and (agreed or not doubtful or "commune" in (called.level, seen.level)):
                yield self._or_at_home(page, called, seen, group[at + 1 : at + 2], home)
            elif agreed or not doubtful or _goes_with(page, seen, group):
                yield self._or_at_home(page, left, seen, group[at + 1 : at + 2], home)

    def _or_at_home(self, page: Page, left: Hit, seen: Hit, behind: Iterable[Hit], home: str) -> Hit:
        """Asked where the province behind is called like a former district of the house that held such a
        commune: "xã Hải Ninh, Quảng Ninh" in Quảng Trị.
        """
        if not home or left.level != "commune" or _at_home(left.rows, home):
            return left
        districts = {
            named.row.code
            for other in behind
            if other.level in ("province", NAME) and not other.typed
            for named in self._names[page.line_of(other.first, other.last)]
            if named.row.level == "district" and named.row.province == home
        }
        communes = _at_home((*seen.rows, *seen.spare, *seen.communes), home)
        here = tuple(row for row in communes if row.is_old and row.district in districts)
        return replace(left, level=NAME, rows=(*left.rows, *here)) if here else left

    def _called_so(
        self, seen: Hit, behind: Sequence[Hit], told: Iterable[Hit], home: str, *, agreed: bool
    ) -> Hit | None:
        """A bare name as that of a commune; None where it is not.

        Before what holds the commune it is an address: "Tây Hồ, Đà Nẵng". Else communes of today of the
        home province are asked, with the former district of that name there, unless elsewhere is told.
        """
        here = tuple(row for row in seen.communes for other in behind if self._lies_in(row, seen, other))
        if here and not agreed and seen.level != "province":
            return replace(seen, level="commune", rows=self._of_its_district(here, behind))
        if not here and _is_elsewhere(seen, told, home):
            return None
        return _asked(seen, here or _at_home(seen.communes, home), agreed=agreed)

    def _lies_in(self, row: PlaceRow, seen: Hit, other: Hit) -> bool:
        """Whether a commune lies in the unit behind; of two former districts beside each other only one of
        before does, in its own: "Ba Đình, Hoàn Kiếm" are two though the commune took land of both.
        """
        two = seen.level == other.level == "district"
        return self._agrees(row, other.sum) and (not two or (row.is_old and row.district in other.sum.own))

    def _of_its_district(self, rows: tuple[PlaceRow, ...], beside: Sequence[Hit]) -> tuple[PlaceRow, ...]:
        """Those of before 1/7/2025 where their district is named, unless one of today is the very same."""
        districts = [other.sum for other in beside if other.level == "district"]
        old = tuple(row for row in rows if row.is_old and any(self._agrees(row, one) for one in districts))
        today = {row.codes for row in rows if not row.is_old}
        return old if old and {row.codes for row in old} != today else rows

    def _settled(self, group: Sequence[Hit], home: str) -> list[Hit]:
        """The hits with one guess for each that is misspelt, without those that come to nothing."""
        settled = []
        for seen in group:
            at_home = _at_home(seen.rows, home) if seen.initials and seen.level == "district" else ()
            if at_home:
                settled.append(replace(seen, rows=at_home, weak=False))
            elif not seen.guesses:
                settled.append(seen)
            elif rows := self._guess(seen, group, home):
                settled.append(replace(seen, rows=rows))
        return settled

    def _guess(self, seen: Hit, group: Sequence[Hit], home: str) -> tuple[PlaceRow, ...]:
        """The nearest of the guesses that a neighbour agrees with, else the nearest in the home province."""
        narrowed = [self._agreeing(seen, rows, group) for rows in seen.guesses]
        agreeing = [rows for rows, agreed in narrowed if agreed]
        if agreeing:
            return agreeing[0]
        at_home = (_at_home(rows, home) for rows in seen.guesses)
        return next(filter(None, at_home), ()) if not seen.weak else ()

    def _is_doubtful(self, seen: Hit, group: Sequence[Hit], home: str) -> bool:
        """Whether a hit that no neighbour agrees with counts for nothing.

        A bare name beside a unit named with its type that lies elsewhere is a street, unless it is a numbered
        ward that stands there: of these and a district the district is meant. One of another type than is
        written, or whose name goes on, counts in the home province alone.
        """
        others = [other for other in group if other.level != seen.level and other.level != "landmark"]
        if seen.numeral and seen.level == "commune":
            return any(other.level == "district" and not other.weak for other in others)
        if seen.initials and seen.level == "district":
            return not _at_home(seen.rows, home)
        if seen.unsure and home and seen.level == "commune":
            return seen.weak or not _at_home((*seen.rows, *seen.spare), home)
        return seen.weak or (not seen.typed and any(other.typed and not other.numeral for other in others))

    def _agreeing(
        self, seen: Hit, rows: tuple[PlaceRow, ...], group: Sequence[Hit]
    ) -> tuple[tuple[PlaceRow, ...], bool]:
        """The rows of a hit that lie in, or hold, what stands beside it; and whether any does."""
        agreed = False
        for other in group:
            if other.level not in (seen.level, "landmark") and not (seen.weak and other.weak):
                keep = tuple(row for row in rows if self._agrees(row, other.sum))
                rows, agreed = keep or rows, agreed or bool(keep)
        return rows, agreed

    def _agrees(self, row: PlaceRow, beside: Sum) -> bool:
        if FINENESS[row.level] < FINENESS[beside.level]:
            return self._holds(row, beside)
        if beside.level == "commune":
            return not beside.codes.isdisjoint(row.codes)
        if beside.level == "district":
            known = row.is_old and row.district
            inside = beside.alias_codes if known else beside.codes
            return (known and row.district in beside.own) or not inside.isdisjoint(row.codes)
        in_old = (
            row.old_province in beside.own_old if row.is_old else self._reaches(beside.own_old, row.codes)
        )
        return row.province in beside.codes_of_today or in_old

    def _holds(self, row: PlaceRow, inside: Sum) -> bool:
        """Whether a coarse row holds one of the finer rows beside it."""
        if row.level == "district":
            return row.code in inside.districts or not inside.codes_of_today.isdisjoint(row.codes)
        if not row.is_old or not row.code:
            return not inside.provinces.isdisjoint(row.codes)
        return row.code in inside.old_provinces or self._reaches({row.code}, inside.codes_of_today)

    def _reaches(self, old_provinces: Iterable[str], communes: Iterable[str]) -> bool:
        """Whether one of the communes of today took land of one of the old provinces."""
        return any(not self._old_provinces.get(old, _NONE).isdisjoint(communes) for old in old_provinces)


def _automaton(names: Names) -> "ahocorasick.Automaton":
    """Gives of each name how many words it has, and whether it counts without a type."""
    automaton, loud = ahocorasick.Automaton(), frozenset(names.flagged(LOUD))
    for name in names:
        automaton.add_word(f" {name} ", (name, name.count(" ") + 1, name in loud))
    automaton.make_automaton()
    return automaton


def _is_name_before(page: Page, first: int, last: int) -> bool:
    """Whether some words with capitals stand as a name of their own before a comma or a hyphen."""
    if not (page.capitalised(first, last) and page.joined(first, last)):
        return False
    goes_before = first and (
        page.words[first - 1].isdigit() or (page.capital(first - 1) and page.between(first - 1, first) == " ")
    )
    parted = _COMMA.fullmatch(page.between(last - 1, last))
    return bool(parted and not goes_before and not belongs_to_another_name(page, first))


def _has_letter_behind(page: Page, last: int) -> bool:
    """Whether a lone letter goes on with initials: "P.BHH A", "p. btd b"; a "Q" begins a district."""
    if last >= len(page.words) or len(page.words[last]) > 1 or page.words[last] in PREFIXES:
        return False
    small = page.written(last, last + 1) in _LETTERS and page.between(last - 1, last) == " "
    return small or page.goes_on(last)


def _are_other_words(page: Page, first: int) -> bool:
    """Whether somebody's name or everyday words stand behind a type, which are no misspelt unit."""
    if is_society(page, first) or begins_like_a_person(page, first):
        return True
    last = first + 2
    return last <= len(page.words) and not tells_a_name(page, first, last) and is_everyday(page, first, last)


def _has_type(page: Page, first: int, last: int) -> bool:
    return not LAST_OF_PREFIX.isdisjoint(page.words[first:last])


def _is_cut_short(page: Page, seen: Hit) -> bool:
    """Whether a name of one syllable goes on in the text: "phường Thanh" of "phường Thanh Khuê"."""
    return not seen.numeral and page.goes_on(seen.last) and prefix(page, seen.last - 1) != ""


def _goes_with(page: Page, seen: Hit, group: Sequence[Hit]) -> bool:
    """Whether a bare province or district right behind a commune is part of its address, agree or not.

    "phường Thạc Gián, Huế"; a street is what has a number or bears a name that streets have all over.
    """
    before = [other for other in group if other.first < seen.first]
    if seen.typed or not (_holds_others(seen) or _is_last(page, seen)):
        return False
    if not any(other.typed for other in before) or page.line_of(seen.first, seen.last) in STREETS_TOO:
        return False
    numbered = any(word.isdigit() for word in page.words[before[-1].last : seen.first])
    return not (numbered or (page.capitals and page.goes_on(seen.last)))


def _is_far_landmark(page: Page, seen: Hit, home: str) -> bool:
    """Whether hasty letters may be a landmark of elsewhere: "den do" is mostly "đèn đỏ"."""
    hasty = not page.marked and not page.capitals
    return bool(home) and hasty and seen.level == "landmark" and not _at_home(seen.rows, home)


def _is_last(page: Page, seen: Hit) -> bool:
    """Whether a province in hasty letters ends its sentence: "phuong thac gian, hue"."""
    ends = seen.last == len(page.words) or page.between(seen.last - 1, seen.last).strip() != ""
    return seen.level == "province" and ends


def _holds_others(seen: Hit) -> bool:
    """Whether a hit tells where finer ones lie, wherever in the text they stand."""
    return seen.level in ("province", "district") and not seen.weak


def _of_its_time(page: Page, seen: Hit) -> Hit:
    """The older of the units that a name has where "cũ" stands right behind it."""
    rows = tuple(row for row in seen.rows if row.is_old) if is_former(page, seen) else ()
    return replace(seen, rows=rows, communes=()) if rows else seen


def _asked(seen: Hit, communes: Iterable[PlaceRow], *, agreed: bool) -> Hit | None:
    """The communes of today that a bare name may mean, with the former district of that name beside them."""
    today = [row for row in communes if not row.is_old]
    provinces = {row.province for row in today}
    own = tuple(row for row in seen.rows if row.province in provinces and row.level != "commune")
    held = {code for row in own for code in row.codes}
    others = tuple(row for row in today if held.isdisjoint(row.codes))
    if not others or (agreed and not own) or (own and seen.level == "province"):
        return None
    if own:
        return replace(seen, rows=own + tuple(replace(row, is_old=True) for row in others))
    return replace(seen, level=NAME, rows=others)


def _asked_where_small(seen: Hit, home: str) -> Iterator[Hit]:
    """A commune in small letters that nothing beside it confirms: meant in the home province, and asked there
    where its words are everyday ones or misspell it; elsewhere asked, and everyday words are none.
    """
    here = _at_home((*seen.rows, *seen.spare), home)
    if not seen.doubted and (here or not home):
        yield seen
    elif here or not seen.doubted:
        yield replace(seen, level=NAME, rows=here or seen.rows)


def _surely_meant(page: Page, seen: Hit, home: str) -> Hit:
    """What is everyday words without a type counts beside a unit that agrees: "cho con", "van ban".

    In the home province it may be a name as often, or told with "ở".
    """
    if not seen.everyday or seen.small:
        return seen
    sure = _at_home(seen.rows, home) and (
        _is_led_to(page, seen) or not mostly_a_word(page, seen.first, seen.last)
    )
    return seen if sure else replace(seen, weak=True)


def _is_led_to(page: Page, seen: Hit) -> bool:
    return seen.first > 0 and page.words[seen.first - 1] in ("o", "tai")


def _is_told(seen: Hit, far: Hit) -> bool:
    """Whether a district of another sentence or line is surely one: it has its type, or nothing between."""
    return far.typed or far.first == seen.last or far.last == seen.first


def _coarser_behind(group: Sequence[Hit], at: int) -> list[Hit]:
    """The next part of an address, if it is a province or a district."""
    return [other for other in group[at + 1 : at + 2] if _holds_others(other)]


def _is_street(page: Page, seen: Hit) -> bool:
    """Whether a bare name has a house number, or streets bear it all over the country."""
    first = seen.first
    numbered = first and page.words[first - 1][0].isdigit() and page.between(first - 1, first) == " "
    return bool(numbered) or page.line_of(first, seen.last) in STREETS_TOO


def _is_elsewhere(seen: Hit, told: Iterable[Hit], home: str) -> bool:
    """Whether a province or district is told beside a name that neither lies in the home province nor may."""
    return any(
        home not in other.sum.codes | other.sum.provinces and not _at_home(other.communes, home)
        for other in told
        if other.first != seen.first
    )


def _is_it_in_short(other: Hit, seen: Hit, home: str) -> bool:
    """Whether a bare name of elsewhere, told before, may be the very commune of the house: "sân vận động An
    Khê ... phường An Khê" in Đà Nẵng, where An Khê is a former town of Gia Lai as well.
    """
    if other.typed or other.level in (seen.level, "landmark") or other.first >= seen.first:
        return False
    mine = {row.codes for row in _at_home(seen.rows, home)}
    return any(row.codes in mine for row in _at_home(other.communes, home))


def _at_home(rows: Iterable[PlaceRow], home: str) -> tuple[PlaceRow, ...]:
    return tuple(row for row in rows if row.province == home)


def _apart(hits: Iterable[Hit], words: int) -> list[Hit]:
    """Of overlapping hits the longest, of equal ones the strongest; in text order."""
    taken = bytearray(words)
    kept = []
    for seen in sorted(hits, key=lambda seen: seen.order):
        if not any(taken[seen.first : seen.last]):
            taken[seen.first : seen.last] = b"\x01" * (seen.last - seen.first)
            kept.append(seen)
    return sorted(kept, key=lambda seen: seen.first)[:_MOST]


def _groups(page: Page, hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Hits that stand together, as the parts of one address do; a house number parts none."""
    group: list[Hit] = []
    for seen in hits:
        if len(group) == _PARTS or (group and not _together(page, group[-1], seen)):
            yield group
            group = []
        group.append(seen)
    if group:
        yield group


def _together(page: Page, left: Hit, right: Hit) -> bool:
    between = page.words[left.last : right.first]
    if len(between) > _TOGETHER or not all(word in JOINTS or word.isdigit() for word in between):
        return False
    return not _PARTING.search(page.between(left.last - 1, right.first))


def _weighed(page: Page, groups: Iterable[list[Hit]]) -> list[tuple[int, list[Hit]]]:
    """Each group with how far aside it is told; "từ A đến B" and "giáp ranh A với B" are no nearer to one."""
    weighed: list[tuple[int, list[Hit]]] = []
    for group in groups:
        aside = _aside(page, group[0])
        if weighed and not aside and _goes_on(page, weighed[-1][1], group[0]):
            aside = weighed[-1][0]
        weighed.append((aside, group))
    return weighed


def _goes_on(page: Page, left: Sequence[Hit], right: Hit) -> bool:
    between = page.line_of(left[-1].last, right.first)
    led_by, before = page.words[max(0, left[0].first - 1)], page.words[max(0, left[0].first - 2)]
    return (between in PAIRING or (between in PASSING and led_by == "tu")) and before not in MOVING


def _aside(page: Page, seen: Hit) -> int:
    """How far the words before say that it happened elsewhere, see `PlaceMention`."""
    if not seen.first or page.words[seen.first - 1] not in LAST_OF_ASIDE:
        return 0
    start = page.spans[seen.first][0]
    before = fold(page.text[max(0, start - _BEFORE) : start])
    return max((degree for degree, words in enumerate(ASIDE, 1) if words.search(before)), default=0)


def _mentions(
    clean: Clean, page: Page, seen: Hit, home: str, *, aside: int, same_as: int
) -> Iterator[PlaceMention]:
    start, end = clean.given(page.spans[seen.first][0], page.spans[seen.last - 1][1])
    text, rows = clean.as_given(start, end), _at_home(seen.rows, home) or seen.rows
    if seen.level == NAME:
        codes = tuple(dict.fromkeys(code for row in seen.rows for code in row.codes))
        yield PlaceMention(start, end, text, codes, NAME, False, aside, same_as)
        return
    told: set[tuple[str, ...]] = set()
    for is_old in (False, True):
        units = tuple(dict.fromkeys(row.codes for row in rows if row.is_old == is_old))
        codes = tuple(sorted({code for unit in units for code in unit}))
        if codes and codes not in told:
            told.add(codes)
            yield PlaceMention(start, end, text, codes, seen.level, is_old, aside, same_as, units)
