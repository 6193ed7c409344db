"""Under which folded names the rows are looked for; objects are made of a line when a text names it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set

from classifier.text import fold

from .page import spelling
from .reading import Named
from .rows import PlaceRow
from .words import split_type

_SYLLABLE = re.compile(r"[^\W_]+")
# What is known of a name without looking at its rows: it counts without a type, is not only a landmark's, is
# a whole name with a type, may be cut to its initials.
LOUD, UNIT, TYPED, INITIALS = "luti"


class Names:
    """The names of a gazetteer: each a line "name, flags, numbers of rows" as `lines_of` makes them."""

    def __init__(self, rows: Sequence[str], names: Iterable[str]) -> None:
        self._rows = rows
        self._lines = {line[: line.index("\t")]: line for line in names}
        self._made: dict[int, PlaceRow] = {}
        self._named: dict[str, tuple[Named, ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __contains__(self, name: object) -> bool:
        return name in self._lines

    def keys(self) -> Set[str]:
        return self._lines.keys()

    def __getitem__(self, name: str) -> tuple[Named, ...]:
        found = self._named.get(name)
        if not found:
            numbers = self._lines[name].rsplit("\t", 1)[1]
            self._named[name] = found = tuple(self._name_of(number) for number in numbers.split(" "))
        return found

    def flagged(self, flag: str) -> Iterator[str]:
        """The names that bear a flag."""
        return (name for name, line in self._lines.items() if flag in line.split("\t", 2)[1])

    def _name_of(self, number: str) -> Named:
        """A number with an "s" behind it: the name cut short."""
        at = int(number.rstrip("s"))
        row = self._made.get(at) or self._made.setdefault(at, row_of(self._rows[at]))
        kind, name = split_type(row.name)
        shortened = number.endswith("s")
        return Named(row, kind, _cut_short(name) if shortened else spelling(name), shortened)


def line_of(row: PlaceRow) -> str:
    """A row as a line of the file."""
    old = "1" if row.is_old else ""
    cells = (
        row.name, row.level, row.code, row.province, " ".join(row.codes), old, row.district, row.old_province
    )  # fmt: skip
    return "\t".join(" ".join(cell.split()) for cell in cells)


def row_of(line: str) -> PlaceRow:
    """ValueError where the line is none of `line_of`."""
    name, level, code, province, codes, old, district, old_province = line.split("\t")
    return PlaceRow(name, level, code, province, tuple(codes.split()), old == "1", district, old_province)


def lines_of(rows: Iterable[PlaceRow]) -> list[str]:
    """A line for each folded name of the rows, which are counted from 0."""
    found: dict[str, list[tuple[str, Named]]] = defaultdict(list)
    for at, row in enumerate(rows):
        kind, name = split_type(row.name)
        for key in sorted(_keys(name)):
            found[key].append((str(at), Named(row, kind, spelling(name))))
        if kind and (short := _cut_short(name)) and row.level in ("district", "province"):
            found[_key(short)].append((f"{at}s", Named(row, kind, short, shortened=True)))
    return [
        f"{key}\t{_flags(key, [named for _, named in several])}\t{' '.join(at for at, _ in several)}"
        for key, several in found.items()
    ]


def _flags(key: str, named: Sequence[Named]) -> str:
    units = [name for name in named if name.row.level != "landmark"]
    flags = {
        LOUD: _is_loud(key, named),
        UNIT: bool(units),
        TYPED: any(name.kind and not name.shortened for name in units),
        INITIALS: " " in key and not named[0].shortened,
    }
    return "".join(flag for flag, holds in flags.items() if holds)


def _is_loud(key: str, named: Sequence[Named]) -> bool:
    coarse = [
        name
        for name in named
        if name.row.level != "commune" and not (name.shortened or name.spelling.isdigit())
    ]
    return any(" " in key or not name.kind or name.row.level == "province" for name in coarse)


def _keys(name: str) -> set[str]:
    """How a name is looked for: its folded syllables, those parted by an apostrophe also as one."""
    glued = re.sub(r"[’'`ʼ]", "", name)
    return {_key(name)} if glued == name else {_key(name), _key(glued)}


def _key(name: str) -> str:
    return " ".join(syllable.lstrip("0") or "0" for syllable in _SYLLABLE.findall(fold(name)))


def _cut_short(name: str) -> str:
    """How a district or province is cut short: "B. Thạnh", "H.B. Trưng"; "" where it cannot be."""
    syllables = spelling(name).split()
    if not 2 <= len(syllables) <= 3:
        return ""
    return " ".join([*(syllable[0] for syllable in syllables[:-1]), syllables[-1]])
