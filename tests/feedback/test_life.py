"""What the straight way does not show: refusing, returning, waiting, extending, reopening, kinship."""

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Role, User
from feedback.followups import catch_up
from feedback.intake import read_submitted, receive
from feedback.models import Clock, Exclusion, Petition
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take
from feedback.story import present
from feedback.verification import verify
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

# Fixed days around the swap of August 2026: Sat 22/8 is worked, Mon 31/8 to Wed 2/9 are off.
MONDAY = dt.datetime(2026, 8, 24, 2, 0, tzinfo=dt.UTC)  # 09:00 in Đà Nẵng
DAY = dt.timedelta(days=1)


def fresh(petition: Petition) -> Petition:
    return Petition.objects.get(pk=petition.pk)


def refuse(petition: Petition, first: User, second: User) -> None:
    take(petition, "propose_refusal", by=first, ground="out_of_scope", reason="Tranh chấp dân sự")
    take(petition, "confirm_refusal", by=second)


# --- refusing -------------------------------------------------------------------------------------------


def test_one_person_cannot_refuse_alone_even_with_two_roles() -> None:
    petition, person = make.petition("submitted"), make.focal_point()
    make.user(Role.PETITION_OFFICER, make.FOCAL_POINT, "48")
    take(petition, "propose_refusal", by=person, ground="court", reason="Tòa đã thụ lý")
    with pytest.raises(PermissionDenied):
        take(petition, "confirm_refusal", by=person)
    assert fresh(petition).state == "submitted"


def test_a_later_action_drops_the_proposal_and_a_note_does_not() -> None:
    petition = make.petition("submitted")
    take(petition, "propose_refusal", by=make.focal_point(), ground="court", reason="Tòa")
    take(petition, "note", by=make.officer(), text="Xem lại")
    take(petition, "receive", by=make.officer())
    with pytest.raises(NotNow):
        take(petition, "confirm_refusal", by=make.officer())


def test_a_refusal_is_contested_once_and_then_decided_by_others() -> None:
    petition = make.petition("submitted")
    first, second = make.focal_point(), make.officer()
    refuse(petition, first, second)
    take(petition, "contest", by=make.holder(petition), text="Đây là đường công cộng")
    for person in (first, second):
        with pytest.raises(PermissionDenied):
            take(petition, "propose_refusal", by=person, ground="court", reason="Tòa")
        with pytest.raises(PermissionDenied):  # as final as a refusal
            take(petition, "redirect", by=person, body="Tòa án", address="1 Bạch Đằng")
    with pytest.raises(NotNow):
        take(petition, "receive", by=SYSTEM)
    refuse(petition, make.focal_point(), make.officer())
    with pytest.raises(NotNow):
        take(petition, "contest", by=make.holder(petition), text="Lần nữa")


def test_a_refusal_can_be_contested_for_fifteen_days() -> None:
    petition = make.petition("submitted")
    refuse(petition, make.focal_point(), make.officer())
    with pytest.raises(NotNow):
        take(
            petition,
            "contest",
            by=make.holder(petition),
            text="Trễ",
            now=timezone.now() + dt.timedelta(days=17),
        )


# --- hands ----------------------------------------------------------------------------------------------


def give_back(petition: Petition, now: dt.datetime | None = None) -> None:
    take(
        petition,
        "return_",
        by=make.handler(),
        now=now,
        reason_code="not_competent",
        words="Đường tỉnh",
        suggested_agency=make.CONSTRUCTION,
    )


def test_after_two_returns_the_third_assignment_binds() -> None:
    petition = make.petition("assigned")
    for _time in range(2):
        give_back(petition)
        take(petition, "assign", by=make.focal_point(), agency=make.HAI_CHAU)
    assert fresh(petition).bound
    with pytest.raises(NotNow):
        give_back(petition)
    with pytest.raises(NotNow):
        take(
            petition, "transfer", by=make.approver(), agency=make.CONSTRUCTION, reason="Không phải của phường"
        )
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Sở nhận")
    assert fresh(petition).hops == 4


