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
_NEAR, _FAR = 40, 80  # code points of what stands before and behind a name
_SO_WRITTEN = ("sở", "so")
# Before “so”, where it begins no name: “hồ sơ xây dựng”, “cơ sở y tế”, “trụ sở”, “công sở”.
_NO_NAME = r"(?<!\bho )(?<!\bco )(?<!\btru )(?<!\bcong )"
# Right before the name: it lies there, was handed in there, somebody went there ...
_THERE = re.compile(
    r"\b(?:o|tai|ben|len|den|qua|nop|nop (?:cho|vao)|gui (?:cho|len|den))"
    r"(?: (?:bo phan )?mot cua(?: cua)?| van phong| tru so| phong tiep dan)? ?$"
)
_NOT_THERE = re.compile(r"\bkhong(?: phai)?(?: la)?(?: nop)?(?: (?:o|tai|len|cho))? ?$")
# ... or what it did with it, right behind the name and that of the province.
_KEEPS = re.compile(
    r"^[^.!?\n]{0,30}?\b(?:ngam|om|giam|dun day|keo dai|cham|tre hen|that hen|cu hen|hen|khat"
    r"|thu ly|tiep nhan|tra (?:ho so|lai|giay|cham|tre|ket qua)"
    r"|(?:chua|khong|van chua|mai chua) (?:tra|giai quyet|xu ly|cap|ky|co ket qua|nhan)"
    r"|(?:yeu cau|doi|bat|bao)(?: toi| chung toi| cong ty| phai)? (?:bo sung|nop|lam|them|thieu))\b"
)
# A place beside it, or one that others wait for or blame, is not what keeps it.
_BESIDE = re.compile(r"\b(?:doi dien|canh|gan|truoc(?: mat| cong)?|sau(?: lung)?|cho|loi (?:cua|do|tai)) ?$")
# An office of the commune, at which it may lie as well.
_OF_A_COMMUNE = re.compile(
    r"\b(?:(?:ubnd|uy ban|uy ban nhan dan|mot cua|phuc vu hanh chinh cong)(?: (?:cap|cua))?"
    r"|(?:nop|gui)(?: \w+){0,4}? (?:o|tai|ra|len|cho)) (?:phuong|xa|dac khu)\b"
)
_BETWEEN = r"[^\w\n]{1,3}(?:va )?"  # words: “Văn hóa, Thể thao và Du lịch”, “Văn hóa - Thể thao”
_WITHIN = r"[^\w\n]{0,3}"  # letters of a short name, “&” in the table: “NNMT”, “NN & MT”


def bodies_named(text: str) -> frozenset[str]:
    """Types of the agencies where it lies; never raises. Not of those that it only speaks of or to."""
    clean = guard(text, ANALYSED).text
    folded = fold(clean)
    return frozenset(
        _types()[_key(match[0])]
        for match in _pattern().finditer(folded)
        if _is_so_written(clean[match.start() : match.end()])
        and not is_addressed(folded, match)
        and _lies_there(folded[: match.start()], folded[match.end() :])
    )


def bodies() -> tuple[str, ...]:
    """Types of all agencies that it knows by name."""
    return tuple(sorted(set(_types().values())))


def names_a_commune(text: str) -> bool:
    """Whether an office of a commune is named as well, so that a person has to say where it lies."""
    return _OF_A_COMMUNE.search(fold(guard(text, ANALYSED).text)) is not None


def _lies_there(before: str, behind: str) -> bool:
    near = before[-_NEAR:]
    if _NOT_THERE.search(near):
        return False
    return bool(_THERE.search(near) or (_KEEPS.match(behind[:_FAR]) and not _BESIDE.search(near)))


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
