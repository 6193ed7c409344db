"""Whether a crowd breaks a house: 200 people at once for a minute, and whether it is as before afterwards.

    python -m bench.crowd                        a house of its own with a small demonstration, on SQLite
    python -m bench.crowd --clients 50 --for-s 20

Everyone opens pages, files, follows and searches, one after another without pause, over HTTP on loopback.
Throttles are on as in life, save that all are one address: so part of what is filed is answered 429, as it
should be. The last line on stdout is JSON, also kept in `var/bench/crowd.json`. Exit 1 when an answer was
neither 2xx, 3xx, a 4xx of reason, nor 429 or 503 with Retry-After; when a code that was told is not there
afterwards; or when the house is not as fast as before within a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.intake import form, house
from bench.record import KEPT, ROOT, end, say, yardstick_s
from bench.visitor import BOUNDARY, free_port, multipart

CLIENTS, FOR_S, PETITIONS = 200, 60.0, 100
PATIENCE_S = 60.0  # how long one waits for an answer before it counts as none
CALM_WITHIN_S, CALM = 60.0, 2.0  # a page takes at most this much longer than before, or a tenth of a second
REASONS = frozenset({400, 403, 404, 405, 409, 413})
LATER = frozenset({429, 503})
PAGES = ("/", "/gui/", "/cong-khai/", "/thong-ke/", "/tra-cuu/", "/tim/?q=v%E1%BB%89a+h%C3%A8", "/healthz")
READ = ("/", "/cong-khai/", "/tra-cuu/", "/gui/")


@dataclass
class Crowd:
    """What all of them were answered, and the codes that they were told."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)

    def note(self, where: str, status: int, headers: dict[str, str], ms: float) -> None:
        self.answers[str(status)] += 1
        self.times_ms.append(ms)
        fine = status < 400 or status in REASONS or (status in LATER and "retry-after" in headers)
        if not fine:
            self.faults.append(f"{where}: {status}")


