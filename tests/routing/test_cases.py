"""Who must answer, in cases that people wrote out from the law: `cases.csv`, its columns in `cases.md`."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from routing.assignment import Against, Assignment, Facts, assign
from routing.management.commands.route import place_of
from routing.models import Agency, AgencySuccessor, Commune, CommuneSuccessor, Field
from tests.conftest import PROVINCES

HERE = Path(__file__).parent
CASES = list(csv.DictReader((HERE / "cases.csv").open(encoding="utf-8")))
Case = dict[str, str]


def facts_of(text: str) -> Facts:
    """`road_class=national;delegated_to_province=true`; several handlers are parted by `|`."""
    facts, ignored = Facts.read(dict(_pair(pair) for pair in filter(None, text.split(";"))))
    assert not ignored
    return facts


def _pair(pair: str) -> tuple[str, Any]:
    key, value = pair.split("=", 1)
    if key in ("previous_handler", "already_answered_by"):
        return key, value.split("|")
    plain = key.endswith("_code") or value not in ("true", "false", "1", "2")
    return key, value if plain else json.loads(value)


def against_of(text: str) -> Against | None:
    code, _slash, role = text.partition("/")
    kind, _colon, unit = code.partition(":")
    return Against(kind, unit, role) if text else None


def answered(case: Case) -> Assignment:
    facts, on = facts_of(case["facts"]), dt.date.fromisoformat(case["on"])
    return assign(
        case["kind"],
        case["subfield"],
        place_of(case["commune"], case["province"], facts, on),
        facts=facts,
        against=against_of(case["against"]),
        on=on,
    )


def code(agency: Agency | None) -> str:
    return agency.code if agency else ""


def codes(cell: str) -> set[str]:
    return set(cell.replace(";", " ").split())


def wrong(cases: Iterable[Case]) -> Iterator[str]:
    """What is not as the case says; an empty cell is not asked."""
    for closed, together in groupby(cases, key=lambda case: (case["closed"] or "", case["on"])):
        with transaction.atomic():
            close(*closed)
            yield from [fault for case in together for fault in _wrong(case)]
            transaction.set_rollback(True)


def close(text: str, on: str) -> None:
    """`20242>20257|20209;an agency>`: units whose last day was the day before, and who follows them."""
    today = dt.date.fromisoformat(on)
    for one in filter(None, text.split(";")):
        unit, _sign, heirs = one.partition(">")
        model, rows = (Commune, CommuneSuccessor) if unit.isdecimal() else (Agency, AgencySuccessor)
        row = model._default_manager.get(pk=unit)
        row.valid_to = today - dt.timedelta(days=1)
        row.save()
        for heir in filter(None, heirs.split("|")):
            rows._default_manager.create(former_id=unit, successor_id=heir, valid_from=today)


def _wrong(case: Case) -> Iterator[str]:
    found = answered(case)
    told = {
        "outcome": found.outcome,
        "lead": code(found.lead),
        "accountable": code(found.accountable),
        "executing": code(found.executing),
        "policy": found.deadline_policy,
    }
    for column, value in told.items():
        if case[column] and case[column] != value:
            yield f"{case['about']}: {column} {value!r}, not {case[column]!r} ({case['why']})"
    helpers = {helper.code for helper in found.coordinators}
    for column, held in (("coordinators", helpers), ("excluded", set(found.excluded))):
        if missing := codes(case[column]) - held:
            yield f"{case['about']}: {column} without {sorted(missing)} ({case['why']})"
    if set(found.excluded) & {told["lead"], told["executing"], *helpers}:
        yield f"{case['about']}: who is excluded leads or helps"
    if not (found.reason.endswith(".") and found.source):
        yield f"{case['about']}: no reason, or no source"


def _province_of_communes() -> dict[str, str]:
    with (HERE.parents[1] / "routing/data/vn_communes_2026.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["province_code"] for row in csv.DictReader(file)}


def provinces_of(case: Case, of_commune: dict[str, str]) -> set[str]:
    """Every province that the case speaks of; "?" where an old name leads no one knows where."""
    named = [case["commune"], case["province"], case["against"].partition("/")[0].rpartition(":")[2]]
    named += re.findall(r"\b\d{5}\b|(?<=:)\d\d\b", case["closed"] or "")
    for pair in filter(None, case["facts"].split(";")):
        key, value = pair.split("=", 1)
        named += [value] if key in KEYS_OF_TODAY else ["?"] if key in KEYS_OF_OLD else []
    return {of_commune.get(unit, unit) for unit in named if unit and unit[0] in "0123456789?"}


KEYS_OF_TODAY = ("source_commune_code", "source_province_code", "picked_commune_code", "home_commune_code")
KEYS_OF_OLD = ("text_place", "old_ward_code", "old_district_code", "old_province_code")


@pytest.mark.long
@pytest.mark.django_db
def test_the_written_cases_of_three_provinces_are_answered_as_written() -> None:
    """Those of the whole country: tests/slow/test_whole_country.py."""
    of_commune = _province_of_communes()
    cases = [case for case in CASES if provinces_of(case, of_commune) <= set(PROVINCES.split(","))]
    standing = [case for case in cases if not case["closed"]]
    assert len(standing) > 180
    assert list(wrong(standing)) == []


@pytest.mark.long
@pytest.mark.django_db
def test_the_written_cases_of_units_that_are_no_more_are_answered_as_written() -> None:
    cases = [case for case in CASES if case["closed"]]
    assert len(cases) > 15
    assert list(wrong(cases)) == []


def test_no_case_is_written_twice_and_each_says_why() -> None:
    assert len(CASES) >= 250
    assert len({case["about"] for case in CASES}) == len(CASES)
    assert not [case["about"] for case in CASES if not case["why"]]


@pytest.mark.django_db
def test_the_cases_speak_of_every_field_and_kind() -> None:
    named = {case["subfield"].split(".")[0] for case in CASES} - {""}
    assert named == set(Field.objects.values_list("slug", flat=True))
    assert len({case["kind"] for case in CASES}) == 7
