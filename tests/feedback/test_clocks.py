"""The clocks of petitions where rules, hands and the calendar change under them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from feedback import clocks, followups
from feedback.models import Clock, FollowUp, Petition
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from feedback.verification import verify
from routing.calendar import LOCAL, current_calendar
from routing.models import Agency, CalendarDay, CalendarYear, PolicyStep, ReferenceState, Subfield
from tests import make

pytestmark = pytest.mark.django_db

ROADS = "transport.road-works"  # field-5d
MONDAY = dt.datetime(2026, 11, 2, 9, tzinfo=LOCAL)
ASKED: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Xin thêm thời gian"}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def began(now: dt.datetime = MONDAY, *, lead: str = make.HAI_CHAU) -> Petition:
    petition = make.petition("submitted", now=now, anew=True)
    take(petition, "receive", by=SYSTEM, now=now, subfield=ROADS)
    take(petition, "assign", by=SYSTEM, now=now, agency=lead)
    take(petition, "accept", by=make.handler(lead), now=now)
    return fresh(petition)


def fresh(petition: Petition) -> Petition:
    return Petition.objects.get(pk=petition.pk)


def changed_from(day: str, step: str, **to: Any) -> None:
    """The rule of field-5d for that step ends the day before, and another one begins."""
    old = PolicyStep.objects.get(policy="field-5d", step=step)
    first = dt.date.fromisoformat(day)
    old.valid_to = first - dt.timedelta(days=1)
    old.save()
    kept = {name: getattr(old, name) for name in ("policy", "step", "unit", "amount", "max_times", "legal")}
    PolicyStep.objects.create(**kept | to, valid_from=first)


def extend(petition: Petition, now: dt.datetime) -> Petition:
    take(petition, "request_extension", by=make.handler(), now=now, **ASKED)
    take(petition, "grant_extension", by=make.approver(), now=now)
    return fresh(petition)


def test_a_clock_keeps_the_versions_it_was_counted_by() -> None:
    petition = began()
    (clock,) = Clock.objects.filter(petition=petition, step="resolve")
    assert (clock.policy, clock.version) == ("field-5d", "2026.11.21")
    assert clock.calendar_version == current_calendar().version(dt.date(2026, 11, 2))
    assert clock.article
    assert clock.trace[-1] == {"date": "2026-11-09", "counted": True, "why": "ngày làm việc thứ 5"}


@pytest.mark.long
def test_a_policy_changed_from_tomorrow_leaves_what_has_begun() -> None:
    changed_from("2026-11-03", "resolve", amount=2)
    before, after = began(), began(at("2026-11-03T09:00"))
    assert (before.due_at, after.due_at) == (at("2026-11-09T17:00"), at("2026-11-05T17:00"))
    take(before, "suspend", by=make.approver(), now=at("2026-11-04T09:00"), reason="Giám định")
    take(before, "resume", by=make.approver(), now=at("2026-11-04T10:00"), reason="Xong")
    assert fresh(before).due_at == at("2026-11-10T17:00")  # counted anew under its own day's rule


@pytest.mark.long
def test_an_extension_is_granted_under_the_rule_of_its_day_and_stays() -> None:
    changed_from("2026-11-05", "extend", amount=2, max_times=2)
    petition = began()
    petition = extend(petition, at("2026-11-04T09:00"))
    assert petition.due_at == at("2026-11-16T17:00")
    petition = extend(petition, at("2026-11-05T09:00"))  # the second one that the new rule allows
    assert petition.due_at == at("2026-11-18T17:00")
    changed_from_none("2026-11-06")
    take(petition, "ask", by=make.handler(), now=at("2026-11-09T09:00"), question="Ở đâu?")
    take(petition, "inform", by=make.holder(petition), now=at("2026-11-09T10:00"), text="Số 12")
    assert fresh(petition).due_at == at("2026-11-19T17:00")  # an hour is a day; nothing granted is lost


def changed_from_none(day: str) -> None:
    """From that day on field-5d allows no extension."""
    last = dt.date.fromisoformat(day) - dt.timedelta(days=1)
    PolicyStep.objects.filter(policy="field-5d", step="extend", valid_to=None).update(valid_to=last)
    ReferenceState.touch()


def test_a_province_has_its_own_limit() -> None:
    row = PolicyStep.objects.get(policy="field-5d", step="resolve")
    here = {"policy": row.policy, "step": "resolve", "province_id": "48", "unit": "working_day"}
    PolicyStep.objects.create(**here, amount=3, article="Quyết định của thành phố", valid_from="2026-01-01")
    petition = began()
    assert petition.due_at == at("2026-11-05T17:00")
    assert petition.clock
    assert petition.clock.article == "Quyết định của thành phố"


def test_the_hours_of_whoever_leads_now_close_the_day() -> None:
    agency = Agency.objects.get(pk=make.CONSTRUCTION)
    agency.office_hours = "08:00-12:00/13:30-16:30"
    agency.save()
    petition = began()
    told: dict[str, Any] = {"agency": make.CONSTRUCTION, "reason": "Đường tỉnh"}
    take(petition, "transfer", by=make.focal_point(), now=at("2026-11-03T09:00"), note="", **told)
    petition = fresh(petition)
    assert petition.due_at == at("2026-11-09T16:30")
    assert petition.first_due_at == at("2026-11-09T17:00")
    take(
        petition,
        "transfer",
        by=make.focal_point(),
        now=at("2026-11-04T09:00"),
        note="",
        agency=make.HAI_CHAU,
        reason="x",
    )
    assert fresh(petition).due_at == at("2026-11-09T17:00")


def test_urgent_hours_run_at_night_as_long_as_whoever_leads_is_on_duty() -> None:
    night, officer = at("2026-02-14T23:30"), make.officer()
    petition = make.petition("submitted", now=night, anew=True)
    told: dict[str, Any] = {"subfield": "public-security.crime-report"}
    take(petition, "receive", by=officer, now=night, **told)
    assert fresh(petition).due_at == at("2026-02-23T11:30")
    take(petition, "assign", by=officer, now=night, agency="commune-police:20242")
    petition = fresh(petition)
    assert petition.due_at == at("2026-02-15T03:30")
    assert petition.clock
    assert "4 giờ kể từ 23:30 14/02, tính cả đêm và ngày nghỉ" in petition.clock.reason
    take(petition, "transfer", by=make.focal_point(), now=night, agency=make.HAI_CHAU, reason="Hòa giải")
    assert fresh(petition).due_at == at("2026-02-23T11:30")


def test_urgent_hours_of_whoever_is_on_duty_run_from_when_he_got_it() -> None:
    night, sunday, officer = at("2026-02-14T23:30"), at("2026-02-15T10:00"), make.officer()
    petition = make.petition("submitted", now=night, anew=True)
    told: dict[str, Any] = {"subfield": "public-security.crime-report"}
    take(petition, "receive", by=officer, now=night, **told)
    take(petition, "assign", by=officer, now=night, agency=make.HAI_CHAU)
    police: dict[str, Any] = {"agency": "commune-police:20242", "reason": "Có người bị đánh"}
    take(petition, "transfer", by=make.focal_point(), now=sunday, **police)
    petition = fresh(petition)
    assert (petition.due_at, petition.is_overdue(sunday)) == (at("2026-02-15T14:00"), False)
    take(
        petition,
        "ask",
        by=make.handler("commune-police:20242"),
        now=at("2026-02-15T11:00"),
        question="Ở đâu?",
    )
    take(petition, "inform", by=make.holder(petition), now=at("2026-02-15T13:00"), text="Số 12")
    assert fresh(petition).due_at == at("2026-02-15T16:00")
    back: dict[str, Any] = {"agency": make.HAI_CHAU, "reason": "Đã can ngăn"}
    take(petition, "transfer", by=make.focal_point(), now=at("2026-02-15T17:00"), **back)
    assert fresh(petition).is_overdue(at("2026-02-15T17:00"))


# --- a year whose days off nobody has entered ---------------------------------------------------------


def no_calendar() -> None:
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    ReferenceState.touch()


@pytest.mark.long
def test_without_a_calendar_nothing_is_guessed_and_the_cure_is_said() -> None:
    petition = make.petition("submitted", anew=True)
    no_calendar()
    followups.catch_up()
    row = FollowUp.objects.get(step__petition=petition, consumer="feedback.intake.read_submitted")
    assert "Chưa có lịch làm việc" in row.error
    with pytest.raises(ValidationError, match="nhập năm"):
        take(petition, "receive", by=make.focal_point())
    petition = fresh(petition)
    assert (petition.state, petition.due_at) == ("submitted", None)


@pytest.mark.long
@pytest.mark.parametrize("state", make.states("assigned"))
def test_without_a_calendar_every_page_of_the_desk_still_opens(state: str) -> None:
    if state in ("draft", "withdrawn", "merged"):
        pytest.skip("nothing to do there")
    petition = make.petition(state)
    no_calendar()
    people = [make.handler(), make.approver(), make.focal_point(), make.user(Role.SUPERVISOR, province="48")]
    for person in people:
        client = Client()
        client.force_login(person)
        for address in ("/xu-ly/", f"/xu-ly/{petition.code}/"):
            assert client.get(address).status_code in (200, 404), (person.post_set.get(), address)


@pytest.mark.long
def test_without_a_calendar_a_form_keeps_its_words_and_says_the_cure() -> None:
    petition, person = make.petition("suspended"), make.approver()
    no_calendar()
    client = Client()
    client.force_login(person)
    answer = client.post(f"/xu-ly/{petition.code}/resume/", {"reason": "Có kết quả giám định"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Chưa có lịch làm việc năm" in page
    assert "Có kết quả giám định" in page


@pytest.mark.long
def test_without_a_calendar_the_clock_goes_round_and_reminds_by_days_elapsed() -> None:
    petition = make.petition("in_progress")
    make.handler()
    no_calendar()
    due_at = petition.due_at
    assert due_at
    late = due_at + dt.timedelta(days=3, minutes=1)
    assert [one.rung for one in sweep(now=late)] == ["late_3", "late_1", "due", "nearly"]
    assert sweep(now=timezone.now()) == []


# --- sorted here and there ------------------------------------------------------------------------------

AT_LAW = ["complaint-decision", "denunciation-official", "denunciation-other", "corruption-bribery"]


def by_policy(slug: str) -> str:
    """The first sub-field that follows this policy."""
    return str(Subfield.objects.filter(policy=slug).order_by("pk").values_list("pk", flat=True)[0])


@pytest.mark.parametrize("subfield", AT_LAW)
@pytest.mark.parametrize("by", ["the machine", "a person"])
def test_what_is_no_complaint_follows_no_limit_of_one(subfield: str, by: str) -> None:
    petition = make.petition("submitted")
    someone = SYSTEM if by == "the machine" else make.focal_point()
    take(petition, "receive", by=someone, subfield=f"integrity-petitions.{subfield}")
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.policy_id == "field-5d"
    assert Clock.objects.get(petition=petition, step="resolve").due_at == petition.due_at


@pytest.mark.parametrize("kind", ["question", "report"])
def test_a_complaint_that_was_none_is_answered_by_a_clock(kind: str) -> None:
    petition, officer, handler = make.petition("submitted"), make.officer(), make.handler()
    take(petition, "seal", by=SYSTEM, kind="complaint")
    take(petition, "receive", by=officer, subfield="integrity-petitions.complaint-decision")
    take(petition, "reclassify", by=officer, kind=kind, why="Chỉ hỏi")
    take(petition, "assign", by=officer, agency=make.HAI_CHAU)
    take(petition, "accept", by=handler)
    take(petition, "draft_reply", by=handler, **make.ANSWER)
    take(petition, "approve", by=make.approver())
    assert Clock.objects.get(petition=petition, step="resolve").result == "on_time"
    assert verify().bad == []


def test_an_extended_report_that_was_taken_for_danger_is_sorted_back() -> None:
    petition, focal_point = make.petition("submitted"), make.focal_point()
    take(petition, "receive", by=focal_point, subfield=by_policy("field-5d"))
    take(petition, "assign", by=focal_point, agency=make.HAI_CHAU)
    take(petition, "accept", by=make.handler())
    told: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Xin thêm"}
    take(petition, "request_extension", by=make.handler(), **told)
    take(petition, "grant_extension", by=make.approver())
    extended = Petition.objects.get(pk=petition.pk).due_at
    take(petition, "reclassify", by=make.handler(), subfield=by_policy("urgent-safety"), why="Nguy hiểm")
    take(petition, "reclassify", by=focal_point, subfield=by_policy("field-5d"), why="Không nguy hiểm")
    assert Petition.objects.get(pk=petition.pk).due_at == extended


def test_more_time_is_asked_only_where_the_running_clock_can_have_it() -> None:
    petition, focal_point = make.petition("submitted"), make.focal_point()
    take(petition, "receive", by=focal_point, subfield=by_policy("urgent-safety"))
    take(petition, "assign", by=focal_point, agency=make.HAI_CHAU)
    take(petition, "accept", by=make.handler())
    take(petition, "reclassify", by=make.handler(), subfield=by_policy("field-5d"), why="Không nguy hiểm")
    with pytest.raises(NotNow):  # its clock keeps the limit of danger, which has no more time to give
        take(petition, "request_extension", by=make.handler(), reason="x", interim_reply="x")


def test_whoever_takes_a_contested_one_in_again_may_bring_it_nearer() -> None:
    petition, focal_point = make.petition("submitted"), make.focal_point()
    take(petition, "receive", by=focal_point, subfield=by_policy("field-7d"))
    take(petition, "propose_refusal", by=focal_point, ground="court", reason="Tòa")
    take(petition, "confirm_refusal", by=make.officer())
    take(petition, "contest", by=make.holder(petition), text="Không phải")
    before = Petition.objects.get(pk=petition.pk)
    take(petition, "receive", by=make.officer(), subfield=by_policy("urgent-safety"))
    after = Petition.objects.get(pk=petition.pk)
    assert before.due_at
    assert after.due_at
    assert (after.due_at < before.due_at, after.first_due_at) == (True, before.first_due_at)


def test_a_complaint_closed_for_silence_leaves_no_clock_running() -> None:
    petition, officer, now = make.petition("received"), make.officer(), timezone.now()
    take(petition, "seal", by=officer, now=now, kind="complaint")
    take(petition, "ask", by=officer, now=now, question="Quyết định số mấy?")
    late = now + dt.timedelta(days=30)
    take(petition, "close", by=make.focal_point(), now=late, notice="Không bổ sung")
    assert not Clock.objects.filter(petition=petition, ended_at=None).exists()
    take(petition, "reopen", by=make.user("supervisor", province="48"), now=late, reason="Xem lại")
    running = Clock.objects.filter(petition=petition, ended_at=None)
    assert [(clock.round, clock.step) for clock in running] == [(2, "resolve")]


def test_a_reopened_complaint_sorted_to_report_is_not_late_at_once() -> None:
    petition, officer, now = make.petition("in_progress"), make.officer(), timezone.now()
    take(petition, "seal", by=officer, now=now, kind="complaint")
    signed: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate(now)}
    take(petition, "accept_for_handling", by=officer, now=now, **signed)
    take(petition, "draft_reply", by=officer, now=now, **make.ANSWER | {"outcome": "explained"})
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=now)
    late = now + dt.timedelta(days=12)
    take(petition, "reopen", by=make.holder(petition), now=late, reason="Chưa rõ")
    take(petition, "reclassify", by=officer, now=late, kind="report", why="Không phải khiếu nại")
    assert not Petition.objects.get(pk=petition.pk).is_overdue(late)


def test_what_was_asked_before_its_receipt_waits_anew_for_a_look_from_the_answer_on() -> None:
    petition = make.petition("submitted", now=MONDAY, anew=True, commune="")
    clocks.show(petition, clocks.start(petition, "accept", at=MONDAY))
    take(petition, "ask", by=make.focal_point(), now=MONDAY, question="Ở đường nào?")
    answered = at("2026-11-13T09:00")
    take(petition, "inform", by=make.holder(petition), now=answered, text="Trước nhà tôi")
    waits = fresh(petition)
    assert (waits.state, waits.is_overdue(answered + dt.timedelta(hours=1))) == ("submitted", False)
    assert waits.due_at
    assert waits.due_at > answered
    assert not [said for said in sweep(now=answered + dt.timedelta(hours=1)) if said.code == petition.code]
    take(petition, "receive", by=make.focal_point(), now=answered + dt.timedelta(days=30), subfield=ROADS)
    assert list(results(petition, "accept")) == ["on_time", "late"]


@pytest.mark.parametrize("contested", [False, True])
def test_a_suspicion_that_is_dismissed_before_its_receipt_is_as_late_as_it_was(contested: bool) -> None:
    petition, officer = make.petition("submitted", now=MONDAY, anew=True), make.officer()
    take(petition, "seal", by=SYSTEM, now=MONDAY, kind="denunciation")
    if contested:
        told: dict[str, Any] = {"ground": "court", "reason": "x"}
        take(petition, "propose_refusal", by=officer, now=MONDAY, **told)
        take(petition, "confirm_refusal", by=make.officer(), now=MONDAY)
        take(petition, "contest", by=make.holder(petition), now=MONDAY, text="x")
    late = MONDAY + dt.timedelta(days=30)
    officer = make.officer()
    take(petition, "reclassify", by=officer, now=late, kind="report", why="Không phải tố cáo")
    assert fresh(petition).is_overdue(late)
    take(petition, "receive", by=officer, now=late, subfield=ROADS)
    assert list(results(petition, "accept"))[-1] == "late"


def test_between_complaint_and_denunciation_leads_the_seal_alone_and_a_late_acceptance_stays_late() -> None:
    petition, officer = make.petition("received", now=MONDAY, anew=True), make.officer()
    take(petition, "seal", by=officer, now=MONDAY, kind="complaint")
    late = MONDAY + dt.timedelta(days=40)
    with pytest.raises(ValidationError, match="niêm phong"):
        take(petition, "reclassify", by=officer, now=late, kind="denunciation", why="Nhầm")
    take(petition, "seal", by=officer, now=late, kind="denunciation")
    take(petition, "declare", by=officer, now=late, circumstance="formal", reason="Có chữ ký")
    take(petition, "seal", by=officer, now=late, kind="complaint")
    assert "late" in results(petition, "accept")


def test_a_reopened_suspicion_that_is_none_has_a_clock_of_its_answer() -> None:
    petition, officer = make.petition("submitted", now=MONDAY, anew=True), make.officer()
    take(petition, "seal", by=SYSTEM, now=MONDAY, kind="denunciation")
    take(petition, "ask", by=officer, now=MONDAY, question="Ai?")
    later = MONDAY + dt.timedelta(days=20)
    take(petition, "close", by=make.focal_point(), now=later, notice="Không trả lời")
    take(petition, "reopen", by=make.user(Role.SUPERVISOR, province="48"), now=later, reason="Xem lại")
    take(petition, "reclassify", by=officer, now=later, kind="report", why="Không phải tố cáo")
    (clock,) = Clock.objects.filter(petition=petition, ended_at__isnull=True)
    assert (clock.step, clock.policy == "denunciation", clock.started_at) == ("resolve", False, later)


def results(petition: Petition, step: str) -> list[str]:
    return list(petition.clocks.filter(step=step).order_by("pk").values_list("result", flat=True))
