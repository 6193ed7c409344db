"""To whom a petition is handed on: whom the form offers the action takes; to another province it goes not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from feedback import facts
from feedback.forms.desk import FOR
from feedback.models import Petition
from feedback.moving import Move
from feedback.steps import take
from routing import assignment
from routing.models import Agency, AgencySuccessor
from tests import make

pytestmark = pytest.mark.django_db

PROVINCE, CHAIR = "provincial-people-committee:48", "provincial-people-committee-chair:48"
WARD_CHAIR = "commune-people-committee-chair:20242"
MINISTER = "minister:ministry-of-construction"
LEADS = (
    make.HAI_CHAU,
    WARD_CHAIR,
    "commune-economy-office:20242",
    "commune-police:20242",
    make.CONSTRUCTION,
    make.FOCAL_POINT,
    PROVINCE,
    "ministry-of-construction",
    "drainage-company:48",
)
ELSEWHERE = ("commune-people-committee:00004", "department-of-construction:01", "feedback-focal-point:01")
ACCUSED = {"agency_type": "feedback-focal-point", "unit_code": "48", "role": "unit"}
AT_LAW = {"kind": "denunciation", "sealed": True}


def led_by(lead: str, state: str = "in_progress", **columns: Any) -> Petition:
    petition = make.petition(state)
    Petition.objects.filter(pk=petition.pk).update(lead=lead, **columns)
    return Petition.objects.get(pk=petition.pk)


def offered(petition: Petition, action: str, by: User) -> dict[str, list[str]]:
    """Group -> codes, in the order of the form."""
    widget: Any = FOR[action](petition=petition, by=by).fields["agency"].widget
    return {name: [code for code, _name in rows] for name, rows in widget.choices if isinstance(rows, list)}


@pytest.mark.long
@pytest.mark.parametrize(
    ("action", "at_law"), [("assign", False), ("transfer", False), ("lift", False), ("lift", True)]
)
@pytest.mark.parametrize("lead", LEADS)
def test_what_is_offered_is_taken(lead: str, action: str, at_law: bool) -> None:
    state = "received" if action == "assign" else "in_progress"
    petition = led_by(lead, state, **(AT_LAW if at_law else {}))
    groups = offered(petition, action, make.focal_point())
    codes = {code for rows in groups.values() for code in rows}
    assert codes
    today = timezone.localdate()
    move = Move(action, petition, today)
    for code in codes:
        facts.clean(action, {"agency": code, "reason": "x"}, petition=petition, today=today)
        move.refuse(code)
    assert lead not in codes or action == "assign"


@pytest.mark.parametrize("lead", LEADS)
def test_what_is_not_offered_in_its_own_province_is_refused(lead: str) -> None:
    petition, today = led_by(lead), timezone.localdate()
    codes = {code for rows in offered(petition, "lift", make.focal_point()).values() for code in rows}
    move, known = Move("lift", petition, today), assignment.tables()
    bodies = Agency.objects.filter(province="48", type__kind="body", level="province")
    for code in bodies.values_list("pk", flat=True):
        agency = known.agency(code)
        assert agency is not None
        assert (code in codes) == (move.why_not(agency) == ""), code


@pytest.mark.parametrize(
    ("lead", "over"),
    [
        ("commune-economy-office:20242", [WARD_CHAIR, make.HAI_CHAU, PROVINCE, CHAIR]),
        (make.HAI_CHAU, [WARD_CHAIR, PROVINCE, CHAIR]),
        (WARD_CHAIR, [PROVINCE, CHAIR]),
        (make.CONSTRUCTION, [f"department-head:{make.CONSTRUCTION}", PROVINCE, CHAIR, MINISTER]),
        (PROVINCE, [CHAIR, MINISTER]),
        ("ministry-of-construction", [MINISTER]),
    ],
)
def test_a_lift_names_whoever_is_over_the_lead(lead: str, over: list[str]) -> None:
    groups = offered(led_by(lead), "lift", make.focal_point())
    by_rule = groups.get("Theo quy tắc, khi cơ quan chủ trì bị phản ánh", [])
    named_there = [code for code in over if code in by_rule]  # and not once more
    assert groups.get("Cấp trên của cơ quan chủ trì", []) == [one for one in over if one not in named_there]


@pytest.mark.parametrize("agency", ELSEWHERE)
@pytest.mark.parametrize("action", ["assign", "transfer", "lift"])
@pytest.mark.parametrize("at_law", [False, True])
def test_another_province_is_given_nothing_by_hand(action: str, agency: str, at_law: bool) -> None:
    state = "received" if action == "assign" else "in_progress"
    petition = led_by(
        make.CONSTRUCTION, state, **({"kind": "denunciation", "sealed": True} if at_law else {})
    )
    by = make.officer() if at_law and action != "transfer" else make.focal_point()
    if at_law and action == "transfer":
        by = make.approver(make.CONSTRUCTION)
    told: dict[str, Any] = {"agency": agency} | ({} if action == "assign" else {"reason": "x"})
    with pytest.raises(ValidationError, match="thuộc tỉnh, thành phố khác"):
        take(petition, action, by=by, **told)
    assert Petition.objects.get(pk=petition.pk).lead_id == make.CONSTRUCTION


def closed(code: str, heir: str) -> None:
    """Closed yesterday, its work gone to the heir."""
    office, today = Agency.objects.get(pk=code), timezone.localdate()
    office.valid_to = today - dt.timedelta(days=1)
    office.save()
    AgencySuccessor.objects.create(former=office, successor_id=heir, valid_from=today)


@pytest.mark.long
@pytest.mark.parametrize("action", ["transfer", "lift"])
def test_the_heir_of_a_closed_lead_takes_it_and_no_other_of_his_province(action: str) -> None:
    petition = led_by("customs-region:48")
    closed("customs-region:48", "customs-region:01")
    for other in ELSEWHERE:
        with pytest.raises(ValidationError, match="thuộc tỉnh, thành phố khác"):
            take(petition, action, by=make.focal_point(), agency=other, reason="x")
    assert "customs-region:01" in str(offered(petition, action, make.focal_point()))
    take(petition, action, by=make.focal_point(), agency="customs-region:01", reason="x")


def test_whom_the_tables_name_for_its_field_is_assigned_though_he_sits_elsewhere() -> None:
    heir = "department-of-construction:01"
    closed(make.CONSTRUCTION, heir)
    petition = led_by(make.FOCAL_POINT, "received", subfield="transport.traffic-signals")
    take(petition, "assign", by=make.focal_point(), agency=heir)


def test_where_it_lies_elsewhere_it_is_redirected_and_not_handed_over() -> None:
    """Its sender said so after the house had asked: the intake of here tells him where to go."""
    petition = led_by(make.FOCAL_POINT, "received", province="01", commune="00004")
    with pytest.raises(ValidationError, match="hướng dẫn người gửi đến đó"):
        take(petition, "assign", by=make.focal_point(), agency=ELSEWHERE[0])
    assert ELSEWHERE[0] not in str(offered(petition, "assign", make.focal_point()))
    with pytest.raises(ValidationError, match="Không quy tắc nào nêu được nơi khác"):
        take(petition, "lift", by=make.focal_point(), reason="x", against=ACCUSED)
    told: dict[str, Any] = {"body": "UBND phường Ba Đình", "address": "Hà Nội", "reason": "Ở Hà Nội"}
    take(petition, "redirect", by=make.focal_point(), **told)


@pytest.mark.parametrize("role", ["unit", "head"])
def test_what_lies_elsewhere_and_complains_of_its_lead_comes_to_the_intake_of_here(role: str) -> None:
    """The tables name who sits at its place; his province would neither see nor watch it."""
    petition = led_by(make.HAI_CHAU, "assigned", province="01", commune="00004")
    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": role}
    take(petition, "reclassify", by=make.focal_point(), why="Nói về chính phường", against=against)
    assert Petition.objects.get(pk=petition.pk).lead_id == "feedback-focal-point:48"


def test_where_the_head_over_the_accused_sits_elsewhere_it_is_said_what_to_do() -> None:
    """He has chosen no agency, so he is not asked to choose another."""
    petition = led_by(make.HAI_CHAU, province="01", commune="00004")
    clerk = {"agency_type": "commune-people-committee", "unit_code": "00004", "role": "staff"}
    with pytest.raises(ValidationError, match=r"ở tỉnh, thành phố khác, thuộc .* hướng dẫn người gửi đến đó"):
        take(petition, "lift", by=make.focal_point(), reason="Phản ánh cán bộ", against=clerk)


@pytest.mark.parametrize(("state", "action"), [("assigned", "return_"), ("in_progress", "lift")])
def test_no_agency_stands_twice_in_a_menu(state: str, action: str) -> None:
    form: Any = FOR[action](petition=make.petition(state), by=make.handler())
    _nobody, *groups = form.fields[form.agency_field].widget.choices
    codes = [code for _name, rows in groups for code, _agency in rows]
    assert len(codes) == len(set(codes)) > 3