def test_a_return_is_possible_for_one_working_day() -> None:
    petition = make.petition("received")
    friday = dt.datetime(2026, 8, 28, 3, 0, tzinfo=dt.UTC)
    take(petition, "assign", by=make.focal_point(), now=friday, agency=make.HAI_CHAU)
    # Saturday to Wednesday are off: the one working day is Thursday 3/9, until 17:00.
    with pytest.raises(NotNow):
        give_back(petition, now=dt.datetime(2026, 9, 3, 10, 1, tzinfo=dt.UTC))
    give_back(petition, now=dt.datetime(2026, 9, 3, 9, 59, tzinfo=dt.UTC))


def test_the_lead_hands_on_once() -> None:
    petition = make.petition("assigned")
    take(petition, "transfer", by=make.approver(), agency=make.CONSTRUCTION, reason="Đường tỉnh")
    with pytest.raises(NotNow):
        take(
            petition, "transfer", by=make.approver(make.CONSTRUCTION), agency=make.HAI_CHAU, reason="Trả lại"
        )


def test_whoever_is_complained_about_neither_leads_nor_reads() -> None:
    petition = make.petition("in_progress")
    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "head"}
    take(
        petition,
        "lift",
        by=make.focal_point(),
        agency="provincial-people-committee:48",
        reason="Phản ánh chủ tịch phường",
        against=against,
    )
    assert not Petition.objects.visible_to(make.handler()).exists()
    with pytest.raises(ValidationError) as refused:
        take(petition, "transfer", by=make.focal_point(), agency=make.HAI_CHAU, reason="Giao lại")
    assert "agency" in refused.value.message_dict


def test_an_agency_asked_to_help_sees_it_and_contributes_once() -> None:
    petition, helper = make.petition("in_progress"), make.handler(make.CONSTRUCTION)
    assert not Petition.objects.visible_to(helper).exists()
    take(
        petition,
        "coordinate",
        by=make.handler(),
        agencies=[make.CONSTRUCTION],
        question="Ai quản lý?",
        day="2099-01-01",
    )
    assert Petition.objects.visible_to(helper).exists()
    take(petition, "contribute", by=helper, text="Sở quản lý")
    with pytest.raises(PermissionDenied):
        take(petition, "contribute", by=helper, text="Lần nữa")


def test_an_agency_asked_to_help_and_then_complained_about_says_nothing_more() -> None:
    petition, helper = make.petition("in_progress"), make.handler(make.CONSTRUCTION)
    told: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.handler(), **told)
    Exclusion.objects.create(petition=petition, agency_id=make.CONSTRUCTION)
    with pytest.raises(PermissionDenied):
        take(petition, "contribute", by=helper, text="Sở quản lý")


@pytest.mark.parametrize("why", ["his own matter", "his agency is complained about"])
def test_the_superior_who_is_a_party_does_not_approve(why: str) -> None:
    petition, superior = make.petition("in_progress"), make.approver("provincial-people-committee:48")
    take(petition, "draft_reply", by=make.approver(), **make.ANSWER)  # no other approver is left
    if why == "his own matter":
        Petition.objects.filter(pk=petition.pk).update(petitioner=superior)
    else:
        Exclusion.objects.create(petition=petition, agency_id="provincial-people-committee:48")
    with pytest.raises(PermissionDenied):
        take(petition, "approve", by=superior)


# --- time -----------------------------------------------------------------------------------------------


def dated(petition: Petition, at: dt.datetime) -> Petition:
    """Walk to in_progress with the first receipt at that moment."""
    take(petition, "receive", by=make.focal_point(), now=at, subfield=make.SIDEWALK)
    take(petition, "assign", by=make.focal_point(), now=at, agency=make.HAI_CHAU)
    take(petition, "accept", by=make.handler(), now=at)
    return fresh(petition)


def local(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m %H:%M}" if moment else ""


@pytest.mark.parametrize(
    ("asked_for", "kept"),
    [
        ("2026-08-26", "2026-08-26"),
        ("2026-08-27", "2026-08-27"),  # seven working days and a part are left: three of them
        ("2026-08-28", "2026-08-27"),
        ("2099-01-01", "2026-08-27"),
    ],
)
def test_whoever_is_asked_to_help_has_at_most_half_of_what_remains(asked_for: str, kept: str) -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    assert local(fresh(petition).due_at) == "07/09 17:00"
    told: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": asked_for}
    take(petition, "coordinate", by=make.handler(), now=MONDAY, **told)
    assert petition.coordinations.get().due_on.isoformat() == kept


