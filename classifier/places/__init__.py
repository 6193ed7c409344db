"""Places that a text names: provinces, districts and communes of today and of before 1/7/2025, landmarks.

A gazetteer file holds rows; `find` walks an automaton of their folded names over a text, and `resolve`
brings what stands together down to the units of today.
"""

from .files import SHIPPED, build, load, shipped
from .finding import Gazetteer
from .resolving import resolve
from .rows import NAME, BrokenGazetteerError, PlaceMention, PlaceRow, Resolved

__all__ = [
    "NAME",
    "SHIPPED",
    "BrokenGazetteerError",
    "Gazetteer",
    "PlaceMention",
    "PlaceRow",
    "Resolved",
    "build",
    "load",
    "resolve",
    "shipped",
]
