"""Finding: by words and facts (`find`), and what was told before (`similar`).

Petitions are known here by their number and by what their documents say; what they are stands above this
folder. One face for three engines (`search.engines` chooses); all fold and read words alike.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _l

from search.documents import FACETS, Document, Shelf
from search.likeness import FEW, loosened
from search.matching import Fingerprint, Match, Place
from search.paging import Page, Sort
from search.query import Sought
from search.rules import Rule

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = [
    "FACETS",
    "Document",
    "Fingerprint",
    "Match",
    "Page",
    "Place",
    "Rule",
    "Shelf",
    "Sort",
    "Sought",
]


# --- by words and facts ---------------------------------------------------------------------------------


AWAY = _l(
    "Máy tìm kiếm chưa trả lời, nên chưa tìm được theo từ ngữ. Tìm theo mã"
    " và lọc danh sách vẫn dùng được; bạn thử lại sau ít phút."
)


class Unavailable(Exception):  # noqa: N818  (a state of the world, told to people)
    """The engine does not answer; says so in words for the page, what is behind it is its cause."""

    said = AWAY

    def __str__(self) -> str:
        return str(self.said)


class Overtaken(Unavailable):
    """A shelf is being made anew by another who began later, and goes on."""

    said = _l("Một lần lập lại khác bắt đầu sau lần này và đang làm tiếp.")


def _engine() -> ModuleType:
    from search.engines import chosen

    return chosen()


def index(documents: Iterable[Document]) -> None:
    """Keep these to be found, in place of what was kept of the same petition on the same shelf.

    Of two versions the higher one stays, whatever comes last, also behind a `remove`; an equal one replaces.
    Raises Unavailable; then any part of them may be kept, and the same call again is right.
    """
    _engine().index(documents)


def remove(gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """Find these no more: shelf, petition and the version that took it away.

    Leaves a tombstone: a lower version that comes later does not bring it back. Raises Unavailable.
    """
    _engine().remove(gone)


def write(documents: Iterable[Document], gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """`index` and `remove` in as few goes as the engine can; what was taken is found when it returns."""
    _engine().write(documents, gone)


def remove_here(gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """The same in the transaction of whoever calls, where what is found lies in the main database.

    Other engines are not asked and may be away: they are told behind it, by `remove`.
    """
    if _engine().IN_DATABASE:
        remove(gone)


def find(
    sought: Sought,
    *,
    shelves: Collection[Shelf],
    rule: Rule,
    without: Collection[int] = (),
    sort: Sort = Sort.BEST,
    after: str = "",
    size: int = 20,
    facets: Collection[str] = FACETS,
) -> Page:
    """Petitions that hold what is sought, that the rule allows and that are none of `without`.

    All three stand inside the engine's query: total and facets count nothing else. `shelves`: such as hold
    no petition twice. `after`: of the page before; ValueError where it is none. `size`: 1 to 100.
    `facets`: what to count. Raises Unavailable, never gives a part.

    Best first, and where fewer than twenty say all, with whatever marks: behind them those that say nearly
    all, see `Page.whole`.
    In every other order only those that say it themselves; where nobody does, those whose topic is called so.
    """
    if not 1 <= size <= 100 or not set(facets) <= set(FACETS):
        raise ValueError("no such page")
    began = time.perf_counter()
    engine = _engine()

    def ask(how: Sought) -> Page:
        asked: dict[str, Any] = {"shelves": shelves, "rule": rule, "without": without, "after": after}
        found: Page = engine.find(how, sort=Sort(sort), size=size, facets=tuple(facets), **asked)
        return found

    strict, looser, few = _ways(sought, sort)
    if looser and after.startswith(LOOSELY):  # as the page before was asked, whatever came meanwhile
        after = after.removeprefix(LOOSELY)
        page = _loosely(ask(looser))
    else:
        page = ask(strict)
        if looser and not after and page.total < few:
            page = _loosely(replace(again := ask(looser), servers_ms=page.servers_ms + again.servers_ms))
    took_ms = round((time.perf_counter() - began) * 1000, 1)
    return replace(page, engine=engine.NAME, took_ms=took_ms)


def _ways(sought: Sought, sort: Sort) -> tuple[Sought, Sought | None, int]:
    """As it is asked; and less strictly, where fewer than so many are found."""
    if sort == Sort.BEST:
        return sought, loosened(sought), FEW
    return sought.said_itself, sought if sought.said_itself != sought else None, 1


LOOSELY = "~"  # before the key of a page that was asked loosely


def _loosely(page: Page) -> Page:
    return replace(page, after=f"{LOOSELY}{page.after}" if page.after else "")


def kept(shelf: Shelf, after: int, size: int) -> list[tuple[int, int, str]]:
    """Petition, version and digest of what is found on a shelf, by petition, those above `after`."""
    rows: list[tuple[int, int, str]] = _engine().kept(shelf, after, size)
    return rows


def rebuild(shelf: Shelf, documents: Iterable[Document]) -> int:
    """Fill a new copy of the shelf beside the old one and put it in its place at one stroke.

    `documents` are taken from the iterable only after the new copy stands: let it read them then. What is
    indexed or removed meanwhile goes into both copies; who searches finds the old one until the stroke.
    Returns how many it was given. Raises Unavailable, of that Overtaken where another began later; then the
    old copy stays.
    """
    count: int = _engine().rebuild(shelf, documents)
    return count


def state() -> dict[str, Any]:
    """{"engine": "embedded", "postgres" or "elastic", "up": whether it answers now}; never raises."""
    engine = _engine()
    return {"engine": engine.NAME, "up": engine.is_up()}


def highlight(text: str, sought: Sought) -> list[tuple[int, int]]:
    """Half-open spans of the text as given that hold what is sought, from the first to the last."""
    from search import highlighting

    return highlighting.spans(text, sought)


def suggest(typed: str, among: Collection[str], most: int = 8) -> list[str]:
    """Of these public names those that begin like what was typed, or nearly; never a word of a petition."""
    from search import suggestion

    return suggestion.suggest(typed, among, most)


# --- what was told before -------------------------------------------------------------------------------


def remember(fingerprints: Iterable[Fingerprint]) -> None:
    """Keep these to be compared from now on; what was kept of the same petitions is replaced."""
    from search import fingerprints as kept_ones

    kept_ones.remember(fingerprints)


def forget(petitions: Iterable[int]) -> None:
    """Forget these for good, in public too; whoever was not kept is passed over."""
    from search import fingerprints

    fingerprints.forget(petitions)


def forget_public(petitions: Iterable[int]) -> None:
    """Of these the words that everybody might read."""
    from search import fingerprints

    fingerprints.forget_public(petitions)


def similar(
    text: str,
    *,
    place: Place,
    within_days: int,
    on: dt.date,
    among: QuerySet[Any],
    words: str = "text",
    public: bool = False,
) -> list[Match]:
    """The at most three most alike of the same commune (or of an unknown one of the same province).

    Sent at most `within_days` before or after the day `on`. `among`: the petitions that whoever asks may
    see; no other is ever named. `public`: found by the public fingerprints alone, so that nobody learns by
    asking what hidden words say; `words`: where the rows have the text that decides. The most alike first.
    Never raises on any str.
    """
    from search import fingerprints

    found = fingerprints.candidates_of(text, place=place, within_days=within_days, on=on, public=public)
    return fingerprints.similar(text, found, among=among, words=words)


def candidates(text: str, *, place: Place, within_days: int, on: dt.date) -> dict[int, bytes]:
    """Petitions that may tell the same, by what was kept of them: to be held against their words."""
    from search import fingerprints

    return fingerprints.candidates_of(text, place=place, within_days=within_days, on=on)


def alike(text: str, found: Mapping[int, bytes], seen: Mapping[int, str]) -> list[Match]:
    """The at most three most alike of `candidates`, by the words of those that whoever asks may see."""
    from search import fingerprints

    return fingerprints.alike(text, found, seen)
