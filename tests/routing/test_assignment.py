"""Who must answer: each row of routes.csv is one case, with its reason in a sentence."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from routing.assignment import Against, Assignment, FactError, Facts, assign, candidates
from routing.models import Agency, CompetenceRule, Subfield
from routing.places import Place

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 26)
HAI_CHAU = Place("20242", "48")
ROWS = list(csv.DictReader((Path(__file__).parent / "routes.csv").open(encoding="utf-8")))


def facts_of(text: str) -> Facts:
    given: dict[str, Any] = {}
    for pair in filter(None, text.split(";")):
        key, value = pair.split("=")
        codes = key.endswith("_code")
        given[key] = value if codes or value not in ("true", "1", "2") else json.loads(value)
    facts, ignored = Facts.read(given)
    assert not ignored
    return facts


def against_of(text: str) -> Against | None:
    if not text:
        return None
    code, role = text.split("/")
    agency_type, unit = code.split(":")
    return Against(agency_type, unit, role)


def routed(row: dict[str, str]) -> Assignment:
    return assign(
        row["kind"],
        row["subfield"],
        Place(row["commune"], row["province"]),
        facts=facts_of(row["facts"]),
        against=against_of(row["against"]),
        on=ON,
    )


def code(agency: Agency | None) -> str:
    return agency.code if agency else ""


@pytest.mark.parametrize("row", ROWS, ids=[row["about"] for row in ROWS])
def test_each_case_finds_its_agency(row: dict[str, str]) -> None:
    found = routed(row)

    assert (found.outcome, code(found.lead), found.rule) == (row["outcome"], row["lead"], row["rule"])
    assert (found.intake, found.deadline_policy) == (row["intake"], row["policy"])
    helpers = {helper.code for helper in found.coordinators}
    assert set(row["coordinators"].split()) <= helpers
    assert not row["accountable"] or code(found.accountable) == row["accountable"]
    assert not row["executing"] or code(found.executing) == row["executing"]
    excluded = set(found.excluded)
    assert set(row["excluded"].split()) <= excluded
    assert not excluded & {code(found.lead), *helpers}
    assert found.reason.endswith(".")
    assert found.source
    assert found.legal in ("yes", "partial", "no")
    assert (found.address is not None) == (found.outcome == "redirect_out")


def test_the_reason_is_a_sentence_that_says_it_is_only_a_proposal() -> None:
    found = assign("report", "urban-infrastructure.sidewalk", HAI_CHAU, on=ON)
    assert found.reason == (
        "Phòng Kinh tế, Hạ tầng và Đô thị phường Hải Châu phụ trách “Vỉa hè, gạch lát, tam cấp hư hỏng” tại"
        " phường Hải Châu theo bảng phân công mẫu (đề xuất, chưa phải văn bản của địa phương)."
    )
    assert found.legal == "no"


WHO_RESTS_ON_WHAT = [
    # kind, sub-field, accused, what its reason ends with
    ("report", "urban-infrastructure.sidewalk", Against("commune-people-committee", "20242"),
     "theo nguyên tắc không tự xử lý phản ánh về mình (đề xuất, chưa phải văn bản của địa phương)."),
    ("report", "urban-infrastructure.sidewalk", Against("provincial-people-committee", "48"),
     "theo Luật Tố cáo 2018, Điều 12, 13; Luật Khiếu nại 2011, Điều 23 (chưa đối chiếu văn bản)."),
    ("report", "justice-community.civil-judgment", None,
     "mục Tòa án, Viện kiểm sát, thi hành án (một phần theo luật, chưa đối chiếu văn bản)."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "subfield", "against", "ends"), WHO_RESTS_ON_WHAT)
def test_conflicts_and_redirections_say_what_they_rest_on_and_whether_that_was_checked(
    kind: str, subfield: str, against: Against | None, ends: str
) -> None:
    found = assign(kind, subfield, HAI_CHAU, against=against, on=ON)
    assert found.reason.endswith(ends), found.reason


def test_a_row_that_a_lawyer_checked_needs_no_doubt() -> None:
    row = CompetenceRule.objects.get(slug="civil-judgment")
    row.legal, row.checked = "yes", True
    row.save()
    found = assign("report", "justice-community.civil-judgment", HAI_CHAU, on=ON)
    assert found.reason.endswith("thi hành án.")


def test_the_reason_of_a_denunciation_names_the_law() -> None:
    against = Against("commune-people-committee", "20242", "head")
    found = assign("denunciation", "", HAI_CHAU, facts=Facts(formal_petition=True), against=against, on=ON)
    assert "Luật Tố cáo 2018, Điều 12, 13" in found.reason
    assert found.legal == "yes"


def test_a_redirected_citizen_gets_the_address() -> None:
    found = assign("report", "justice-community.civil-judgment", HAI_CHAU, on=ON)
    assert found.address is not None
    assert found.address["body"] == "Thi hành án dân sự TP Đà Nẵng"
    assert found.address["code"] == "civil-judgment-enforcement:48"


def test_the_focal_point_sees_who_would_answer_each_candidate() -> None:
    reading = [
        ("urban-infrastructure.sidewalk", 0.4),
        ("urban-order.sidewalk-encroachment", 0.3),
        ("transport.road-surface", 0.1),
    ]
    assert [(c.subfield, c.p, code(c.assignment.lead)) for c in candidates(reading, HAI_CHAU, on=ON)] == [
        ("urban-infrastructure.sidewalk", 0.4, "commune-economy-office:20242"),
        ("urban-order.sidewalk-encroachment", 0.3, "commune-people-committee:20242"),
        ("transport.road-surface", 0.1, "department-of-construction:48"),
    ]


def test_every_subfield_at_a_known_place_has_somebody_who_answers() -> None:
    for slug in Subfield.objects.values_list("slug", flat=True):
        found = assign("report", slug, HAI_CHAU, on=ON)
        assert found.lead is not None or found.outcome == "redirect_out", slug


def test_an_edited_row_of_the_taxonomy_routes_otherwise_at_once() -> None:
    assign("report", "urban-infrastructure.sidewalk", HAI_CHAU, on=ON)
    row = Subfield.objects.get(slug="urban-infrastructure.sidewalk")
    row.lead_level = "province"
    row.save()
    found = assign("report", "urban-infrastructure.sidewalk", HAI_CHAU, on=ON)
    assert code(found.lead) == "department-of-construction:48"


def test_an_added_rule_decides_without_code() -> None:
    CompetenceRule.objects.create(
        slug="night-market",
        rung="field",
        subfields=["urban-order.noise"],
        facts={"system": "cho-dem"},
        lead="commune-culture-society-office",
        legal="no",
        reason="chợ đêm do phòng văn hóa quản lý",
        source="Quy chế chợ đêm",
    )
    found = assign("report", "urban-order.noise", HAI_CHAU, facts=Facts(system="cho-dem"), on=ON)
    assert code(found.lead) == "commune-culture-society-office:20242"
    assert "Quy chế chợ đêm" in found.reason


@pytest.mark.parametrize(
    ("kind", "subfield", "place", "against", "said"),
    [
        ("wish", "", HAI_CHAU, None, "Không có loại 'wish'"),
        ("report", "no.such", HAI_CHAU, None, "Không có tiểu lĩnh vực 'no.such'"),
        ("report", "", Place("99999"), None, "Không có xã, phường, đặc khu mã '99999'"),
        ("report", "", Place("", "99"), None, "Không có tỉnh, thành phố mã '99'"),
        (
            "report",
            "",
            HAI_CHAU,
            Against("department-of-love", "48"),
            "Không có cơ quan 'department-of-love:48'",
        ),
        ("report", "", HAI_CHAU, Against("commune-pasc", "20242", "boss"), "Vai trò 'boss'"),
    ],
)
def test_what_does_not_exist_is_named(
    kind: str, subfield: str, place: Place, against: Against | None, said: str
) -> None:
    with pytest.raises(FactError, match=said):
        assign(kind, subfield, place, against=against, on=ON)


def test_unknown_facts_are_handed_back() -> None:
    facts, ignored = Facts.read({"road_class": "national", "weather": "rain", "mood": 1, "online": None})
    assert facts == Facts(road_class="national")
    assert ignored == ["mood", "weather"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"road_class": "gravel"}, "road_class phải là một trong commune, provincial"),
        ({"online": "yes"}, "online không thể là 'yes'"),
        ({"online": 1}, "online không thể là 1"),
        ({"instance": 3}, "instance phải là 1 hoặc 2"),
        ({"instance": True}, "instance không thể là True"),
        ({"suspected": "arson"}, "suspected phải là một trong complaint, denunciation"),
        ({"dossier_at": "department-of-love"}, "dossier_at phải là một trong department-of-agriculture"),
        ({"previous_handler": [1]}, "previous_handler phải là mã loại cơ quan"),
    ],
)
def test_a_fact_that_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(FactError, match=said):
        Facts.read(given)


def test_a_plain_question_asked_again_is_not_worked_out_again_until_a_row_changes() -> None:
    def asked(on: dt.date = ON) -> Assignment:
        return assign("report", "urban-infrastructure.sidewalk", HAI_CHAU, on=on)

    first = asked()
    assert asked() is first
    assert asked(ON + dt.timedelta(days=1)) is not first
    Subfield.objects.get(slug="urban-infrastructure.sidewalk").save()
    assert asked() is not first
    assert asked() == first
