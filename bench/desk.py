"""How long the pages of the officials take in a house of very many petitions, and how that grows.

    python -m bench.desk --sizes 10000,100000,1000000     each in a house of its own, on a private PostgreSQL
    python -m bench.desk --sizes 100000 --database sqlite
    python -m bench.desk --here                           the house of DATABASE_URL and HOIAM_VAR as it stands

Pages are asked for through Django's test client, the whole request with its middleware, in one process. The
last line on stdout is JSON, also kept in `var/bench/desk.json`. Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.processes import like_a_worker
from bench.record import KEPT, ROOT, end, say, yardstick_s

ROUNDS = 30
WARM_UP = 3
INBOX_MS, BOARD_MS, STATEMENTS, GROWTH = 60.0, 200.0, 8, 1.3
HANDLERS = ("xuly.haichau", "xuly.xaydung")
WIDE = ("dang-mo", "da-xong")  # the longest lists, of what is open and of what is over
FOCAL, SUPERVISOR = "daumoi", "giamsat"


@dataclass(frozen=True)
class Visit:
    """One page as one person asks for it; `addresses` are asked for in turn."""

    page: str  # inbox | list | petition | board
    who: str
    name: str
    addresses: tuple[str, ...]

    @property
    def goal(self) -> dict[str, float]:
        if self.page == "board":
            return {"p95_ms": BOARD_MS}
        return {"p95_ms": INBOX_MS, "statements": STATEMENTS}


# --- what is asked for ----------------------------------------------------------------------------------


def visits(*, brief: bool = False) -> Iterator[Visit]:
    """Every page with something on it for the accounts of the demonstration; `brief`: few of their lists."""
    from feedback import inbox

    for who in (*HANDLERS, FOCAL, SUPERVISOR):
        yield Visit("inbox", who, "/xu-ly/", ("/xu-ly/",))
        for drawer in inbox.drawers_of(_person(who)):
            if brief and drawer.slug not in WIDE:
                continue
            address = f"/xu-ly/?xem={drawer.slug}"
            yield Visit("inbox", who, address, (address,))
        yield from _second_pages(who)
        yield from _petitions(who)
    yield from _boards()


def _person(who: str) -> Any:
    from accounts.models import User

    return User.objects.get(username=who)


def _second_pages(who: str) -> Iterator[Visit]:
    """Where one turns the leaf: of what is open, and of what is over."""
    from django.utils import timezone

    from feedback import inbox
    from feedback.models import Petition

    user, now = _person(who), timezone.now()
    seen = Petition.objects.visible_to(user)
    for drawer in inbox.drawers_of(user):
        if drawer.slug in WIDE:
            page = inbox.page(drawer.of(seen, user, now), by=user, after="", now=now, order=drawer.order)
            if page.after:
                address = f"/xu-ly/?xem={drawer.slug}&sau={page.after.replace('+', '%2B')}"
                yield Visit("inbox", who, f"/xu-ly/?xem={drawer.slug}&sau=", (address,))


def _petitions(who: str) -> Iterator[Visit]:
    """Pages of different petitions: open ones, those from a list, and those that are over."""
    from feedback.models import Petition
    from feedback.workflow import OPEN, State

    seen = Petition.objects.visible_to(_person(who))
    for name, rows in (
        ("/xu-ly/<open>/", seen.filter(state__in=OPEN)),
        ("/xu-ly/<open>/?tu=", seen.filter(state__in=OPEN)),
        ("/xu-ly/<closed>/", seen.filter(state=State.CLOSED)),
    ):
        codes = rows.order_by("-pk").values_list("code", flat=True)[:ROUNDS]
        whence = "?tu=dang-mo~" if name.endswith("tu=") else ""
        addresses = tuple(f"/xu-ly/{code}/{whence}" for code in codes)
        if addresses:
            yield Visit("petition", who, name, addresses)


AGENCY, FIELD, COMMUNE = "co-quan=department-of-construction:48", "linh-vuc=transport", "xa=20242"
BOARDS = (
    *("/giam-sat/", "/giam-sat/?ky=90", "/giam-sat/?ky=365"),
    *(f"/giam-sat/?{one}" for one in (AGENCY, FIELD, COMMUNE, f"{AGENCY}&{FIELD}")),
    *(f"/giam-sat/don/?so={key}" for key in ("open", "overdue", "soon", "submitted", "answered", "late")),
    *(f"/giam-sat/don/?so={key}&ky=365&{AGENCY}" for key in ("answered", "returned")),
)


def _boards() -> Iterator[Visit]:
    """The board, narrowed and not, and the petitions behind its numbers."""
    for name in BOARDS:
        yield Visit("board", SUPERVISOR, name, (name,))
    yield Visit("board", FOCAL, BOARDS[0], BOARDS[:1])


# --- one house ------------------------------------------------------------------------------------------


def measured(size: int, *, brief: bool) -> list[dict[str, Any]]:
    """Every visit in this house: p50, p95, this process's own time (all in ms), the most statements."""
    from django.conf import settings
    from django.test import Client

    settings.LOGGING_CONFIG = None
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "127.0.0.1"]
    like_a_worker()
    found = []
    clients: dict[str, Client] = {}
    for visit in visits(brief=brief):
        if visit.who not in clients:
            clients[visit.who] = Client(SERVER_NAME="127.0.0.1")
            clients[visit.who].force_login(_person(visit.who))
        found.append(_one(clients[visit.who], visit) | {"n": size})
        told = found[-1]
        say(
            f"{size:>8} {visit.page:8} {visit.who:13} p50 {told['p50_ms']:7.1f} p95 {told['p95_ms']:7.1f}"
            f" cpu {told['cpu_ms']:6.1f} statements {told['statements']:3} {visit.name}"
        )
    return found


