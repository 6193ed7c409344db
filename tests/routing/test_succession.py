"""Units that are no more: who goes on with their work, whom it is kept from, and where one has to ask."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from classifier.places import shipped
from routing.assignment import Against, Assignment, Facts, assign, excluded_by
from routing.models import Agency, AgencySuccessor, Commune, CommuneSuccessor
from routing.places import Place, UnknownPlaceError, locate

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 26)
YESTERDAY, TOMORROW = ON - dt.timedelta(days=1), ON + dt.timedelta(days=1)
HAI_CHAU, HOA_CUONG, THANH_KHE = "20242", "20257", "20209"
NOISE = "urban-order.noise"


def close(row: Agency | Commune, *successors: str) -> None:
    row.valid_to = YESTERDAY
    row.save()
    model = CommuneSuccessor if isinstance(row, Commune) else AgencySuccessor
    for code in successors:
        model.objects.create(former_id=row.pk, successor_id=code, valid_from=ON, source="NQ thử")


def close_commune(*successors: str) -> None:
    close(Commune.objects.get(code=HAI_CHAU), *successors)


def routed(
    kind: str = "report", against: Against | None = None, on: dt.date = ON, **facts: object
) -> Assignment:
    return assign(kind, NOISE, Place(HAI_CHAU, "48"), facts=Facts(**facts), against=against, on=on)  # type: ignore[arg-type]


def lead(found: Assignment) -> str:
    return found.lead.code if found.lead else ""


def test_of_a_closed_commune_its_one_successor_answers_from_the_day_on() -> None:
    before = lead(routed())
    close_commune(HOA_CUONG)
    assert lead(routed(on=YESTERDAY)) == before
    today = routed()
    assert (today.outcome, lead(today)) == ("agency", before.replace(HAI_CHAU, HOA_CUONG))
    assert today.reason.endswith("; phường Hải Châu nay thuộc phường Hòa Cường.")


def test_between_several_successors_the_citizen_is_asked_and_told_which() -> None:
    close_commune(HOA_CUONG, THANH_KHE)
    asked = routed()
    assert (asked.outcome, asked.rule) == ("ask_territory", "closed-unit")
    assert "(phường Thanh Khê, phường Hòa Cường)" in asked.reason


def test_a_successor_that_was_closed_in_its_turn_hands_on() -> None:
    close_commune(HOA_CUONG)
    close(Commune.objects.get(code=HOA_CUONG), THANH_KHE)
    assert lead(routed()).endswith(THANH_KHE)


def test_a_succession_from_tomorrow_says_nothing_today() -> None:
    close_commune()
    CommuneSuccessor.objects.create(former_id=HAI_CHAU, successor_id=HOA_CUONG, valid_from=TOMORROW)
    assert routed().outcome == "ask_territory"
    assert routed(on=TOMORROW).outcome == "agency"


@pytest.mark.parametrize("picked", [True, False])
def test_a_place_that_is_no_more_is_its_successor(picked: bool) -> None:
    named = () if picked else shipped().find("ở phường Hải Châu", home="48")
    close_commune(HOA_CUONG)
    found = locate(named, picked=HAI_CHAU if picked else "", home="48", on=ON)
    assert (found.outcome, found.unit) == ("unit", HOA_CUONG)


def test_a_picked_commune_that_was_divided_gives_choices() -> None:
    close_commune(HOA_CUONG, THANH_KHE)
    found = locate((), picked=HAI_CHAU, on=ON)
    assert (found.outcome, found.province, found.choices) == ("choices", "48", (THANH_KHE, HOA_CUONG))


def test_a_picked_commune_that_is_no_more_and_has_no_successor_is_no_place() -> None:
    close_commune()
    with pytest.raises(UnknownPlaceError):
        locate((), picked=HAI_CHAU, on=ON)


def test_a_closed_agency_has_its_work_done_by_its_one_successor() -> None:
    close(
        Agency.objects.get(code=f"commune-economy-office:{HAI_CHAU}"), f"commune-people-committee:{HAI_CHAU}"
    )
    found = assign("report", "urban-infrastructure.sidewalk", Place(HAI_CHAU, "48"), on=ON)
    assert lead(found) == f"commune-people-committee:{HAI_CHAU}"


def test_between_several_agencies_the_focal_point_chooses() -> None:
    committee, office = f"commune-people-committee:{HAI_CHAU}", f"commune-culture-society-office:{HAI_CHAU}"
    close(Agency.objects.get(code=f"commune-economy-office:{HAI_CHAU}"), committee, office)
    found = assign("report", "urban-infrastructure.sidewalk", Place(HAI_CHAU, "48"), on=ON)
    assert (found.outcome, lead(found)) == ("focal_point", "feedback-focal-point:48")


def test_a_closed_department_takes_its_head_with_it() -> None:
    close(Agency.objects.get(code="department-of-construction:48"), "department-of-finance:48")
    against = Against("department-of-construction", "48", "staff")
    found = assign(
        "denunciation", NOISE, Place("", "48"), against=against, facts=Facts(formal_petition=True), on=ON
    )
    assert lead(found) == "department-head:department-of-finance:48"
    assert "việc của Sở Xây dựng TP Đà Nẵng nay do Sở Tài chính TP Đà Nẵng tiếp nhận" in found.reason


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("complaint", f"commune-people-committee-chair:{HOA_CUONG}"),
        ("denunciation", "provincial-people-committee-chair:48"),
    ],
)
def test_whoever_took_over_from_the_accused_answers_as_it_would(kind: str, expected: str) -> None:
    close_commune(HOA_CUONG)
    against = Against("commune-people-committee", HAI_CHAU, "head")
    assert lead(routed(kind, against, formal_petition=True)) == expected


def test_whoever_took_over_from_the_accused_neither_leads_nor_reads() -> None:
    close_commune(HOA_CUONG, THANH_KHE)
    against = Against("commune-people-committee", HAI_CHAU, "unit")
    heirs = {f"commune-people-committee:{code}" for code in (HOA_CUONG, THANH_KHE)}
    assert heirs <= set(routed("report", against).excluded)
    assert heirs <= excluded_by(against, ON)
    assert not heirs & excluded_by(against, YESTERDAY)


FOCAL_POINT, PROVINCE = "feedback-focal-point:48", "provincial-people-committee:48"


@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [
        ("complaint", "unit", FOCAL_POINT),  # nobody knows who stands for whoever decided
        ("denunciation", "staff", FOCAL_POINT),
        ("report", "staff", FOCAL_POINT),
        ("report", "head", PROVINCE),  # its superior is known
        ("report", "unit", PROVINCE),
        ("denunciation", "head", "provincial-people-committee-chair:48"),
        ("denunciation", "deputy", "provincial-people-committee-chair:48"),
    ],
)
def test_a_closed_body_without_one_successor_leads_nothing(kind: str, role: str, expected: str) -> None:
    close_commune()
    against = Against("commune-people-committee", HAI_CHAU, role)
    place = Place(HAI_CHAU, "48")
    assert lead(assign(kind, "admin-services.staff-attitude", place, against=against, on=ON)) == expected


def test_nobody_is_heir_to_himself() -> None:
    CommuneSuccessor.objects.create(former_id=HAI_CHAU, successor_id=HOA_CUONG)
    CommuneSuccessor.objects.create(former_id=HOA_CUONG, successor_id=THANH_KHE)
    for former, successor in ((THANH_KHE, HAI_CHAU), (THANH_KHE, THANH_KHE)):
        with pytest.raises(ValidationError, match="dẫn về chính"):
            CommuneSuccessor.objects.create(former_id=former, successor_id=successor)
