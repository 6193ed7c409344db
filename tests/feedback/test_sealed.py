"""A suspected or formal complaint or denunciation leaves every public flow at once."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Role, User
from feedback import workflow
from feedback.models import Clock, Petition, PublicPetition
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take
from feedback.verification import verify
from routing.models import Subfield
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


def test_accepting_and_giving_up_a_complaint_makes_no_late_report_timely() -> None:
    petition = make.petition("in_progress")
    assert petition.due_at is not None
    first, late, officer = petition.due_at, petition.due_at + dt.timedelta(days=30), make.officer()
    signed = timezone.localdate(late)
    take(petition, "seal", by=officer, now=late, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=late, decision_number="1", signed_on=signed)
    take(petition, "reclassify", by=officer, now=late, kind="report", why="Không phải khiếu nại")
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.due_at, petition.first_due_at, petition.is_overdue(late)) == (first, first, True)
    ended = Clock.objects.filter(petition=petition, policy="complaint-first", step="resolve")
    assert [clock.result for clock in ended] == ["void"]


def test_a_report_that_was_read_as_a_complaint_first_is_counted_from_its_first_receipt() -> None:
    petition = make.petition("submitted")
    take(petition, "seal", by=make.focal_point(), kind="complaint")
    received = Petition.objects.get(pk=petition.pk).received_at
    take(petition, "reclassify", by=officer(), kind="report", why="Chỉ là phản ánh")
    clock = Clock.objects.get(petition=petition, step="resolve")
    assert (clock.started_at, clock.result) == (received, "")


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


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_into_the_law_leads_only_the_seal(kind: str) -> None:
    petition = make.petition("in_progress")
    with pytest.raises(ValidationError) as refused:
        take(petition, "reclassify", by=make.focal_point(), kind=kind, why="Là đơn khiếu tố")
    assert "niêm phong" in str(refused.value)
    assert not Petition.objects.get(pk=petition.pk).sealed


@pytest.mark.parametrize("kind", ["report", "spam", "praise"])
def test_only_what_the_law_protects_is_sealed(kind: str) -> None:
    petition = make.petition("in_progress")
    with pytest.raises(ValidationError):
        take(petition, "seal", by=make.handler(), kind=kind)
    assert Clock.objects.get(petition=petition, step="resolve").ended_at is None


@pytest.mark.parametrize("told", [{"kind": "spam"}, {"subfield": "urban-infrastructure.street-lighting"}])
def test_what_may_not_be_public_any_more_loses_its_public_copy(told: dict[str, Any]) -> None:
    petition = make.petition("in_progress")
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    Subfield.objects.filter(pk=told.get("subfield")).update(sensitivity="confidential")
    take(petition, "reclassify", by=make.focal_point(), why="Nhầm", **told)
    assert Petition.objects.get(pk=petition.pk).published_at is None
    assert not PublicPetition.objects.exists()


@pytest.mark.long
def test_what_is_no_denunciation_after_all_has_no_limit_of_acceptance_left() -> None:
    petition, start = make.petition("received", channel="letter"), timezone.now()
    take(petition, "seal", by=officer(), now=start, kind="denunciation")
    opened = start + dt.timedelta(days=1)
    take(petition, "reclassify", by=officer(), now=opened, kind="report", why="Chỉ là phản ánh")
    accept = Clock.objects.get(petition=petition, step="accept", started_at=start)
    assert (accept.ended_at, accept.result) == (opened, Clock.Result.VOID)
    resolve = Clock.objects.get(petition=petition, step="resolve")
    assert resolve.ended_at is None
    assert Petition.objects.get(pk=petition.pk).due_at == resolve.due_at
    assert verify().bad == []


def test_sealing_again_never_begins_the_limit_anew() -> None:
    petition, start = make.petition("in_progress"), timezone.now()
    take(petition, "seal", by=officer(), now=start, kind="complaint")
    due = Petition.objects.get(pk=petition.pk).due_at
    later = start + dt.timedelta(days=30)
    with pytest.raises(ValidationError):
        take(petition, "seal", by=officer(), now=later, kind="complaint")
    for kind in ("denunciation", "complaint"):
        take(petition, "seal", by=officer(), now=later, kind=kind)
    assert Petition.objects.get(pk=petition.pk).due_at == due


@pytest.mark.parametrize("detour", ["a report", "a denunciation"])
def test_a_late_complaint_that_went_another_way_and_came_back_is_as_late(detour: str) -> None:
    petition, officer, start = make.petition("received"), make.officer(), timezone.now()
    signed: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate(start)}
    take(petition, "seal", by=officer, now=start, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=start, **signed)
    due = Petition.objects.get(pk=petition.pk).due_at
    assert due is not None
    late = due + dt.timedelta(days=10)
    if detour == "a report":
        take(petition, "reclassify", by=officer, now=late, kind="report", why="Nhầm")
        take(petition, "seal", by=officer, now=late, kind="complaint")
        take(petition, "accept_for_handling", by=officer, now=late, **signed)
    else:
        take(petition, "seal", by=officer, now=late, kind="denunciation")
        take(petition, "accept_for_handling", by=officer, now=late, **signed)
        take(petition, "seal", by=officer, now=late, kind="complaint")
        take(petition, "accept_for_handling", by=officer, now=late, **signed)
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.due_at, petition.first_due_at, petition.is_overdue(late)) == (due, due, True)


def test_whoever_looks_at_a_complaint_does_not_end_its_limit_of_acceptance() -> None:
    petition, officer, start = make.petition("submitted"), make.officer(), timezone.now()
    take(petition, "seal", by=SYSTEM, now=start, kind="complaint")
    take(petition, "receive", by=officer, now=start)
    late = start + dt.timedelta(days=60)
    signed: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate(late)}
    take(petition, "accept_for_handling", by=officer, now=late, **signed)
    accept = Clock.objects.filter(petition=petition, step="accept", policy="complaint-first")
    assert [clock.result for clock in accept] == ["late"]


def test_a_settled_complaint_is_not_undone_by_sealing_it_again() -> None:
    petition, officer = make.petition("in_progress"), make.officer()
    take(petition, "seal", by=officer, kind="complaint")
    today = timezone.localdate()
    take(petition, "accept_for_handling", by=officer, decision_number="1", signed_on=today)
    lead = Petition.objects.get(pk=petition.pk).lead_id or ""
    take(petition, "draft_reply", by=officer, **make.ANSWER)
    take(petition, "approve", by=make.approver(lead))
    for kind in ("complaint", "denunciation"):
        with pytest.raises(NotNow):
            take(petition, "seal", by=officer, kind=kind)
    assert "seal" not in workflow.available(Petition.objects.get(pk=petition.pk), officer)


def test_a_complaint_is_taken_on_by_the_decision_to_handle_it_and_by_nothing_else() -> None:
    petition, officer, handler = make.petition("received"), make.officer(), make.handler()
    take(petition, "seal", by=officer, kind="complaint")
    take(petition, "assign", by=officer, agency=make.HAI_CHAU)
    with pytest.raises(NotNow):
        take(petition, "accept", by=handler)
    today = timezone.localdate()
    take(petition, "accept_for_handling", by=officer, decision_number="1", signed_on=today)
    for agency in (make.CONSTRUCTION, make.HAI_CHAU):
        take(petition, "transfer", by=make.focal_point(), agency=agency, reason="Giao lại")
    assert Clock.objects.get(petition=petition, step="resolve", policy="complaint-first").ended_at is None
    take(petition, "accept", by=handler)  # it goes on with what was decided


def test_what_is_sealed_anew_waits_for_a_decision_of_its_own() -> None:
    petition, officer = make.petition("received"), make.officer()
    today = timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    take(petition, "accept_for_handling", by=officer, decision_number="1", signed_on=today)
    take(petition, "reclassify", by=officer, kind="report", why="Không phải khiếu nại")
    take(petition, "seal", by=officer, kind="denunciation")
    take(petition, "assign", by=officer, agency=make.HAI_CHAU)
    with pytest.raises(NotNow):
        take(petition, "accept", by=make.handler())


@pytest.mark.long
def test_more_time_for_a_report_makes_no_complaint_complex() -> None:
    petition, officer = make.petition("in_progress"), make.officer()
    told: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Xin thêm"}
    take(petition, "request_extension", by=make.handler(), **told)
    take(petition, "grant_extension", by=make.approver())
    extended = Petition.objects.get(pk=petition.pk).due_at
    plain = make.petition("received")
    start = timezone.now()
    signed: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate(start)}
    for one in (petition, plain):
        take(one, "seal", by=officer, now=start, kind="complaint")
        take(one, "accept_for_handling", by=officer, now=start, **signed)
    due = {Petition.objects.get(pk=one.pk).due_at for one in (petition, plain)}
    assert len(due) == 1
    take(petition, "request_extension", by=officer, **told, complex_ground="many_matters")
    take(petition, "grant_extension", by=make.approver(make.FOCAL_POINT))
    assert (Petition.objects.get(pk=petition.pk).due_at or start) > (due.pop() or start)
    take(petition, "reclassify", by=officer, kind="report", why="Không phải khiếu nại")
    assert Petition.objects.get(pk=petition.pk).due_at == extended  # the report's own, as it was granted


@pytest.mark.long
def test_more_time_for_a_denunciation_takes_no_lateness_from_the_complaint_it_became() -> None:
    petition, officer, now = make.petition("received"), make.officer(), timezone.now()
    signed: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate(now)}
    take(petition, "seal", by=officer, now=now, kind="denunciation")
    take(petition, "accept_for_handling", by=officer, now=now, **signed)
    told: dict[str, Any] = {"reason": "x", "interim_reply": "x", "complex_ground": "complex"}
    take(petition, "request_extension", by=officer, now=now, **told)
    take(petition, "grant_extension", by=make.approver(make.FOCAL_POINT), now=now)
    take(petition, "seal", by=officer, now=now, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=now, **signed)
    due = Petition.objects.get(pk=petition.pk).due_at
    assert due
    late = due + dt.timedelta(days=1)
    take(petition, "seal", by=officer, now=late, kind="denunciation")
    take(petition, "seal", by=officer, now=late, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=late, **signed)
    after = Petition.objects.get(pk=petition.pk)
    assert (after.due_at, after.is_overdue(late)) == (due, True)
    assert "request_extension" not in workflow.available(after, officer, now=late)