def _one(client: Any, visit: Visit) -> dict[str, Any]:
    from bench.statements import cost_of

    turn = 0

    def ask() -> None:
        nonlocal turn
        answer = client.get(visit.addresses[turn % len(visit.addresses)])
        assert answer.status_code == 200, (visit, answer.status_code)
        turn += 1

    for _round in range(WARM_UP):
        ask()
    shown = shown_on(client.get(visit.addresses[0]).content.decode())
    began = time.process_time()
    times = sorted(_timed(ask) for _round in range(ROUNDS))
    cpu_s = time.process_time() - began
    statements = max(cost_of(ask).statements for _one in visit.addresses[:5])
    return {
        "page": visit.page,
        "who": visit.who,
        "name": visit.name,
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "cpu_ms": round(cpu_s / ROUNDS * 1000, 1),
        "statements": statements,
        "shown": shown,
        "goal": visit.goal,
    }


def shown_on(page: str) -> int:
    """How many petitions a page names by a link to them."""
    return len(set(re.findall(r'href="/xu-ly/(\d{12})/', page)))


def _timed(ask: Callable[[], None]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


# --- all of them ----------------------------------------------------------------------------------------


def house_of(size: int, database: str, *, brief: bool) -> dict[str, Any]:
    """Measure in a house of its own, in a folder and a database that are thrown away."""
    command = [
        sys.executable,
        "-m",
        "bench.desk",
        "--here",
        "--fill",
        str(size),
        *(["--brief"] if brief else []),
    ]
    if database == "postgresql":
        command = ["scripts/services.sh", *command]
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        os.environ["HOIAM_VAR"] = place
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    if done.returncode not in (0, 1) or not done.stdout.strip():
        raise SystemExit(done.returncode or 1)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def here(fill: int, *, brief: bool) -> dict[str, Any]:
    """This house as it stands, filled first if asked."""
    os.environ.pop("REDIS_URL", None)  # one machine: sessions are rows
    os.environ["HOIAM_THROTTLE"] = "off"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from bench import data
    from feedback.models import Petition

    made: dict[str, Any] = {}
    if fill:
        data.prepare()
        made = data.fill(fill, until=timezone.localdate())
    size, load = Petition.objects.count(), os.getloadavg()[0]
    return {
        "n": size,
        "database": connection.vendor,
        "data": made,
        "load": round(load, 2),
        "yardstick_s": round(yardstick_s(), 2),
        "pages": measured(size, brief=brief),
    }


def missed(houses: list[dict[str, Any]]) -> list[str]:
    """Each goal that was missed, in words."""
    told = []
    for page in (page for house in houses for page in house["pages"]):
        for figure, most in page["goal"].items():
            if page[figure] > most:
                told.append(f"{page['n']}: {page['who']} {page['name']} {figure} {page[figure]} > {most}")
    return told + [
        f"{who} {name} grows {times}x > {GROWTH}x"
        for (who, name), times in growth(houses).items()
        if times > GROWTH
    ]


def growth(houses: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    """Of each page the median in the largest house by that in the smallest, on the same database.

    `shown` of a page says where it is slower for what is drawn: two petitions there, fifty here.
    """
    alike = sorted((one for one in houses if one["database"] == "postgresql"), key=lambda one: one["n"])
    if len(alike) < 2:
        return {}
    first, last = (
        {(page["who"], page["name"]): page for page in house["pages"]} for house in (alike[0], alike[-1])
    )
    return {
        page: round(last[page]["p50_ms"] / first[page]["p50_ms"], 2)
        for page in sorted(first.keys() & last.keys())
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="How long the pages of the officials take.")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--here", action="store_true", help="the house as it stands")
    parser.add_argument("--fill", type=int, default=0, help="with --here: fill it first")
    parser.add_argument("--brief", action="store_true", help="of the lists the first and the longest alone")
    asked = parser.parse_args()
    if asked.here:
        houses = [here(asked.fill, brief=asked.brief)]
        if asked.fill:
            print(json.dumps(houses[0], ensure_ascii=False))
            return
    else:
        houses = [house_of(int(size), asked.database, brief=asked.brief) for size in asked.sizes.split(",")]
    failed = missed(houses)
    found = {
        "bench": "desk" if asked.database == "postgresql" else "desk-sqlite",
        "database": asked.database,
        "rounds": ROUNDS,
        "houses": houses,
        "growth": {f"{who} {name}": times for (who, name), times in growth(houses).items()},
        "missed": failed,
    }
    for sentence in failed:
        say(sentence)
    end(found, reached=not failed)


if __name__ == "__main__":
    main()
