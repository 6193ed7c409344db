"""A point on the earth as people read it, and a way to see it on a map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """A point in figures, with as many decimals as may be told."""

    lat: float
    lon: float
    digits: int

    @property
    def figures(self) -> str:
        return f"{self.lat:.{self.digits}f}, {self.lon:.{self.digits}f}"

    @property
    def map(self) -> str:
        """The address of a map that shows it; no nearer than the figures are true."""
        lat, lon = self.figures.split(", ")
        zoom = 18 if self.digits > 3 else 16
        return f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map={zoom}/{lat}/{lon}"
