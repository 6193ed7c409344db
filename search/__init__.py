"""Finding: what was told before. Knows texts by the number of their petition and nothing else of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Place(NamedTuple):
    """The province and the commune of today by their codes; "" where the commune is not known."""

    province: str
    commune: str = ""


@dataclass(frozen=True)
class Document:
    """A text to be found again by what it says (its signature), where and when it was sent."""

    petition: int
    signature: bytes
    place: Place
    on: dt.date


@dataclass(frozen=True)
class Match:
    """A petition that seems to tell the same thing; `score` is the share of letters alike, 0 to 1."""

    petition: int
    score: float


def index(documents: Iterable[Document]) -> None:
    """Keep these to be found from now on; what was kept of the same petitions is replaced."""
    from search import fingerprints

    fingerprints.index(documents)


def remove(petitions: Iterable[int]) -> None:
    """Forget these for good; whoever was not kept is passed over."""
    from search import fingerprints

    fingerprints.remove(petitions)


def similar(
    text: str, *, place: Place, within_days: int, on: dt.date, among: QuerySet[Any], words: str = "text"
) -> list[Match]:
    """The at most three most alike of the same commune (or of an unknown one of the same province).

    Sent at most `within_days` before or after the day `on`. `among`: the petitions that whoever asks may
    see; no other is ever named. `words`: where their rows have the text that decides, if it is not the one
    that was kept. The most alike first. Never raises on any str.
    """
    from search import fingerprints

    return fingerprints.similar(text, place=place, within_days=within_days, on=on, among=among, words=words)
