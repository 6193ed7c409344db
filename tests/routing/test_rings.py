"""Superiors in a ring: no form and no table takes one, and every walk up ends though one stands there."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from feedback.accused import receiver, watching
from feedback.hearers import names
from feedback.ladder import LADDER, Fallen
from feedback.models import Exclusion
from routing.admin import AgencyForm
from routing.assignment import Against, Facts, assign
from routing.assignment.bodies import above
from routing.assignment.case import Case
from routing.importing import looked_through
from routing.models import Agency, ReferenceState
from routing.places import Place
from routing.succession import successions
from routing.superiors import over
from tests import make

pytestmark = pytest.mark.django_db

WARD, ECONOMY, PASC = make.HAI_CHAU, "commune-economy-office:20242", "commune-pasc:20242"
PROVINCE, DEPARTMENT = "provincial-people-committee:48", "department-of-construction:48"
RINGS_OF_THE_WARD = [(ECONOMY, WARD), (PASC, ECONOMY, WARD)]  # each under the next, the last under the first
RINGS_OF_THE_PROVINCE = [(make.FOCAL_POINT, PROVINCE), (make.FOCAL_POINT, DEPARTMENT, PROVINCE)]
HAI_CHAU = Place("20242", "48")
ON = dt.date(2026, 11, 29)

of_the_ward = pytest.mark.parametrize("ring", RINGS_OF_THE_WARD)
of_the_province = pytest.mark.parametrize("ring", RINGS_OF_THE_PROVINCE)


def entered(*ring: str) -> None:
    """As nobody can by a form: straight into the table."""
    for one, superior in pairwise([*ring, ring[0]]):
        Agency.objects.filter(pk=one).update(superior=superior)
    ReferenceState.touch()


@pytest.mark.parametrize("ring", [*RINGS_OF_THE_WARD, *RINGS_OF_THE_PROVINCE, (DEPARTMENT,)])
def test_none_is_taken_by_hand(ring: tuple[str, ...]) -> None:
    for one, superior in pairwise(ring):
        Agency.objects.filter(pk=one).update(superior=superior)
    last = Agency.objects.get(pk=ring[-1])
    last.superior = Agency.objects.get(pk=ring[0])
    with pytest.raises(ValidationError, match="ở dưới chính cơ quan"):
        last.full_clean()
    with pytest.raises(ValidationError, match="ở dưới chính cơ quan"):
        last.save()


def test_nor_by_a_table_row_after_row() -> None:
    text = f"code,superior\n{PASC},{ECONOMY}\n{WARD},{PASC}\n"
    first, second = looked_through(Agency, AgencyForm, text, keep=True)
    assert not first.errors
    assert "ở dưới chính cơ quan" in second.errors[0]
    assert Agency.objects.get(pk=PASC).superior_id == WARD


@pytest.mark.parametrize("ring", [*RINGS_OF_THE_WARD, *RINGS_OF_THE_PROVINCE])
def test_superiors_are_each_once_and_never_oneself(ring: tuple[str, ...]) -> None:
    entered(*ring)
    first = Agency.objects.get(pk=ring[0])
    assert [one.pk for one in first.superiors()] == [*ring[1:]]
    assert [one.pk for one in over(first)] == [*ring[1:]]


@of_the_ward
def test_the_superior_that_stands_is_nobody_where_all_are_closed(ring: tuple[str, ...]) -> None:
    entered(*ring)
    Agency.objects.filter(pk__in=ring).update(valid_to=ON - dt.timedelta(days=1))
    ReferenceState.touch()
    case = Case("report", None, HAI_CHAU, Facts(), ON)
    agency = case.tables.agency(ring[0])
    assert agency is not None
    assert above(agency, case) is None


@of_the_ward
@pytest.mark.parametrize("role", ["unit", "head", "deputy", "staff"])
@pytest.mark.parametrize("kind", ["report", "complaint", "denunciation"])
def test_whoever_decides_is_found_or_said_to_be_outside(ring: tuple[str, ...], role: str, kind: str) -> None:
    entered(*ring)
    for instance in (0, 2):
        facts = Facts(instance=instance, formal_petition=True)
        told = assign(kind, make.SIDEWALK, HAI_CHAU, facts=facts, against=Against.of(WARD, role), on=ON)
        assert told.lead is None or told.lead.code not in told.excluded
        assert told.lead or told.address


@of_the_province
def test_the_intake_that_is_complained_of_is_not_asked(ring: tuple[str, ...]) -> None:
    entered(*ring)
    told = assign("report", "", HAI_CHAU, against=Against.of(make.FOCAL_POINT), on=ON)
    assert told.lead is None or told.lead.code not in told.excluded
    petition = make.petition("received")
    assert receiver(petition, {ring[0]}) == ring[1]
    assert receiver(petition, set(ring)) == ""


@of_the_ward
def test_who_approves_hears_and_watches_is_found(ring: tuple[str, ...]) -> None:
    petition = make.petition("in_progress", lead=ring[0])
    entered(*ring)
    approver = make.approver(ring[-1])
    fallen = [Fallen(rung, of=timezone.now(), at=timezone.now()) for rung in LADDER]
    assert approver.username in names(petition, fallen, on=ON)
    assert set(ring[1:]) <= watching(petition)
    assert petition.superior_id == ring[1]
    Exclusion.objects.bulk_create(Exclusion(petition=petition, agency_id=code) for code in ring)
    petition.forget_exclusions()
    assert petition.superior_id is None


def test_two_heads_over_one_another_stand() -> None:
    chair, director = "commune-people-committee-chair:20242", f"department-head:{DEPARTMENT}"
    entered(chair, director)
    assert chair not in successions().closed(ON)
    case = Case("report", None, HAI_CHAU, Facts(), ON)
    agency = case.tables.agency(chair)
    assert agency is not None
    assert case.stands(agency)
