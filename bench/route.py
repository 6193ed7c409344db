"""How many questions of competence one core answers through `manage.py route --json`.

    python -m bench.route              100,000 lines, three rounds (a minute and a half)
    python -m bench.route --lines 9000 a first look

A house of its own with the whole country; lines drawn over all communes, sub-fields, kinds, accused and
facts, the same each time. Processor time of the command (user and system) beyond what it takes to begin and
to read each province once. The last line on stdout is JSON, also kept in `var/bench/route.json`; exit 1 when
the goal was missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.record import ROOT, end, say, yardstick_s
from routing.facts import KINDS, ROLES
from routing.shipped import COMMUNES, DATA

GOAL = {"per_s": 10_000, "statements_per_line": 0, "errors": 0}
LINES, ROUNDS = 100_000, 3
BEGINNING = 2_000  # lines that between them name every province
FEWEST = 3 * BEGINNING
ACCUSED = ("commune-people-committee", "commune-people-committee-chair", "commune-pasc", "commune-police")
FACTS: tuple[dict[str, Any], ...] = (
    {}, {}, {"road_class": "national"}, {"road_class": "commune"}, {"school_level": "primary"},
    {"formal_petition": True, "instance": 2}, {"previous_handler": ["commune-economy-office"]},
)  # fmt: skip
# Run beside the command, in the same house: what the database is asked for one line more.
STATEMENTS = """
import io, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
lines = sys.stdin.buffer.read().splitlines()
def asked(among):
    with CaptureQueriesContext(connection) as captured:
        call_command("route", "--json", stdin=among, stdout=io.StringIO())
    return len(captured)
unseen = lines[-100:]
asked(lines[:-100])
print(asked(unseen) - asked(lines[:1]))
"""


def drawn(count: int, subfields: list[str]) -> Iterator[str]:
    """Lines as an importer sends them; three in ten against somebody."""
    dice = random.Random(1)  # noqa: S311  (no secret: the same lines each time)
    with (DATA / COMMUNES).open(encoding="utf-8") as file:
        communes = [row["code"] for row in csv.DictReader(file)]
    for number in range(count):
        commune = dice.choice(communes)
        against = {"agency_type": dice.choice(ACCUSED), "unit_code": commune, "role": dice.choice(ROLES)}
        line = {
            "id": number,
            "kind": dice.choice(KINDS),
            "subfield": dice.choice(subfields),
            "commune_code": commune,
            "against": against if dice.random() < 0.3 else None,
            "facts": dice.choice(FACTS),
            "on": "2026-11-26",
        }
        yield json.dumps(line) + "\n"


class House:
    """One with the reference data of the whole country and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.env = os.environ | {"HOIAM_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.env.pop("DATABASE_URL", None)
        for command in ("migrate", "loadrefdata"):
            say(f"route: {command}")
            self.run("manage.py", command, "-v", "0")

    def run(self, *arguments: str, told: str = "") -> str:
        done = subprocess.run(  # noqa: S603  (our own command)
            [sys.executable, *arguments], cwd=ROOT, env=self.env, input=told, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    def cpu_s(self, lines: list[str]) -> tuple[float, int]:
        """Processor time that the command takes for them, and how many it could not answer."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        answers = self.run("manage.py", "route", "--json", told="".join(lines)).splitlines()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        failed = sum('"error"' in answer for answer in answers) + len(lines) - len(answers)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, failed


def subfields_of(house: House) -> list[str]:
    code = "from routing.models import Subfield; print(*Subfield.objects.values_list('slug', flat=True))"
    return house.run("manage.py", "shell", "-v", "0", "-c", code).split()


def measured(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        lines = list(drawn(count, subfields_of(house)))
        took, errors = [], 0
        for number in range(ROUNDS):
            beginning, _failed = house.cpu_s(lines[:BEGINNING])
            whole, failed = house.cpu_s(lines)
            took.append(whole - beginning)
            errors += failed
            say(f"route: round {number + 1}, {(count - BEGINNING) / took[-1]:,.0f}/s")
        statements = int(house.run("-c", STATEMENTS, told="".join(lines[: BEGINNING + 100])))
    spent = statistics.median(took)
    return {
        "bench": "route",
        "database": "sqlite",
        "python": sys.version.split()[0],
        "n": count,
        "per_s": round((count - BEGINNING) / spent, 1),
        "us_per_line": round(spent / (count - BEGINNING) * 1e6, 1),
        "statements": statements / 100,
        "statements_per_line": statements / 100,
        "errors": errors,
        "yardstick_s": round(yardstick_s(), 2),
        "goal": GOAL,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast questions of competence are answered.")
    parser.add_argument("--lines", type=int, default=LINES)
    lines = parser.parse_args().lines
    if lines < FEWEST:
        parser.error(f"--lines: at least {FEWEST}, for the first {BEGINNING} are not counted")
    found = measured(lines)
    reached = found["per_s"] >= GOAL["per_s"] and not found["statements_per_line"] and not found["errors"]
    end(found, reached=reached)


if __name__ == "__main__":
    main()
