"""What a citizen says later is heard for danger, in every state in which he can say something."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Absence, User
from feedback import followups
from feedback.models import Escalation, FollowUp, Notice, Petition
from feedback.steps import take
from feedback.sweep import sweep
from feedback.workflow import OPEN, State
from tests import make
from tests.mail_sink import Sink

pytestmark = pytest.mark.django_db

FIRE = "Bây giờ dây điện chập nổ, đang cháy lan sang nhà tôi, cứu với!"


SHORT = (
    "Quán số 5 đường Trần Phú",
    "Vẫn chưa ai đến",
    "Từ hôm thứ Hai tới nay",
    "Nước vẫn yếu",
)


def told_of_danger(petition: Petition) -> bool:
    """Urgent, said once by the clock's voice, and the duty list's people have a letter."""
    petition = Petition.objects.get(pk=petition.pk)
    said = Escalation.objects.filter(petition=petition, rung="danger").count()
    assert said in (0, 1)
    letters = Notice.objects.filter(step__petition=petition, step__action="escalate")
    assert letters.exists() == bool(said) == petition.urgent
    return petition.urgent


QUICK = {State.SUBMITTED, State.IN_PROGRESS}
STATES = [pytest.param(state, marks=() if state in QUICK else pytest.mark.long) for state in sorted(OPEN)]


@pytest.mark.long
@pytest.mark.parametrize("state", STATES)
def test_a_later_word_of_danger_is_told_to_whoever_is_on_duty(state: str) -> None:
    petition = make.petition(state)
    make.focal_point()
    followups.catch_up()
    Petition.objects.filter(pk=petition.pk).update(urgent=False)
    for _time in range(2):
        take(petition, "inform", by=make.holder(petition), text=FIRE)
        followups.catch_up()
        assert told_of_danger(petition)


@pytest.mark.long
@pytest.mark.parametrize(
    "words", ["Số 12, hẻm 5", "Cảm ơn, nắp cống đã được đậy lại", "Tôi gửi thêm ảnh", *SHORT]
)
def test_what_is_calm_alarms_nobody(words: str) -> None:
    petition = make.petition("in_progress")
    make.focal_point()
    take(petition, "inform", by=make.holder(petition), text=words)
    followups.catch_up()
    assert not told_of_danger(petition)


@pytest.mark.long
@pytest.mark.parametrize("outcome", ["resolved", "planned"])
def test_danger_is_told_after_an_answer_too_which_stays_as_it_was(outcome: str) -> None:
    plan = {"plan_date": timezone.localdate() + dt.timedelta(days=30)} if outcome == "planned" else {}
    petition = make.petition("answered", answer=make.ANSWER | {"outcome": outcome} | plan)
    people = {make.focal_point().username, make.officer().username}
    for _time in range(2):
        take(petition, "inform", by=make.holder(petition), text=FIRE)
        followups.catch_up()
    told = petition.steps.get(action="escalate")
    assert (told.facts["rung"], people <= set(told.facts["sent_to"])) == ("danger", True)
    assert Notice.objects.filter(step=told).exists()
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.state, petition.urgent) == ("answered", False)
    assert not sweep()


@pytest.mark.long
def test_what_was_merged_into_an_answered_one_is_heard_as_well() -> None:
    petition, main = make.petition("in_progress"), make.petition("in_progress")
    make.focal_point()
    take(petition, "merge", by=make.handler(), main=main.code)
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    take(petition, "inform", by=make.holder(petition), text=FIRE)
    followups.catch_up()
    assert main.steps.get(action="escalate").facts["rung"] == "danger"


@pytest.mark.long
def test_what_is_merged_speaks_by_its_main() -> None:
    petition, main = make.petition("in_progress"), make.petition("in_progress")
    make.focal_point()
    take(petition, "merge", by=make.handler(), main=main.code)
    take(petition, "inform", by=make.holder(petition), text=FIRE)
    followups.catch_up()
    assert told_of_danger(main)
    assert not told_of_danger(petition)
    said = main.steps.get(action="escalate")
    assert said.facts["said_in"] == petition.code
    assert petition.printed_code in Notice.objects.filter(step=said)[0].body


@pytest.mark.long
def test_a_contest_and_a_reopening_are_heard_as_well() -> None:
    refused, answered = make.petition("rejected"), make.petition("answered")
    make.focal_point()
    take(refused, "contest", by=make.holder(refused), text=FIRE)
    take(answered, "reopen", by=make.holder(answered), reason=FIRE)
    followups.catch_up()
    assert told_of_danger(refused)
    assert told_of_danger(answered)


@pytest.mark.long
def test_danger_after_a_reopening_is_told_although_it_was_urgent_before() -> None:
    petition = make.petition("answered")
    make.focal_point()
    Petition.objects.filter(pk=petition.pk).update(urgent=True)
    followups.catch_up()
    Notice.objects.filter(step__action="escalate").delete()
    take(petition, "reopen", by=make.holder(petition), reason=FIRE)
    followups.catch_up()
    assert Escalation.objects.filter(petition=petition, rung="danger").count() == 1
    assert Notice.objects.filter(step__petition=petition, step__action="escalate").exists()


@pytest.mark.long
def test_danger_in_a_second_complaint_is_heard_and_its_reading_ends() -> None:
    petition, officer = make.petition("received"), make.officer()
    today = timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    take(petition, "accept_for_handling", by=officer, decision_number="1", signed_on=today)
    take(petition, "draft_reply", by=officer, **make.ANSWER | {"outcome": "explained"})
    take(petition, "approve", by=make.approver(make.FOCAL_POINT))
    second = "Tôi khiếu nại lần hai quyết định giải quyết khiếu nại số 5 của Chủ tịch UBND phường. "
    take(petition, "appeal", by=make.holder(petition), text=second + FIRE)
    followups.catch_up()
    born = Petition.objects.get(origin=petition)
    assert (born.urgent, born.sealed, born.kind, born.instance) == (True, True, "complaint", 2)
    assert Escalation.objects.filter(petition=born, rung="urgent").exists()
    assert not FollowUp.objects.filter(done_at__isnull=True).exists()
    assert born.reading


@pytest.mark.long
@pytest.mark.parametrize("sealed", [False, True])
def test_a_later_danger_is_called_so_in_the_subject(sealed: bool) -> None:
    petition, officer = make.petition("received"), make.officer()
    if sealed:
        take(petition, "seal", by=officer, kind="denunciation")
    followups.catch_up()
    take(petition, "inform", by=make.holder(petition), text=FIRE)
    followups.catch_up()
    notices = Notice.objects.filter(step__petition=petition, step__action="escalate")
    assert notices
    for notice in notices:
        assert notice.subject.startswith("KHẨN")
        assert "hạn" not in notice.subject


@pytest.mark.long
def test_danger_written_beside_a_doubt_of_the_reading_is_heard() -> None:
    petition = make.petition("received")
    make.focal_point()
    take(petition, "inform", by=make.holder(petition), text="Chưa đúng", note=FIRE, doubts=True)
    followups.catch_up()
    assert told_of_danger(petition)


@pytest.mark.long
@pytest.mark.parametrize("first", ["notify", "hear_danger"])
def test_of_what_is_sealed_one_letter_tells_of_words_and_of_their_danger(first: str) -> None:
    petition, officer = make.petition("received", anew=True), make.officer()
    make.focal_point()
    take(petition, "seal", by=officer, kind="denunciation")
    followups.catch_up()
    Notice.objects.all().delete()
    take(petition, "inform", by=make.holder(petition), text=FIRE)
    later = FollowUp.objects.filter(step__action="inform").exclude(consumer__endswith=f".{first}")
    later.update(next_try_at=timezone.now() + dt.timedelta(hours=1))
    followups.catch_up()
    FollowUp.objects.update(next_try_at=timezone.now())
    followups.catch_up()
    told = Notice.objects.filter(user=officer)
    assert [(one.step.action, one.subject.startswith("KHẨN")) for one in told] == [("escalate", True)]
    take(petition, "inform", by=make.holder(petition), text="Số 12, hẻm 5")
    followups.catch_up()
    assert told.filter(step__action="inform").count() == 1, "calm words are told as ever"


def who_is_told(user: User) -> list[tuple[str, str]]:
    told = Notice.objects.filter(user=user).order_by("pk")
    return [(one.step.action, one.step.facts.get("rung", "")) for one in told]


@pytest.mark.long
@pytest.mark.parametrize("by_mail", [True, False])
def test_who_was_away_when_the_alarm_rang_keeps_his_letter_about_the_words_whatever_falls_due_later(
    mail: Sink, settings: Any, by_mail: bool
) -> None:
    settings.EMAIL_URL = settings.EMAIL_URL if by_mail else ""
    petition, officer = make.petition("received", anew=True), make.officer()
    away = make.user("petition_officer", make.FOCAL_POINT, "48", name="khac")
    User.objects.filter(pk=away.pk).update(email="vang@danang.example.vn")
    take(petition, "seal", by=officer, kind="denunciation")
    followups.catch_up()
    Notice.objects.all().delete()
    today = timezone.localdate()
    Absence.objects.create(user=away, first_day=today, last_day=today)
    mail.put_off = {"vang@danang.example.vn"}
    take(petition, "inform", by=make.holder(petition), text=FIRE)
    followups.catch_up()
    assert (who_is_told(officer), who_is_told(away)) == ([("escalate", "danger")], [("inform", "")])
    sweep(now=timezone.now() + dt.timedelta(days=40))
    followups.catch_up()
    assert who_is_told(away) == [("inform", ""), ("escalate", "tip_3")]
