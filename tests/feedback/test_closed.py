"""Petitions of an agency that is no more: with its successor's people or in a list, never with nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role
from feedback import inbox
from feedback.forms import choices
from feedback.forms.desk import FOR
from feedback.hearers import names
from feedback.ladder import LADDER, Fallen, Level
from feedback.models import Petition
from feedback.steps import take
from feedback.workflow import OPEN
from routing.models import Agency, AgencySuccessor, Commune, CommuneSuccessor
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

HAI_CHAU, HOA_CUONG = make.HAI_CHAU, "commune-people-committee:20257"
ECONOMY = "commune-economy-office:20242"
LIST = "/xu-ly/?xem=giai-the"


def merge_communes(*into: str) -> None:
    """Hải Châu was closed yesterday; into whom it went, from today."""
    today = timezone.localdate()
    commune = Commune.objects.get(code="20242")
    commune.valid_to = today - dt.timedelta(days=1)
    commune.save()
    for code in into or ("20257",):
        CommuneSuccessor.objects.create(former=commune, successor_id=code, valid_from=today)


@pytest.mark.long
def test_what_a_closed_commune_led_stands_in_a_list_of_the_focal_point_until_somebody_has_it() -> None:
    theirs, others = make.petition("in_progress"), make.petition("in_progress", lead=make.CONSTRUCTION)
    focal_point = make.focal_point()
    assert theirs.printed_code not in words(at(focal_point).get(LIST))
    merge_communes()
    page = words(at(focal_point).get(LIST))
    assert theirs.printed_code in page
    assert others.printed_code not in page
    take(theirs, "transfer", by=focal_point, agency=HOA_CUONG, reason="Sáp nhập")
    assert theirs.printed_code not in words(at(focal_point).get(LIST))
    successor = make.handler(HOA_CUONG)
    assert theirs.printed_code in words(at(successor).get("/xu-ly/?xem=can-nhan"))


@pytest.mark.parametrize("state", sorted(OPEN))
def test_in_every_open_state_it_stands_there(state: str) -> None:
    petition = make.petition(state)
    Petition.objects.filter(pk=petition.pk).update(lead_id=ECONOMY)
    merge_communes()
    drawer = next(one for one in inbox.DRAWERS if one.slug == "giai-the")
    focal_point = make.focal_point()
    seen = Petition.objects.visible_to(focal_point)
    assert drawer.of(seen, focal_point, timezone.now()).filter(pk=petition.pk).exists()


@pytest.mark.long
def test_the_page_says_that_the_lead_is_no_more_and_offers_its_successor() -> None:
    petition = make.petition("assigned")
    merge_communes()
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/?lam=transfer"))
    assert "đã giải thể, ngày cuối" in page
    assert "tiếp nhận: UBND phường Hòa Cường" in page
    form = FOR["transfer"](petition=petition, by=make.focal_point())
    assert form.initial["agency"] == HOA_CUONG


@pytest.mark.parametrize("action", ["transfer", "lift"])
def test_nothing_is_given_to_an_agency_that_is_no_more(action: str) -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION)
    merge_communes()
    with pytest.raises(
        ValidationError, match=r"đã giải thể, không được giao\. Nay giao: UBND phường Hòa Cường"
    ):
        take(petition, action, by=make.focal_point(), agency=HAI_CHAU, reason="x")


@pytest.mark.long
def test_a_closed_office_without_successor_is_no_choice_and_its_petition_is_listed() -> None:
    petition = make.petition("assigned", lead=ECONOMY)
    office = Agency.objects.get(code=ECONOMY)
    office.valid_to = timezone.localdate() - dt.timedelta(days=1)
    office.save()
    page = words(at(make.focal_point()).get(LIST))
    assert petition.printed_code in page
    form = FOR["transfer"](petition=petition, by=make.focal_point())
    assert not form.initial["agency"]
    assert ECONOMY not in str(form)


def test_what_was_kept_from_a_body_is_kept_from_who_took_it_over() -> None:
    petition = make.petition("in_progress")
    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "head"}
    take(
        petition,
        "lift",
        by=make.focal_point(),
        agency="provincial-people-committee:48",
        reason="x",
        against=against,
    )
    person = make.users((Role.SUPERVISOR, HOA_CUONG, "48"))[0]
    assert Petition.objects.visible_to(person).filter(pk=petition.pk).exists()
    merge_communes()
    assert not Petition.objects.visible_to(person).filter(pk=petition.pk).exists()
    assert at(person).get(f"/xu-ly/{petition.code}/").status_code == 404


def test_an_agency_taken_over_by_its_own_row_is_followed_too() -> None:
    office = Agency.objects.get(code=ECONOMY)
    office.valid_to = timezone.localdate() - dt.timedelta(days=1)
    office.save()
    AgencySuccessor.objects.create(former=office, successor_id=HAI_CHAU, valid_from=timezone.localdate())
    petition = make.petition("assigned")
    Petition.objects.filter(pk=petition.pk).update(lead_id=ECONOMY)
    form = FOR["transfer"](petition=Petition.objects.get(pk=petition.pk), by=make.focal_point())
    assert form.initial["agency"] == HAI_CHAU


def test_nor_is_it_erased_by_an_administrator_of_who_took_the_body_over() -> None:
    petition = make.petition("in_progress")
    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "head"}
    lead = "provincial-people-committee:48"
    take(petition, "lift", by=make.focal_point(), agency=lead, reason="x", against=against)
    person = make.users((Role.ADMINISTRATOR, HOA_CUONG, "48"))[0]
    assert Petition.objects.erasable_by(person).filter(pk=petition.pk).exists()
    merge_communes()
    assert not Petition.objects.erasable_by(person).filter(pk=petition.pk).exists()


# --- whoever goes on with the work of the accused -----------------------------------------------------------


@pytest.fixture
def taken_over() -> Petition:
    """It complains of Hải Châu's chair; then Hải Châu was merged into Hòa Cường."""
    petition = make.petition("in_progress", anew=True)
    chair = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "head"}
    take(petition, "lift", by=make.focal_point(), reason="x", against=chair)
    merge_communes()
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.long
def test_whoever_goes_on_with_the_work_of_the_accused_is_given_nothing(taken_over: Petition) -> None:
    tried: dict[str, dict[str, Any]] = {
        "transfer": {"agency": HOA_CUONG, "reason": "x"},
        "coordinate": {
            "agencies": ["commune-people-committee-chair:20257"],
            "question": "x",
            "day": "2099-01-01",
        },
    }
    for action, told in tried.items():
        if action == "coordinate":
            take(taken_over, "accept", by=make.handler(taken_over.lead_id or ""))
        with pytest.raises(ValidationError, match="bên bị phản ánh"):
            take(taken_over, action, by=make.focal_point(), **told)
    offered = {code for code, _name in choices.neighbours(taken_over)}
    assert make.CONSTRUCTION in offered
    assert HOA_CUONG not in str(choices.agencies(taken_over, "transfer"))


def test_the_ladder_tells_nobody_of_those_who_go_on_with_it(taken_over: Petition) -> None:
    theirs = make.user(Role.SUPERVISOR, HOA_CUONG, "48")
    outside = make.user(Role.SUPERVISOR, "", "48")
    now, rung = timezone.now(), next(rung for rung in LADDER if Level.SUPERVISOR in rung.tells)
    told = names(taken_over, [Fallen(rung, now, now)], on=timezone.localdate())
    assert outside.username in told
    assert theirs.username not in told
