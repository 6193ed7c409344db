"""Points of published petitions on the ground of one province, drawn without a map of anybody else's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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
    """`centres` are those of communes, `dots` petitions; those of an island stand in a box of their own."""

    width: int
    height: int
    centres: Sequence[Dot]
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
    """`petitions`: published ones of the province that have a point. None where it has no commune."""
    communes, petitions = list(communes), list(petitions)
    land = [one for one in communes if one.code not in ISLANDS]
    if not land:
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
        [_dot(one, scale) for one in near],
        len(ashore) - len(near),
        island.short_name if island else "",
        _in_box([one for one in petitions if one.commune_id in ISLANDS]),
    )


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


BOX_WIDE, STEP = 150, 14  # of the box in templates/parts/ground.html, and between two dots in it


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
