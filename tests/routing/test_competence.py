"""Rows of competence: the more specific decides, a tie is refused, each day has its own rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from routing.assignment import Against, Assignment, Facts, assign
from routing.facts import KINDS
from routing.kept import one_version
from routing.models import Agency, Commune, CompetenceRule, OutsideBody
from routing.places import Place
from tests.routing.paths import failing, fields_by_subfield, of_every_accused, of_every_row

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 26)
TOMORROW = ON + dt.timedelta(days=1)
HAI_CHAU = Place("20242", "48")
NOISE = "urban-order.noise"
ECONOMY, CULTURE = "commune-economy-office", "commune-culture-society-office"


def rule(slug: str, **columns: Any) -> CompetenceRule:
    """A row about noise; what is not told is as for a plain local rule."""
    plain = {"subfields": [NOISE], "lead": ECONOMY, "legal": "no", "reason": "thử", "source": "Quy chế thử"}
    return CompetenceRule.objects.create(slug=slug, **plain | columns)


def routed(kind: str = "report", place: Place = HAI_CHAU, on: dt.date = ON, **facts: Any) -> Assignment:
    return assign(kind, NOISE, place, facts=Facts(**facts), on=on)


# --- which row decides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"subfields": [], "fields": ["urban-order"]}, {}),
        ({"subfields": []}, {"subfields": [], "fields": ["urban-order"]}),
        ({}, {"kinds": ["report"]}),
        ({"kinds": ["report"]}, {"province_id": "48"}),
        ({"province_id": "48"}, {"commune_id": "20242"}),
        ({"province_id": "48"}, {"subfields": [], "facts": {"system": "s"}}),
        ({"facts": {"system": "s"}}, {"facts": {"system": "s", "online": True}}),
        ({"rung": "field", "facts": {"system": "s"}}, {"rung": "line"}),
        ({"rung": "line"}, {"rung": "crime"}),
    ],
)
def test_the_more_specific_row_decides_in_whatever_order_they_were_saved(
    less: dict[str, Any], more: dict[str, Any]
) -> None:
    rule("zz-more", **more | {"lead": CULTURE})
    rule("aa-less", **less)
    found = routed(system="s", online=True)
    assert found.rule == "zz-more"
    assert found.lead is not None
    assert found.lead.type_id == CULTURE


def test_a_row_of_another_province_commune_kind_or_fact_says_nothing() -> None:
    rule("elsewhere", province_id="01")
    rule("next-door", commune_id="20194")
    rule("asked", kinds=["question"])
    rule("wired", facts={"system": "s"})
    assert routed().rule == "taxonomy"
    assert routed(kind="question").rule == "asked"
    assert routed(place=Place("20194", "48")).rule == "next-door"


def test_a_row_may_ask_what_sort_of_commune_it_is_and_who_is_complained_of() -> None:
    rule("in-a-ward", facts={"unit_type": "ward"})
    rule(
        "of-police", facts={"accused_type": "commune-police", "accused_role": ["unit", "head"]}, lead=CULTURE
    )
    police = Against("commune-police", "20242", "head")
    assert routed().rule == "in-a-ward"
    assert routed(place=Place("00376", "01")).rule == "taxonomy"
    assert assign("report", NOISE, HAI_CHAU, against=police, on=ON).rule == "of-police"


def test_a_row_brings_its_own_limit_coordinators_and_bodies() -> None:
    rule(
        "whole",
        policy_id="field-7d",
        coordinators=["commune-police"],
        accountable="commune-people-committee",
        executing=CULTURE,
    )
    found = routed()
    assert found.deadline_policy == "field-7d"
    assert [helper.code for helper in found.coordinators] == ["commune-police:20242"]
    assert found.accountable is not None
    assert found.executing is not None
    assert found.accountable.code == "commune-people-committee:20242"
    assert found.executing.code == f"{CULTURE}:20242"
    assert found.source == "Quy chế thử"


# --- what is refused when a row is saved ------------------------------------------------------------------


@pytest.mark.parametrize("source", ["", "  "])
def test_a_row_that_rests_on_nothing_is_refused(source: str) -> None:
    with pytest.raises(ValidationError, match="Xin ghi nguồn"):
        rule("rests-on-nothing", source=source)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"subfields": [NOISE, "urban-order.illegal-ads"]}, {}),
        ({"facts": {"system": ["a", "b"]}}, {"facts": {"system": "b"}}),
        ({"facts": {"system": "a"}}, {"facts": {"online": True}}),
        ({"kinds": ["report", "question"]}, {"kinds": ["report"]}),
        ({"province_id": "48"}, {"province_id": "48"}),
        ({"valid_to": ON}, {"valid_from": ON}),
    ],
)
def test_two_rows_that_decide_one_case_with_equal_right_are_refused(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    rule("one", **one)
    with pytest.raises(ValidationError, match="ngang hàng với “one”"):
        rule("other", **other)
    assert not CompetenceRule.objects.filter(slug="other").exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"facts": {"system": "a"}}, {"facts": {"system": "b"}}),
        ({"kinds": ["report"]}, {"kinds": ["question"]}),
        ({"province_id": "48"}, {"province_id": "01"}),
        ({"valid_to": ON}, {"valid_from": TOMORROW}),
        ({"rung": "line"}, {"rung": "field"}),
    ],
)
def test_rows_that_never_meet_stand_side_by_side(one: dict[str, Any], other: dict[str, Any]) -> None:
    rule("one", **one)
    assert rule("other", **other).pk == "other"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"lead": "department-of-love"}, "Không có loại cơ quan “department-of-love”"),
        ({"lead": ""}, "Xin chọn cơ quan chủ trì"),
        ({"coordinators": ["nobody"]}, "Không có loại cơ quan “nobody”"),
        ({"subfields": ["no.such"]}, "Không có mã “no.such”"),
        ({"kinds": ["wish"]}, "Không có loại “wish”"),
        ({"facts": {"weather": "rain"}}, "Không có dữ kiện 'weather'"),
        ({"facts": {"road_class": ["national", "gravel"]}}, "road_class phải là một trong"),
        ({"facts": {"accused_role": "boss"}}, "accused_role phải là một trong"),
        ({"outcome": "redirect_out", "lead": "", "outside": "mars"}, "Xin chọn nơi hướng dẫn đến"),
        ({"valid_from": ON, "valid_to": ON - dt.timedelta(days=9)}, "Ngày hết hiệu lực phải sau"),
    ],
)
def test_a_row_that_points_nowhere_is_refused_with_a_sentence(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        rule("broken", **columns)


# --- days -------------------------------------------------------------------------------------------------


def test_a_rule_changed_from_tomorrow_decides_from_tomorrow() -> None:
    old = rule("old", lead=ECONOMY)
    old.valid_to = ON
    old.save()
    rule("new", lead=CULTURE, valid_from=TOMORROW)
    assert [routed(on=day).rule for day in (ON, TOMORROW)] == ["old", "new"]


def close(model: Any, code: str) -> None:
    row = model.objects.get(code=code)
    row.valid_to = ON - dt.timedelta(days=1)
    row.save()


@pytest.mark.parametrize("kind", ["report", "complaint", "denunciation", "question"])
def test_a_commune_closed_yesterday_leads_nothing_from_today(kind: str) -> None:
    close(Commune, "20242")
    today, yesterday = routed(kind), routed(kind, on=ON - dt.timedelta(days=1))
    assert today.lead is not None
    assert today.lead.commune_id is None
    assert yesterday.lead is not None
    assert yesterday.lead != today.lead or kind == "denunciation"


def test_of_a_closed_commune_the_citizen_is_asked_where_it_lies_today_and_a_department_goes_on() -> None:
    close(Commune, "20242")
    asked = routed()
    assert (asked.outcome, asked.rule) == ("ask_territory", "closed-unit")
    assert "phường Hải Châu đã sáp nhập hoặc giải thể" in asked.reason
    lamps = assign("report", "urban-infrastructure.street-lighting", HAI_CHAU, on=ON)
    assert lamps.lead is not None
    assert lamps.lead.code == "department-of-construction:48"


def test_superiors_that_somebody_entered_in_a_ring_end() -> None:
    codes = ("commune-people-committee:20242", "provincial-people-committee:48")
    ward, province = (Agency.objects.get(pk=code) for code in codes)
    assert province in ward.superiors()
    Agency.objects.filter(pk=province.pk).update(superior=ward)
    again = Agency.objects.get(pk=ward.pk)
    assert [one.pk for one in again.superiors()] == [province.pk]


def test_an_agency_closed_yesterday_leads_nothing_and_is_no_superior() -> None:
    close(Agency, "commune-economy-office:20242")
    found = assign("report", "urban-infrastructure.sidewalk", HAI_CHAU, on=ON)
    assert found.lead is not None
    assert found.lead.code == "feedback-focal-point:48"
    close(Agency, "department-of-construction:48")
    company = Against("drainage-company", "48")
    raised = assign("report", "transport.traffic-signals", HAI_CHAU, against=company, on=ON)
    assert raised.lead is not None
    assert raised.lead.code == "feedback-focal-point:48"


# --- outside ----------------------------------------------------------------------------------------------


def test_every_redirection_tells_name_address_and_what_to_bring() -> None:
    for row in OutsideBody.objects.all():
        assert row.name, row.slug
        assert row.address, row.slug
        assert row.bring, row.slug


def test_the_row_of_a_province_goes_before_the_one_of_the_country() -> None:
    own = {"name": "Tòa án nhân dân khu vực 1", "address": "374 Núi Thành", "phone": "0236 3621 345"}
    OutsideBody.objects.create(slug="court", province_id="48", **own)
    here, there = (
        assign("report", "land.land-dispute", place, facts=Facts(court_accepted=True), on=ON).address
        for place in (HAI_CHAU, Place("00376", "01"))
    )
    assert here is not None
    assert there is not None
    assert (here["body"], here["address"], here["phone"]) == tuple(own.values())
    assert there["body"] == "Tòa án nhân dân đang thụ lý vụ việc"


# --- cost -------------------------------------------------------------------------------------------------


def test_once_read_the_tables_answer_without_a_query() -> None:
    accused = Against("commune-people-committee", "20242", "head")
    with one_version():
        for kind in ("report", "complaint", "denunciation"):
            assign(kind, NOISE, HAI_CHAU, against=accused, on=ON)
        with CaptureQueriesContext(connection) as asked:
            for kind in ("report", "complaint", "denunciation", "praise", "spam"):
                for place in (HAI_CHAU, Place("20194", "48"), Place("", "48")):
                    assign(kind, NOISE, place, against=accused, on=ON)
                    assign(kind, "transport.road-surface", place, facts=Facts(road_class="bot"), on=ON)
    assert len(asked) == 0


# --- every way --------------------------------------------------------------------------------------------

# What answers say of how they came about, where no row of the table did.
BY_NO_ROW = {
    *("taxonomy", "spam", "praise", "conflict-of-interest", "suspected-complaint", "suspected-denunciation"),
    *("complaint-first-instance", "complaint-second-instance", "denunciation-of-head"),
    *("denunciation-of-staff", "accused-unknown", "beyond-the-province", "focal-point", "ask-territory"),
    *("already-answered", "closed-unit", "after-the-minister"),
}


@pytest.mark.long
def test_every_row_in_each_of_its_ways_ends_at_somebody_who_is_there() -> None:
    met = set()
    with one_version():
        for place in (HAI_CHAU, Place("00376", "01")):
            ways = list(of_every_row(place, ON))
            assert [way for way in ways if way[1]] == []
            met |= {row for row, _wrong in ways}
    rows = CompetenceRule.objects.exclude(rung="ministry").values_list("slug", flat=True)
    assert met >= set(rows), "a row that nothing leads to"


@pytest.mark.long
def test_every_subfield_and_kind_ends_at_somebody_who_is_there() -> None:
    with one_version():
        wrong = [
            (kind, slug, place.commune, said)
            for place in (HAI_CHAU, Place("00376", "01"), Place("26732", "79"), Place("", "48"), Place())
            for kind in KINDS
            for slug in ["", *fields_by_subfield()]
            if (said := failing(assign(kind, slug, place, on=ON), ON))
        ]
    assert wrong == []


def test_whoever_is_complained_of_neither_leads_nor_helps_in_any_field() -> None:
    first_of_field = {field: slug for slug, field in reversed(fields_by_subfield().items())}
    with one_version():
        ways = list(of_every_accused(HAI_CHAU, ON, first_of_field.values()))
    assert [way for way in ways if way[1]] == []
    rows = set(CompetenceRule.objects.values_list("slug", flat=True))
    assert {row for row, _wrong in ways} <= BY_NO_ROW | rows


BROKEN = [
    ({"facts": [1]}, "Cần dữ kiện theo tên"),
    ({"facts": {"road_class": []}}, "road_class chưa có giá trị"),
    ({"kinds": [1]}, "Cần một danh sách mã"),
    ({"commune_id": "20242", "province_id": "01"}, "không thuộc tỉnh, thành phố đã chọn"),
]


@pytest.mark.parametrize(("columns", "said"), BROKEN)
def test_what_holds_nowhere_or_is_no_list_is_told(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        rule("one", **columns)


SAME = [
    (
        {"subfields": ["urban-order.noise"], "fields": ["urban-order"]},
        {"subfields": ["urban-order.noise"], "fields": ["transport"]},
    ),
    ({"commune_id": "20242"}, {"commune_id": "20242", "province_id": "48"}),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_field_beside_a_subfield_and_a_province_beside_its_commune_tell_no_two_rows_apart(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    rule("one", **one)
    with pytest.raises(ValidationError, match="ngang hàng với “one”"):
        rule("other", **other)


@pytest.mark.parametrize("subfield", ["industrial-pollution", "water-pollution", "mineral-mining"])
def test_what_crosses_a_border_is_held_together_by_the_ministry_of_the_field(subfield: str) -> None:
    facts = Facts(cross_province=True, source_province_code="48")
    found = assign("report", f"environment.{subfield}", Place("", "01"), facts=facts, on=ON)
    assert found.lead is not None
    assert found.lead.code == "department-of-agriculture-environment:48"
    assert "ministry-of-agriculture-environment" in {helper.code for helper in found.coordinators}
