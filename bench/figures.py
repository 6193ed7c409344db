"""How long the public figures take, by how many petitions there are or how many numbers the day's cube holds.

    python -m bench.figures                                    the sizes below, each in a house of its own
    python -m bench.figures --sizes 10000,100000               petitions with their Steps
    python -m bench.figures --rows 10000000                    numbers alone
    python -m bench.figures --here                             the house of DATABASE_URL and HOIAM_VAR

Petitions are copied lives as in `bench.data`; the day's cube is made anew from all their Steps, and timed.
Numbers are drawn, no petition stands behind them: 34 provinces, a dozen agencies each, all sub-fields,
thirteen months. Each month that is over is frozen; then the pages are asked for through Django's test client,
the caches emptied before each for the worst case. The last line on stdout is JSON, also kept in
`var/bench/figures.json`. Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from bench.processes import like_a_worker
from bench.record import KEPT, ROOT, end, say, yardstick_s

ROUNDS, WARM_UP = 20, 2
PAGE_MS, GROWTH, FREEZING_S, REBUILD_S = 100.0, 1.3, 600.0, 600.0
SIZES, ROWS = "10000,100000,1000000", "10000000"
MONTHS = 13
AGENCIES = 12  # of a province
AT_ONCE = 20_000
DAY = dt.timedelta(days=1)
KINDS = ("report",) * 12 + ("proposal",) * 4 + ("complaint", "denunciation", "question", "praise")
CHANNELS = ("web",) * 6 + ("zalo", "hotline", "letter", "counter")
FIGURES = (
    *("submitted", "received", "given", "answered", "timed", "on_time", "on_time_original", "late"),
    *("rated", "satisfied", "returned", "extended", "refused", "closed", "replied", "proposed", "confirmed"),
)
PROVINCE = "48"
PAGES = (
    "/thong-ke/",
    "/thong-ke/?format=json",
    "/thong-ke/?agency={agency}",
    f"/thong-ke/?province={PROVINCE}",
    "/thong-ke/?field=transport",
    *(f"/thong-ke/?by={way}" for way in ("place", "agency", "kind", "channel", "party")),
    "/du-lieu-mo/",
)


# --- drawn numbers ----------------------------------------------------------------------------------------


def lines(rows: int, first: dt.date, last: dt.date) -> Iterator[list[str]]:
    """So many rows of `DayCount`, spread over the days, no cell twice, as COPY reads them."""
    from routing.models import Agency, Province, Subfield

    provinces = list(Province.objects.order_by("pk").values_list("pk", flat=True))
    subfields = list(Subfield.objects.order_by("pk").values_list("pk", flat=True))
    agencies = {
        province: list(Agency.objects.filter(pk__endswith=f":{province}").order_by("pk")[:AGENCIES])
        for province in provinces
    }
    days = (last - first).days + 1
    written: list[str] = []
    number = 0
    for day in range(days):
        on = (first + day * DAY).isoformat()
        of_day = rows * (day + 1) // days - number
        for at in range(of_day):
            number += 1
            figure = FIGURES[at % len(FIGURES)]
            # A walk that meets every cell once: neighbours lie far from each other.
            cell = (at // len(FIGURES)) * 7919 + day * 104_729
            province = provinces[cell % len(provinces)]
            agency = agencies[province][cell // 34 % len(agencies[province])].pk
            told = (subfields[cell // 408 % len(subfields)], KINDS[cell // 5 % 20], CHANNELS[cell // 7 % 10])
            n = 1 + cell % 3
            words = (province, figure, on, agency, *told, "", "organisation" if cell % 17 == 0 else "person")
            written.append("\t".join((str(number), *words, on, str(n))))
            if len(written) == AT_ONCE:
                yield written
                written = []
    yield written


def drawn(rows: int) -> dict[str, float]:
    """An empty house gets so many numbers, each day closed; seconds of it."""
    from django.utils import timezone

    from bench.tables import bare, pour
    from feedback.models import CountedDay, DayCount

    last = timezone.localdate() - DAY
    first = (last - (MONTHS - 1) * 30 * DAY).replace(day=1)
    began = time.monotonic()
    with bare():
        for some in lines(rows, first, last):
            pour({DayCount: some})
    CountedDay.objects.bulk_create(
        CountedDay(day=first + n * DAY, at=timezone.now()) for n in range((last - first).days + 1)
    )
    return {"filling_s": round(time.monotonic() - began, 1)}


def lived(petitions: int) -> dict[str, float]:
    """An empty house gets so many petitions with their Steps; seconds of it."""
    from django.utils import timezone

    from bench import data

    began = time.monotonic()
    data.fill(petitions, until=timezone.localdate())
    return {"filling_s": round(time.monotonic() - began, 1)}


def counted_anew() -> dict[str, float]:
    """The day's cube from all Steps, where there are any; seconds of it."""
    from feedback.cube.counting import rebuild
    from feedback.models import Step

    if not Step.objects.exists():
        return {}
    began = time.monotonic()
    rebuild()
    return {"rebuild_s": round(time.monotonic() - began, 1)}


