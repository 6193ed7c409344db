"""Points of published petitions on the ground of one province, drawn without a map of anybody else's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from feedback.public import OPEN
from publication.tiles import ISLANDS
from routing.models import Commune

MOST = 1_000  # the newest
MOST_OF_NAME = 80
NEAR = 0.3  # of a degree around the outermost centres a point still belongs to the province
WIDE, MARGIN = 600, 12  # of the picture, in its own units
BOX_WIDE, BOX_HIGH = 150, 90  # of the box in templates/parts/ground.html
LETTER, LINE = 13, 28  # of a name: how wide a letter is, and how high a line

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Dot:
    """A petition, or the centre of a commune (`code` is "" then)."""

    x: float
    y: float
    name: str
    code: str = ""
    open: bool = False


@dataclass(frozen=True)
class Ground:
    """`centres` are those of communes, `names` those of some; `dots` petitions; those of an island stand in a
    box of their own."""

    width: int
    height: int
    centres: Sequence[Dot]
    names: Sequence[Dot]
    dots: Sequence[Dot]
    left_out: int = 0  # how many lie so far off that they are not drawn
    island: str = ""  # its name
    of_island: Sequence[Dot] = ()


@dataclass(frozen=True)
class _Scale:
    """From degrees to the units of the picture; a degree of longitude is shorter than one of latitude."""

    west: float
    north: float
    unit: float
    narrow: float

    @classmethod
    def over(cls, places: Sequence[tuple[float, float]]) -> _Scale:
        lats, lons = [lat for lat, _lon in places], [lon for _lat, lon in places]
        narrow = math.cos(math.radians((max(lats) + min(lats)) / 2))
        span = max((max(lons) - min(lons)) * narrow, (max(lats) - min(lats)) / 2, 0.01)
        return cls(min(lons), max(lats), (WIDE - 2 * MARGIN) / span, narrow)

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        x = (lon - self.west) * self.narrow * self.unit
        return round(MARGIN + x, 1), round(MARGIN + (self.north - lat) * self.unit, 1)


def ground(communes: Iterable[Commune], petitions: Iterable[Any]) -> Ground | None:
    """`petitions`: published ones that have a point. None without one, or where there is no commune."""
    communes, petitions = list(communes), list(petitions)
    land = [one for one in communes if one.code not in ISLANDS]
    if not land or not petitions:
        return None
    ashore = [one for one in petitions if one.commune_id not in ISLANDS]
    near = [one for one in ashore if _is_near(one, land)]
    scale = _Scale.over([(one.lat, one.lon) for one in [*land, *near]])
    height = round(max(scale.at(one.lat, one.lon)[1] for one in [*land, *near]) + MARGIN)
    island = next((one for one in communes if one.code in ISLANDS), None)
    return Ground(
        WIDE,
        height,
        [Dot(*scale.at(one.lat, one.lon), one.name) for one in land],
        list(_apart(_by_weight(land, near), scale, island=island is not None)),
        [_dot(one, scale) for one in near],
        len(ashore) - len(near),
        island.short_name if island else "",
        _in_box([one for one in petitions if one.commune_id in ISLANDS]),
    )


def _by_weight(land: Iterable[Commune], petitions: Iterable[Any]) -> list[Commune]:
    """Those with most points first, then the widest."""
    many = Counter(one.commune_id for one in petitions)
    return sorted(land, key=lambda one: (-many[one.code], -(one.area_km2 or 0), one.code))


def _apart(communes: Iterable[Commune], scale: _Scale, *, island: bool) -> Iterator[Dot]:
    """As many names as stand beside each other, each close to the centre of its commune."""
    taken: list[Box] = [(WIDE - BOX_WIDE - MARGIN, 0, WIDE, BOX_HIGH + MARGIN)] if island else []
    for one in communes:
        spots = _spots(*scale.at(one.lat, one.lon), LETTER * len(one.short_name) / 2)
        free = next((box for box in spots if not any(_overlap(box, other) for other in taken)), None)
        if free:
            taken.append(free)
            yield Dot(round((free[0] + free[2]) / 2, 1), round(free[3] - LINE / 4, 1), one.short_name)


def _spots(x: float, y: float, half: float) -> Iterator[Box]:
    """Where a name of that width may stand: over its centre, to the left or the right of it, under it."""
    for across, down in ((0.0, -LINE), (-half, -LINE / 2), (half, -LINE / 2), (0.0, 0.0)):
        left = min(max(x + across - half, 0), WIDE - 2 * half)
        top = max(y + down, 0)
        yield left, top, left + 2 * half, top + LINE


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_near(petition: Any, land: Sequence[Commune]) -> bool:
    """Within the box of all centres or a little beyond: a commune at the border goes on behind its centre."""
    lats, lons = [one.lat for one in land], [one.lon for one in land]
    inside = min(lats) - NEAR <= petition.lat <= max(lats) + NEAR
    return bool(inside and min(lons) - NEAR <= petition.lon <= max(lons) + NEAR)


def _dot(petition: Any, scale: _Scale) -> Dot:
    at = scale.at(petition.lat, petition.lon)
    return Dot(*at, _name(petition), petition.code, petition.state in OPEN)


def _name(petition: Any) -> str:
    """A page holds it twice for each of up to a thousand points."""
    return Truncator(petition.heading).chars(MOST_OF_NAME)


STEP = 14  # between two dots in the box


def _in_box(petitions: Sequence[Any]) -> list[Dot]:
    """Side by side: so far out one point is as near as another."""
    beside = (BOX_WIDE - 2 * MARGIN) // STEP
    return [
        Dot(
            MARGIN + STEP * (number % beside),
            2 * MARGIN + STEP * (number // beside + 1),
            _name(one),
            one.code,
            one.state in OPEN,
        )
        for number, one in enumerate(petitions[: 4 * beside])
    ]