def test_whoever_is_asked_when_nothing_is_left_has_today() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    late = MONDAY + dt.timedelta(days=20)
    told: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.handler(), now=late, **told)
    assert petition.coordinations.get().due_on == timezone.localdate(late)


def test_only_the_lead_answers_though_others_helped() -> None:
    petition, helper = make.petition("in_progress"), make.handler(make.CONSTRUCTION)
    told: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.handler(), **told)
    for person in (helper, make.approver(make.CONSTRUCTION)):
        with pytest.raises(PermissionDenied):
            take(petition, "draft_reply", by=person, **make.ANSWER)


def test_five_hops_move_neither_waiting_nor_the_first_due_date() -> None:
    petition = make.petition("submitted")
    take(petition, "receive", by=make.focal_point(), now=MONDAY, subfield=make.SIDEWALK)
    before = fresh(petition)
    now = MONDAY + dt.timedelta(hours=1)
    take(petition, "assign", by=make.focal_point(), agency=make.HAI_CHAU, now=now)
    give_back(petition, now)
    take(petition, "assign", by=make.focal_point(), agency=make.CONSTRUCTION, now=now)
    take(petition, "transfer", by=make.approver(make.CONSTRUCTION), agency=make.HAI_CHAU, reason="x", now=now)
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="x", now=now)
    take(
        petition, "lift", by=make.focal_point(), agency="provincial-people-committee:48", reason="x", now=now
    )
    after = fresh(petition)
    assert (before.hops, after.hops) == (0, 5)
    for what in ("waiting_since", "first_due_at", "due_at", "submitted_at", "received_at"):
        assert getattr(after, what) == getattr(before, what), what


def test_waiting_for_the_citizen_moves_the_due_date_and_keeps_the_first_one() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    assert local(petition.due_at) == "07/09 17:00"  # seven working days over the holidays
    take(petition, "ask", by=make.handler(), now=MONDAY + DAY, question="Số nhà?")
    take(petition, "inform", by=make.holder(petition), now=MONDAY + 3 * DAY, text="Số 12")
    petition = fresh(petition)
    assert petition.state == "in_progress"
    assert (local(petition.due_at), local(petition.first_due_at)) == ("09/09 17:00", "07/09 17:00")


def test_what_the_citizen_says_meanwhile_does_not_end_a_suspension() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    take(petition, "suspend", by=make.approver(), now=MONDAY + DAY, reason="Chờ giám định")
    take(petition, "inform", by=make.holder(petition), now=MONDAY + 2 * DAY, text="Nhà tôi số 12")
    assert (fresh(petition).state, local(fresh(petition).due_at)) == ("suspended", "07/09 17:00")
    take(petition, "resume", by=make.approver(), now=MONDAY + 3 * DAY, reason="Có kết quả")
    assert local(fresh(petition).due_at) == "09/09 17:00"


def test_who_waits_is_not_late() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    take(petition, "ask", by=make.handler(), now=MONDAY + DAY, question="Số nhà?")
    later = MONDAY + 60 * DAY
    assert not Petition.objects.overdue(later).exists()
    assert not fresh(petition).is_overdue(later)


def test_the_handler_asks_twice_and_then_an_approver() -> None:
    petition = make.petition("in_progress")
    for number in range(2):
        take(petition, "ask", by=make.handler(), question=f"Câu {number}")
        take(petition, "inform", by=make.holder(petition), text="Trả lời")
    with pytest.raises(NotNow):
        take(petition, "ask", by=make.handler(), question="Nữa")
    take(petition, "ask", by=make.approver(), question="Nữa")


def test_silence_of_ten_working_days_lets_the_focal_point_close() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    take(petition, "ask", by=make.handler(), now=MONDAY, question="Số nhà?")
    with pytest.raises(NotNow):
        take(petition, "close", by=make.focal_point(), now=MONDAY + 10 * DAY, notice="Đóng")
    take(petition, "close", by=make.focal_point(), now=MONDAY + 25 * DAY, notice="Đóng vì không bổ sung")
    assert fresh(petition).state == "closed"
    assert Clock.objects.get(petition=petition, step="resolve").result == "void"


