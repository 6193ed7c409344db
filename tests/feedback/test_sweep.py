"""The clock's round says each thing once, closes what is over, and lets go what a rule lets go."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import TestCase
from django.utils import timezone

from accounts.models import Role
from feedback import retention
from feedback.forms.receiving import EraseForm
from feedback.models import DiscardedFile, Escalation, Petition, RetentionRule, Step, StepText
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.sweep import sweep
from feedback.verification import verify
from tests import make
from tests.feedback import corpus

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def rules() -> None:
    RetentionRule.objects.get_or_create(
        slug="feedback-5-years",
        defaults={"conditions": {"kinds": ["report"]}, "keep_days": 1825, "basis": "thử"},
    )


@pytest.mark.long
def test_what_fell_due_is_said_once_however_often_and_late_the_round_is() -> None:
    handler = make.handler()
    watch = make.user(Role.SUPERVISOR, province="48")
    petition = make.petition("in_progress")
    assert sweep(now=timezone.now()) == []
    assert petition.due_at
    later = petition.due_at + dt.timedelta(minutes=1)
    said, before = sweep(now=later)
    assert (said.code, said.rung, said.fell_due_at) == (petition.code, "due", petition.due_at)
    assert {handler.username, watch.username} <= set(said.sent_to)
    assert (before.rung, before.sent_to) == ("nearly", ())
    assert sweep(now=later) == sweep(now=later + dt.timedelta(hours=10)) == []
    assert Step.objects.filter(petition=petition, action="escalate").count() == 1
    assert Escalation.objects.count() == 2


def test_a_due_moment_that_was_moved_falls_due_anew() -> None:
    petition = make.petition("in_progress")
    sweep(now=timezone.now() + 40 * DAY)
    moved = timezone.now() + 41 * DAY
    Petition.objects.filter(pk=petition.pk).update(due_at=moved)
    said = sweep(now=moved + dt.timedelta(minutes=1))
    assert [one.rung for one in said] == ["due", "nearly"]


@pytest.mark.long
def test_an_answer_whose_window_passed_is_closed_and_a_promise_is_not() -> None:
    answered = make.petition("answered")
    promised = make.petition(
        "answered", answer={"outcome": "noted", "text": "Ghi nhận", "plan_date": "2099-01-01"}
    )
    sweep(now=timezone.now() + 10 * DAY)
    assert Petition.objects.get(pk=answered.pk).state == "answered"
    sweep(now=timezone.now() + 17 * DAY)
    assert Petition.objects.get(pk=answered.pk).state == "closed"
    assert Petition.objects.get(pk=promised.pk).state == "answered"


@pytest.mark.long
def test_words_kept_long_enough_are_erased_and_the_chain_stays() -> None:
    petition = make.petition("withdrawn")
    sweep(now=timezone.now() + 1800 * DAY)
    assert Petition.objects.get(pk=petition.pk).text != ""
    sweep(now=timezone.now() + 1830 * DAY)
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.text, petition.erased_at is not None) == ("", True)
    assert verify().ok
    sweep(now=timezone.now() + 4000 * DAY)
    assert petition.steps.filter(action="erase").count() == 1


def with_a_file() -> tuple[Petition, Path]:
    files = (SimpleUploadedFile("cong.jpg", corpus.picture()),)
    petition = make.petition("in_progress", anew=True, files=files)
    return petition, Path(petition.attachments.get().file.path)


def erase(petition: Petition) -> Step:
    return take(petition, "erase", by=make.user(Role.ADMINISTRATOR, province="48"), rule="on-request")


def test_an_erasure_that_is_undone_leaves_the_citizens_file() -> None:
    petition, path = with_a_file()
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        erase(petition)
        transaction.set_rollback(True)
    sweep()
    assert (path.exists(), petition.attachments.count()) == (True, 1)


def test_a_file_whose_eraser_died_after_the_commit_goes_with_the_next_round() -> None:
    petition, path = with_a_file()
    with TestCase.captureOnCommitCallbacks():  # committed, and then nothing more was done
        erase(petition)
    assert path.exists()
    sweep()
    assert (path.exists(), DiscardedFile.objects.exists()) == (False, False)


@pytest.mark.long
def test_a_file_that_the_disk_does_not_let_go_is_tried_again_and_holds_up_no_other(tmp_path: Path) -> None:
    stuck, other = with_a_file(), with_a_file()
    held = stuck[1].rename(tmp_path / "held")
    stuck[1].mkdir()
    (stuck[1] / "held").touch()  # what cannot be removed
    for petition, _path in (stuck, other):
        erase(petition)
    sweep()
    assert (stuck[1].exists(), other[1].exists(), DiscardedFile.objects.count()) == (True, False, 1)
    shutil.rmtree(stuck[1])
    held.rename(stuck[1])
    sweep()
    assert (stuck[1].exists(), DiscardedFile.objects.exists()) == (False, False)


@pytest.mark.long
def test_what_is_said_after_an_erase_is_erased_in_its_turn() -> None:
    petition = make.petition("in_progress")
    take(petition, "erase", by=SYSTEM, rule="feedback-5-years")
    take(petition, "inform", by=make.holder(petition), text="Nhà tôi ở hẻm 77")
    take(petition, "withdraw", by=make.holder(petition))
    take(petition, "refuse_publication", by=make.holder(petition), hide="hẻm 77")
    assert verify().ok
    for days, left in ((1800, 2), (1830, 0)):
        sweep(now=timezone.now() + days * DAY)
        assert StepText.objects.filter(step__petition=petition).count() == left
    sweep(now=timezone.now() + 4000 * DAY)
    assert petition.steps.filter(action="erase").count() == 2
    assert verify().ok


@pytest.mark.parametrize(
    ("told", "days", "kept"),
    [
        ("Bà Kín ở hẻm 77 yêu cầu", 0, "on-request"),
        ("feedback-5-years", 0, "on-request"),
        ("feedback-5-years", 1900, "feedback-5-years"),
    ],
)
def test_the_step_names_a_rule_for_ever_that_is_true_of_it(told: str, days: int, kept: str) -> None:
    petition, person = make.petition("closed"), make.user(Role.ADMINISTRATOR, province="48")
    now = timezone.now() + days * DAY
    step = take(petition, "erase", by=person, rule=told, now=now)
    assert step.facts == {"rule": kept}


def test_no_rule_that_is_not_in_force_is_true_of_anything() -> None:
    RetentionRule.objects.filter(pk="feedback-5-years").update(active=False)
    petition = make.petition("closed")
    assert retention.true_of("feedback-5-years", petition, timezone.now() + 1900 * DAY) == "on-request"


def test_the_form_offers_no_rule_whose_time_has_not_come() -> None:
    form = EraseForm(petition=make.petition("in_progress"), by=make.user(Role.ADMINISTRATOR, province="48"))
    assert [slug for slug, _name in form.fields["rule"].choices] == ["", "on-request"]  # type: ignore[attr-defined]


def test_one_who_is_answered_in_time_is_not_spoken_of() -> None:
    petition = make.petition("in_progress")
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    assert sweep(now=timezone.now() + 12 * DAY) == []


def test_a_proposed_refusal_outlives_the_clock_that_speaks_up() -> None:
    petition = make.petition("received")
    take(petition, "propose_refusal", by=make.focal_point(), ground="out_of_scope", reason="Dân sự")
    due_at = Petition.objects.get(pk=petition.pk).due_at
    assert due_at
    sweep(now=due_at + dt.timedelta(minutes=1))
    assert take(petition, "confirm_refusal", by=make.officer()).after == "rejected"
