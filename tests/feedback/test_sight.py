"""Who sees what: fetching is asking permission."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import Post, Role, User
from feedback import workflow
from feedback.models import Exclusion, Petition
from feedback.models.sight import asked_of, awaiting_superior, awaits_superior, barred
from feedback.permissions import can_see_contact, is_barred
from feedback.steps import take
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

ELSEWHERE = "commune-people-committee:00367"
CHAIR = "commune-people-committee-chair:20242"


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


@pytest.mark.long
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


def test_sealed_between_two_questions_of_one_page_it_is_not_shown() -> None:
    """A page asks first where its reader is asked to help; what is sealed before it goes on is not his."""
    petition = make.petition("in_progress", lead=make.CONSTRUCTION, anew=True)
    asked: dict[str, Any] = {"agencies": [make.HAI_CHAU], "question": "Ai lát?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.focal_point(), **asked)
    helper = make.handler()
    known = asked_of(helper)
    assert known == {petition.pk: ("in_progress", False)}
    assert Petition.objects.visible_now(helper, known).filter(pk=petition.pk).exists()
    take(petition, "seal", by=make.officer(), kind="denunciation")
    assert not Petition.objects.visible_now(helper, known).filter(pk=petition.pk).exists()


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


# --- rules that stand twice, for lists and for a petition in hand, say the same ---------------------------


def complaints() -> list[Petition]:
    """Hải Châu's own, its chair's, and others', each with every set of bodies that is shut out of it."""
    shut: tuple[list[str], ...] = ([], [make.HAI_CHAU], [CHAIR], [make.HAI_CHAU, CHAIR], [make.CONSTRUCTION])
    led = [(lead, bodies) for lead in (make.HAI_CHAU, CHAIR, make.CONSTRUCTION) for bodies in shut]
    made = [make.petition("in_progress", lead=lead, anew=True) for lead, _bodies in led]
    Exclusion.objects.bulk_create(
        Exclusion(petition=petition, agency_id=body)
        for petition, (_lead, bodies) in zip(made, led, strict=True)
        for body in bodies
    )
    return list(Petition.objects.filter(pk__in=[petition.pk for petition in made]))


@pytest.mark.long
def test_who_is_barred_from_lists_is_barred_from_each_petition() -> None:
    petitions, told = complaints(), set()
    both = make.users((Role.HANDLER, make.HAI_CHAU, ""), (Role.APPROVER, CHAIR, ""))
    Post.objects.create(user=both[0], role=Role.APPROVER, agency_id=CHAIR)
    for person in (*both, make.handler(make.CONSTRUCTION), make.focal_point(), make.user()):
        in_lists = set(Petition.objects.filter(barred(person)).values_list("pk", flat=True))
        assert in_lists == {one.pk for one in petitions if is_barred(person, one)}
        told.add(len(in_lists))
    assert len(told) > 2  # the people differ, the two rules do not


@pytest.mark.long
def test_whose_answer_waits_for_the_superior_is_the_same_in_lists_and_in_hand() -> None:
    drafted = [make.petition("pending_approval", lead=lead, anew=True) for lead in (make.HAI_CHAU, ELSEWHERE)]
    again = make.petition("reopened", anew=True)
    # Nobody but its drafter approves at Hải Châu; elsewhere another does.
    Post.objects.filter(agency=make.HAI_CHAU, role=Role.APPROVER).delete()
    drafter = Petition.objects.filter(pk=drafted[0].pk).values("drafted_by")
    Post.objects.filter(agency=make.HAI_CHAU, user__in=drafter).update(role=Role.APPROVER)
    make.approver(ELSEWHERE)
    petitions = list(Petition.objects.all())
    in_lists = set(Petition.objects.filter(awaits_superior()).values_list("pk", flat=True))
    assert in_lists == {one.pk for one in petitions if one.needs_superior}
    assert {drafted[0].pk, again.pk} <= in_lists
    assert drafted[1].pk not in in_lists


@pytest.mark.long
def test_the_superior_of_lists_is_the_one_of_each_petition() -> None:
    """The nearest above the lead that is not shut out."""
    above = ["provincial-people-committee:48", "provincial-people-committee-chair:48"]
    petitions = [make.petition("pending_approval", anew=True) for _number in range(4)]
    Post.objects.filter(agency=make.HAI_CHAU, role=Role.APPROVER).delete()
    for petition, shut in zip(petitions, ([], above[:1], above, [CHAIR]), strict=True):
        Exclusion.objects.bulk_create(Exclusion(petition=petition, agency_id=code) for code in shut)
    found = {one.pk: one.superior_id for one in Petition.objects.all()}
    assert len(set(found.values())) > 1
    for code in {*above, *filter(None, found.values()), CHAIR, make.CONSTRUCTION}:
        superior = make.approver(code)
        waiting = awaiting_superior(superior)
        in_lists = Petition.objects.filter(waiting) if waiting is not None else Petition.objects.none()
        assert {one.pk for one in in_lists} == {pk for pk, held in found.items() if held == code}, code
