"""Bodies of a province of which a text says that a dossier lies there: "nộp hồ sơ tại Sở Nội vụ, hẹn 10/11".

As people write them: with marks and without, shortened, and by the names of before March 2025.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .officials import is_addressed
from .text import ANALYSED, fold, guard

NAMES = Path(__file__).parent / "data" / "departments.csv"
_SO_WRITTEN = ("sở", "so")
# Before “so”, where it begins no name: “hồ sơ xây dựng”, “cơ sở y tế”, “trụ sở”, “công sở”.
_NO_NAME = r"(?<!\bho )(?<!\bco )(?<!\btru )(?<!\bcong )"
_BETWEEN = r"[^\w\n]{1,3}(?:va )?"  # words: “Văn hóa, Thể thao và Du lịch”, “Văn hóa - Thể thao”
_WITHIN = r"[^\w\n]{0,3}"  # letters of a short name, “&” in the table: “NNMT”, “NN & MT”


def bodies_named(text: str) -> frozenset[str]:
    """Types of the agencies; never raises. Not of those that it only writes to, asks or thanks."""
    clean = guard(text, ANALYSED).text
    folded = fold(clean)
    return frozenset(
        _types()[_key(match[0])]
        for match in _pattern().finditer(folded)
        if _is_so_written(clean[match.start() : match.end()]) and not is_addressed(folded, match)
    )


def _is_so_written(name: str) -> bool:
    """“số nội vụ” folds to the same letters."""
    first = name.lower().split()[0]
    return fold(first) != "so" or first in _SO_WRITTEN


@cache
def _types() -> Mapping[str, str]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        return {_key(fold(row["name"])): row["type"] for row in csv.DictReader(file)}


@cache
def _pattern() -> re.Pattern[str]:
    """The longer names first: of “Sở Nông nghiệp và Môi trường” none is only “Sở Nông nghiệp”."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        names = sorted((fold(row["name"]) for row in csv.DictReader(file)), key=len, reverse=True)
    return re.compile(rf"(?<!\w){_NO_NAME}(?:{'|'.join(map(_spelt, names))})(?!\w)")


def _spelt(name: str) -> str:
    words = re.findall(r"[a-z&]+", name)
    return _BETWEEN.join(_WITHIN.join(word.split("&")) for word in words if word != "va")


def _key(folded: str) -> str:
    return "".join(word for word in re.findall(r"[a-z]+", folded) if word != "va")
