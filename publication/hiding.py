"""What is not told apart, so that no number speaks of fewer than five petitions, not even by subtraction.

Pure functions over tables of numbers. Whatever is hidden stands in a row "*" of its own, so that sums stay
true. Of two tables that share a sum the hidden cells could be worked out; `protected` hides so many more
that of each small one there is another world, in which all that is published is the same and it is not:
two petitions that exchange what is hidden of them (`_could_be_else`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from publication.recompute import FEWEST

WAIT = "wait:"  # the measure "wait:7": first answers after seven working days

Numbers = Counter[str]  # measure -> how many
# How many petitions a row speaks of, at least: the largest of these, each of which counts a petition once.
SIZES = ("submitted", "taken", "answered", "open")
# What is a part of the answers (with how long they took), and of what is open.
PARTS: Mapping[str, tuple[str, ...]] = {
    "answered": (
        *("answered", "timed", "on_time", "on_time_original", "late"),
        *("rated", "satisfied", "acceptable", "unrated", "proposed", "confirmed"),
    ),
    "open": ("open", "overdue"),
}

K = TypeVar("K", bound=Hashable)
IsSmall = Callable[[Collection[K]], bool]  # whether what these lines say together is too little to be told
Cell = tuple[Any, Any]  # a row and a column
Cells = Mapping[Cell, Numbers]


def size(numbers: Numbers) -> int:
    """How many petitions these numbers speak of, at least; see SIZES."""
    return max(numbers[measure] for measure in SIZES)


def is_small(numbers: Numbers) -> bool:
    """Whether it speaks of some petitions, and of fewer than five."""
    return size(numbers) < FEWEST and any(numbers.values())


def is_small_anywhere(numbers: Numbers) -> bool:
    """The same of any single number: for what is delicate."""
    return is_small(numbers) or any(0 < abs(n) < FEWEST for n in numbers.values())


def total(lines: Iterable[Numbers]) -> Numbers:
    found: Numbers = Counter()
    for numbers in lines:
        found.update(numbers)
    return found


def _tells_a_few(part: str, numbers: Numbers, of_plain: Numbers) -> bool:
    """Whether some answers, or some open ones, are delicate, fewer than five are plain, and a number of
    theirs is under five: beside the plain ones of another table it would speak of the delicate alone."""
    names = {*PARTS[part], *(name for name in numbers if part == "answered" and name.startswith(WAIT))}
    delicate = any(numbers[name] != of_plain[name] for name in names)
    return delicate and of_plain[part] < FEWEST and any(0 < abs(numbers[name]) < FEWEST for name in names)


def too_little(lines: Mapping[K, Numbers], plain: Mapping[K, Numbers] | None = None) -> IsSmall[K]:
    """Lines are that speak of some petitions and of fewer than five; and where fewer than five of theirs are
    `plain`, which means not delicate (all are where it is not given), such as have any number under five."""

    def small(keys: Collection[K]) -> bool:
        numbers = total(lines[key] for key in keys)
        if is_small(numbers):
            return True
        if plain is None:
            return False
        of_plain = total(plain[key] for key in keys if key in plain)
        if size(of_plain) < FEWEST and is_small_anywhere(numbers):
            return True
        return any(_tells_a_few(part, numbers, of_plain) for part in PARTS)

    return small


def merged(lines: Mapping[K, Numbers], small: IsSmall[K], also: Iterable[K] = ()) -> set[K]:
    """Which lines of a table are told as one: the small ones, and the least of the others until that is not.

    Never a single one: its number would be what is left of the sum.
    """
    hidden = {key for key in lines if small([key])} | set(also)
    others = sorted((key for key in lines if key not in hidden), key=lambda key: (size(lines[key]), str(key)))
    while hidden and others and (len(hidden) == 1 or small(hidden)):
        hidden.add(others.pop(0))
    return hidden


class _Grid:
    """Cells by row and column whose sums are known, and which of them are hidden."""

    def __init__(self, cells: Cells, small: IsSmall[Cell]) -> None:
        self.cells, self.small = cells, small
        self.rows: dict[Any, dict[Cell, Numbers]] = defaultdict(dict)
        self.columns: dict[Any, dict[Cell, Numbers]] = defaultdict(dict)
        for (row, column), numbers in cells.items():
            self.rows[row][row, column] = self.columns[column][row, column] = numbers
        self.hidden: set[Cell] = set()
        # More than one row and more than one column have any: where one line has all of a measure it says so.
        self.spread = {measure for measure in total(cells.values()) if self._is_spread(measure)}

    def hide(self, more: Iterable[Cell] = ()) -> None:
        """Hide these and what each row and column needs beside them."""
        self.hidden.update(more)
        before = -1
        while before != len(self.hidden):
            before = len(self.hidden)
            for line in (*self.rows.values(), *self.columns.values()):
                self.hidden |= merged(line, self.small, self.hidden & line.keys())

    def shown(self) -> list[Cell]:
        """The least first."""
        cells = (key for key in self.cells if key not in self.hidden)
        return sorted(cells, key=lambda key: (size(self.cells[key]), str(key)))

    def known(self) -> bool:
        """Whether any small number that is hidden can be worked out."""
        for row, column in self.hidden:
            for measure, n in self.cells[row, column].items():
                delicate = 0 < n < FEWEST and measure in self.spread
                if delicate and not self._could_be_else(row, column, measure):
                    return True
        return False

    def _is_spread(self, measure: str) -> bool:
        lines = (self.rows, self.columns)
        return all(sum(self._has(line, measure) for line in some.values()) > 1 for some in lines)

    @staticmethod
    def _has(line: Cells, measure: str) -> bool:
        return any(numbers[measure] > 0 for numbers in line.values())

    def _could_be_else(self, row: Any, column: Any, measure: str) -> bool:
        """Whether two petitions could exchange their columns and nobody would see it.

        One of (row, column) with one of another row and column, or one of each of the other two corners.
        """
        for other_row in self.rows:
            if other_row == row or not self._unknown(other_row, column):
                continue
            of_other = self._n(other_row, column, measure)
            for other in self.columns:
                if other == column or not (self._unknown(row, other) and self._unknown(other_row, other)):
                    continue
                if self._n(other_row, other, measure) > 0:
                    return True
                if of_other > 0 and self._n(row, other, measure) > 0:
                    return True
        return False

    def _unknown(self, row: Any, column: Any) -> bool:
        """Hidden; or nothing, in a row of which something is hidden, which nobody can tell apart."""
        if (row, column) in self.hidden:
            return True
        return (row, column) not in self.cells and any(cell in self.hidden for cell in self.rows[row])

    def _n(self, row: Any, column: Any, measure: str) -> int:
        return self.cells[row, column][measure] if (row, column) in self.cells else 0


def protected(cells: Cells, small: IsSmall[Cell]) -> set[Cell]:
    """Which cells are hidden, where the sums of all rows and of all columns are known and not small.

    What is hidden of a row stands in its row "*".
    """
    grid = _Grid(cells, small)
    grid.hide()
    while grid.known() and (shown := grid.shown()):
        grid.hide(shown[:1])
    return grid.hidden