def frozen() -> dict[str, float]:
    """The months that are over; seconds of it."""
    from publication import freezing

    began = time.monotonic()
    freezing.freeze()
    return {"freezing_s": round(time.monotonic() - began, 1)}


# --- pages ------------------------------------------------------------------------------------------------


def measured() -> list[dict[str, Any]]:
    """p50 and p95 of each page in ms, and the first time it is asked for after the caches were emptied."""
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client

    from publication import freezing

    settings.LOGGING_CONFIG = None
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "127.0.0.1"]
    client = Client(SERVER_NAME="127.0.0.1")
    like_a_worker()

    def ask(address: str) -> float:
        began = time.perf_counter()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return (time.perf_counter() - began) * 1000

    agency = freezing.agencies(PROVINCE)[0]
    found = []
    for address in (page.format(agency=agency) for page in PAGES):
        cache.clear()
        first = ask(address)
        for _round in range(WARM_UP):
            ask(address)
        times = sorted(ask(address) for _round in range(ROUNDS))
        told = {"p50_ms": times[ROUNDS // 2], "p95_ms": times[int(ROUNDS * 0.95)], "first_ms": first}
        found.append({"page": address} | {name: round(ms, 1) for name, ms in told.items()})
        say(f"{address:32} " + " ".join(f"{name} {ms:7.1f}" for name, ms in told.items()))
    return found


# --- all of them ------------------------------------------------------------------------------------------


def here(fill: Callable[[], dict[str, float]] | None) -> dict[str, Any]:
    """This house, filled first where `fill` says with what."""
    os.environ.pop("REDIS_URL", None)
    os.environ["HOIAM_THROTTLE"] = "off"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from bench import data
    from feedback.models import DayCount, Petition
    from publication.models import FrozenRow

    told: dict[str, Any] = {}
    if fill is not None:
        data.prepare()
        told |= fill()
    told |= counted_anew() | frozen()
    say(f"{told}")
    return told | {
        "petitions": Petition.objects.count(),
        "rows": DayCount.objects.count(),
        "frozen_rows": FrozenRow.objects.count(),
        "database": connection.vendor,
        "load": round(os.getloadavg()[0], 2),
        "yardstick_s": round(yardstick_s(), 2),
        "pages": measured(),
    }


def house_of(what: str, size: int, database: str) -> dict[str, Any]:
    """Measure in a folder and a database that are thrown away; `what`: --sizes or --rows."""
    say(f"{what} {size}")
    command = [sys.executable, "-m", "bench.figures", "--here", what, str(size)]
    if database == "postgresql":
        command = ["scripts/services.sh", *command]
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        environment = os.environ | {"HOIAM_VAR": place}
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    if done.returncode or not done.stdout.strip():
        raise SystemExit(done.returncode or 1)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def missed(houses: Sequence[dict[str, Any]]) -> list[str]:
    """Each goal that was missed, in words; petitions are held against petitions, numbers against numbers."""
    told: list[str] = []
    for one in houses:
        slow = [page for page in one["pages"] if page["p95_ms"] > PAGE_MS]
        told += [f"{_name(one)}: {page['page']} p95 {page['p95_ms']} ms" for page in slow]
        for part, most in (("freezing_s", FREEZING_S), ("rebuild_s", REBUILD_S)):
            if one.get(part, 0) > most:
                told.append(f"{_name(one)}: {part} {one[part]}")
    for lived_in in (True, False):
        alike = [one for one in houses if bool(one["petitions"]) is lived_in]
        told += _growth(sorted(alike, key=lambda one: (one["petitions"], one["rows"])))
    return told


def _name(house: Mapping[str, Any]) -> str:
    return f"{house['petitions']} petitions, {house['rows']} numbers"


def _growth(houses: Sequence[dict[str, Any]]) -> list[str]:
    if len(houses) < 2:
        return []
    pairs = zip(houses[0]["pages"], houses[-1]["pages"], strict=True)
    times = {many["page"]: many["p50_ms"] / few["p50_ms"] for few, many in pairs}
    return [f"{page} grows {by:.2f}x > {GROWTH}x" for page, by in times.items() if by > GROWTH]


def main() -> None:
    asked = argparse.ArgumentParser(description="How long the public figures take.")
    asked.add_argument("--sizes", help=f"petitions; alone {SIZES} and --rows {ROWS}")
    asked.add_argument("--rows", help="numbers with no petition behind them")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    asked.add_argument("--here", action="store_true")
    told = asked.parse_args()
    if told.here:
        fill = None
        if told.sizes or told.rows:
            fill = partial(lived, int(told.sizes)) if told.sizes else partial(drawn, int(told.rows))
        print(json.dumps(here(fill)))
        return
    if not (told.sizes or told.rows):
        told.sizes, told.rows = SIZES, ROWS
    wanted = [("--sizes", size) for size in (told.sizes or "").split(",") if size]
    wanted += [("--rows", size) for size in (told.rows or "").split(",") if size]
    houses = [house_of(what, int(size), told.database) for what, size in wanted]
    faults = missed(houses)
    for fault in faults:
        say(f"missed: {fault}")
    found = {"bench": "figures", "database": told.database, "houses": houses, "missed": faults}
    end(found, reached=not faults)


if __name__ == "__main__":
    main()
