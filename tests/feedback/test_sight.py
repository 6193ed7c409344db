"""Who sees what: fetching is asking permission."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import Role, User
from feedback import workflow
from feedback.models import Exclusion, Petition
from feedback.permissions import can_see_contact
from feedback.steps import take
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

ELSEWHERE = "commune-people-committee:00367"


def sees(user: User, petition: Petition) -> bool:
    seen = Petition.objects.visible_to(user).filter(pk=petition.pk).exists()
    if isinstance(user, User):
        assert Petition.objects.visible_now(user).filter(pk=petition.pk).exists() is seen
    return seen


# Written out: who sees a petition that Hải Châu handles, by its state.
TABLE = [
    # role, agency, province, submitted, assigned, in_progress, pending_approval, answered
    (Role.HANDLER, make.HAI_CHAU, "", False, True, True, True, True),
    (Role.APPROVER, make.HAI_CHAU, "", False, True, True, True, True),
    (Role.HANDLER, make.CONSTRUCTION, "", False, False, False, False, False),
    (Role.HANDLER, ELSEWHERE, "", False, False, False, False, False),
    (Role.FOCAL_POINT, make.FOCAL_POINT, "48", True, True, True, True, True),
    (Role.PETITION_OFFICER, make.FOCAL_POINT, "48", True, True, True, True, True),
    (Role.FOCAL_POINT, "feedback-focal-point:01", "01", False, False, False, False, False),
    (Role.REVIEWER, make.FOCAL_POINT, "48", False, False, True, False, True),
    (Role.REVIEWER, "feedback-focal-point:01", "01", False, False, False, False, False),
    (Role.SUPERVISOR, "", "48", True, True, True, True, True),
    (Role.SUPERVISOR, "", "01", False, False, False, False, False),
    (Role.AUDITOR, "", "", True, True, True, True, True),
    (Role.ADMINISTRATOR, "", "", True, True, True, True, True),
    (Role.OPERATOR, make.FOCAL_POINT, "48", True, True, True, True, True),
    (Role.OPERATOR, "feedback-focal-point:01", "01", False, False, False, False, False),
    (Role.CITIZEN, "", "", False, False, False, False, False),
]
STATES = ("submitted", "assigned", "in_progress", "pending_approval", "answered")


def test_each_role_sees_what_is_written_here() -> None:
    petitions = {state: make.petition(state) for state in STATES}
    people = make.users(*((role, agency, province) for role, agency, province, *_expected in TABLE))
    for person, (role, agency, province, *expected) in zip(people, TABLE, strict=True):
        seen = [sees(person, petitions[state]) for state in STATES]
        assert seen == expected, (role, agency, province)


def test_nobody_who_is_not_signed_in_or_was_switched_off_sees_anything() -> None:
    petition = make.petition("answered")
    gone = make.handler()
    gone.is_active = False
    gone.save()
    assert not Petition.objects.visible_to(AnonymousUser()).exists()
    assert not sees(gone, petition)


def test_one_owns_what_one_filed_and_sees_it_from_no_desk() -> None:
    citizen = make.user()
    official = make.handler(make.CONSTRUCTION)
    for person in (citizen, official):
        petition = make.petition("in_progress", petitioner=person)
        assert list(Petition.objects.owned_by(person)) == [petition]
        assert not sees(person, petition)


def test_the_operator_sees_what_he_entered_wherever_it_went() -> None:
    operator = make.user(Role.OPERATOR, "feedback-focal-point:01", "01")
    petition, other = make.petition("in_progress", entered_by=operator), make.petition("in_progress")
    assert [sees(operator, petition), sees(operator, other)] == [True, False]


LED = ("in_progress", "assigned", "pending_approval", "answered")
LATER = [pytest.param(state, marks=pytest.mark.long) for state in LED[1:]]


def complained_about(state: str) -> tuple[Petition, list[User]]:
    """A petition about Hải Châu, and its three: who handles, who approves, who entered it."""
    operator = make.user(Role.OPERATOR, make.HAI_CHAU, "48")
    petition = make.petition(state, entered_by=operator)
    Exclusion.objects.create(petition=petition, agency_id=make.HAI_CHAU)
    return petition, [make.handler(), make.approver(), operator]


@pytest.mark.parametrize("state", LED)
def test_the_body_complained_about_sees_nothing_though_it_leads_or_entered_it(state: str) -> None:
    petition, people = complained_about(state)
    assert not any(sees(person, petition) for person in people)


@pytest.mark.parametrize("state", [LED[0], *LATER])
@pytest.mark.long
def test_no_page_shows_it_to_the_body_complained_about(state: str) -> None:
    petition, people = complained_about(state)
    for client in map(at, people):
        assert client.get(f"/xu-ly/{petition.code}/").status_code == 404
        assert petition.printed_code not in client.get("/xu-ly/").content.decode()


def test_a_confidential_matter_is_not_shown_to_the_reviewer() -> None:
    petition = make.petition("answered", subfield="public-security.crime-report")
    assert not sees(make.reviewer(), petition)


@pytest.mark.parametrize("hidden", [True, False])
def test_a_hidden_name_is_shown_to_the_focal_point_and_not_to_the_lead(hidden: bool) -> None:
    petition = make.petition("in_progress", name="Lê Văn C", hidden=hidden)
    assert can_see_contact(make.focal_point(), petition)
    assert can_see_contact(make.handler(), petition) is not hidden
    assert can_see_contact(make.holder(petition), petition)
    assert not can_see_contact(make.reviewer(), petition)
    assert not can_see_contact(make.user(Role.SUPERVISOR, "", "48"), petition)


def test_a_seal_sends_away_who_was_asked_to_help_until_asked_anew() -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION, anew=True)
    asked: dict[str, Any] = {"agencies": [make.HAI_CHAU], "question": "Ai lát?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.focal_point(), **asked)
    helper, officer = make.handler(), make.officer()
    assert sees(helper, petition)
    take(petition, "seal", by=officer, kind="denunciation")
    assert not sees(helper, petition)
    assert at(helper).get(f"/xu-ly/{petition.code}/").status_code == 404
    with pytest.raises(PermissionDenied):
        take(petition, "contribute", by=helper, text="x")

    take(petition, "coordinate", by=officer, **asked)
    assert sees(helper, petition)
    take(petition, "contribute", by=helper, text="Tổ vỉa hè lát")


def test_what_is_sealed_no_more_is_open_again_to_who_was_asked() -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION, anew=True)
    asked: dict[str, Any] = {"agencies": [make.HAI_CHAU], "question": "Ai lát?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.focal_point(), **asked)
    take(petition, "seal", by=make.officer(), kind="complaint")
    take(petition, "reclassify", by=make.officer(), kind="report", why="Không phải khiếu nại")
    assert sees(make.handler(), petition)


def test_nobody_works_on_what_he_filed_himself() -> None:
    handler, focal_point = make.handler(), make.focal_point()
    for person, state in ((handler, "in_progress"), (focal_point, "submitted")):
        petition = make.petition(state, petitioner=person)
        assert not sees(person, petition)
        assert set(workflow.available(petition, person)) <= {
            *("inform", "withdraw", "rate", "reopen", "appeal", "contest", "refuse_publication")
        }
