"""The others of a list whose type stands once: "các xã Đại Lộc, Vu Gia và Hà Nha"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .names import Known
from .page import Page
from .reading import Hit, Named, hit, prefix, typed

MANY = frozenset(["cac", "nhung", "hai", "ba", "bon", "may"])  # before the type: then commas go on as well
AND = frozenset(["va", "voi", "lan", "hoac"])
TO = frozenset(["den", "toi"])  # where "từ" stands before the first
_MOST = 6  # of one list

Seen = tuple[int, int, Known]


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
    here, at = {row.province for row in head.rows}, head.last
    for _number in range(_MOST):
        first = _next(page, at, led_by)
        other = _named(page, behind.get(first, ()), before, here) if before and first else None
        if other is None:
            return
        yield other
        at = other.last


def _next(page: Page, at: int, led_by: str) -> int:
    """Where the next name of the list begins; 0 where none may."""
    joins = AND | TO if led_by == "tu" else AND
    if at + 1 < len(page.words) and page.words[at] in joins and not page.between(at - 1, at).strip():
        return at + 1
    goes_on = led_by in MANY and at < len(page.words) and page.between(at - 1, at).strip() == ","
    return at if goes_on else 0


def _named(page: Page, known: Iterable[Seen], before: str, here: set[str]) -> Hit | None:
    """The longest name of a commune there."""
    for first, last, key in sorted(known, key=lambda seen: -seen[1]):
        if not page.joined(first, last) or (page.capitals and not page.capitalised(first, last)):
            continue
        rows, _of_another_type = typed(_spelt(page, first, last, key.named), before)
        if near := [row for row in rows if row.province in here]:
            return hit(first, last, near, is_typed=True)
    return None


def _spelt(page: Page, first: int, last: int, named: Sequence[Named]) -> Sequence[Named]:
    """Who writes marks means them."""
    written = page.word(first, last)
    return [one for one in named if one.spelling == written or one.unmarked] if page.marked else named
