"""Eight processes at one petition at once, fifty times: one success each, and the chain holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from feedback.models import Petition
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


def test_eight_processes_accepting_at_once(reference_data: None, tmp_path: Path) -> None:
    petitions = [make.petition("assigned") for _number in range(TIMES)]
    people = [make.handler() for _number in range(PROCESSES)]
    workers = []
    for person in people:
        lines = [
            json.dumps({"code": petition.code, "action": "accept", "as": person.username})
            for petition in petitions
        ]
        workers.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "take", "--json"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment(),
            )
        )
        assert workers[-1].stdin is not None
        workers[-1].stdin.write("\n".join(lines) + "\n")
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
    assert verify().ok