def test_an_extension_is_granted_by_another_and_counts_from_the_old_due_moment() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    both = make.approver()
    take(
        petition,
        "request_extension",
        by=both,
        now=MONDAY + DAY,
        reason="Chờ vật tư",
        interim_reply="Xin thêm",
    )
    with pytest.raises(PermissionDenied):
        take(petition, "grant_extension", by=both, now=MONDAY + DAY)
    take(petition, "grant_extension", by=make.approver(), now=MONDAY + DAY)
    petition = fresh(petition)
    assert (local(petition.due_at), local(petition.first_due_at)) == ("16/09 17:00", "07/09 17:00")
    with pytest.raises(NotNow):  # the policy allows one
        take(petition, "request_extension", by=both, now=MONDAY + DAY, reason="Nữa", interim_reply="Nữa")


def test_an_extension_granted_after_the_due_moment_makes_nothing_timely() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    told: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Xin thêm"}
    take(petition, "request_extension", by=make.handler(), now=MONDAY + DAY, **told)
    with pytest.raises(NotNow):
        take(petition, "grant_extension", by=make.approver(), now=MONDAY + 40 * DAY)
    assert fresh(petition).is_overdue(MONDAY + 40 * DAY)


def test_an_extension_asked_after_the_due_moment_is_too_late() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    with pytest.raises(NotNow):
        take(
            petition,
            "request_extension",
            by=make.handler(),
            now=MONDAY + 20 * DAY,
            reason="Trễ",
            interim_reply="Trễ",
        )


def test_reopening_starts_a_new_clock_and_keeps_the_old_result() -> None:
    petition = make.petition("answered")
    first_waiting = petition.waiting_since
    take(petition, "reopen", by=make.holder(petition), reason="Lại bong")
    clocks = Clock.objects.filter(petition=petition, step="resolve").order_by("round")
    assert [(clock.round, clock.result) for clock in clocks] == [(1, "on_time"), (2, "")]
    assert fresh(petition).waiting_since == first_waiting


def test_what_was_merged_and_is_reopened_ends_its_clocks_with_its_mains_answer() -> None:
    petition, main = make.petition("in_progress"), make.petition("in_progress")
    take(petition, "merge", by=make.handler(), main=main.code)
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    take(petition, "reopen", by=make.holder(petition), reason="Lại bong")
    first, second = Clock.objects.filter(petition=petition, step="resolve").order_by("round")
    assert (first.result, first.ended_at, second.result) == ("on_time", fresh(main).answered_at, "")
    assert not Clock.objects.filter(petition=petition, round=1, ended_at__isnull=True).exists()


def test_what_was_merged_while_it_waited_waits_no_more_when_it_is_reopened() -> None:
    petition, main = make.petition("suspended"), make.petition("in_progress")
    take(petition, "merge", by=make.handler(), main=main.code)
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    take(petition, "reopen", by=make.holder(petition), reason="Lại bong")
    assert fresh(petition).paused_at is None
    assert not petition.pauses.filter(ended_at__isnull=True).exists()
    first, second = Clock.objects.filter(petition=petition, step="resolve").order_by("round")
    assert (first.result, second.result) == ("void", "")


def test_what_was_late_before_it_waited_and_was_merged_is_late() -> None:
    petition, main = dated(make.petition("submitted"), MONDAY), dated(make.petition("submitted"), MONDAY)
    late = MONDAY + 40 * DAY
    take(petition, "suspend", by=make.approver(), now=late, reason="Chờ giám định")
    take(petition, "merge", by=make.handler(), now=late, main=main.code)
    take(main, "draft_reply", by=make.handler(), now=late, **make.ANSWER)
    take(main, "approve", by=make.approver(), now=late)
    take(petition, "reopen", by=make.holder(petition), now=late, reason="Lại bong")
    clocks = Clock.objects.filter(petition=petition, step="resolve").order_by("round")
    assert [clock.result for clock in clocks] == ["late", ""]


@pytest.mark.long
def test_who_answers_while_merged_is_heard() -> None:
    petition, main = dated(make.petition("submitted"), MONDAY), dated(make.petition("submitted"), MONDAY)
    take(petition, "ask", by=make.handler(), now=MONDAY + DAY, question="Số nhà?")
    take(petition, "merge", by=make.handler(), now=MONDAY + DAY, main=main.code)
    take(petition, "inform", by=make.holder(petition), now=MONDAY + 3 * DAY, text="Số 12")
    assert local(fresh(petition).due_at) == "09/09 17:00"
    take(petition, "unmerge", by=make.handler(), now=MONDAY + 4 * DAY)
    petition = fresh(petition)
    assert (petition.state, petition.paused_at) == ("in_progress", None)
    assert local(petition.due_at) == "09/09 17:00"


