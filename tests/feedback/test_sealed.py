"""A suspected or formal complaint or denunciation leaves every public flow at once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Role, User
from feedback.models import Clock, Petition, PublicPetition
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make

pytestmark = pytest.mark.django_db


def officer() -> User:
    return make.user(Role.PETITION_OFFICER, make.FOCAL_POINT, "48")


def test_sealing_takes_the_public_copy_and_ends_the_clock_without_result() -> None:
    petition = make.petition("answered")
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè")
    take(petition, "seal", by=make.handler(), kind="denunciation")
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.state, petition.lead_id) == ("received", make.FOCAL_POINT)
    assert not PublicPetition.objects.exists()
    assert petition.policy_id == "denunciation"


def test_sealing_voids_a_running_resolve_clock_and_reclassifying_lets_it_go_on() -> None:
    petition = make.petition("in_progress")
    due = petition.due_at
    take(petition, "seal", by=make.handler(), kind="complaint")
    assert Clock.objects.get(petition=petition, step="resolve").result == "void"
    take(petition, "reclassify", by=officer(), kind="report", why="Chỉ là phản ánh")
    petition = Petition.objects.get(pk=petition.pk)
    clock = Clock.objects.get(petition=petition, step="resolve")
    assert (clock.result, clock.ended_at) == ("", None)
    assert (petition.sealed, petition.due_at) == (False, due)


def test_away_from_the_law_only_the_petition_officer_leads() -> None:
    petition = make.petition("submitted")
    take(petition, "seal", by=SYSTEM, kind="complaint")
    for person in (make.focal_point(), make.handler()):
        with pytest.raises(PermissionDenied):
            take(petition, "reclassify", by=person, kind="report", why="Không phải khiếu nại")


def test_receiving_cannot_turn_a_complaint_into_a_report() -> None:
    petition = make.petition("submitted")
    take(petition, "seal", by=SYSTEM, kind="complaint")
    with pytest.raises(ValidationError):
        take(petition, "receive", by=make.focal_point(), kind="report")


def test_the_system_seals_a_suspected_one_and_it_stays_submitted() -> None:
    petition = make.petition("submitted")
    take(petition, "seal", by=SYSTEM, kind="denunciation")
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.state, petition.sealed) == ("submitted", True)
    administrator, operator = make.user(Role.ADMINISTRATOR), make.user(Role.OPERATOR, province="48")
    for person in (administrator, operator, make.reviewer()):
        assert not Petition.objects.visible_to(person).exists()
    for person in (make.focal_point(), officer()):
        assert Petition.objects.visible_to(person).exists()
