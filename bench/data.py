"""A house filled with very many petitions, for benches to ask: lives of the demonstration, copied.

    python -m bench.data --size 100000      into the empty house that DATABASE_URL and HOIAM_VAR name

Some hundreds of lives are lived through the doors of the house and undone (`bench.patterns`). Each petition
of the filled house is a copy of one, with its own code and numbers, in another place, on other days: whole
weeks earlier, up to five years, so that weekdays and hours stay. Chains are hashed anew and verify.
Exit 2 where a house holds petitions or is open to others.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from bench.record import end, say, yardstick_s

if TYPE_CHECKING:
    from bench.copies import Copies, Lines
    from bench.patterns import Life, Pattern, Slot

WEEKS = 260  # five years
OPEN = 0.015  # of the petitions are open,
LATE = 0.2  # of these too late,
FRESH = 0.02  # and so many answered lately or still to be kept to
LIVES = 400
SECOND = "01"  # the other province, Hà Nội
MOST_PLACES = 18
AT_ONCE = 4000  # copies between two loads
GOAL_S = 600  # for a million, on PostgreSQL


class NotHereError(Exception):
    """This house is none to be filled; the message says why."""


# --- where ----------------------------------------------------------------------------------------------


def places(count: int) -> list[dict[str, str]]:
    """`count` exchanges of codes: the demonstration's province as it is, then every commune some others on.

    Each third one lies in the second province, whose agencies are the same by name.
    """
    from accounts.demonstration import PROVINCE
    from routing.models import Agency, Commune

    communes = {
        one: list(Commune.objects.filter(province=one).order_by("pk").values_list("pk", flat=True))
        for one in (PROVINCE, SECOND)
    }
    agencies = list(Agency.objects.values_list("pk", flat=True))
    made = []
    for number in range(count):
        province = SECOND if number % 3 == 1 else PROVINCE
        there, on = communes[province], number * 7
        place = {one: there[(at + on) % len(there)] for at, one in enumerate(communes[PROVINCE])}
        place[PROVINCE] = province
        names = (agency.rpartition(":") for agency in agencies)
        place |= {f"{name}:{at}": f"{name}:{place[at]}" for name, _colon, at in names if at in place}
        made.append(place)
    return made


@dataclass
class Staff:
    """The numbers of persons by what they are and where; each is made when first asked for."""

    cast: Any
    _known: dict[tuple[Any, int], int] = field(default_factory=dict)

    def there(self, place: Mapping[str, str], number: int) -> Any:
        def person(slot: Slot) -> int:
            key = (slot, number)
            if key not in self._known:
                self._known[key] = slot.filled(self.cast, place).pk
            return self._known[key]

        return person


@dataclass
class Moulds:
    """The pattern of a life in a place, made when first asked for."""

    lives: list[Life]
    places: list[dict[str, str]]
    staff: Staff
    _made: dict[tuple[int, int], Pattern] = field(default_factory=dict)

    def pattern(self, life: int, place: int) -> Pattern:
        from bench.patterns import Mould

        key = (life, place)
        if key not in self._made:
            there = self.places[place]
            self._made[key] = Mould(self.lives[life], there, self.staff.there(there, place)).pattern()
        return self._made[key]


# --- when -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Copy:
    """One life to be copied: in order of the day on which it is filed."""

    day: int
    turn: float
    life: int
    place: int
    back: int  # days


def drawn(size: int, lives: list[Life], places: int, until: dt.date) -> list[Copy]:
    """Copies that come to `size` petitions, in order of time."""
    rng = Random(f"{size}/{until}")  # noqa: S311 - a story, no secret
    copies, left = [], size
    for kind, share in _unfinished(lives):
        wanted = min(left, round(size * share))
        for life in _until_full(rng, kind, lives, wanted):
            copies.append(_copy(rng, lives, life, places, 0))
            left -= len(lives[life].petitions)
    over = sorted((one for one, life in enumerate(lives) if life.over), key=lambda one: -_day(lives[one]))
    ago = [until.toordinal() - _day(lives[one]) for one in over]
    singles = next(one for one in over if len(lives[one].petitions) == 1)
    while left > 0:
        weeks = rng.randrange(WEEKS)
        near = bisect_right(ago, weeks * 7 + 6)
        life = over[rng.randrange(near)] if near else over[0]
        life = life if len(lives[life].petitions) <= left else singles
        back = max(0, weeks * 7 - (until.toordinal() - _day(lives[life]))) // 7 * 7
        copies.append(_copy(rng, lives, life, places, back))
        left -= len(lives[life].petitions)
    return sorted(copies)


def _unfinished(lives: list[Life]) -> Iterator[tuple[list[int], float]]:
    """Lives that still go on, with the share of petitions that each kind is of."""
    open_ones = [one for one, life in enumerate(lives) if life.open]
    yield [one for one in open_ones if lives[one].late], OPEN * LATE
    yield [one for one in open_ones if not lives[one].late], OPEN * (1 - LATE)
    yield [one for one, life in enumerate(lives) if not life.open and not life.over], FRESH


def _until_full(rng: Random, kind: list[int], lives: list[Life], petitions: int) -> Iterator[int]:
    while kind and petitions > 0:
        life = rng.choice(kind)
        petitions -= len(lives[life].petitions)
        if petitions >= 0:
            yield life


def _copy(rng: Random, lives: list[Life], life: int, places: int, back: int) -> Copy:
    return Copy(_day(lives[life]) - back, rng.random(), life, rng.randrange(places), back)


def _day(life: Life) -> int:
    return life.filed.toordinal()


# --- the house ------------------------------------------------------------------------------------------


@dataclass
class Clockwork:
    """How long each part took, told as it ends."""

    seconds: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)

    def done(self, part: str) -> None:
        now = time.perf_counter()
        self.seconds[part] = round(now - self._began, 1)
        self._began = now
        say(f"{part}: {self.seconds[part]} s")


def fill(size: int, *, until: dt.date, lives: int = LIVES) -> dict[str, Any]:
    """Fill this house; raises NotHereError. Gives what came of it: rows by table, seconds by part."""
    from bench import counts, patterns
    from bench.copies import Copies
    from bench.tables import bare, pour
    from feedback.demonstration.cast import Cast
    from feedback.models import Petition

    refuse()
    clock = Clockwork()
    known = patterns.lived(lives, until)
    clock.done("lives")
    there = places(max(3, min(MOST_PLACES, size // 2000)))
    copies = drawn(size, known, len(there), until)
    moulds = Moulds(known, there, Staff(Cast.gather()))
    for copy in copies:  # every person is made before the tables are laid bare
        moulds.pattern(copy.life, copy.place)
    clock.done("patterns")
    writer = Copies()
    told = ((moulds.pattern(copy.life, copy.place), copy.back) for copy in copies)
    last = counts.last_day()
    with bare():
        for lines in ahead(written(writer, told)):
            pour(lines)
        clock.done("rows")
        for lines in ahead(counts.lines(copies, known, there, last)):
            pour(lines)
        clock.done("counts")
    clock.done("indexes")
    counts.close(dt.date.fromordinal(copies[0].day), last)
    clock.done("closing")
    remember()
    find()
    clock.done("likes")
    anchor()
    clock.done("anchors")
    rows = {model._meta.model_name: count for model, count in writer.written.items()}
    assert rows["petition"] == Petition.objects.count() == size, rows
    return {"rows": rows, "seconds": clock.seconds}


def written(writer: Copies, told: Iterator[tuple[Pattern, int]]) -> Iterator[Lines]:
    """The lines of some thousands of copies at a time."""
    while together := list(islice(told, AT_ONCE)):
        for pattern, back in together:
            writer.add(pattern, back)
        yield writer.taken()


def ahead(made: Iterator[Lines]) -> Iterator[Lines]:
    """The same, each made by a thread beside us while the one before it is being loaded."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, made, None)
        while (lines := coming.result()) is not None:
            coming = thread.submit(next, made, None)
            yield lines


