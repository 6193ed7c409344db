"""What is compared with what was told before: fingerprints, where they lie, and how alike two are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """The province and the commune of today by their codes; "" where the commune is not known."""

    province: str
    commune: str = ""


@dataclass(frozen=True)
class Fingerprint:
    """A text to be found again by what it says (its signature), where and when it was sent.

    `public`: of the words that everybody may read; those of the petition itself are another fingerprint.
    """

    petition: int
    signature: bytes
    place: Place
    on: dt.date
    public: bool = False


@dataclass(frozen=True)
class Match:
    """A petition that seems to tell the same thing; `score` is the share of letters alike, 0 to 1."""

    petition: int
    score: float
