"""What `bench.reading` draws: which field is taken for which, whether it is as sure as it is right, and
how right it is when it may keep silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from classifier.evaluation import Outcome

BINS = 10
POINTS = 50
SIDE = 440  # pixels of a panel
GAP = 90
NAMES = 110  # pixels that the names of the fields take
RIGHT = "#dfeee6"
CELL_MOST = 0.4  # the share of a row from which a cell is as dark as it gets


def material(found: Sequence[Outcome]) -> dict[str, Any]:
    """What the picture is drawn from: small enough to be kept as JSON.

    `fields`: [[field, taken for, share of the field's texts]]; `reliability`: [[mean confidence, share right,
    texts]] by tenths of confidence; `coverage`: [[share read, share of these right]], surest first.
    """
    return {
        "fields": _fields(found),
        "reliability": _reliability(found),
        "coverage": _coverage(found),
        "n": len(found),
    }


def _fields(found: Sequence[Outcome]) -> list[tuple[str, str, float]]:
    pairs = Counter((o.sub.split(".")[0], o.said.split(".")[0]) for o in found)
    whole = Counter(o.sub.split(".")[0] for o in found)
    return [(is_, said, round(count / whole[is_], 4)) for (is_, said), count in sorted(pairs.items())]


def _reliability(found: Sequence[Outcome]) -> list[tuple[float, float, int]]:
    bins = [[o for o in found if min(int(o.confidence * BINS), BINS - 1) == at] for at in range(BINS)]
    return [
        (
            round(sum(o.confidence for o in some) / len(some), 4),
            round(sum(o.sub1 for o in some) / len(some), 4),
            len(some),
        )
        for some in bins
        if some
    ]


def _coverage(found: Sequence[Outcome]) -> list[tuple[float, float]]:
    right = np.array([o.sub1 for o in sorted(found, key=lambda o: -o.confidence)], dtype=float)
    kept = np.cumsum(right) / np.arange(1, len(right) + 1)
    places = sorted({max(1, round(len(right) * point / POINTS)) for point in range(1, POINTS + 1)})
    return [(round(place / len(right), 4), round(float(kept[place - 1]), 4)) for place in places]


def drawn(title: str, told: dict[str, Any]) -> str:
    """An SVG of three panels."""
    lefts = [GAP + NAMES + number * (SIDE + GAP) for number in range(3)]
    width, height = lefts[-1] + SIDE + GAP, SIDE + 2 * GAP + NAMES // 2
    head = f"{title}: {told['n']} texts in cross-validation"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
            ' font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            _text(GAP, 30, head, size=17),
            *_matrix(told["fields"], lefts[0]),
            *_panel("how sure, how right: right by confidence", lefts[1], told["reliability"]),
            *_panel("surest first: right by share read", lefts[2], told["coverage"]),
            "</svg>\n",
        ]
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", turn: int = 0, size: int = 11) -> str:
    turned = f' transform="rotate({turn} {x:.0f} {y:.0f})"' if turn else ""
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}"{turned}'
    return f"<text {place}>{escape(words)}</text>"


def _matrix(cells: Sequence[tuple[str, str, float]], left: int) -> Iterator[str]:
    """Rows: what it is; columns: what it was taken for, the darker the more often."""
    names = sorted({name for is_, said, _share in cells for name in (is_, said)})
    step = SIDE / len(names)
    place = {name: number * step for number, name in enumerate(names)}
    yield _text(left, GAP - 20, "field (rows) taken for (columns)")
    for is_, said, share in cells:
        colour = RIGHT if is_ == said else f"rgba(178,34,34,{min(1.0, share / CELL_MOST):.3f})"
        box = (
            f'x="{left + place[said]:.1f}" y="{GAP + place[is_]:.1f}" width="{step:.1f}" height="{step:.1f}"'
        )
        told = f"<title>{escape(is_)} → {escape(said)}: {share:.1%}</title>"
        yield f'<rect {box} fill="{colour}">{told}</rect>'
    for name in names:
        middle = place[name] + step * 0.7
        yield _text(left - 6, GAP + middle, name, anchor="end")
        yield _text(left + middle, GAP + SIDE + 10, name, anchor="end", turn=-60)


def _panel(title: str, left: int, points: Sequence[Sequence[float]]) -> Iterator[str]:
    """A line through (x, y) in 0..1, with the diagonal of a promise kept."""
    bottom = GAP + SIDE
    line = " ".join(f"{left + x * SIDE:.1f},{bottom - y * SIDE:.1f}" for x, y, *_texts in points)
    yield _text(left, GAP - 20, title)
    yield f'<rect x="{left}" y="{GAP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
    ends = f'x1="{left}" y1="{bottom}" x2="{left + SIDE}" y2="{GAP}"'
    yield f'<line {ends} stroke="#bbb" stroke-dasharray="4"/>'
    yield f'<polyline points="{line}" fill="none" stroke="#0b6b7a" stroke-width="2"/>'
    for quarter in range(5):
        yield _text(left - 6, bottom - quarter / 4 * SIDE + 4, f"{quarter / 4:.2f}", anchor="end")
        yield _text(left + quarter / 4 * SIDE, bottom + 16, f"{quarter / 4:.2f}", anchor="middle")
