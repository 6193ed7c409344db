"""Where it happened: each row of places.csv is one case; split units are asked back."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import pytest

from classifier.places import PlaceMention, shipped
from routing.models import Commune, LegacyMapping
from routing.places import (
    MAX_CHOICES,
    Location,
    Unit,
    Units,
    UnknownPlaceError,
    known_units,
    locate,
    misplaced,
)

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 26)
ROWS = list(csv.DictReader((Path(__file__).parent / "places.csv").open(encoding="utf-8")))


def located(row: dict[str, str]) -> Location:
    point = tuple(map(float, row["point"].split())) if row["point"] else None
    assert point is None or len(point) == 2
    return locate(
        shipped().find(row["text"], home=row["home"]),
        picked=row["picked"],
        point=point,
        old_unit=row["old_unit"],
        reporter=row["reporter"],
        home=row["home"],
        on=ON,
    )


@pytest.mark.parametrize("row", ROWS, ids=[row["about"] for row in ROWS])
def test_each_case_finds_its_place(row: dict[str, str]) -> None:
    found = located(row)
    assert (found.outcome, found.unit, found.province) == (row["outcome"], row["unit"], row["province"])
    assert (found.basis, found.flagged) == (row["basis"], row["flagged"] == "yes")
    assert sorted(found.choices) == row["choices"].split()
    assert found.reason.endswith(".")


def test_no_split_ward_is_resolved_silently() -> None:
    whole = known_units()
    split = {m.unit_id for m in LegacyMapping.objects.filter(kind="split")}
    asked = [code for code in split if len(whole.by_old_ward[code]) > 1]
    assert len(asked) > 50
    assert {locate((), old_unit=code, on=ON).outcome for code in asked} == {"choices"}


@pytest.mark.long
def test_no_split_ward_beside_its_district_is_taken_for_its_namesake_of_today() -> None:
    whole = known_units()
    rows = LegacyMapping.objects.filter(kind="split").select_related("unit")
    written = {row.unit_id: f"{row.unit.name}, {row.unit.district_name}" for row in rows}
    split = [code for code in written if len(whole.by_old_ward[code]) > 1]
    found = {code: locate(shipped().find(written[code]), on=ON) for code in split}
    assert len(split) > 200
    assert [written[code] for code in split if set(found[code].choices) != set(whole.by_old_ward[code])] == []


def test_a_text_that_names_one_of_the_split_parts_settles_it() -> None:
    split = next(code for code, to in known_units().by_old_ward.items() if len(to) > 1)
    part = known_units().by_old_ward[split][1]
    mention = PlaceMention(0, 5, "đó", (part,), "commune", False)
    assert locate([mention], old_unit=split, on=ON).unit == part


def test_the_reporters_neighbourhood_comes_first_among_choices() -> None:
    found = locate(shipped().find("quận Bình Thạnh"), reporter="26743", on=ON)
    assert found.outcome == "choices"
    far = [known_units().communes[code].lat for code in found.choices]
    assert found.choices[0] == known_units().nearest((10.77, 106.69), found.choices)[0][1].code
    assert len(far) <= MAX_CHOICES


def test_the_sentence_says_where_an_old_ward_is_now() -> None:
    found = locate(shipped().find("phường Thạch Thang", home="48"), home="48", on=ON)
    assert found.reason == "Địa chỉ nêu “phường Thạch Thang”, nay thuộc phường Hải Châu."


def test_a_commune_abolished_by_an_administrator_is_found_no_more() -> None:
    commune = Commune.objects.get(code="20242")
    commune.valid_to = dt.date(2026, 6, 30)
    commune.save()
    assert locate(shipped().find("phường Hải Châu, Đà Nẵng"), on=ON).outcome == "none"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"picked": "99999"}, "Không có xã, phường, đặc khu mã '99999'"),
        ({"reporter": "99999"}, "Không có xã, phường, đặc khu mã '99999'"),
        ({"old_unit": "99999"}, "Không có đơn vị hành chính cũ mã '99999'"),
        ({"point": (91.0, 0.0)}, "không phải một điểm trên bản đồ"),
        ({"point": (float("nan"), 0.0)}, "không phải một điểm trên bản đồ"),
    ],
)
def test_a_code_that_is_no_place_is_named(given: dict[str, str], said: str) -> None:
    with pytest.raises(UnknownPlaceError, match=said):
        locate((), on=ON, **given)  # type: ignore[arg-type]


def test_a_day_before_the_communes_knows_none() -> None:
    with pytest.raises(UnknownPlaceError, match="vào ngày 30/06/2025"):
        locate((), picked="20242", on=dt.date(2025, 6, 30))


def unit(code: str, lat: float, lon: float, *, trusted: bool = False) -> Unit:
    return Unit(code, code, "48", lat, lon, 3.0, dt.date(2025, 7, 1), None, trusted)


def test_a_centre_far_from_its_old_district_is_not_believed_unless_it_is_an_island() -> None:
    units = [
        unit("near", 16.0, 108.0),
        unit("beside", 16.1, 108.1),
        unit("between", 16.05, 108.05),
        unit("astray", 17.5, 107.0),
        unit("island", 16.2, 111.6, trusted=True),
    ]
    known = {u.code: u for u in units}
    assert misplaced(known, {"492": list(known)}) == {"astray"}


def test_a_point_never_lands_in_a_commune_whose_centre_is_not_believed() -> None:
    units = Units({"astray": unit("astray", 16.0, 108.0)}, {}, {}, {}, {}, {})
    assert units.nearest((16.0, 108.0))[0][0] == math.inf