@pytest.mark.long
def test_what_is_said_while_merged_ends_no_suspension() -> None:
    petition, main = dated(make.petition("submitted"), MONDAY), dated(make.petition("submitted"), MONDAY)
    take(petition, "suspend", by=make.approver(), now=MONDAY + DAY, reason="Chờ giám định")
    take(petition, "merge", by=make.handler(), now=MONDAY + DAY, main=main.code)
    take(petition, "inform", by=make.holder(petition), now=MONDAY + 3 * DAY, text="Số 12")
    take(petition, "unmerge", by=make.handler(), now=MONDAY + 4 * DAY)
    assert fresh(petition).state == "suspended"
    assert petition.pauses.filter(ended_at__isnull=True).exists()


@pytest.mark.long
@pytest.mark.parametrize("how", ["suspend", "ask"])
def test_what_is_late_is_not_merged_into_what_stands_still(how: str) -> None:
    main, petition = (dated(make.petition("submitted"), MONDAY) for _one in range(2))
    told = {"reason": "Chờ giám định"} if how == "suspend" else {"question": "Số nhà?"}
    take(main, how, by=make.approver(), now=MONDAY + DAY, **told)  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refused:  # not even before it is late: nobody knows when
        take(petition, "merge", by=make.handler(), now=MONDAY + 2 * DAY, main=main.code)
    assert "main" in refused.value.message_dict
    with pytest.raises(ValidationError):
        take(petition, "merge", by=make.handler(), now=MONDAY + 40 * DAY, main=main.code)
    take(main, "merge", by=make.handler(), now=MONDAY + 40 * DAY, main=petition.code)


@pytest.mark.long
def test_who_was_merged_is_not_closed_with_a_main_whose_sender_was_silent() -> None:
    petition, main, now = make.petition("in_progress"), make.petition("in_progress"), timezone.now()
    other = make.petition("in_progress")
    for one in (petition, other):
        take(one, "merge", by=make.handler(), main=main.code)
    take(main, "ask", by=make.handler(), now=now, question="Số nhà?")
    take(main, "close", by=make.focal_point(), now=now + 25 * DAY, notice="Không bổ sung")
    assert (fresh(petition).state, fresh(other).main_id) == ("in_progress", petition.pk)
    assert fresh(main).state == "closed"


@pytest.mark.parametrize("lead", ["provincial-people-committee:48", "fatherland-front:48"])
def test_where_nobody_stands_above_another_approver_of_the_lead_sends_the_second_answer(lead: str) -> None:
    petition = make.petition("reopened", lead=lead)
    drafter, other = make.approver(lead), make.approver(lead)
    take(petition, "accept", by=drafter)
    take(petition, "draft_reply", by=drafter, **make.ANSWER)
    with pytest.raises(PermissionDenied):
        take(petition, "approve", by=drafter)
    take(petition, "approve", by=other)
    assert fresh(petition).state == "answered"


@pytest.mark.long
def test_what_is_withdrawn_has_no_clock_that_runs() -> None:
    petition = receive(make.submission(text="Ở đây có chuyện không ổn", commune="")).petition
    catch_up()
    assert petition.clocks.get().result == ""
    take(petition, "withdraw", by=make.holder(petition), signed_form=True)
    assert [(clock.step, clock.result) for clock in petition.clocks.all()] == [("accept", "void")]


def test_after_reopening_another_handler_and_the_superior() -> None:
    petition = make.petition("answered")
    first = petition.first_drafted_by
    assert first is not None
    take(petition, "reopen", by=make.holder(petition), reason="Lại bong")
    with pytest.raises(PermissionDenied):
        take(petition, "accept", by=first)
    take(petition, "accept", by=make.handler())
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    with pytest.raises(PermissionDenied):
        take(petition, "approve", by=make.approver())
    take(petition, "approve", by=make.approver("provincial-people-committee:48"))


def test_a_promise_keeps_the_window_open_until_it_is_kept() -> None:
    promise = {"outcome": "planned", "text": "Lát lại quý sau", "plan_date": "2099-01-01"}
    petition = make.petition("answered", answer=promise)
    later = timezone.now() + 40 * DAY
    with pytest.raises(NotNow):
        take(petition, "close", by=SYSTEM, now=later)
    take(petition, "fulfil", by=make.approver(), now=later, evidence="Ảnh", text="Đã lát")
    take(petition, "close", by=SYSTEM, now=later + 17 * DAY)


