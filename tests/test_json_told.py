"""What may be written into the JSON of the commands stands in docs/operating.md, and `--help` says where."""

from __future__ import annotations

import io
import re
from dataclasses import fields

import pytest
from django.conf import settings
from django.core.management import load_command_class

from feedback import facts
from feedback.management.commands.file import KNOWN
from feedback.models.petition import Channel
from feedback.models.reply import Outcome, Score
from feedback.workflow import Kind
from routing.facts import CHOICES, Facts
from routing.models import PolicyStep

HEADING = "What stands in the JSON"
TOLD = (settings.BASE_DIR / "docs" / "operating.md").read_text(encoding="utf-8")
SECTION = TOLD.partition(f"## {HEADING}\n")[2].partition("\n### ")[0]
IN_CODE = {word for code in re.findall(r"`([^`]+)`", SECTION) for word in re.findall(r"[\w-]+", code)}
LISTS = (
    *(Outcome, Score, facts.Ground, facts.ReturnReason, facts.ComplexGround, facts.Circumstance),
    *(facts.Announced, facts.Criterion, Kind, Channel, PolicyStep.Step),
)


def test_every_fact_of_take_and_its_closed_lists_stand_there() -> None:
    assert set() == facts.KNOWN - facts.OF_THE_SYSTEM - IN_CODE
    for choices in LISTS:
        assert set(choices.values) - IN_CODE == set(), choices


def test_every_fact_of_route_and_its_closed_lists_stand_there() -> None:
    assert {field.name for field in fields(Facts)} - IN_CODE == set()
    assert {str(value) for values in CHOICES.values() for value in values} - IN_CODE <= {"1", "2"}


def test_every_field_of_a_petition_that_is_filed_stands_there() -> None:
    row = next(line for line in TOLD.splitlines() if line.startswith("| `manage.py file --json`"))
    assert KNOWN - {"id"} - set(re.findall(r"`(\w+)`", row)) == set()


@pytest.mark.parametrize(
    ("app", "name"),
    [
        *(("routing", name) for name in ("locate", "route", "deadline")),
        *(("feedback", name) for name in ("file", "take", "petition", "find", "similar")),
    ],
)
def test_the_help_of_each_says_where(app: str, name: str) -> None:
    said = io.StringIO()
    load_command_class(app, name).create_parser("manage.py", name).print_help(said)
    assert HEADING in " ".join(said.getvalue().split())
