"""A page of what was found, and the key behind which the next one begins."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Sort(StrEnum):
    """All that a list may be sorted by."""

    BEST = "best"  # by `search.likeness`; without words the newest
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"  # the next deadline first, those without one last


@dataclass(frozen=True)
class Page:
    """Petitions in the order asked for; total and facets count all that was found, on every page alike."""

    petitions: list[int]
    total: int
    whole: int = 0  # of the total: those that say all that was asked; the rest, asked loosely, nearly all
    after: str = ""  # where the next page begins; "" where this is the last
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    capped: bool = False  # a very common word: only the newest 2,000 were looked at
    engine: str = ""
    took_ms: float = 0.0
    servers_ms: float = 0.0  # of that, as the servers count; 0 where there are none

    @property
    def near(self) -> int:
        """How many say nearly all that was asked."""
        return self.total - self.whole


Key = tuple[float, ...]
LONGEST = 300


def pack(sort: Sort, key: Key) -> str:
    """The key of a page's last petition as it stands in an address: opaque, without a word of anybody."""
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode().rstrip("=")


def unpack(after: str, sort: Sort, size: int) -> Key | None:
    """The key of `size` numbers, None of ""; ValueError where it is none of this sort."""
    if not after:
        return None
    try:
        said, *key = json.loads(base64.urlsafe_b64decode(after[:LONGEST] + "=" * (-len(after) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as none:
        raise ValueError("no key of a page") from none
    if said != sort or len(key) != size or not all(_is_number(one) for one in key):
        raise ValueError("no key of a page of this sort")
    return tuple(key)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) < 2**63