def test_a_promise_is_rated_and_once_more_when_it_is_kept() -> None:
    promise = {"outcome": "planned", "text": "Lát lại quý sau", "plan_date": "2099-01-01"}
    petition = make.petition("answered", answer=promise)
    citizen = make.holder(petition)
    take(petition, "rate", by=citizen, score="dissatisfied")
    with pytest.raises(NotNow):
        take(petition, "rate", by=citizen, score="satisfied")
    take(petition, "fulfil", by=make.approver(), evidence="Ảnh", text="Đã lát")
    assert fresh(petition).score == "dissatisfied"  # until he says another
    take(petition, "rate", by=citizen, score="satisfied")
    assert fresh(petition).score == "satisfied"
    with pytest.raises(NotNow):
        take(petition, "rate", by=citizen, score="very_satisfied")


def test_a_kept_promise_that_nobody_rated_is_rated_once() -> None:
    promise = {"outcome": "planned", "text": "Lát lại quý sau", "plan_date": "2099-01-01"}
    petition = make.petition("answered", answer=promise)
    take(petition, "fulfil", by=make.approver(), evidence="Ảnh", text="Đã lát")
    take(petition, "rate", by=make.holder(petition), score="satisfied")
    with pytest.raises(NotNow):
        take(petition, "rate", by=make.holder(petition), score="satisfied")


def test_a_complaint_is_dated_from_its_formal_acceptance() -> None:
    petition = make.petition("submitted")
    take(petition, "seal", by=make.officer(), now=MONDAY, kind="complaint")
    take(
        petition,
        "accept_for_handling",
        by=make.officer(),
        now=MONDAY + DAY,
        decision_number="15/QĐ",
        signed_on="2026-08-20",
    )
    petition = fresh(petition)
    assert petition.state == "in_progress"
    assert local(petition.due_at) == "24/09 17:00"  # thirty days from 25/8


# --- kinship --------------------------------------------------------------------------------------------


def test_a_part_split_off_waits_as_long_and_opens_with_the_same_secret() -> None:
    petition = make.petition("in_progress", name="Lê Thị B")
    take(petition, "split", by=make.focal_point(), texts=["Đèn đường cũng tắt"])
    part = Petition.objects.get(origin=petition)
    assert (part.state, part.text, part.contact.name) == ("submitted", "Đèn đường cũng tắt", "Lê Thị B")
    assert part.waiting_since == petition.submitted_at
    take(part, "inform", by=make.holder(petition), text="Trước số 5")


@pytest.mark.long
def test_what_bore_it_is_told_of_rows_of_before_too_and_is_held_against_the_steps() -> None:
    whole, answered = make.petition("in_progress"), make.petition("answered")
    take(whole, "split", by=make.focal_point(), texts=["Đèn đường cũng tắt"])
    take(answered, "appeal", by=make.holder(answered), text="Trả lời không đúng sự thật")
    Petition.objects.update(born_by="")
    assert len(verify().bad) == 2
    import_module("feedback.migrations.0058_born_by_split_or_appeal").told_by_steps(apps, None)
    told = Petition.objects.exclude(origin=None).order_by("pk").values_list("origin", "born_by")
    assert list(told) == [(whole.pk, "split"), (answered.pk, "appeal")]
    assert not Petition.objects.filter(origin=None).exclude(born_by="").exists()
    assert verify().bad == []


def test_an_appeal_never_comes_back_to_the_unit_that_answered() -> None:
    petition = make.petition("answered")
    take(petition, "appeal", by=make.holder(petition), text="Trả lời không đúng sự thật")
    appeal = Petition.objects.get(origin=petition)
    take(appeal, "receive", by=make.focal_point())
    with pytest.raises(ValidationError):
        take(appeal, "assign", by=make.focal_point(), agency=make.HAI_CHAU)


