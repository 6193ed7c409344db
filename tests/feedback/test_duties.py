"""What the law wants done beside the answer: until when it is owed, who is told, and how it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from feedback import story, workflow
from feedback.facts import circumstances_of
from feedback.forms.at_law import DeclareForm
from feedback.models import Clock, Escalation, Petition
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from feedback.timing import timing
from feedback.verification import verify
from publication.statistics import Filters, report
from routing.models import CalendarDay
from tests import make
from tests.feedback.test_at_law import IN_WRITING, moment
from tests.publication.world import counted

pytestmark = [pytest.mark.django_db, pytest.mark.long]
POLICE = "provincial-police:48"
BEGAN = moment("2026-08-04")


def with_signs(now: dt.datetime, officer: User) -> Petition:
    """A denunciation by letter of which signs of a crime are on record."""
    petition = make.petition("received", now=now, channel="letter")
    take(petition, "seal", by=officer, now=now, kind="denunciation")
    take(petition, "declare", by=officer, now=now, circumstance="crime_signs", **IN_WRITING)
    return petition


@pytest.mark.parametrize(("agency", "result"), [(make.HAI_CHAU, ""), (POLICE, "on_time")])
def test_a_crime_is_handed_on_to_whoever_investigates_and_by_no_other_hand(agency: str, result: str) -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    take(petition, "assign", by=officer, now=now + dt.timedelta(hours=2), agency=agency)
    assert Clock.objects.get(step="crime").result == result
    assert bool(Petition.objects.get().crime_handed_at) == bool(result)


def test_the_file_goes_to_the_investigators_while_the_rest_is_worked_on() -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    told: dict[str, Any] = {"circumstance": "crime_handed", "reason": "Phiếu chuyển số 12, ngày 4/8/2026"}
    take(petition, "accept_for_handling", by=officer, now=now, decision_number="1", signed_on=now.date())
    offered = DeclareForm(petition=Petition.objects.get(), by=officer)
    assert offered.proposed() == {"circumstance": "crime_handed"}
    take(petition, "declare", by=officer, now=now + dt.timedelta(hours=3), **told)
    assert Clock.objects.get(step="crime").result == "on_time"
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=now + dt.timedelta(hours=4), **told)
    assert not [fault for fault in verify().bad if fault.code]


def test_a_crime_that_nobody_hands_on_is_told_and_recorded_as_late_even_after_the_answer() -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    midnight = Clock.objects.get(step="crime").due_at
    assert Petition.objects.get().duty_due_at == midnight
    said = sweep(now=midnight + dt.timedelta(minutes=1))
    assert "duty" in {one.rung for one in said}
    later = moment("2026-08-05T10:00")
    take(petition, "accept_for_handling", by=officer, now=later, decision_number="1", signed_on=later.date())
    take(petition, "draft_reply", by=officer, now=later, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=later)
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=later, circumstance="withdrawal", **IN_WRITING)
    take(petition, "declare", by=officer, now=later, circumstance="crime_handed", **IN_WRITING)
    assert Clock.objects.get(step="crime").result == "late"
    with pytest.raises(NotNow):
        take(petition, "declare", by=officer, now=later, circumstance="crime_handed", **IN_WRITING)


@pytest.mark.parametrize("way", ["refused", "withdrawn"])
def test_signs_of_a_crime_outlive_a_refusal_and_a_withdrawal_of_the_same_day(way: str) -> None:
    petition, officer = with_signs(BEGAN, make.officer()), make.officer()
    if way == "refused":
        take(petition, "propose_refusal", by=officer, now=BEGAN, ground="court", reason="Tòa đã xử")
        take(petition, "confirm_refusal", by=make.officer(), now=BEGAN)
    else:
        take(petition, "withdraw", by=officer, now=BEGAN, signed_form=True)
    clock = Clock.objects.get(step="crime")
    assert (clock.result, Petition.objects.get().duty_due_at) == ("", clock.due_at)
    for days in range(8):
        sweep(now=clock.due_at + dt.timedelta(days=days, minutes=1))
    told = set(Escalation.objects.values_list("rung", flat=True))
    assert {"crime", "crime_1", "duty", "duty_3"} <= told
    later, client = BEGAN + dt.timedelta(days=9), Client()
    client.force_login(officer)
    assert "Ghi nhận tình tiết theo luật" in client.get(petition.get_absolute_url()).content.decode()
    assert petition.code in client.get("/xu-ly/so-don/?xem=con-viec").content.decode()
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=later, circumstance="withdrawal", **IN_WRITING)
    take(petition, "declare", by=officer, now=later, circumstance="crime_handed", **IN_WRITING)
    assert Clock.objects.get(step="crime").result == "late"
    assert sweep(now=later + dt.timedelta(days=9)) == []
    assert not [fault for fault in verify().bad if fault.code]


def test_signs_of_another_crime_are_owed_anew_once_the_first_file_has_gone() -> None:
    petition, officer = with_signs(BEGAN, make.officer()), make.officer()

    def offered() -> set[str]:
        field: Any = DeclareForm(petition=Petition.objects.get(), by=officer).fields["circumstance"]
        return {value for value, _label in field.choices}

    assert "crime_signs" not in offered()
    take(petition, "declare", by=officer, now=BEGAN, circumstance="crime_handed", **IN_WRITING)
    assert "crime_signs" in offered()
    later = BEGAN + dt.timedelta(days=3)
    take(petition, "declare", by=officer, now=later, circumstance="crime_signs", **IN_WRITING)
    first, second = Clock.objects.filter(step="crime").order_by("pk")
    assert (first.result, second.result, second.started_at) == ("on_time", "", later)
    now = Petition.objects.get()
    assert (now.crime_signs_at, now.crime_handed_at, now.duty_due_at) == (later, None, second.due_at)
    assert "crime" in {one.rung for one in sweep(now=later + dt.timedelta(minutes=1))}
    take(petition, "declare", by=officer, now=second.due_at, circumstance="crime_handed", **IN_WRITING)
    assert list(Clock.objects.filter(step="crime").values_list("result", flat=True)) == ["on_time"] * 2
    assert not [fault for fault in verify().bad if fault.code]


def test_what_was_handed_on_at_once_is_not_asked_for() -> None:
    petition, officer = with_signs(BEGAN, make.officer()), make.officer()
    take(petition, "declare", by=officer, now=BEGAN, circumstance="crime_handed", **IN_WRITING)
    said = {one.rung for one in sweep(now=BEGAN + dt.timedelta(minutes=1))}
    assert not {"crime", "crime_1"} & said


@pytest.mark.parametrize("closed", [False, True])
def test_a_new_day_off_moves_what_is_still_to_be_sent_with_one_step(closed: bool) -> None:
    now, officer = moment("2026-11-16"), make.officer()
    petition = make.petition("received", now=now)
    take(petition, "seal", by=officer, now=now, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=now, decision_number="1", signed_on=now.date())
    take(petition, "draft_reply", by=officer, now=now, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=now)
    if closed:
        sweep(now=moment("2026-12-03"))
    send = Clock.objects.get(step="send")
    assert (send.legal_due_on, Petition.objects.get().state) == (
        dt.date(2026, 11, 19),
        "closed" if closed else "answered",
    )
    day = dt.date(2026, 11, 18)
    CalendarDay.objects.create(date=day, year_id=2026, kind="off", name="Nghỉ bão", status="official")
    for minute in range(2):
        sweep(now=moment(f"2026-12-03T10:0{minute}" if closed else f"2026-11-17T10:0{minute}"))
    send = Clock.objects.get(step="send")
    assert (send.legal_due_on, "Nghỉ bão" in send.reason) == (dt.date(2026, 11, 20), True)
    told_of = Clock.objects.get(step="publicise" if closed else "send")  # the next, once all know of this
    assert Petition.objects.get().duty_due_at == told_of.due_at
    assert petition.steps.filter(action="recount").count() == 1
    petition, words = Petition.objects.get(), "Lịch nghỉ thay đổi"
    assert words not in str(story.to_petitioner(petition, now))  # the time of the answer is as it was
    assert f"{words}, tính lại hạn gửi, công khai" in str(story.to_officials(petition, now, by=officer))
    assert not [fault for fault in verify().bad if fault.code]


def accepted_complaint() -> tuple[Petition, User]:
    """Accepted on 3 August 2026: its last day is 3 September."""
    now, officer = moment("2026-08-03"), make.officer()
    petition = make.petition("received", now=now)
    take(petition, "seal", by=officer, now=now, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=now, decision_number="1", signed_on=now.date())
    return petition, officer


@pytest.mark.parametrize(("hour", "timely"), [("2026-09-03T18:00", True), ("2026-09-04T00:00", False)])
def test_a_day_of_the_law_ends_at_midnight_for_clock_page_and_figures(hour: str, timely: bool) -> None:
    petition, officer = accepted_complaint()
    now = moment(hour)
    open_now = Petition.objects.get()
    assert open_now.is_overdue(now) is not timely
    assert Petition.objects.overdue(now).exists() is not timely
    assert timing(open_now, now).left == ("Còn đến hết ngày hôm nay" if timely else "Vừa quá hạn")
    holder = make.holder(petition)
    assert ("appeal_overdue" in workflow.available(open_now, holder, now=now)) is not timely
    take(petition, "draft_reply", by=officer, now=now, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=now)
    clock = Clock.objects.get(step="resolve", policy="complaint-first")
    assert clock.result == ("on_time" if timely else "late")
    counted(now)
    with time_machine.travel(now, tick=False):
        figures = report(Filters()).figures
    for key in ("on_time", "on_time_original"):
        assert (figures[key].numerator, figures[key].denominator) == (timely, 1)
    page = timing(Petition.objects.get(), now, why=True)
    assert page.left == ("Trả lời đúng hạn" if timely else "Trả lời trễ hạn")
    assert not [fault for fault in verify().bad if fault.code]


def test_what_stopped_on_the_evening_of_its_last_day_is_not_late() -> None:
    petition, officer = accepted_complaint()
    take(petition, "suspend", by=officer, now=moment("2026-09-03T18:00"), **IN_WRITING)
    later = moment("2026-09-20")
    assert not Petition.objects.get().is_overdue(later)
    assert not Petition.objects.overdue(later).exists()
    counted(later)
    with time_machine.travel(later, tick=False):
        assert report(Filters()).figures["overdue_open"].numerator == 0


def test_reminders_keep_the_close_of_the_office() -> None:
    accepted_complaint()
    said = sweep(now=moment("2026-09-03T17:01"))
    assert "due" in {one.rung for one in said}


def test_what_a_rule_calls_the_laws_ends_with_its_day_and_a_default_with_the_office() -> None:
    began = moment("2026-08-03")
    petition = make.petition("submitted", now=began)
    clock = Clock(petition=petition, started_at=began, due_at=moment("2026-08-10T17:00"))
    clock.legal_due_on = clock.due_at.date()
    for policy, step, end in (
        ("procedure-15wd", "transfer", "2026-08-10T23:59:59.999999"),
        ("procedure-15wd", "accept", "2026-08-10T17:00"),
        ("denunciation", "accept", "2026-08-10T23:59:59.999999"),
    ):
        clock.policy, clock.step = policy, step
        assert clock.ends_at == moment(end)


def test_one_duty_left_undone_hides_no_later_one() -> None:
    petition, officer = accepted_complaint()
    now = moment("2026-08-10")
    take(petition, "draft_reply", by=officer, now=now, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=now)
    send, publicise = (Clock.objects.get(step=step).due_at for step in ("send", "publicise"))
    assert send < publicise
    for days in range(1, 40):
        sweep(now=send + dt.timedelta(days=days))
    told = Escalation.objects.filter(petition=petition, rung__in=["duty", "duty_3"])
    assert set(told.values_list("rung", "of")) == {
        (rung, day) for rung in ("duty", "duty_3") for day in (send, publicise)
    }
    assert sweep(now=send + dt.timedelta(days=40)) == []


@pytest.mark.parametrize("way", ["close", "reopen", "there and back", "asked"])
def test_whatever_is_done_besides_a_crime_is_owed_to_the_investigators(way: str) -> None:
    officer = make.officer()
    petition = with_signs(BEGAN, officer)
    if way in {"close", "reopen"}:
        accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
        take(petition, "accept_for_handling", by=officer, now=BEGAN, **accepted)
        take(petition, "draft_reply", by=officer, now=BEGAN, **make.ANSWER)
        take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=BEGAN)
    if way == "close":
        take(petition, "close", by=SYSTEM, now=BEGAN + dt.timedelta(days=30))
    if way == "reopen":
        supervisor = make.user(Role.SUPERVISOR, province="48")
        take(petition, "reopen", by=supervisor, now=BEGAN + dt.timedelta(days=2), reason="Xem lại")
    if way == "there and back":
        later = BEGAN + dt.timedelta(days=2)
        take(petition, "reclassify", by=officer, now=later, kind="report", why="Nhầm")
        take(petition, "seal", by=officer, now=later, kind="denunciation")
    if way == "asked":
        take(petition, "ask", by=officer, now=BEGAN, question="Ai?")
    (running,) = Clock.objects.filter(step="crime", ended_at__isnull=True)
    assert running.started_at == BEGAN
    sweep(now=BEGAN + dt.timedelta(days=40))
    assert Escalation.objects.filter(rung="crime_1").exists()
    handed: dict[str, Any] = {"circumstance": "crime_handed", **IN_WRITING}
    took = take(petition, "declare", by=officer, now=BEGAN + dt.timedelta(days=41), **handed)
    assert took.petition.crime_handed_at
    assert (
        list(Clock.objects.filter(step="crime").order_by("pk").values_list("result", flat=True))[-1] == "late"
    )


def test_what_turns_out_a_denunciation_is_not_late_by_the_complaints_limit() -> None:
    petition, officer = make.petition("received", now=BEGAN), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=BEGAN + dt.timedelta(days=3), **accepted)
    later = BEGAN + dt.timedelta(days=20)
    take(petition, "seal", by=officer, now=later, kind="denunciation")
    assert not Petition.objects.get(pk=petition.pk).is_overdue(later)
    take(petition, "accept_for_handling", by=officer, now=later, **accepted)
    assert not Clock.objects.filter(step="accept", result="late").exists()


def test_the_duty_to_tell_of_an_acceptance_comes_back_with_it() -> None:
    petition, officer = make.petition("received", now=BEGAN), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="denunciation")
    take(petition, "accept_for_handling", by=officer, now=BEGAN, **accepted)
    take(petition, "reclassify", by=officer, now=BEGAN, kind="report", why="Nhầm")
    take(petition, "seal", by=officer, now=BEGAN, kind="denunciation")
    take(petition, "accept_for_handling", by=officer, now=BEGAN, **accepted)
    assert Petition.objects.get(pk=petition.pk).duty_due_at == Clock.objects.get(step="notify").due_at


def sort_elsewhere(petition: Petition, kind: str, *, by: User, now: dt.datetime) -> None:
    """Away from complaint: to a report, or to a denunciation."""
    told: dict[str, Any] = {"kind": kind} | ({"why": "Nhầm"} if kind == "report" else {})
    take(petition, "reclassify" if kind == "report" else "seal", by=by, now=now, **told)


def received() -> Petition:
    """Filed and taken in at that very moment."""
    petition = make.petition("submitted", now=BEGAN, anew=True)
    take(petition, "receive", by=make.focal_point(), now=BEGAN, subfield=make.SIDEWALK)
    return petition


def test_a_tip_with_signs_of_a_crime_waits_for_a_look_and_shows_no_limit_that_is_over() -> None:
    petition, officer = received(), make.officer()
    take(petition, "seal", by=officer, now=BEGAN, kind="complaint")
    take(petition, "declare", by=officer, now=BEGAN, circumstance="crime_signs", **IN_WRITING)
    take(petition, "seal", by=officer, now=BEGAN, kind="denunciation")
    assert Petition.objects.get(pk=petition.pk).due_at is None
    later = BEGAN + dt.timedelta(days=20)
    sweep(now=later)
    said = set(Escalation.objects.filter(petition=petition).values_list("rung", flat=True))
    assert {"tip_1", "tip_3", "crime_1"} <= said
    assert not {"due", "late_1"} & said


@pytest.mark.parametrize("detour", ["denunciation", "report"])
def test_an_overdue_complaint_is_as_overdue_when_it_comes_back(detour: str) -> None:
    petition, officer = received(), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=BEGAN, **accepted)
    late = moment("2026-09-20")
    assert Petition.objects.get().is_overdue(late)
    sort_elsewhere(petition, detour, by=officer, now=late)
    take(petition, "seal", by=officer, now=late, kind="complaint")
    assert Petition.objects.get().is_overdue(late)


@pytest.mark.parametrize("detour", ["denunciation", "report"])
def test_a_complaint_accepted_in_time_and_not_late_comes_back_in_time(detour: str) -> None:
    petition, officer = received(), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=BEGAN + dt.timedelta(hours=1), **accepted)
    later = BEGAN + dt.timedelta(days=15)
    sort_elsewhere(petition, detour, by=officer, now=later)
    take(petition, "seal", by=officer, now=later, kind="complaint")
    assert not Petition.objects.get().is_overdue(later)
    take(petition, "accept_for_handling", by=officer, now=later, **accepted)
    assert set(Clock.objects.filter(step="accept").values_list("result", flat=True)) == {"on_time"}


@pytest.mark.parametrize("detour", ["denunciation", "report"])
def test_a_limit_that_passes_while_it_is_sorted_elsewhere_has_passed(detour: str) -> None:
    petition, officer = received(), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=BEGAN + dt.timedelta(hours=1), **accepted)
    away, back = moment("2026-08-20"), moment("2026-09-20")
    sort_elsewhere(petition, detour, by=officer, now=away)
    take(petition, "seal", by=officer, now=back, kind="complaint")
    assert Petition.objects.get().is_overdue(back)


def test_what_stood_still_when_it_was_sorted_elsewhere_is_not_late_by_that() -> None:
    petition, officer = received(), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="complaint")
    take(petition, "accept_for_handling", by=officer, now=BEGAN + dt.timedelta(hours=1), **accepted)
    take(petition, "ask", by=officer, now=moment("2026-08-06"), question="Số nhà?")
    take(petition, "reclassify", by=officer, now=moment("2026-10-05"), kind="report", why="Nhầm")
    take(petition, "inform", by=make.holder(petition), now=moment("2026-10-06"), text="Số 12")
    take(petition, "seal", by=officer, now=moment("2026-10-07"), kind="complaint")
    assert not Petition.objects.get().is_overdue(moment("2026-10-07"))


def test_a_refused_denunciation_that_is_contested_and_sealed_a_complaint_waits_since_the_contest() -> None:
    petition, officer = received(), make.officer()
    take(petition, "seal", by=officer, now=BEGAN, kind="denunciation")
    take(petition, "declare", by=officer, now=BEGAN, circumstance="formal", **IN_WRITING)
    told: dict[str, Any] = {"ground": "court", "reason": "Tòa đã xử"}
    take(petition, "propose_refusal", by=officer, now=BEGAN, **told)
    take(petition, "confirm_refusal", by=make.officer(), now=BEGAN + dt.timedelta(days=1))
    later = BEGAN + dt.timedelta(days=10)
    take(petition, "contest", by=make.holder(petition), now=later, text="Vẫn còn")
    take(petition, "seal", by=make.officer(), now=later + dt.timedelta(hours=1), kind="complaint")
    assert not Petition.objects.get().is_overdue(BEGAN + dt.timedelta(days=17))


def test_a_limit_that_is_over_is_made_longer_by_no_late_word_of_several_places() -> None:
    petition, officer = received(), make.officer()
    take(petition, "seal", by=officer, now=BEGAN, kind="denunciation")
    take(petition, "declare", by=officer, now=BEGAN, circumstance="formal", **IN_WRITING)
    told: dict[str, Any] = {"circumstance": "several_places", "reason": "Xác minh ở ba xã"}
    due = timezone.localdate(Petition.objects.get().due_at)
    assert "several_places" in circumstances_of(Petition.objects.get(), due)
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=BEGAN + dt.timedelta(days=30), **told)
    assert Petition.objects.get().is_overdue(BEGAN + dt.timedelta(days=30))


def test_the_duty_to_tell_of_an_acceptance_stands_still_with_the_rest_and_comes_back_late() -> None:
    petition, officer = received(), make.officer()
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": BEGAN.date()}
    take(petition, "seal", by=officer, now=BEGAN, kind="denunciation")
    take(petition, "accept_for_handling", by=officer, now=BEGAN, **accepted)
    late = BEGAN + dt.timedelta(days=10)
    take(petition, "reclassify", by=officer, now=late, kind="report", why="Nhầm")
    take(petition, "seal", by=officer, now=late, kind="denunciation")
    take(petition, "accept_for_handling", by=officer, now=late, **accepted)
    assert list(Clock.objects.filter(step="notify").order_by("pk").values_list("result", flat=True)) == [
        "late",
        "",
    ]
    assert Petition.objects.get().duty_due_at


def test_signs_of_a_crime_in_an_answered_complaint_are_told() -> None:
    petition, officer = accepted_complaint()
    now = moment("2026-08-03")
    take(petition, "declare", by=officer, now=now, circumstance="crime_signs", **IN_WRITING)
    take(petition, "draft_reply", by=officer, now=now, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=now)
    for done in ("sent", "publicised"):
        take(petition, "announce", by=officer, now=now, announced=done)
    sweep(now=now + dt.timedelta(days=5))
    assert Escalation.objects.filter(petition=petition, rung="crime_1").exists()
    assert sweep(now=now + dt.timedelta(days=5)) == []
