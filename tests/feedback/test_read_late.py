"""Where the workers come late: whatever was done meanwhile stands, and what the text says is still heard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from classifier import Reading, read
from feedback import followups
from feedback.intake import read_submitted, receive
from feedback.models import Clock, Escalation, FollowUp, Petition
from feedback.steps import take
from feedback.verification import verify
from feedback.workflow import OPEN
from tests import make
from tests.feedback.test_understanding import WIRE

pytestmark = pytest.mark.django_db

TEXT = "Đèn đường trước nhà số 12 không sáng ba đêm nay, phường Hải Châu, Đà Nẵng."
STANDS = ("state", "lead_id", "kind", "subfield_id", "sealed", "provisional", "due_at", "commune_id")


def plain(**other: Any) -> Reading:
    """A sure reading of an ordinary report."""
    return replace(read(TEXT), **other)


def read_late(petition: Petition, reading: Reading) -> Petition:
    """What the worker does with the very first step of a petition, whatever has followed."""
    write = read_submitted(petition.steps.select_related("petition").get(seq=1), reading=reading)
    assert write is not None
    with transaction.atomic():
        write()
    return Petition.objects.get(pk=petition.pk)


def walked(state: str) -> Petition:
    """Unread in this state; "contested" as well, refused before anybody had read it."""
    if state != "contested":
        return make.petition(state)
    petition = make.petition("rejected")
    take(petition, "contest", by=make.holder(petition), text="Không đồng ý")
    return Petition.objects.get(pk=petition.pk)


ASKED_ABOUT = ("needs_info", "received", "assigned", "returned", "in_progress", "suspended", "reopened")
LATER = ("pending_approval", "answered", "closed", "rejected", "redirected", "merged")
WORKED_ON = [*ASKED_ABOUT, *(pytest.param(state, marks=pytest.mark.long) for state in LATER)]


@pytest.mark.parametrize("heard", [{"law_doubt": True}, {"kind": "denunciation"}, {"kind": "complaint"}])
@pytest.mark.parametrize("state", WORKED_ON)
def test_of_what_is_worked_on_the_intake_is_asked_and_nothing_else_moves(
    state: str, heard: dict[str, Any]
) -> None:
    petition = walked(state)
    after = read_late(petition, plain(**heard))
    assert after.law_doubt_at is not None
    assert {name: getattr(after, name) for name in STANDS} == {
        name: getattr(petition, name) for name in STANDS
    }
    assert after.steps.count() == petition.steps.count()
    assert after.reading is not None


def test_of_what_was_withdrawn_nobody_is_asked() -> None:
    after = read_late(walked("withdrawn"), plain(law_doubt=True))
    assert after.law_doubt_at is None
    assert after.reading is not None


@pytest.mark.parametrize("state", ["contested", *WORKED_ON])
def test_danger_is_heard_while_it_is_open(state: str) -> None:
    petition = walked(state)
    after = read_late(petition, plain(urgent=True))
    whose = Petition.objects.get(pk=after.main_id) if after.main_id else after
    is_heard = whose.state in OPEN
    assert whose.urgent == is_heard
    assert Escalation.objects.filter(petition=whose, rung="urgent").exists() == is_heard


def test_the_form_of_receipt_was_no_answer_and_another_kind_in_it_was() -> None:
    asked = []
    for kind in ("report", "question"):
        petition = receive(make.submission(text=TEXT)).petition
        take(petition, "receive", by=make.focal_point(), kind=kind)
        asked.append(read_late(petition, plain(kind="complaint")).law_doubt_at is not None)
    assert asked == [True, False]


def test_what_a_handler_called_spam_is_asked_about_all_the_same() -> None:
    petition = walked("assigned")
    take(petition, "reclassify", by=make.handler(), kind="spam", why="Rác")
    assert read_late(petition, plain(law_doubt=True)).law_doubt_at is not None


def test_a_doubt_that_was_answered_before_is_not_raised_again() -> None:
    petition = walked("in_progress")
    read_late(petition, plain(law_doubt=True))
    take(petition, "clear_doubt", by=make.focal_point())
    assert read_late(petition, plain(law_doubt=True)).law_doubt_at is None


# --- refused and contested before anybody had read it ---------------------------------------------------


def rounds() -> None:
    """As many as a row may be tried."""
    for _round in range(followups.MOST_ATTEMPTS + 1):
        FollowUp.objects.filter(done_at__isnull=True).update(next_try_at=timezone.now())
        followups.catch_up()


@pytest.mark.long
@pytest.mark.parametrize(("text", "urgent"), [(TEXT, False), (f"{WIRE} Ở phường Hải Châu, Đà Nẵng", True)])
def test_a_contested_one_is_read_and_waits_for_a_person(text: str, urgent: bool) -> None:
    petition = receive(make.submission(text=text)).petition
    take(petition, "propose_refusal", by=make.focal_point(), ground="court", reason="Tòa đang xử")
    take(petition, "confirm_refusal", by=make.officer())
    take(petition, "contest", by=make.holder(petition), text="Không đồng ý")
    rounds()
    after = Petition.objects.get(pk=petition.pk)
    assert (after.state, after.lead_id, after.urgent) == ("submitted", make.FOCAL_POINT, urgent)
    assert after.reading is not None
    assert after.subfield_id == after.reading.subfield
    assert not FollowUp.objects.filter(done_at__isnull=True).exists()
    assert Escalation.objects.filter(petition=after, rung="urgent").exists() == urgent
    assert verify().bad == []


def test_what_is_suspected_of_a_contested_one_is_sealed() -> None:
    after = read_late(walked("contested"), plain(kind="complaint"))
    assert (after.sealed, after.kind, after.state, after.law_doubt_at) == (
        True, "complaint", "submitted", None
    )  # fmt: skip
    assert after.contested_at is not None
    running = Clock.objects.get(petition=after, ended_at__isnull=True)
    assert (running.step, running.policy, running.started_at >= after.contested_at) == (
        "accept", "complaint-first", True
    )  # fmt: skip
    assert after.due_at == running.due_at
    assert verify().bad == []


def test_the_limit_of_a_contested_one_comes_no_later_by_being_read() -> None:
    petition = walked("contested")
    after = read_late(petition, plain())
    assert after.due_at is not None
    assert petition.due_at is not None
    assert after.due_at <= petition.due_at
    assert after.clocks.filter(step="accept", ended_at__isnull=True).count() == 1


def test_what_an_official_had_sorted_before_it_was_contested_stands() -> None:
    petition, person = receive(make.submission(text=TEXT)).petition, make.focal_point()
    take(petition, "receive", by=person, subfield=make.SIDEWALK)
    take(petition, "propose_refusal", by=person, ground="court", reason="Tòa đang xử")
    take(petition, "confirm_refusal", by=make.officer())
    take(petition, "contest", by=make.holder(petition), text="Không đồng ý")
    after = read_late(petition, plain(law_doubt=True))
    assert (after.state, after.subfield_id, after.law_doubt_at is None) == ("submitted", make.SIDEWALK, False)


def test_a_place_that_the_sender_told_of_a_contested_one_stands() -> None:
    petition = receive(make.submission(text=TEXT, commune="")).petition
    write = read_submitted(petition.steps.select_related("petition").get())
    take(petition, "propose_refusal", by=make.focal_point(), ground="court", reason="Tòa đang xử")
    take(petition, "confirm_refusal", by=make.officer())
    take(petition, "contest", by=make.holder(petition), text="Không đồng ý")
    take(petition, "inform", by=make.holder(petition), text="Ở Hòa Cường", commune="20257")
    assert write is not None
    with transaction.atomic():
        write()
    assert Petition.objects.get(pk=petition.pk).commune_id == "20257"


# --- and what else a person had begun ---------------------------------------------------------------------


def test_a_proposed_refusal_stands_and_the_machine_assigns_nothing() -> None:
    petition = receive(make.submission(text=TEXT)).petition
    take(petition, "propose_refusal", by=make.focal_point(), ground="court", reason="Tòa đang xử")
    after = read_late(petition, plain())
    assert (after.state, after.proposed_ground) == ("submitted", "court")
    take(after, "confirm_refusal", by=make.officer())


@pytest.mark.long
def test_what_was_asked_about_before_it_was_read_is_sorted_once_its_sender_has_answered() -> None:
    petition = receive(make.submission(text=TEXT)).petition
    take(petition, "ask", by=make.focal_point(), question="Mấy nhà mất điện?")
    rounds()
    assert Petition.objects.get(pk=petition.pk).state == "needs_info"
    take(petition, "inform", by=make.holder(petition), text="Ba nhà")
    rounds()
    after = Petition.objects.get(pk=petition.pk)
    assert after.reading is not None
    assert (after.state, after.subfield_id) == ("assigned", after.reading.subfield)
    assert [step.action for step in after.steps.order_by("seq")][-4:] == [
        "inform",
        "read",
        "receive",
        "assign",
    ]


def test_the_limit_of_one_asked_about_before_it_was_read_is_that_of_the_danger_it_tells() -> None:
    petition = receive(make.submission(text=TEXT)).petition
    take(petition, "ask", by=make.focal_point(), question="Ở đâu?")
    take(petition, "inform", by=make.holder(petition), text="Trước nhà số 12")
    waited_for = Clock.objects.get(petition=petition)
    after = read_late(petition, plain(urgent=True, decision="person", subfield=""))
    clock = Clock.objects.get(petition=petition)
    assert (clock.step, clock.policy, clock.started_at) == ("accept", "urgent-safety", waited_for.started_at)
    assert after.due_at == clock.due_at < waited_for.due_at
    assert verify().bad == []


@pytest.mark.long
def test_what_was_sorted_before_it_was_asked_about_is_not_read_again() -> None:
    petition = receive(make.submission(text="xyz qwerty")).petition
    rounds()
    take(petition, "ask", by=make.focal_point(), question="Việc gì ạ?")
    take(petition, "inform", by=make.holder(petition), text="Việc ấy")
    rounds()
    assert petition.steps.filter(action="read").count() == 1