@pytest.mark.parametrize("state", ["answered", "rejected"])
def test_one_review_at_a_time(state: str) -> None:
    petition = make.petition(state)
    holder = make.holder(petition)
    asked: dict[str, Any] = {"text": "Trả lời không đúng sự thật"}
    take(petition, "appeal", by=holder, **asked)
    with pytest.raises(NotNow):
        take(petition, "appeal", by=holder, **asked)
    take(petition.children.get(), "withdraw", by=holder)
    take(petition, "appeal", by=holder, **asked)
    assert petition.children.count() == 2


def test_an_appeal_that_is_read_surely_is_left_to_a_person_where_it_would_come_back() -> None:
    petition = make.petition("answered", lead="commune-economy-office:20242")
    words = "Gạch vỉa hè trước trường bị bong, cụ già vấp ngã."
    take(petition, "appeal", by=make.holder(petition), text=words)
    appeal = Petition.objects.get(origin=petition)
    write = read_submitted(appeal.steps.get())
    assert write
    write()
    appeal = Petition.objects.get(pk=appeal.pk)
    assert appeal.subfield_id == make.SIDEWALK
    assert (appeal.state, appeal.lead_id) == ("submitted", "feedback-focal-point:48")


@pytest.mark.long
def test_a_merged_petition_follows_its_main_and_takes_its_place_when_it_goes() -> None:
    main, second, third = (make.petition("in_progress") for _number in range(3))
    for petition in (second, third):
        take(petition, "merge", by=make.handler(), main=main.code)
    with pytest.raises(NotNow):
        take(second, "rate", by=make.holder(second), score="satisfied")
    take(main, "withdraw", by=make.holder(main))
    assert (fresh(second).state, fresh(third).state) == ("in_progress", "merged")
    assert fresh(third).main == second


@pytest.mark.parametrize("wrong", ["000000000019", "", "chính nó"])
def test_a_merge_needs_a_main_that_is_there_open_and_another(wrong: str) -> None:
    petition = make.petition("in_progress")
    code = petition.code if wrong == "chính nó" else wrong
    with pytest.raises((ValidationError, NotNow)):
        take(petition, "merge", by=make.focal_point(), main=code)


@pytest.mark.parametrize("state", ["nowhere", "in_progress", "closed", "sealed"])
def test_a_main_that_this_person_cannot_see_is_refused_like_one_that_does_not_exist(state: str) -> None:
    petition, code = make.petition("in_progress"), "000000000019"
    if state != "nowhere":
        hidden = make.petition("in_progress" if state == "sealed" else state, lead=make.CONSTRUCTION)
        Petition.objects.filter(pk=hidden.pk).update(sealed=state == "sealed")
        code = hidden.code
    with pytest.raises(ValidationError) as refused:
        take(petition, "merge", by=make.handler(), main=code)
    assert refused.value.message_dict == {"main": ["Không có đơn nào mang mã này."]}


def test_nothing_sealed_is_merged() -> None:
    sealed, plain = make.petition("submitted"), make.petition("in_progress")
    take(sealed, "seal", by=SYSTEM, kind="denunciation")
    for one, other in ((sealed, plain), (plain, sealed)):
        with pytest.raises(NotNow):
            take(one, "merge", by=make.focal_point(), main=other.code)


def test_a_denunciation_is_withdrawn_by_the_officer_with_the_signed_form() -> None:
    petition = make.petition("submitted")
    take(petition, "seal", by=SYSTEM, kind="denunciation")
    with pytest.raises(PermissionDenied):
        take(petition, "withdraw", by=make.holder(petition))
    with pytest.raises(ValidationError):
        take(petition, "withdraw", by=make.officer())
    take(petition, "withdraw", by=make.officer(), signed_form=True)


def test_a_better_known_field_brings_the_due_date_nearer_and_only_the_focal_point_moves_it_away() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    assert local(petition.due_at) == "07/09 17:00"
    told: dict[str, Any] = {"why": "Đọc sai", "subfield": "policy-regulation.initiative"}
    take(petition, "reclassify", by=make.handler(), now=MONDAY, **told)
    assert local(fresh(petition).due_at) == "07/09 17:00"
    take(petition, "reclassify", by=make.focal_point(), now=MONDAY, **told)
    assert local(fresh(petition).due_at) > "07/09 17:00"
    take(
        petition,
        "reclassify",
        by=make.handler(),
        now=MONDAY,
        why="Rác",
        subfield="environment.waste-collection",
    )
    petition = fresh(petition)
    assert local(petition.due_at) == "27/08 17:00"
    assert local(petition.first_due_at) == "07/09 17:00"


