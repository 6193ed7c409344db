"""Telephones as people write them, in texts and in questions: in any groups, from 0 or from 84."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

_BETWEEN = r"[ ./–-]"
# With what people write before it.
TELEPHONE = re.compile(
    r"(?<![\w.+\-/])"
    r"(?:(?:sđt|sdt|đtdđ|số đt|so dt|đt|tel|hotline|(?:số )?điện thoại|(?:so )?dien thoai)[ :.]{1,3})?"
    rf"(?:\(?(?:\+|00)?84\)?{_BETWEEN}{{0,3}}(?:\(0\){_BETWEEN}{{0,3}})?|\(?0{_BETWEEN}?)"
    rf"(?:[12](?:\)?{_BETWEEN}{{0,3}}\d){{9}}|[1-9](?:\)?{_BETWEEN}{{0,3}}\d){{8}})(?![\w-])",
    re.IGNORECASE,
)
# The groups in which most write one, without its 0 or 84 before it: 905 123 456, 236 3822 123. A text is
# found by the digits alone; by these groups what is found is marked there.
_NINE = (
    (9,),
    (3, 3, 3),
    (2, 3, 4),
    (2, 4, 3),
    (3, 4, 2),
    (3, 2, 2, 2),
    (1, 2, 2, 2, 2),
    (3, 6),
    (2, 7),
    (5, 4),
)
_GROUPS = {9: _NINE, 10: ((10,), (3, 4, 3), (3, 3, 4), (2, 4, 4), (3, 7), (2, 8))}


def read(text: str) -> str:
    """Ten or eleven digits from 0: `+84 912 345 678` is 0912345678; "" of what is none."""
    digits = re.sub(r"\D", "", text)
    digits = digits[2:] if digits.startswith("0084") else digits
    digits = "0" + digits[2:].removeprefix("0") if digits.startswith("84") else digits
    is_one = digits.isascii() and len(digits) in (10, 11) and digits.startswith("0")
    return digits if is_one else ""


def told(text: str) -> list[str]:
    """The digits of each telephone in a text, by which it is found however it is written there."""
    found = (read(one.group()) for one in TELEPHONE.finditer(text))
    return list(dict.fromkeys(one for one in found if one))


def ways(telephone: str, as_typed: Sequence[str]) -> list[tuple[str, ...]]:
    """As it was typed, which may be a date; by its digits; and in the groups in which most write it."""
    rest = telephone[1:]
    found = [way for groups in _GROUPS[len(rest)] for way in _from_0_and_84(_cut(rest, groups))]
    return list(dict.fromkeys(map(tuple, [as_typed, *found])))


def grouping(typed: str) -> list[str]:
    """The groups of digits in which a telephone was typed."""
    return re.findall(r"\d+", typed)


def _from_0_and_84(groups: list[str]) -> Iterator[list[str]]:
    first, *others = groups
    yield ["0" + first, *others]
    yield ["84", *groups]
    yield ["84" + first, *others]


def _cut(digits: str, sizes: Sequence[int]) -> list[str]:
    ends = [*accumulate(sizes)]
    return [digits[end - size : end] for size, end in zip(sizes, ends, strict=True)]
