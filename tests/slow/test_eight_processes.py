"""Eight processes at one petition at once, fifty times: one success each, and the chain holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from feedback.models import Petition, Step
from feedback.verification import verify
from tests import make
from tests.conftest import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TIMES = 50
PROCESSES = 8


def environment() -> dict[str, str]:
    """The same test database for a process of its own."""
    if connection.vendor == "postgresql":
        return os.environ | {"DATABASE_URL": database_url()}
    return os.environ | {"DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"}


def ready(person: User) -> subprocess.Popen[str]:
    """A process that has answered one line, and so stands where all the others stand."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "take", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    say(worker, {"code": "000000000019", "action": "accept", "as": person.username})
    return worker


def say(worker: subprocess.Popen[str], *lines: dict[str, str]) -> None:
    assert worker.stdin is not None
    worker.stdin.write("".join(f"{json.dumps(line)}\n" for line in lines))
    worker.stdin.flush()


def test_eight_processes_accepting_at_once(reference_data: None, tmp_path: Path) -> None:
    petitions = [make.petition("assigned") for _number in range(TIMES)]
    people = [make.handler() for _number in range(PROCESSES)]
    workers = [ready(person) for person in people]
    for worker in workers:
        assert worker.stdout is not None
        assert json.loads(worker.stdout.readline())["exit"] == 5
    for worker, person in zip(workers, people, strict=True):
        lines = ({"code": one.code, "action": "accept", "as": person.username} for one in petitions)
        say(worker, *lines)
    told = []
    for worker in workers:
        out, _none = worker.communicate(timeout=300)
        told += [json.loads(line) for line in out.splitlines()]

    assert len(told) == TIMES * PROCESSES
    accepted = [line["code"] for line in told if "error" not in line]
    assert sorted(accepted) == sorted(petition.code for petition in petitions)
    assert {line["exit"] for line in told if "error" in line} == {3}
    for petition in Petition.objects.all():
        assert list(petition.steps.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]
    # More than one of them was first somewhere, or they did not meet and this test shows nothing.
    assert Step.objects.filter(action="accept").values("by").distinct().count() > 1
    assert verify().ok