def refuse() -> None:
    from django.conf import settings
    from django.db import connection

    from feedback import anchors
    from feedback.models import AnchoredDay, Petition

    if not settings.SITE.loopback:
        raise NotHereError("Chỉ đổ số liệu đo vào hệ thống trên máy cục bộ (BASE_URL).")
    if Petition.objects.exists() or AnchoredDay.objects.exists() or anchors.chain():
        raise NotHereError("Hệ thống này đã có đơn. Dùng HOIAM_VAR và DATABASE_URL khác.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                raise NotHereError("PostgreSQL: cần một người dùng toàn quyền (superuser) để nạp nhanh.")


def remember() -> None:
    """What is open is found by its likes, as in a house where it was filed."""
    from django.db import transaction

    from feedback import alike
    from feedback.models import Petition

    rows = Petition.objects.open().order_by("pk").iterator(chunk_size=500)
    while together := list(islice(rows, 500)):
        with transaction.atomic():
            alike.remember_all(together)


def find() -> None:
    """Every one of them is found, as in a house where it was filed."""
    from feedback.finding import indexing

    say(f"{sum(indexing.reindex().values())} documents are found")


def anchor() -> None:
    """Its days are over: a house may be verified from its first minute."""
    from feedback.tasks import anchor

    anchor()


def prepare() -> None:
    """An empty database gets its tables and reference data."""
    from accounts.demonstration import mark
    from config import preparation

    for step in preparation.steps():
        say(step)
    mark()


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill the empty house with very many petitions.")
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--lives", type=int, default=LIVES, help="petitions of the demonstration to copy")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    began = time.perf_counter()
    try:
        prepare()
        made = fill(asked.size, until=timezone.localdate(), lives=asked.lives)
    except NotHereError as refused:
        say(str(refused))
        sys.exit(2)
    took = time.perf_counter() - began
    found = {
        "bench": "data",
        "database": connection.vendor,
        "n": asked.size,
        "took_s": round(took, 1),
        **made,
        "load": round(os.getloadavg()[0], 2),
        "yardstick_s": round(yardstick_s(), 2),
        "goal": {"took_s": GOAL_S},
    }
    end(found, reached=took <= GOAL_S)


if __name__ == "__main__":
    main()
