"""The others of a list whose type stands once: "các xã Đại Lộc, Vu Gia và Hà Nha"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .page import Page
from .reading import Hit, Named, hit, prefix, spelt, typed
from .rows import PlaceRow
from .words import PREFIXES

MANY = frozenset(["cac", "nhung", "hai", "ba", "bon", "may"])  # before the type: then commas go on as well
AND = frozenset(["va", "voi", "lan", "hoac"])
TO = frozenset(["den", "toi"])  # where "từ" stands before the first
_MOST = 6  # of one list

Seen = tuple[int, int, Sequence[Named]]


def listed(page: Page, known: Iterable[Seen], hits: Sequence[Hit]) -> list[Hit]:
    """Communes named behind one that has its type, in its province, without a type of their own."""
    heads = [seen for seen in hits if seen.typed and seen.level == "commune"]
    behind: dict[int, list[Seen]] = defaultdict(list)
    for name in known if heads else ():
        behind[name[0]].append(name)
    return [other for head in heads for other in _others(page, behind, head)]


def _others(page: Page, behind: Mapping[int, Sequence[Seen]], head: Hit) -> Iterator[Hit]:
    before = prefix(page, head.first + 1) or prefix(page, head.first + 2)
    led_by = page.words[head.first - 1] if head.first else ""
    at, waiting = head.last, list[Hit]()
    for _number in range(_MOST):
        first, joined = _next(page, at, led_by)
        names = behind.get(first, ()) if before and first else ()
        other = _named(page, names, before, head) if joined else _beside(page, names, before, head)
        if other is None:
            return
        at = other.last
        waiting.append(other)
        # After a comma alone what is a commune and nothing more may be a street: "và" behind it tells.
        if joined or any(named.row.level == "district" for named in _known_as(names, other)):
            yield from waiting
            waiting.clear()


def _next(page: Page, at: int, led_by: str) -> tuple[int, bool]:
    """Where the next name of the list may begin, 0 where none may; whether it surely goes on there."""
    joins = AND | TO if led_by == "tu" else AND
    sign = page.between(at - 1, at).strip() if at < len(page.words) else "."
    if at + 1 < len(page.words) and page.words[at] in joins and sign in ("", ","):
        return at + 1, True
    return (at if sign == "," else 0), led_by in MANY


def _named(page: Page, known: Iterable[Seen], before: str, head: Hit) -> Hit | None:
    """The longest name of a commune there."""
    here = {row.province for row in head.rows}
    for first, last, named in sorted(known, key=lambda seen: -seen[1]):
        if page.capitals and not page.named(first, last):
            continue
        rows, _of_another_type = typed(spelt(page, first, last, named), before)
        if near := [row for row in rows if row.province in here]:
            return hit(first, last, near, is_typed=True)
    return None


def _beside(page: Page, known: Sequence[Seen], before: str, head: Hit) -> Hit | None:
    """The same after a comma alone, unless it is a district of the first: "phường An Khê, Thanh Khê"."""
    other = _named(page, known, before, head)
    if other is None:
        return None
    named = _known_as(known, other)
    of_type = {one.row.code for one in named if one.kind == PREFIXES[before][1]}
    today = [row for row in other.rows if not row.is_old and row.code in of_type]
    coarser = [one.row for one in named if one.row.level in ("province", "district")]
    if any(row.level == "province" or _holds(row, head) for row in coarser) or not today:
        return None
    return hit(other.first, other.last, today, is_typed=True)


def _known_as(known: Iterable[Seen], other: Hit) -> Sequence[Named]:
    return next(named for first, last, named in known if (first, last) == (other.first, other.last))


def _holds(district: PlaceRow, head: Hit) -> bool:
    return any(
        row.district == district.code or not set(row.codes).isdisjoint(district.codes)
        for row in (*head.rows, *head.spare)
    )
