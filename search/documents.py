"""What is kept to be found: a petition on one shelf, its words and the facts that it is narrowed by."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


class Shelf(StrEnum):
    """Whoever looks is led to the shelves that he may read; each is an index of its own."""

    PUBLIC = "public"  # what everybody may read: the reviewed copy
    DESK = "desk"  # what officials see by post
    SEALED = "sealed"  # sealed, suspected, or complaining of a body


LAYOUT = 3  # of what engines keep of a document: after it rose, the comparer finds each one outdated


@dataclass(frozen=True, kw_only=True)
class Document:
    """A petition on one shelf: its words, what it is narrowed by, and what decides who sees it."""

    petition: int
    shelf: Shelf
    version: int  # number of its last step: an older document never replaces a newer one
    code: str
    text: str
    on: dt.date
    answer: str = ""
    segmented: str = ""  # words as underthesea cuts them; Elasticsearch alone uses it
    where: str = ""  # names of its commune, province and of the units that were there before
    phones: frozenset[str] = frozenset()  # keyed hashes, never the number
    field: str = ""
    subfield: str = ""
    agency: str = ""
    province: str = ""
    commune: str = ""
    state: str = ""
    kind: str = ""
    channel: str = ""
    due: dt.datetime | None = None
    seers: frozenset[str] = frozenset()  # who may see it, as `feedback.finding.marks` has it
    shut: frozenset[str] = frozenset()  # agencies that it complains about
    petitioner: str = ""

    @property
    def digest(self) -> str:
        """16 hexadecimal digits of all that it says, but for its version: two that agree are found alike."""
        said = vars(self) | {name: sorted(getattr(self, name)) for name in SETS} | {"layout": LAYOUT}
        del said["version"]
        return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()[:16]


SETS = ("phones", "seers", "shut")
WORDS = (
    "code",
    "field",
    "subfield",
    "agency",
    "province",
    "commune",
    "state",
    "kind",
    "channel",
    "petitioner",
)
# What a rule or a filter may ask of a document.
FACTS = frozenset({"petition", *WORDS, *SETS})
# What is counted beside what was found; "month" is that of `on`, as "2026-11".
FACETS = ("field", "commune", "agency", "state", "month")

AT_ONCE = 500  # that an engine takes in one go; then others may write


def batches(every: Iterable[T]) -> Iterator[list[T]]:
    """In lists of at most 500, taken from the iterable one after the other."""
    rest = iter(every)
    while some := list(islice(rest, AT_ONCE)):
        yield some
