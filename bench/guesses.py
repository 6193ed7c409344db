"""Whether a wrong secret can be told from an unknown code: by status, by body, by time, at every door.

    python -m bench.guesses            on SQLite, a house of its own in a folder that is thrown away

At each door what is there and what is not are asked for in turn, over HTTP, throttles off. The last line on
stdout is JSON, also kept in `var/bench/guesses.json`. Exit 1 when a status or a body differs, or a median
by more than a fifth.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.intake import house
from bench.record import KEPT, end, say, yardstick_s
from bench.visitor import free_port

PETITIONS = 40
ALIKE = 0.20
# What differs from one answer to the next for everybody, and what was typed.
OWN = re.compile(rb'(nonce|value)="[^"]*"|nonce-[^\']*|X-Request-ID: .*')
WRONG = "AAAAAAAA"


@dataclass
class Browser:
    """One kept connection and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> tuple[int, bytes, float]:
        """Status, body and milliseconds."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Origin": f"http://127.0.0.1:{self.port}"}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.wire.request(method, address, body, headers)
        answer = self.wire.getresponse()
        said = answer.read()
        took = (time.perf_counter() - began) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, said, took

    def sign_in(self, username: str, password: str) -> None:
        self.ask("GET", "/dang-nhap/")
        status, _said, _ms = self.ask("POST", "/dang-nhap/", {"username": username, "password": password})
        assert status == 302, status


@dataclass(frozen=True)
class Known:
    """What is there, and what could be there and is not."""

    codes: list[str]
    unknown: list[str]
    files: list[int]

    @property
    def no_codes(self) -> list[str]:
        """Twelve digits each of which the last is no check digit."""
        return [code[:-1] + str((int(code[-1]) + 1) % 10) for code in self.unknown]

    @property
    def no_files(self) -> list[int]:
        return [number + 1_000_000 for number in self.files]


Door = Callable[[Any], tuple[int, bytes, float]]


def doors(known: Known, guest: Browser, official: Browser) -> dict[str, tuple[Door, list[Any], list[Any]]]:
    """Each door with what is asked for there: what exists and is not one's own, and what does not exist."""

    def by_form(code: str) -> tuple[int, bytes, float]:
        return guest.ask("POST", "/tra-cuu/", {"code": code, "secret": WRONG})

    def by_link(code: str) -> tuple[int, bytes, float]:
        return guest.ask("GET", f"/tra-cuu/?code={code}&secret={WRONG}")

    return {
        "form": (by_form, known.codes, known.unknown),
        "form, no code": (by_form, known.codes, known.no_codes),
        "link": (by_link, known.codes, known.unknown),
        "link, no code": (by_link, known.codes, known.no_codes),
        "follow": (lambda code: guest.ask("GET", f"/tra-cuu/{code}/"), known.codes, known.unknown),
        "receipt": (lambda code: guest.ask("GET", f"/bien-nhan/{code}/"), known.codes, known.unknown),
        "public": (lambda code: guest.ask("GET", f"/cong-khai/{code}/"), known.codes, known.unknown),
        "file": (lambda pk: guest.ask("GET", f"/tep/{pk}/"), known.files, known.no_files),
        "desk": (lambda code: official.ask("GET", f"/xu-ly/{code}/"), known.codes, known.unknown),
        "desk file": (lambda pk: official.ask("GET", f"/tep/{pk}/"), known.files, known.no_files),
    }


def compare(door: Door, there: list[Any], nowhere: list[Any], times: int) -> dict[str, Any]:
    """Asked in turn, in an order that chance decides, so that the machine's moods meet both alike."""
    chance = random.Random(5)  # noqa: S311  (no secret, an order)
    took: tuple[list[float], list[float]] = ([], [])
    seen: tuple[set[tuple[int, bytes]], set[tuple[int, bytes]]] = (set(), set())
    for number in range(times + 10):
        for which in chance.sample((0, 1), 2):
            asked = (there, nowhere)[which][number % len(there)]
            status, said, ms = door(asked)
            if number >= 10:
                took[which].append(ms)
            seen[which].add((status, OWN.sub(b"", said)))
    medians = [round(statistics.median(one), 3) for one in took]
    ratio = round(max(medians) / min(medians), 3)
    alike = seen[0] == seen[1] and len(seen[0]) == 1
    return {
        "status": sorted({status for status, _said in seen[0] | seen[1]}),
        "there_ms": medians[0],
        "nowhere_ms": medians[1],
        "ratio": ratio,
        "alike": alike,
        "reached": alike and ratio <= 1 + ALIKE,
    }


def fill() -> Known:
    """Petitions with a file each, filed and read as in life."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from accounts import demonstration
    from feedback import codes, followups
    from feedback.intake import receive
    from feedback.models import Attachment
    from feedback.submission import Submission

    demonstration.mark()  # or its password opens nothing
    demonstration.create()
    made = [
        receive(Submission(text=f"Gạch vỉa hè trước số {number} bị bong.", commune="20242")).petition
        for number in range(PETITIONS)
    ]
    files = [
        Attachment.objects.create(
            petition=petition,
            file=ContentFile(b"%PDF-", name="a.pdf"),
            name="a.pdf",
            media_type="application/pdf",
            size=5,
            created_at=timezone.now(),
        ).pk
        for petition in made
    ]
    while followups.queue_state()["waiting"]:
        time.sleep(0.2)
    return Known([one.code for one in made], [codes.new_code() for _one in made], files)


def measure(times: int) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        os.environ.pop("REDIS_URL", None)
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"HOIAM_VAR": place, "PORT": str(free_port()), "HOIAM_THROTTLE": "off"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        with house(Path(place)):
            import django

            django.setup()
            return figures(fill(), times)


def figures(known: Known, times: int) -> dict[str, Any]:
    from accounts.demonstration import PASSWORD

    port = int(os.environ["PORT"])
    guest, official = Browser(port), Browser(port)
    guest.ask("GET", "/tra-cuu/")
    official.sign_in("nguoila", PASSWORD)
    found = {}
    for name, (door, there, nowhere) in doors(known, guest, official).items():
        found[name] = compare(door, there, nowhere, times)
        say(f"{name}: {found[name]}")
    return {
        "bench": "guesses",
        "load": round(os.getloadavg()[0], 2),
        "yardstick_s": round(yardstick_s(), 2),
        "database": "sqlite",
        "n": times,
        "goal": {"ratio": 1 + ALIKE},
        "times": times,
        "doors": found,
        "reached": all(one["reached"] for one in found.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="What is not there against what is not yours.")
    parser.add_argument("--times", type=int, default=300)
    found = measure(parser.parse_args().times)
    end(found, reached=found["reached"])


if __name__ == "__main__":
    main()
