"""The whole of the tables of units, looked over for what is known to go wrong in them."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from statistics import median

import pytest

from classifier import places
from classifier.places import resolve
from classifier.places.words import split_type
from routing.models import LegacyMapping
from routing.places import distance_km, known_units
from routing.shipped import COMMUNES, DATA, FAULTS, LEGACY, NEVER, read

OUTSIDE_KM = 20.0  # beyond the commune's own radius, from the middle of the nearest of its old districts


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def wards() -> list[dict[str, str]]:
    return [row for row in table(LEGACY) if row["old_ward_code"]]


def listed(file: str) -> set[tuple[str, str]]:
    """Rows of a file and what they stand beside, without the areas."""
    faults = (row for row in table(FAULTS) if row["verdict"] != "doubtful")
    return {(row["row"], row["other"]) for row in faults if row["file"] == file}


def test_a_ward_beside_a_namesake_of_another_district_is_listed(wards: list[dict[str, str]]) -> None:
    alike = defaultdict(list)
    for row in wards:
        alike[row["new_commune_code"], row["old_ward"]].append(row)
    found = {
        (row["old_ward_code"], row["new_commune_code"])
        for rows in alike.values()
        for row in rows
        if len({other["old_district_code"] for other in rows}) > 1 and row["kind"] == "split"
    }
    assert found == listed(LEGACY)


def test_a_commune_outside_its_old_districts_is_listed(wards: list[dict[str, str]]) -> None:
    communes = {row["code"]: row for row in table(COMMUNES)}
    members, of = defaultdict(set), defaultdict(set)
    for row in wards:
        members[row["old_district_code"]].add(row["new_commune_code"])
        of[row["new_commune_code"]].add(row["old_district_code"])

    def at(code: str) -> tuple[float, float]:
        return float(communes[code]["lat"]), float(communes[code]["lon"])

    def middle(codes: Iterable[str]) -> tuple[float, float]:
        points = [at(code) for code in codes]
        return median(lat for lat, _ in points), median(lon for _, lon in points)

    found = {
        (code, "")
        for code, districts in of.items()
        if communes[code]["type"] != "special_zone"
        for away in [min(distance_km(at(code), middle(members[d] - {code} or {code})) for d in districts)]
        if away - math.sqrt(float(communes[code]["area_km2"] or 0) / math.pi) > OUTSIDE_KM
    }
    mended = {(row["row"], "") for row in table(FAULTS) if row["verdict"] == "mended"}
    assert found - listed(COMMUNES) == set()
    assert listed(COMMUNES) - mended <= found
    assert not found & mended


def test_an_area_that_cannot_be_is_listed(wards: list[dict[str, str]]) -> None:
    """None at all, or that of another commune of the province whose name an old ward of this one bore."""
    took, alike = defaultdict(set), defaultdict(list)
    for ward in wards:
        took[ward["new_commune_code"]].add(split_type(ward["old_ward"])[1])
    for row in table(COMMUNES):
        alike[row["province_code"], row["area_km2"]].append(row)
    none = {(row["code"], "") for row in table(COMMUNES) if not float(row["area_km2"] or 0)}
    twins = {
        (one["code"], other["code"])
        for rows in alike.values()
        for one in rows
        for other in rows
        if one is not other and other["short_name"] in took[one["code"]]
    }
    doubtful = {(row["row"], row["other"]) for row in table(FAULTS) if row["verdict"] == "doubtful"}
    assert none | twins | {(other, one) for one, other in twins} == doubtful


def test_false_rows_are_kept_and_never_in_force() -> None:
    rows = read(DATA, ["82"]).rows["LegacyMapping"]
    never = {(row["unit_id"], row["commune_id"]) for row in rows if row["valid_to"]}
    assert never == listed(LEGACY)
    assert all(row["valid_to"] < row["valid_from"] for row in rows if row["valid_to"])


def test_a_text_leads_to_none_of_them() -> None:
    for text in ("Phường 4, Mỹ Tho, Tiền Giang", "phường 3 Sa Đéc", "phường 4 Cai Lậy"):
        codes = resolve(places.shipped().find(text)).codes
        assert len(codes) == 1
        assert "29869" not in codes


@pytest.mark.django_db
def test_what_is_never_in_force_is_not_offered() -> None:
    mapping = LegacyMapping.objects.filter(kind="split", is_default=False).earliest("unit_id", "commune_id")
    mapping.valid_to = NEVER
    mapping.save()
    assert mapping.commune_id not in known_units().by_old_ward[mapping.unit_id]
