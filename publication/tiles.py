"""Places as squares of one size, each about where it lies: no borders are drawn that nobody drew for us."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from publication.backlog import Work
from routing.models import Commune, Province

SIDE, GAP = 100, 8  # of a square, and between two
WIDEST = 7  # squares of communes in a row: at 360 px their names are still read
NAMED_BY = 32  # where the first line of a name stands in a square
SMALL, LARGE = 24, 28  # letters of provinces, and of communes, which are more to a row: 12 px at 360
SHADES = (0.1, 0.4)  # from so much of what the fullest square has, one is darker, and darker still
# Always on the map, beside the province to which they belong.
ISLANDS: Mapping[str, str] = {"20333": "48", "22736": "56"}


@dataclass(frozen=True)
class Tile:
    """A place: where its square stands, its name in lines of a word or two, what is published of it.

    `work` is None where nothing is told of it apart.
    """

    code: str
    name: str
    lines: tuple[str, ...]
    row: int
    column: int
    work: Work | None
    address: str
    most: int  # petitions of the fullest square

    @property
    def x(self) -> int:
        return self.column * (SIDE + GAP)

    @property
    def y(self) -> int:
        return self.row * (SIDE + GAP)

    @property
    def shade(self) -> int:
        """0 (nothing) to 3 (near the fullest)."""
        if not self.work or not self.work.total:
            return 0
        return 1 + sum(self.work.total >= least * self.most for least in SHADES)

    @property
    def bar(self) -> int:
        """How long the part of it is that is done, in the units of `x`: 84 at most."""
        return round(0.84 * self.work.done_share) if self.work else 0


@dataclass(frozen=True)
class Grid:
    """The squares of a map and how far they reach, in units of its viewBox."""

    tiles: Sequence[Tile]
    letters: int = SMALL  # the size of names

    @property
    def fits(self) -> int:
        """So many letters stand in a square as they are; more are pressed together."""
        return 150 // self.letters

    @property
    def second_line(self) -> int:
        """Where it stands in a square."""
        return NAMED_BY + self.letters + 4

    @property
    def width(self) -> int:
        return max(tile.x for tile in self.tiles) + SIDE

    @property
    def height(self) -> int:
        return max(tile.y for tile in self.tiles) + SIDE


Address = Callable[[str], str]


def of_provinces(work: Mapping[str, Work | None], islands: Mapping[str, Work], address: Address) -> Grid:
    """The provinces, and Hoàng Sa and Trường Sa beside theirs; `islands` by the codes of these.

    Of an island that is not in `islands`, and of a province whose work is None, nothing is told apart.
    """
    names = dict(Province.objects.values_list("code", "short_name"))
    names |= dict(Commune.objects.filter(code__in=ISLANDS).values_list("code", "short_name"))
    most = _most(work.values())
    return Grid(
        [
            Tile(
                code,
                names[code],
                _lines(names[code]),
                row,
                column,
                islands.get(code) if code in ISLANDS else work.get(code, Work()),
                address(ISLANDS.get(code, code)),
                most,
            )
            for code, row, column in _places()
            if code in names
        ]
    )


@cache
def _places() -> tuple[tuple[str, int, int], ...]:
    with (Path(__file__).parent / "data" / "tiles.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["code"], int(row["row"]), int(row["column"])) for row in csv.DictReader(file))


def _most(work: Iterable[Work | None]) -> int:
    return max((one.total for one in work if one), default=0)


def of_communes(communes: Iterable[Commune], work: Mapping[str, Work], address: Address) -> Grid:
    """The communes of a province: from north to south in rows, in each from west to east."""
    ordered = sorted(communes, key=lambda one: -one.lat)
    wide = max(1, min(WIDEST, math.ceil(math.sqrt(len(ordered)))))
    rows = [ordered[at : at + wide] for at in range(0, len(ordered), wide)]
    most = _most(work.values())
    return Grid(
        [
            Tile(
                one.code,
                one.name,
                _narrow_lines(one.short_name),
                row,
                column,
                work.get(one.code, Work()),
                address(one.code),
                most,
            )
            for row, some in enumerate(rows)
            for column, one in enumerate(sorted(some, key=lambda one: one.lon))
        ],
        LARGE,
    )


def _lines(name: str) -> tuple[str, ...]:
    """A name of several words in two lines."""
    words = name.split()
    half = (len(words) + 1) // 2
    return tuple(" ".join(some) for some in (words[:half], words[half:]) if some)


def _narrow_lines(name: str) -> tuple[str, ...]:
    """A word a line, of more than two all but the last by its letter: ("N. H.", "Sơn"), ("Hải", "Châu")."""
    *others, last = re.findall(r"\w+", name)
    if len(others) > 1:
        others = [" ".join(f"{word[0]}." for word in others)]
    return (*others, last)
