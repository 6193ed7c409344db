"""The daily file for a reporting system: frozen months alone, as docs/indicators.schema.json says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from feedback import followups
from publication.models import FrozenMonth
from publication.statistics import DEFINITIONS
from tests import make
from tests.publication import world
from tests.publication.world import answered, at, counted
from tests.walked import once

pytestmark = pytest.mark.django_db

FEED = f"/du-lieu-mo/chi-tieu/{make.HAI_CHAU}.json"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "indicators.schema.json").read_text("utf-8"))
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
SAYS_NOTHING = {"$schema", "title", "description"}


def wrong(told: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """Where `told` is not as the schema says; only the words of JSON Schema that ours has."""
    known = {"type", "const", "enum", "pattern", "required", "additionalProperties", "properties", "items"}
    assert schema.keys() <= known | {"minItems", "maxItems"} | SAYS_NOTHING, where
    found = []
    if "type" in schema and not _is(told, schema["type"]):
        found.append(f"{where}: {told!r} is no {schema['type']}")
    if "const" in schema and told != schema["const"]:
        found.append(f"{where}: {told!r}")
    if "enum" in schema and told not in schema["enum"]:
        found.append(f"{where}: {told!r}")
    if "pattern" in schema and isinstance(told, str) and not re.search(schema["pattern"], told):
        found.append(f"{where}: {told!r}")
    if isinstance(told, list):
        if not schema.get("minItems", 0) <= len(told) <= schema.get("maxItems", len(told)):
            found.append(f"{where}: {len(told)} items")
        for number, one in enumerate(told):
            found += wrong(one, schema["items"], f"{where}[{number}]")
    if isinstance(told, dict):
        found += [f"{where}: no {name}" for name in schema["required"] if name not in told]
        found += [f"{where}: {name}?" for name in told if name not in schema["properties"]]
        for name in told.keys() & schema["properties"].keys():
            found += wrong(told[name], schema["properties"][name], f"{where}.{name}")
    return found


def _is(told: Any, types: str | list[str]) -> bool:
    wanted = [types] if isinstance(types, str) else types
    return any(
        isinstance(told, TYPES[one]) and (one == "boolean") == isinstance(told, bool) for one in wanted
    )


@pytest.fixture
def two_months(db: None) -> None:
    once("two months", world.two_months)
    counted()


@pytest.mark.long
def test_it_is_as_the_schema_says_and_says_what_the_figures_say(two_months: None, client: Client) -> None:
    told = client.get(FEED).json()
    assert wrong(told, SCHEMA) == []
    codes = SCHEMA["properties"]["periods"]["items"]["properties"]["indicators"]["items"]["properties"]
    assert codes["code"]["enum"] == list(DEFINITIONS)
    assert told["month"]["digest"] == FrozenMonth.objects.get(month="2026-10-01").digest
    month, year = told["periods"]
    assert (month["from"], month["to"], month["months"]) == ("2026-10-01", "2026-10-31", ["2026-10"])
    assert (year["from"], year["to"], year["months"]) == ("2026-01-01", "2026-10-31", ["2026-09", "2026-10"])
    for period in told["periods"]:
        asked = {"format": "json", "agency": make.HAI_CHAU, "from": period["from"], "to": period["to"]}
        figures = client.get("/thong-ke/", asked).json()
        assert period["complete"] == figures["complete"]
        names = ("value", "numerator", "denominator", "definition")
        assert [[row["code"], *(row[name] for name in names)] for row in period["indicators"]] == [
            [row["key"], *(row[name] for name in names)] for row in figures["figures"]
        ]


@pytest.mark.long
def test_what_happens_in_the_running_month_changes_nothing_but_the_day(
    two_months: None, client: Client
) -> None:
    with time_machine.travel(at("2026-11-25 12:00"), tick=False):
        before = client.get(FEED)
        assert client.get(FEED, headers={"If-None-Match": before["ETag"]}).status_code == 304
        assert client.head(FEED)["ETag"] == before["ETag"]
    answered("2026-11-25 13:00", "2026-11-26 10:00", score="satisfied")
    with time_machine.travel(at("2026-11-26 12:00"), tick=False):
        followups.catch_up(limit=2000)
        after = client.get(FEED)
    assert after["ETag"] != before["ETag"]
    assert after.json() == before.json() | {"day": "2026-11-26"}


@pytest.mark.long
def test_of_an_agency_that_is_not_told_apart_nothing_is_told_and_it_is_in_no_index(client: Client) -> None:
    for _n in range(6):
        answered("2026-10-05 09:00", "2026-10-06 10:00")
    for _n in range(3):
        answered("2026-10-05 09:00", "2026-10-06 10:00", lead=make.CONSTRUCTION)
    counted()
    told = client.get(FEED.replace(make.HAI_CHAU, make.CONSTRUCTION)).json()
    assert wrong(told, SCHEMA) == []
    for period in told["periods"]:
        assert not period["complete"]
        assert {row[name] for row in period["indicators"] for name in ("value", "numerator")} == {None}
    listed = client.get("/du-lieu-mo/chi-tieu/").json()
    assert make.CONSTRUCTION not in {one["code"] for one in listed["agencies"]}


@pytest.mark.long
def test_the_index_names_who_has_any(two_months: None, client: Client) -> None:
    listed = client.get("/du-lieu-mo/chi-tieu/").json()
    assert listed["months"][-2:] == ["2026-09", "2026-10"]
    urls = {one["code"]: one["url"] for one in listed["agencies"]}
    assert set(urls) == {make.FOCAL_POINT, make.HAI_CHAU}
    assert urls[make.HAI_CHAU].endswith(FEED)
    assert client.get("/du-lieu-mo/chi-tieu/khong-co:48.json").status_code == 404


def test_before_a_month_is_frozen_there_is_no_file(client: Client) -> None:
    assert client.get("/du-lieu-mo/chi-tieu/").json()["agencies"] == []
    assert client.get(FEED).status_code == 404


def test_the_schema_refuses_what_it_should() -> None:
    assert wrong({"version": 2}, SCHEMA)
    assert wrong(True, {"type": "integer"})
    assert not wrong(None, {"type": ["integer", "null"]})