@dataclass
class Person:
    """One of the crowd: a browser without kept connections, as gunicorn closes each."""

    port: int
    crowd: Crowd
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    async def live(self, chance: random.Random, until: float) -> None:
        number = 0
        while time.monotonic() < until:
            number += 1
            if chance.random() < 0.3:
                await self.file(number, chance)
            else:
                await self.ask("GET", chance.choice(PAGES))

    async def file(self, number: int, chance: random.Random) -> None:
        status, _headers, page = await self.ask("GET", "/gui/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if status != 200 or not found:
            return
        told = form(number, f"crowd{chance.randrange(10**9)}")
        body = multipart({"csrfmiddlewaretoken": found[1], **told})
        status, headers, _page = await self.ask("POST", "/gui/", body)
        code = re.search(r"/bien-nhan/([0-9]{12})/", headers.get("location", ""))
        if status == 303 and code:
            self.crowd.codes.append(code[1])

    async def ask(self, method: str, address: str, body: bytes = b"") -> tuple[int, dict[str, str], str]:
        began = time.monotonic()
        try:
            status, headers, page = await asyncio.wait_for(self._exchange(method, address, body), PATIENCE_S)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as broken:
            self.crowd.answers[type(broken).__name__] += 1
            self.crowd.faults.append(f"{method} {address}: {type(broken).__name__}")
            return 0, {}, ""
        self.crowd.note(f"{method} {address}", status, headers, (time.monotonic() - began) * 1000)
        return status, headers, page

    async def _exchange(self, method: str, address: str, body: bytes) -> tuple[int, dict[str, str], str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(self._head(method, address, len(body)).encode() + body)
            await writer.drain()
            head, _, said = (await reader.read(-1)).partition(b"\r\n\r\n")
        finally:
            writer.close()
        first, *lines = head.decode("latin-1").split("\r\n")
        if not first:
            raise asyncio.IncompleteReadError(b"", None)
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(":") for line in lines):
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie" and "path=/;" in value.lower() + ";":
                key, _, kept = value.strip().partition(";")[0].partition("=")
                self.cookies[key] = kept
        return int(first.split()[1]), headers, said.decode(errors="replace")

    def _head(self, method: str, address: str, length: int) -> str:
        host = f"127.0.0.1:{self.port}"
        lines = [
            f"{method} {address} HTTP/1.1",
            f"Host: {host}",
            f"Origin: http://{host}",
            "Connection: close",
        ]
        lines += [f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}"]
        if length:
            lines += [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", f"Content-Length: {length}"]
        return "\r\n".join(lines) + "\r\n\r\n"


async def rush(port: int, clients: int, for_s: float) -> Crowd:
    crowd, until = Crowd(), time.monotonic() + for_s
    people = [Person(port, crowd).live(random.Random(number), until) for number in range(clients)]  # noqa: S311
    await asyncio.gather(*people)
    return crowd


def page_ms(port: int) -> float:
    """How long a page takes one alone: the median over a few, each asked thrice."""

    async def ask() -> list[float]:
        crowd = Crowd()
        for address in READ * 3:
            await Person(port, crowd).ask("GET", address)
        if crowd.faults:
            return [float("inf")]
        return crowd.times_ms

    return statistics.median(asyncio.run(ask()))


def calm_after_s(port: int, before_ms: float) -> float | None:
    """Seconds until a page is as fast as before; None where it is not within a minute."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < CALM_WITHIN_S:
        if page_ms(port) <= max(before_ms * CALM, before_ms + 100):
            return took
        time.sleep(1)
    return None


def lost(codes: list[str]) -> int:
    """How many of the codes that were told are not in the house."""
    from feedback.models import Petition

    known: set[str] = set()
    for at in range(0, len(codes), 500):
        known |= set(Petition.objects.filter(code__in=codes[at : at + 500]).values_list("code", flat=True))
    return len(set(codes) - known)


def measure(clients: int, for_s: float) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        os.environ.pop("REDIS_URL", None)
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"HOIAM_VAR": place, "PORT": str(free_port())}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        command = [sys.executable, "manage.py"]
        subprocess.run([*command, "prepare"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        made = [*command, "demo", "--petitions", str(PETITIONS)]
        subprocess.run(made, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with house(Path(place)):
            import django

            django.setup()
            return figures(clients, for_s)


def figures(clients: int, for_s: float) -> dict[str, Any]:
    port = int(os.environ["PORT"])
    page_ms(port)  # what is read once for all is read
    load, before = os.getloadavg()[0], page_ms(port)
    say(f"a page takes {before:.0f} ms; {clients} people come")
    crowd = asyncio.run(rush(port, clients, for_s))
    say(f"{dict(crowd.answers)}, {len(crowd.codes)} codes told, {len(crowd.faults)} faults")
    calm = calm_after_s(port, before)
    gone = lost(crowd.codes)
    times = sorted(crowd.times_ms)
    return {
        "bench": "crowd",
        "load_before": round(load, 2),
        "yardstick_s": round(yardstick_s(), 2),
        "database": "sqlite",
        "n": len(times),
        "clients": clients,
        "for_s": for_s,
        "answers": dict(sorted(crowd.answers.items())),
        "per_s": round(len(times) / for_s, 1),
        "p50_ms": round(times[len(times) // 2]),
        "p95_ms": round(times[int(len(times) * 0.95)]),
        "errors": len(crowd.faults),
        "faults": crowd.faults[:20],
        "told": len(crowd.codes),
        "lost": gone,
        "page_before_ms": round(before),
        "calm_after_s": None if calm is None else round(calm, 1),
        "reached": not crowd.faults and not gone and bool(crowd.codes) and calm is not None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="A crowd at the door.")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--for-s", type=float, default=FOR_S)
    asked = parser.parse_args()
    found = measure(asked.clients, asked.for_s)
    end(found, reached=found["reached"])


if __name__ == "__main__":
    main()
