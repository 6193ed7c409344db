"""The one door: what it refuses, in which order, and what it records."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from feedback.locking import locked
from feedback.models import Clock, Petition, Step
from feedback.permissions import SYSTEM, Holder
from feedback.record import canonical, content
from feedback.steps import NotNow, take, take_held
from tests import make

pytestmark = pytest.mark.django_db


def test_a_petition_walks_the_straight_way_and_every_step_is_kept() -> None:
    petition = make.petition("answered")
    take(petition, "rate", by=make.holder(petition), score="satisfied")

    steps = list(petition.steps.order_by("seq"))
    assert [(step.seq, step.action, step.before, step.after) for step in steps] == [
        (1, "submit", "draft", "submitted"),
        (2, "receive", "submitted", "received"),
        (3, "assign", "received", "assigned"),
        (4, "accept", "assigned", "in_progress"),
        (5, "draft_reply", "in_progress", "pending_approval"),
        (6, "approve", "pending_approval", "answered"),
        (7, "rate", "answered", "answered"),
    ]
    assert steps[-1].facts == {"score": "satisfied"}
    assert Petition.objects.get().score == "satisfied"


def test_each_step_holds_the_hash_of_the_one_before_and_fits_its_own_record() -> None:
    petition = make.petition("answered")
    previous = ""
    for step in petition.steps.order_by("seq"):
        assert step.previous == previous
        assert step.record == canonical(content(step))
        assert step.hash == hashlib.sha256(step.record.encode()).hexdigest()
        previous = step.hash


def test_words_stand_apart_from_the_step_under_a_salted_digest() -> None:
    petition = make.petition("submitted", text="Nhà số 5 bị mất nắp cống")
    step = petition.steps.get()
    assert json.loads(step.words.text) == {"text": "Nhà số 5 bị mất nắp cống"}
    assert step.payload_digest == hashlib.sha256((step.words.salt + step.words.text).encode()).hexdigest()
    assert "nắp cống" not in step.record


def test_a_wrong_state_is_refused_before_the_person_is_looked_at() -> None:
    petition = make.petition("submitted")
    with pytest.raises(NotNow, match="Chờ tiếp nhận"):
        take(petition, "approve", by=make.user())
    assert petition.steps.count() == 1


def test_the_wrong_person_is_refused_before_the_needs_are_looked_at() -> None:
    petition = make.petition("in_progress")
    with pytest.raises(PermissionDenied):
        take(petition, "draft_reply", by=make.handler("commune-people-committee:20194"))


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, {"outcome", "text"}),
        ({"outcome": "resolved", "text": "Xong"}, {"evidence"}),
        ({"outcome": "noted", "text": "Đã ghi nhận"}, {"plan_date"}),
        ({"outcome": "planned", "text": "Sẽ làm", "plan_date": "2020-01-01"}, {"plan_date"}),
        ({"outcome": "planned", "text": "Sẽ làm", "plan_date": "mai"}, {"plan_date"}),
        ({"outcome": "xong", "text": "Xong"}, {"outcome"}),
        ({"outcome": "explained", "text": "a\x00b"}, {"text"}),
    ],
)
def test_a_reply_without_what_it_needs_is_named_fact_by_fact(
    facts: dict[str, Any], missing: set[str]
) -> None:
    petition = make.petition("in_progress")
    with pytest.raises(ValidationError) as refused:
        take(petition, "draft_reply", by=make.handler(), **facts)
    assert set(refused.value.message_dict) == missing
    assert petition.replies.count() == 0


def test_an_unknown_action_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="Không có thao tác"):
        take(make.petition(), "delete", by=SYSTEM)


def test_who_drafted_a_reply_does_not_approve_it() -> None:
    petition = make.petition("in_progress")
    both = make.approver()
    take(petition, "draft_reply", by=both, **make.ANSWER)
    make.approver()  # another approver is there
    with pytest.raises(PermissionDenied):
        take(petition, "approve", by=both)


def test_where_no_other_approver_is_left_the_direct_superior_approves() -> None:
    petition = make.petition("in_progress")
    only = make.approver()
    take(petition, "draft_reply", by=only, **make.ANSWER)
    superior = make.approver("provincial-people-committee:48")
    petition.refresh_from_db(fields=["drafted_by"])
    assert Petition.objects.visible_to(superior).filter(pk=petition.pk).exists()
    take(petition, "approve", by=superior)
    assert Petition.objects.get(pk=petition.pk).state == "answered"


def test_a_draft_sent_back_can_be_written_again_and_both_are_kept() -> None:
    petition = make.petition("pending_approval")
    take(petition, "send_back", by=make.approver(), words="Thiếu ảnh sau khi sửa")
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    first, second = petition.replies.all()
    assert first.sent_back == "Thiếu ảnh sau khi sửa"
    assert second.sent_back == ""


def test_only_who_holds_the_secret_rates_and_only_once() -> None:
    petition = make.petition("answered")
    with pytest.raises(PermissionDenied):
        take(petition, "rate", by=Holder(petition_id=petition.pk + 1), score="satisfied")
    take(petition, "rate", by=make.holder(petition), score="dissatisfied")
    with pytest.raises(NotNow):
        take(petition, "rate", by=make.holder(petition), score="satisfied")


def test_a_suspected_complaint_is_never_published() -> None:
    petition = make.petition("in_progress")
    Petition.objects.filter(pk=petition.pk).update(kind="complaint")
    with pytest.raises(NotNow):
        take(petition, "publish", by=make.reviewer(), public_text="Tóm tắt")


def test_publishing_writes_a_copy_without_contact_and_rating_keeps_it_up_to_date() -> None:
    petition = make.petition("answered", name="Nguyễn Văn A", phone="0905123456")
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch")
    take(petition, "rate", by=make.holder(petition), score="very_satisfied")
    copy = petition.public
    assert (copy.text, copy.answer, copy.score) == (
        "Vỉa hè bong gạch",
        "Đã lát lại vỉa hè sáng nay.",
        "very_satisfied",
    )
    assert "0905123456" not in str(copy.__dict__)


def test_the_first_receipt_starts_the_resolve_clock_and_the_answer_ends_it() -> None:
    petition = make.petition("answered")
    clock = Clock.objects.get(petition=petition, step="resolve")
    assert clock.started_at == petition.received_at
    assert clock.result == "on_time"
    assert petition.first_due_at == petition.due_at == clock.due_at
    assert clock.policy == "field-7d"
    assert "ngày làm việc" in clock.reason


def test_a_step_says_in_which_capacity_it_was_taken() -> None:
    petition = make.petition("answered")
    assert list(Step.objects.filter(petition=petition).order_by("seq").values_list("role", flat=True)) == [
        "citizen",
        "system",
        "system",
        "lead_handler",
        "lead_handler",
        "lead_approver",
    ]


UNWRITABLE = ["a\0b", "a\ud800b", "a" * 30_000]


@pytest.mark.parametrize("value", UNWRITABLE, ids=["NUL", "half a sign", "thirty thousand"])
def test_what_no_database_can_keep_is_refused_by_name(value: str) -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    for name in ("note", "text", "agency", "subfield", "commune", "decision_number"):
        told: dict[str, Any] = {"text": "Hẹn thứ Hai", name: value}
        with pytest.raises(ValidationError) as refused:
            take(petition, "note", by=handler, **told)
        assert set(refused.value.message_dict) == {name}
        assert len(str(refused.value)) < 500
    assert petition.steps.filter(action="note").count() == 0


@pytest.mark.parametrize(
    ("action", "told", "wrong"),
    [
        ("note", {"text": "Hẹn", "main": "000000000000"}, "main"),
        ("coordinate", {"agencies": [make.CONSTRUCTION], "question": "Ai?", "day": "2020-01-01"}, "day"),
        ("coordinate", {"agencies": [make.CONSTRUCTION], "question": "Ai?", "day": "9999-12-31"}, "day"),
        ("coordinate", {"agencies": [make.HAI_CHAU], "question": "Ai?", "day": "2030-01-15"}, "agencies"),
        ("draft_reply", {"outcome": "planned", "text": "Sẽ", "plan_date": "9999-12-31"}, "plan_date"),
    ],
)
def test_a_slip_is_named_before_it_is_written(action: str, told: dict[str, Any], wrong: str) -> None:
    petition = make.petition("in_progress")
    with pytest.raises(ValidationError) as refused:
        take(petition, action, by=make.handler(), **told)
    assert set(refused.value.message_dict) == {wrong}


@pytest.mark.parametrize("days", ["Infinity", float("inf"), 2.7, True, "0", 61])
def test_working_days_are_a_whole_number(days: Any) -> None:
    with pytest.raises(ValidationError):
        take(
            make.petition("in_progress"),
            "demand_report",
            by=make.user("supervisor", province="48"),
            days=days,
        )


def test_an_agency_asked_twice_is_asked_once() -> None:
    petition = make.petition("in_progress")
    told: dict[str, Any] = {
        "agencies": [make.CONSTRUCTION] * 3,
        "question": "Ai quản lý?",
        "day": "2030-01-15",
    }
    take(petition, "coordinate", by=make.handler(), **told)
    assert petition.coordinations.count() == 1


def test_a_clock_that_steps_back_does_not_turn_time_round() -> None:
    petition = make.petition("in_progress")
    last = petition.steps.latest("seq").at
    with time_machine.travel(last - dt.timedelta(hours=3)):
        assert take(petition, "note", by=make.handler(), text="Hẹn").at == last


def test_a_request_for_more_time_goes_with_whoever_asked() -> None:
    petition = make.petition("in_progress")
    told: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Đang chờ"}
    take(petition, "request_extension", by=make.handler(), **told)
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường đô thị")
    assert not Petition.objects.get(pk=petition.pk).extension_asked


def test_a_step_writes_the_columns_that_it_changes_and_no_other() -> None:
    held = locked(make.petition("submitted").pk)
    Petition.objects.filter(pk=held.pk).update(route_reason="said elsewhere")
    take_held(held, "receive", by=make.focal_point(), now=held.submitted_at, told={})
    kept = Petition.objects.get(pk=held.pk)
    assert kept.state == held.state == "received"
    assert kept.received_at == held.submitted_at
    assert kept.route_reason == "said elsewhere"


def test_a_column_written_or_read_in_between_is_compared_with_that() -> None:
    held = locked(make.petition("submitted").pk)
    held.route_reason = "written"
    held.save(update_fields=["route_reason"])
    Petition.objects.filter(pk=held.pk).update(place_text="said elsewhere")
    held.refresh_from_db(fields=["place_text"])
    held.route_reason = held.place_text = ""
    held.save_changes()
    kept = Petition.objects.get(pk=held.pk)
    assert (kept.route_reason, kept.place_text) == ("", "")
