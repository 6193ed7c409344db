"""How many petitions a house takes in: guests over HTTP, with cookies and CSRF, as `manage.py start` serves.

    python -m bench.intake                        SQLite, then a private PostgreSQL that flushes to the disk
    python -m bench.intake --database sqlite      one of them; with DATABASE_URL set, that database

Each run has a house of its own in a folder that is thrown away. The last line on stdout is JSON; it is
also kept in `var/bench/intake.json`. Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import cpu_s
from bench.record import KEPT, ROOT, end, say, yardstick_s
from bench.visitor import Answer, Visitor, free_port

CLIENTS = 4
WARM_UP = 40
GOALS = {"sqlite": 60, "postgresql": 100}  # petitions a second; reading keeps up at half of it
P95_MS, STATEMENTS, COMMITS, READ_WITHIN_S = 150, 12, 1, 2.0
PLAIN_S = 3.0
GIVE_UP_S = 120.0

TEXTS = (
    "Nắp cống trước số {n} đường Lê Lợi bị mất từ tối qua, xe máy té mấy lần rồi, mong xử lý sớm.",
    "Gạch vỉa hè đường Bạch Đằng đoạn nhà số {n} bong tróc, lún sâu, người đi bộ vấp ngã.",
    "Rác ở đầu kiệt {n} đường Ông Ích Khiêm ba hôm nay chưa ai thu gom, mùi hôi bay vào nhà.",
    "Quán nhậu số {n} Trần Phú mở loa kẹo kéo tới một giờ sáng, cả xóm không ngủ được.",
    "Đèn đường trước nhà số {n} Hoàng Diệu không sáng đã hai tuần, đi lại ban đêm rất nguy hiểm.",
    "Công trình số {n} Nguyễn Văn Linh đổ vật liệu xuống lòng đường, xe cộ phải tránh nhau.",
    "Nước máy khu phố {n} yếu và đục từ đầu tuần, gọi công ty cấp nước không ai trả lời.",
    "Tôi nộp hồ sơ cấp sổ hồng số {n} đã quá hẹn hai tháng mà chưa được trả kết quả.",
)


@dataclass(frozen=True)
class Load:
    """What a round of sending gave: per second, milliseconds in order, and answers that were no receipt."""

    per_s: float
    times_ms: list[float]
    errors: int

    def percentile(self, share: float) -> float:
        return round(self.times_ms[min(len(self.times_ms) - 1, int(len(self.times_ms) * share))], 1)


# --- one run --------------------------------------------------------------------------------------------


def measure(database: str, petitions: int) -> dict[str, Any]:
    """Open a house on this database, measure, close it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        os.environ.pop("REDIS_URL", None)  # one machine: rows and `work`, no broker
        os.environ |= {"HOIAM_VAR": place, "PORT": str(free_port()), "HOIAM_THROTTLE": "off"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        with house(Path(place)) as parent:
            say(f"{database}: the house is open")
            import django

            django.setup()
            return figures(database, petitions, parent)


@contextmanager
def house(place: Path) -> Iterator[int]:
    """`manage.py start`, once it says READY: its process id; its log goes into the folder."""
    with (place / "log").open("w") as log:
        parent = subprocess.Popen(
            [sys.executable, "manage.py", "start"], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert parent.stdout is not None
        try:
            if not any(line.startswith("READY") for line in parent.stdout):
                raise SystemExit((place / "log").read_text()[-2000:])
            yield parent.pid
        finally:
            parent.terminate()
            parent.wait(timeout=30)
            say_trouble(place / "log")


def say_trouble(log: Path) -> None:
    """Why somebody was asked to come back in a moment, the first times."""
    told = [line for line in log.read_text().splitlines() if "database_busy" in line]
    for line in told[:CLIENTS]:
        say(line[-2000:])


def figures(database: str, petitions: int, parent: int) -> dict[str, Any]:
    statements, commits = cost_of_one()
    plain = plain_inserts_per_s()
    load_before = os.getloadavg()[0]
    asyncio.run(send(WARM_UP, mark="w"))
    wait_until_read()
    began = cpu_s(parent)
    full = asyncio.run(send(petitions, mark="f"))
    sent = cpu_s(parent)
    say(f"{database}: {full.per_s:.0f}/s, p95 {full.percentile(0.95)} ms, errors {full.errors}")
    backlog_s = wait_until_read()
    read = cpu_s(parent)
    half = asyncio.run(send(petitions // 2, mark="h", per_s=min(full.per_s, GOALS[database]) / 2))
    read_s = wait_until_read()
    found = {
        "bench": "intake",
        "database": database,
        "n": petitions,
        "clients": CLIENTS,
        "per_s": round(full.per_s, 1),
        "p50_ms": full.percentile(0.5),
        "p95_ms": full.percentile(0.95),
        "statements": statements,
        "commits": commits,
        "errors": full.errors + half.errors,
        "web_cpu_ms": round((sent["web"] - began["web"]) / petitions * 1000, 1),
        "work_cpu_ms": round((read["work"] - began["work"]) / petitions * 1000, 1),
        "plain_inserts_per_s": round(plain, 1),
        "backlog_s": round(backlog_s, 1),
        "half_per_s": round(half.per_s, 1),
        "half_p95_ms": half.percentile(0.95),
        "read_after_last_s": round(read_s, 2),
        "load_before": round(load_before, 2),
        "yardstick_s": round(yardstick_s(), 2),
        "goal": goal(database),
    }
    return found | {"reached": is_reached(found)}


def goal(database: str) -> dict[str, float]:
    return {
        "per_s": GOALS[database],
        "p95_ms": P95_MS,
        "statements": STATEMENTS,
        "commits": COMMITS,
        "errors": 0,
        "read_after_last_s": READ_WITHIN_S,
    }


def is_reached(found: dict[str, Any]) -> bool:
    at_most = {name: most for name, most in found["goal"].items() if name != "per_s"}
    within = all(found[name] <= most for name, most in at_most.items())
    return bool(within and found["per_s"] >= found["goal"]["per_s"])


# --- the guests -----------------------------------------------------------------------------------------


async def send(petitions: int, *, mark: str, per_s: float = 0.0) -> Load:
    """Four guests at once, each sending its share one after another; `per_s` paces them, 0 does not."""
    port = int(os.environ["PORT"])
    visitors = [await Visitor.arrive(port) for _ in range(CLIENTS)]
    pause = CLIENTS / per_s if per_s else 0.0
    share = petitions // CLIENTS
    began = time.perf_counter()
    rounds = [
        send_share(visitor, share, f"{mark}{number}", pause, began + pause * number / CLIENTS)
        for number, visitor in enumerate(visitors)
    ]
    answers = [answer for answered in await asyncio.gather(*rounds) for answer in answered]
    took = time.perf_counter() - began
    for visitor in visitors:
        visitor.leave()
    wrong = [one for one in answers if not (one.status == 303 and "/bien-nhan/" in one.location)]
    for answer in wrong[:CLIENTS]:
        say(f"no receipt: {answer.status} {answer.location or answer.body[:200]}")
    return Load(len(answers) / took, sorted(answer.ms for answer in answers), len(wrong))


async def send_share(visitor: Visitor, share: int, mark: str, pause: float, begin: float) -> list[Answer]:
    answers = []
    for number in range(share):
        if pause:
            await asyncio.sleep(max(0.0, begin + pause * number - time.perf_counter()))
        answers.append(await visitor.file(form(number, mark)))
    return answers


def form(number: int, mark: str) -> dict[str, str]:
    """What a browser sends of the form, empty fields included."""
    empty = dict.fromkeys(("place_text", "lat", "lon", "name", "email", "organisation", "tax_code"), "")
    return empty | {
        "text": TEXTS[number % len(TEXTS)].format(n=number + 1),
        "commune": "20242" if number % 2 else "",
        "phone": f"0905{number % 1_000_000:06}",
        "key": f"{mark}-{number}-{os.urandom(12).hex()}",
    }


# --- the database ---------------------------------------------------------------------------------------


def cost_of_one() -> tuple[int, int]:
    """Statements and commits of one guest's POST, the whole request, in this process on the same database."""
    from django.conf import settings
    from django.test import Client

    from bench.statements import cost_of

    settings.LOGGING_CONFIG = None
    client = Client(SERVER_NAME="127.0.0.1")
    client.get("/gui/")
    client.post("/gui/", form(1, "c"))  # with a commune: what is read once for all is read
    cost = cost_of(lambda: client.post("/gui/", form(3, "c")))
    return cost.statements, cost.commits


def plain_inserts_per_s() -> float:
    """One row and one commit at a time, from as many connections as there are guests."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_plain (text text NOT NULL)")
    counts = [0] * CLIENTS
    began = time.perf_counter()
    threads = [threading.Thread(target=insert, args=(counts, number)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_plain")
    return sum(counts) / took


def insert(counts: list[int], number: int) -> None:
    from django.db import connection

    until = time.perf_counter() + PLAIN_S
    with connection.cursor() as cursor:
        while time.perf_counter() < until:
            cursor.execute("INSERT INTO bench_plain (text) VALUES (%s)", [TEXTS[number]])
            counts[number] += 1
    connection.close()


def wait_until_read() -> float:
    """Seconds until every petition is read and routed."""
    from feedback.models import FollowUp

    waiting = FollowUp.objects.filter(done_at__isnull=True, consumer="feedback.intake.read_submitted")
    began = time.perf_counter()
    while waiting.exists():
        if time.perf_counter() - began > GIVE_UP_S:
            raise SystemExit(f"{waiting.count()} petitions are still unread after {GIVE_UP_S} s")
        time.sleep(0.05)
    return time.perf_counter() - began


# --- both -----------------------------------------------------------------------------------------------


def both(petitions: int) -> dict[str, Any]:
    """SQLite, then PostgreSQL; the line is PostgreSQL's with SQLite's in `others`."""
    again = [sys.executable, "-m", "bench.intake", "--petitions", str(petitions)]
    sqlite = last_line([*again, "--database", "sqlite"])
    postgresql = last_line(["scripts/services.sh", *again, "--database", "postgresql"])
    reached = sqlite["reached"] and postgresql["reached"]
    return postgresql | {"others": [sqlite], "reached": reached}


def last_line(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  (our own module and script)
        command, cwd=ROOT, env=os.environ | {"SERVICES_FSYNC": "on"}, stdout=subprocess.PIPE, text=True
    )
    if done.returncode not in (0, 1) or not done.stdout.strip():
        raise SystemExit(done.returncode or 1)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Petitions a second, over HTTP.")
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--petitions", type=int, default=1000)
    asked = parser.parse_args()
    one = asked.database != "both"
    found = measure(asked.database, asked.petitions) if one else both(asked.petitions)
    end(found, reached=found["reached"])


if __name__ == "__main__":
    main()
