"""How long the public figures take, by how many numbers the day's cube holds.

    python -m bench.figures --rows 100000,1000000,10000000     each in a house of its own, on SQLite
    python -m bench.figures --rows 1000000 --database postgresql

The numbers are drawn (no petition stands behind them): 34 provinces, a dozen agencies each, all sub-fields,
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
from collections.abc import Iterator
from typing import Any

from bench.record import KEPT, ROOT, end, machine, say, yardstick_s

ROUNDS, WARM_UP = 20, 2
PAGE_MS, GROWTH, FREEZING_S = 100.0, 1.3, 600.0
MONTHS = 13
AGENCIES = 12  # of a province
AT_ONCE = 20_000
DAY = dt.timedelta(days=1)
KINDS = ("report",) * 12 + ("proposal",) * 4 + ("complaint", "denunciation", "question", "praise")
CHANNELS = ("web",) * 6 + ("zalo", "phone", "post", "counter")
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


def fill(rows: int) -> dict[str, float]:
    """An empty house with so many numbers, each day closed, each month frozen; seconds of each."""
    from django.utils import timezone

    from bench.tables import bare, pour
    from feedback.models import CountedDay, DayCount
    from publication import freezing

    last = timezone.localdate() - DAY
    first = (last - (MONTHS - 1) * 30 * DAY).replace(day=1)
    began = time.monotonic()
    with bare():
        for some in lines(rows, first, last):
            pour({DayCount: some})
    CountedDay.objects.bulk_create(
        CountedDay(day=first + n * DAY, at=timezone.now()) for n in range((last - first).days + 1)
    )
    filled = time.monotonic()
    frozen = freezing.freeze()
    made = {"filling_s": round(filled - began, 1), "freezing_s": round(time.monotonic() - filled, 1)}
    say(f"{rows:>9} rows, {len(frozen)} months frozen: {made}")
    return made


# --- pages ------------------------------------------------------------------------------------------------


def measured(rows: int) -> list[dict[str, Any]]:
    """p50 and p95 of each page in ms, and the first time it is asked for after the caches were emptied."""
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client

    from publication import freezing

    settings.LOGGING_CONFIG = None
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "127.0.0.1"]
    client = Client(SERVER_NAME="127.0.0.1")

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
        found.append({"page": address, "rows": rows} | {name: round(ms, 1) for name, ms in told.items()})
        say(f"{rows:>9} {address:32} " + " ".join(f"{name} {ms:7.1f}" for name, ms in told.items()))
    return found


# --- all of them ------------------------------------------------------------------------------------------


def here(rows: int) -> dict[str, Any]:
    """This house, filled first."""
    os.environ.pop("REDIS_URL", None)
    os.environ["HOIAM_THROTTLE"] = "off"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from bench import data
    from publication.models import FrozenRow

    data.prepare()
    made = fill(rows)
    load = round(os.getloadavg()[0], 2)
    told = {"rows": rows, "database": connection.vendor, "load": load, "yardstick_s": round(yardstick_s(), 2)}
    return told | made | {"frozen_rows": FrozenRow.objects.count(), "pages": measured(rows)}


def house_of(rows: int, database: str) -> dict[str, Any]:
    """Measure in a folder and a database that are thrown away."""
    command = [sys.executable, "-m", "bench.figures", "--here", "--rows", str(rows)]
    if database == "postgresql":
        command = ["scripts/services.sh", *command]
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        environment = os.environ | {"HOIAM_VAR": place}
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    if done.returncode or not done.stdout.strip():
        raise SystemExit(done.returncode or 1)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def missed(houses: list[dict[str, Any]]) -> list[str]:
    """Each goal that was missed, in words."""
    pages = [page for house in houses for page in house["pages"]]
    told = [
        f"{one['rows']}: {one['page']} p95 {one['p95_ms']} ms" for one in pages if one["p95_ms"] > PAGE_MS
    ]
    told += [
        f"{one['rows']}: freezing {one['freezing_s']} s" for one in houses if one["freezing_s"] > FREEZING_S
    ]
    alike = sorted(houses, key=lambda one: one["rows"])
    for few, many in zip(alike[0]["pages"], alike[-1]["pages"], strict=True):
        times = many["p50_ms"] / few["p50_ms"]
        if len(alike) > 1 and times > GROWTH:
            told.append(f"{many['page']} grows {times:.2f}x > {GROWTH}x")
    return told


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", default="100000,1000000,10000000")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--here", action="store_true")
    told = asked.parse_args()
    sizes = [int(size) for size in told.rows.split(",")]
    if told.here:
        print(json.dumps(here(sizes[0])))
        return
    houses = [house_of(size, told.database) for size in sizes]
    faults = missed(houses)
    for fault in faults:
        say(f"missed: {fault}")
    end({"bench": "figures", "machine": machine(), "houses": houses, "missed": faults}, reached=not faults)


if __name__ == "__main__":
    main()
