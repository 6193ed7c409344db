"""The whole demonstration, made in two empty houses, and a small one up to many days."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow

PETITIONS = "3000"
LOOKING = """
import datetime as dt
from accounts.models import User
from feedback.models import Petition
from feedback.verification import verify
from routing.calendar import LOCAL
today = dt.datetime(2026, 11, 26, tzinfo=LOCAL)
inbox = Petition.objects.led_by(User.objects.get(username="xuly.haichau")).open()
rows = {"open": inbox.count(), "overdue": inbox.overdue(today).count()}
rows["today"] = inbox.due_within(1, today).count()
print(rows | {"ok": verify().ok})
"""


def manage(house: Path, *argv: str) -> str:
    env = os.environ | {"HOIAM_VAR": str(house)}
    command = [sys.executable, "manage.py", *argv]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True)
    return done.stdout


def made(house: Path, petitions: str = PETITIONS, until: str = "2026-11-26") -> dict[str, Any]:
    house.mkdir()
    manage(house, "prepare")
    line = manage(house, "demo", "--petitions", petitions, "--seed", "1", "--until", until, "--json")
    told: dict[str, Any] = json.loads(line)
    return told


def test_twice_the_same_with_a_real_inbox(tmp_path: Path) -> None:
    once, again = made(tmp_path / "one"), made(tmp_path / "two")
    assert once == again
    assert once["petitions"] == int(PETITIONS)
    assert len(once["by_state"]) == 16
    seen = manage(tmp_path / "one", "shell", "--no-imports", "-c", LOOKING)
    told = json.loads(seen.replace("'", '"').replace("True", "true"))
    assert told["ok"]
    assert 20 <= told["open"] <= 40
    assert told["overdue"] >= 3
    assert told["today"] >= 3


@pytest.mark.parametrize(
    "until",
    ["2026-02-20", "2026-04-30", "2026-11-28", "2026-11-29", "2026-12-24", "2027-01-02", "2027-02-10"],
)
def test_up_to_whatever_day(until: str, tmp_path: Path) -> None:
    """A weekday, a Sunday, among days off: no life of it comes upon a door that is shut by then."""
    assert len(made(tmp_path / "house", "300", until)["by_state"]) == 16