def test_nothing_is_published_against_the_petitioners_word() -> None:
    petition = make.petition("answered")
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè")
    take(petition, "refuse_publication", by=make.holder(petition), hide="all")
    assert not hasattr(fresh(petition), "public")
    with pytest.raises(NotNow):
        take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè")


def test_an_extension_granted_before_survives_a_policy_that_knows_none() -> None:
    petition = dated(make.petition("submitted"), MONDAY)
    take(
        petition,
        "request_extension",
        by=make.handler(),
        now=MONDAY,
        reason="Chờ vật tư",
        interim_reply="Xin thêm",
    )
    take(petition, "grant_extension", by=make.approver(), now=MONDAY)
    take(
        petition,
        "reclassify",
        by=make.focal_point(),
        now=MONDAY,
        why="Nắp cống",
        subfield="urban-infrastructure.manhole-cover",
    )
    assert local(fresh(petition).due_at) == "24/08 14:30"  # four working hours of an urgent matter


def test_the_reason_is_of_the_agency_that_has_it_now() -> None:
    petition = make.petition("received")
    Petition.objects.filter(pk=petition.pk).update(route_reason="Đầu mối xem xét vì chưa đủ chắc.")
    focal = make.focal_point()
    take(petition, "assign", by=focal, agency=make.HAI_CHAU)
    # The tables name another for a sidewalk: whoever asked reads who chose.
    assert fresh(petition).route_reason == "Đầu mối tiếp nhận chọn cơ quan này."
    right = "commune-economy-office:20242"
    take(petition, "transfer", by=focal, agency=right, reason="Đúng đơn vị.")
    assert fresh(petition).route_reason.startswith(
        "Phòng Kinh tế, Hạ tầng và Đô thị phường Hải Châu phụ trách"
    )
    take(petition, "lift", by=focal, reason="x", against=HAI_CHAU_AS_A_WHOLE)
    assert fresh(petition).route_reason.startswith("UBND TP Đà Nẵng chủ trì vì UBND phường Hải Châu là bên")


HAI_CHAU_AS_A_WHOLE = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"}


def test_who_chose_by_hand_and_why_is_told_to_officials_in_his_words_and_to_the_sender_without() -> None:
    petition, watcher = make.petition("in_progress"), make.user(Role.SUPERVISOR, "", "48")
    take(petition, "transfer", by=watcher, agency=make.CONSTRUCTION, reason="Đường do Sở quản lý")
    petition = fresh(petition)
    desk = at(make.handler(make.CONSTRUCTION)).get(f"/xu-ly/{petition.code}/").content.decode()
    assert "Do người giám sát giao: Đường do Sở quản lý" in desk
    assert present(petition, timezone.now()).note == "Người giám sát chọn cơ quan này."
    with override("en"):
        assert present(petition, timezone.now()).note == "A supervisor chose this agency."


def test_a_longer_policy_does_not_come_back_with_the_next_pause() -> None:
    petition = make.petition("in_progress")
    due, handler = petition.due_at, make.handler()
    assert due is not None
    late = due + DAY
    take(petition, "reclassify", by=handler, now=late, subfield="utilities.rural-water", why="Nước")
    take(petition, "ask", by=handler, now=late, question="Ở đâu?")
    take(petition, "inform", by=make.holder(petition), now=late + dt.timedelta(minutes=5), text="Ở đầu hẻm")
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.is_overdue(late + DAY)
    assert petition.due_at is not None
    assert petition.due_at < late


def test_what_is_late_is_not_merged_into_what_is_not() -> None:
    handler, now = make.handler(), timezone.now()
    old = make.petition("in_progress")
    late = (old.due_at or now) + DAY
    young = make.petition("submitted", anew=True, now=late)
    ways: list[tuple[str, dict[str, Any]]] = [
        ("receive", {"subfield": make.SIDEWALK}),
        ("assign", {"agency": make.HAI_CHAU}),
    ]
    for action, told in ways:
        take(young, action, by=make.focal_point(), now=late, **told)
    take(young, "accept", by=handler, now=late)
    with pytest.raises(ValidationError):
        take(old, "merge", by=handler, now=late, main=young.code)
    take(young, "merge", by=handler, now=late, main=old.code)
    assert Petition.objects.get(pk=young.pk).state == "merged"
