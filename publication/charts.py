"""Charts as drawings: where lines, marks and words of a chart stand. Axes begin at nought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

WIDTH, HEIGHT = 440, 220  # in a telephone's breadth words of 15 are still read
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 12, 32
MOST_LABELS = 4  # months named under the axis
EDGE = 24  # room for half a word at either end

Value = float | None


@dataclass(frozen=True)
class Mark:
    """A value, or a word on an axis: where it stands and what it says. `running`: of a month not over."""

    x: float
    y: float
    said: str
    running: bool = False


@dataclass(frozen=True)
class Curve:
    """A line through its values, broken where one is missing. `number`: which it is, for its look."""

    number: int
    name: str
    path: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Chart:
    """All that a template needs to draw lines over months."""

    curves: Sequence[Curve]
    levels: Sequence[Mark]
    labels: Sequence[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = field(default=WIDTH - RIGHT)
    floor: int = field(default=HEIGHT - BOTTOM)

    @property
    def running(self) -> bool:
        return any(mark.running for curve in self.curves for mark in curve.marks)


@dataclass(frozen=True)
class Series:
    """A name, its values (None: not known) and the words for each."""

    name: str
    values: Sequence[Value]
    said: Sequence[str]


def lines(
    series: Sequence[Series], labels: Sequence[str], *, shares: bool = False, running: bool = False
) -> Chart:
    """Lines over the same labels. `shares`: values from 0 to 1, the axis to 100%. `running`: the last label
    is of a month that is not over; its values stand alone, for a line to them would fall each time."""
    most = (
        1.0 if shares else _round_up(max((value or 0 for one in series for value in one.values), default=0))
    )
    xs = _spread(len(labels))

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most, 1)

    def curve(number: int, one: Series) -> Curve:
        ys = [None if value is None else y(value) for value in one.values]
        over = len(xs) - running
        told = enumerate(zip(xs, ys, one.said, strict=True))
        marks = [Mark(x, at, said, running=n >= over) for n, (x, at, said) in told if at is not None]
        return Curve(number, one.name, _path(xs[:over], ys[:over]), marks)

    levels = [Mark(LEFT, y(most * part / 4), _level(most * part / 4, shares)) for part in range(5)]
    every = ceil(len(labels) / MOST_LABELS) or 1
    named = [Mark(x, HEIGHT - 10, label) for x, label in list(zip(xs, labels, strict=True))[::every]]
    return Chart([curve(number, one) for number, one in enumerate(series)], levels, named)


def _level(value: float, shares: bool) -> str:
    return f"{value * 100:.0f}%" if shares else f"{value:,.0f}".replace(",", ".")


def _spread(many: int) -> list[float]:
    room = WIDTH - LEFT - RIGHT
    if many < 2:
        return [LEFT + room / 2] * many
    return [round(LEFT + EDGE + (room - 2 * EDGE) * n / (many - 1), 1) for n in range(many)]


def _path(xs: Sequence[float], ys: Sequence[Value]) -> str:
    """'M10 20L30 40' with a new M after each gap."""
    told, down = [], False
    for x, y in zip(xs, ys, strict=True):
        if y is not None:
            told.append(f"{'L' if down else 'M'}{x} {y}")
        down = y is not None
    return "".join(told)


def _round_up(value: float) -> float:
    """The next of 4, 8, 20, 40, 80, 200 ...: four even steps to it."""
    if value <= 4:
        return 4
    unit: float = 10.0 ** floor(log10(value / 4))
    return next(step * unit for step in (4, 8, 20, 40) if step * unit >= value)
