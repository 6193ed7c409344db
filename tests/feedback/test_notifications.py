"""Who hears of what, what a letter says, and that a letter cut off goes out again as the same letter."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback import followups, notifications
from feedback.models import Contact, FollowUp, Notice, Petition, Step
from feedback.notifications import SEND, SILENT, WHO_IS_TOLD
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.sweep import sweep
from feedback.workflow import ACTIONS, available
from tests import make
from tests.feedback.test_workflow import ready
from tests.mail_sink import Sink

pytestmark = pytest.mark.django_db

COMMITTEE = "provincial-people-committee:48"

# action | from | by | who is told, and neither the actor nor anybody else
TOLD = """
ask                 | received         | focal        | petitioner
inform              | in_progress      | secret       | handler
propose_refusal     | submitted        | focal        | focal officer supervisor
confirm_refusal     | submitted        | supervisor   | petitioner
contest             | rejected         | secret       | focal officer
redirect            | received         | officer      | petitioner
assign              | received         | focal        | petitioner handler
accept              | assigned         | handler      | petitioner
accept_for_handling | assigned         | approver     | petitioner handler
return_             | assigned         | handler      | focal officer
transfer            | in_progress      | supervisor   | petitioner handler construction focal officer
lift                | in_progress      | supervisor   | petitioner handler superior focal officer
dialogue            | in_progress      | handler      | petitioner handler officer
announce            | answered         | handler      | petitioner
accuse              | answered         | supervisor   | petitioner superior focal officer
coordinate          | in_progress      | handler      | construction
contribute          | in_progress      | construction | handler
split               | received         | focal        | petitioner
suspend             | in_progress      | approver     | petitioner handler
resume              | suspended        | approver     | petitioner handler
request_extension   | in_progress      | handler      | approver
grant_extension     | in_progress      | approver     | petitioner handler
draft_reply         | in_progress      | handler      | approver
send_back           | pending_approval | approver     | handler
approve             | pending_approval | approver     | petitioner handler
fulfil              | answered         | approver     | petitioner
reopen              | answered         | secret       | handler superior
close               | answered         | system       | petitioner
close               | needs_info       | focal        | petitioner
withdraw            | in_progress      | secret       | handler
merge               | in_progress      | handler      | petitioner
unmerge             | merged           | focal        | petitioner
seal                | in_progress      | handler      | officer
offer_publication   | answered         | reviewer     | petitioner
agree_publication   | answered         | secret       | reviewer
publish             | answered         | reviewer     | petitioner
unpublish           | answered         | reviewer     | petitioner
refuse_publication  | answered         | secret       | reviewer
remind              | in_progress      | supervisor   | handler approver
demand_report       | in_progress      | supervisor   | handler approver
report              | in_progress      | handler      |
escalate            | in_progress      | system       |
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in TOLD.strip().splitlines()]
WORD = {
    (Role.HANDLER, make.HAI_CHAU): "handler",
    (Role.APPROVER, make.HAI_CHAU): "approver",
    (Role.HANDLER, make.CONSTRUCTION): "construction",
    (Role.APPROVER, COMMITTEE): "superior",
    (Role.FOCAL_POINT, make.FOCAL_POINT): "focal",
    (Role.PETITION_OFFICER, make.FOCAL_POINT): "officer",
    (Role.REVIEWER, make.FOCAL_POINT): "reviewer",
    (Role.SUPERVISOR, None): "supervisor",
    (Role.HANDLER, "commune-people-committee:00367"): "stranger",
    (Role.FOCAL_POINT, "feedback-focal-point:01"): "stranger",
}
CITIZEN: dict[str, Any] = {"name": "Nguyễn Thị Bưởi", "phone": "0905123456", "email": "buoi@example.vn"}


CAST = {
    "handler": (Role.HANDLER, make.HAI_CHAU, ""),
    "approver": (Role.APPROVER, make.HAI_CHAU, ""),
    "construction": (Role.HANDLER, make.CONSTRUCTION, ""),
    "superior": (Role.APPROVER, COMMITTEE, ""),
    "focal": (Role.FOCAL_POINT, make.FOCAL_POINT, "48"),
    "officer": (Role.PETITION_OFFICER, make.FOCAL_POINT, "48"),
    "reviewer": (Role.REVIEWER, make.FOCAL_POINT, "48"),
    "supervisor": (Role.SUPERVISOR, "", "48"),
    "stranger": (Role.FOCAL_POINT, "feedback-focal-point:01", "01"),
    "other": (Role.HANDLER, "commune-people-committee:00367", ""),
}


def cast() -> dict[str, Any]:
    """Two of each sort stand ready: one acts, one may hear of it."""
    people = make.users(*CAST.values(), *CAST.values())
    return {"system": SYSTEM} | dict(zip(CAST, people, strict=False))


def told(step: Step) -> list[Notice]:
    """Do the follow-up of this step, unless it was done along with another, and read what it wrote."""
    row = FollowUp.objects.filter(step=step, consumer="feedback.notifications.notify").first()
    assert row is None or row.done_at or followups.follow_up(row.pk)
    return list(Notice.objects.filter(step=step).order_by("pk"))


def word(notice: Notice) -> str:
    if notice.user is None:
        return notice.recipient
    post = Post.objects.get(user=notice.user)
    return WORD[Role(post.role), post.agency_id]


def test_every_action_is_told_or_silent_for_a_written_reason() -> None:
    assert set(WHO_IS_TOLD) | set(SILENT) == set(ACTIONS)
    assert not set(WHO_IS_TOLD) & set(SILENT)
    assert all(len(reason) > 20 for reason in SILENT.values())


def test_the_table_above_has_every_action_that_is_told() -> None:
    assert {action for action, *_rest in CASES} | {"submit"} == set(WHO_IS_TOLD)


@pytest.mark.parametrize(("action", "state", "by", "expected"), CASES)
def test_who_is_told(action: str, state: str, by: str, expected: str) -> None:
    petition, facts, moment = ready(action, state)
    people = cast()
    actor = make.holder(petition) if by == "secret" else people[by]
    step = take(petition, action, by=actor, now=moment, **facts)
    notices = told(step)
    assert {word(notice) for notice in notices} == set(expected.split())
    assert f"user:{getattr(actor, 'pk', 0)}" not in {notice.recipient for notice in notices}
    for notice in notices:
        assert "\n" not in notice.subject
        assert petition.printed_code in notice.subject
        assert notice.body
        assert petition.text not in notice.body
        assert not any(said in notice.body for said in words_of_the_citizen(by, facts))


def words_of_the_citizen(by: str, facts: dict[str, Any]) -> list[str]:
    return [facts[name] for name in ("text", "reason") if by == "secret" and name in facts]


def test_the_petitioner_hears_by_mail_and_the_secret_is_in_no_letter(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    petition = make.petition("submitted", **CITIZEN)
    (notice,) = told(petition.steps.get())
    assert (notice.recipient, notice.channel, notice.address) == ("petitioner", "email", CITIZEN["email"])
    assert notice.message_id == notifications.message_id(notice.step, "petitioner", "email")
    assert petition.code not in notice.message_id
    assert notice.sent_at is None
    for said in (CITIZEN["name"], CITIZEN["phone"], petition.text, petition.secret_hash):
        assert said not in notice.subject + notice.body


def test_danger_to_life_is_told_to_the_intake_as_soon_as_it_is_read() -> None:
    focal = make.focal_point()
    petition = make.petition("submitted", text="Trụ điện bị đổ, dây điện rơi xuống đường, rất nguy hiểm!")
    read = FollowUp.objects.get(step__petition=petition, consumer="feedback.intake.read_submitted")
    assert followups.follow_up(read.pk)
    (notice,) = told(petition.steps.get(action="escalate"))
    assert (notice.user, notice.subject[:5]) == (focal, "KHẨN:")
    assert sweep() == []  # the clock's round has nothing to add


def test_a_reminder_goes_to_the_people_whom_the_step_names() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    make.approver()
    step = take(petition, "escalate", by=SYSTEM, rung="due", sent_to=[handler.username])
    assert [notice.user for notice in told(step)] == [handler]


def test_a_report_goes_to_whoever_demanded_it() -> None:
    petition, supervisor = make.petition("in_progress"), make.user(Role.SUPERVISOR, province="48")
    take(petition, "demand_report", by=supervisor, days=3)
    step = take(petition, "report", by=make.handler(), text="Đang chờ vật tư")
    assert [notice.user for notice in told(step)] == [supervisor]


def test_a_lead_without_handlers_is_told_through_its_approvers() -> None:
    approver = make.approver(make.CONSTRUCTION)
    petition = make.petition("received")
    step = take(petition, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    assert [notice.user for notice in told(step)] == [None, approver]


@pytest.mark.parametrize("colleague", [True, False])
def test_what_is_reopened_is_told_to_whoever_of_the_lead_may_take_it(colleague: bool) -> None:
    petition = make.petition("answered")
    drafter = User.objects.get(pk=petition.first_drafted_by_id or 0)
    head = Post.objects.get(role=Role.APPROVER, agency=make.HAI_CHAU).user
    other = make.handler() if colleague else None
    step = take(petition, "reopen", by=make.holder(petition), reason="Vẫn bong")
    letters = {notice.user: notice for notice in told(step)}
    taker = other or head
    assert set(letters) == {drafter, taker}
    assert "chờ bạn nhận" in letters[taker].subject
    assert "một người khác trong cơ quan phải nhận" in letters[drafter].body
    assert "accept" in available(Petition.objects.get(pk=petition.pk), taker)
    assert "accept" not in available(Petition.objects.get(pk=petition.pk), drafter)


def test_who_led_then_is_told_even_if_another_leads_now() -> None:
    petition, handler = make.petition("received"), make.handler()
    assigned = take(petition, "assign", by=make.focal_point(), agency=make.HAI_CHAU)
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường tỉnh")
    petitioners, leads = told(assigned)
    assert "Hải Châu" in petitioners.subject
    assert leads.user == handler


def test_whoever_is_complained_about_is_told_nothing() -> None:
    petition, accused = make.petition("in_progress"), make.handler()
    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"}
    step = take(
        petition, "lift", by=make.focal_point(), agency=COMMITTEE, reason="Phản ánh phường", against=against
    )
    assert accused not in [notice.user for notice in told(step)]


def test_an_official_hears_of_his_own_petition_as_its_petitioner_alone() -> None:
    own, colleague = make.handler(), make.handler()
    petition = make.petition("in_progress", petitioner=own)
    step = take(petition, "suspend", by=make.approver(), reason="Chờ giám định")
    letters = {notice.recipient for notice in told(step)}
    assert {"petitioner", f"user:{colleague.pk}"} <= letters
    assert f"user:{own.pk}" not in letters


def test_whoever_may_not_see_the_whole_of_a_sealed_part_hears_nothing_of_it() -> None:
    whole, former = make.petition("in_progress"), make.handler()
    take(whole, "split", by=make.focal_point(), texts=["Phó phòng hạ tầng đòi tiền bồi dưỡng."])
    part = Petition.objects.get(origin=whole)
    take(part, "seal", by=make.officer(), kind="denunciation")
    called_back = whole.steps.get(action="lift")
    assert former not in [notice.user for notice in told(called_back)]


def test_of_a_sealed_petition_a_letter_tells_nothing_but_its_code() -> None:
    petition = make.petition("in_progress", **CITIZEN)
    make.officer()
    told(take(petition, "seal", by=make.handler(), kind="denunciation"))
    step = take(petition, "ask", by=make.officer(), question="Ai, ngày nào?")
    letters = told(step) + told(petition.steps.get(action="assign"))
    assert {notice.recipient for notice in letters} == {"petitioner"}
    for notice in letters:
        for telling in ("Hải Châu", "tố cáo", "đầu mối", "Tố cáo", "phản ánh"):
            assert telling not in notice.subject + notice.body


def test_an_officials_reason_reaches_the_petitioner_without_personal_data() -> None:
    petition = make.petition("in_progress")
    reason = "Chờ giám định, liên hệ anh Tư 0905123456"
    petitioners, *_officials = told(take(petition, "suspend", by=make.approver(), reason=reason))
    assert "Chờ giám định" in petitioners.body
    assert "0905123456" not in petitioners.body


def test_a_refusal_names_its_ground_and_the_right_to_contest() -> None:
    petition = make.petition("rejected")
    (notice,) = told(petition.steps.get(action="confirm_refusal"))
    assert "Ngoài phạm vi tiếp nhận" in notice.body
    assert "15 ngày" in notice.body
    assert "Tranh chấp dân sự" not in notice.body


def test_a_redirection_names_the_place_and_its_address() -> None:
    petition = make.petition("redirected")
    (notice,) = told(petition.steps.get(action="redirect"))
    assert "Tòa án nhân dân khu vực 1\n374 Núi Thành" in notice.body


def test_the_new_due_moment_stands_in_the_letter_of_an_extension() -> None:
    petition = make.petition("in_progress")
    take(petition, "request_extension", by=make.handler(), reason="Vật tư về chậm", interim_reply="Xin chờ")
    step = take(petition, "grant_extension", by=make.approver())
    due = timezone.localtime(Petition.objects.get(pk=petition.pk).due_at)
    petitioners, *_officials = told(step)
    assert f"{due:%H:%M, %d/%m/%Y}" in petitioners.body
    assert "Vật tư về chậm" in petitioners.body


def test_nothing_is_written_about_an_erased_petition() -> None:
    petition = make.petition("in_progress", **CITIZEN)
    take(petition, "erase", by=SYSTEM, rule="unsigned-1-year")
    told(petition.steps.get(action="submit"))
    assert not Notice.objects.exists()


# --- sending --------------------------------------------------------------------------------------------


def written_to(*addresses: str) -> Petition:
    """A petition whose draft waits, with approvers at these addresses."""
    petition = make.petition("pending_approval")
    FollowUp.objects.exclude(step__action="draft_reply").delete()
    for address in addresses:
        User.objects.filter(pk=make.approver().pk).update(email=address)
    return petition


def follow_up() -> None:
    """Round after round, as `work` does: what is done plans more; what failed waits."""
    while followups.catch_up().done:
        pass


def again() -> None:
    FollowUp.objects.update(next_try_at=timezone.now())
    follow_up()


@pytest.mark.long
def test_a_letter_arrives_once_with_its_message_id(mail: Sink) -> None:
    petition = make.petition("submitted", **CITIZEN)
    follow_up()
    assert set(FollowUp.objects.values_list("attempts", "error")) == {(1, "")}
    again()
    assert followups.waiting().count() == 0
    assert mail.ids[0] == notifications.message_id(petition.steps.get(seq=1), "petitioner", "email")
    letter = mail.letters[0]
    assert (letter["To"], letter["Auto-Submitted"]) == (CITIZEN["email"], "auto-generated")
    assert letter["Subject"] == f"Đã nhận phản ánh {petition.printed_code}"
    assert letter.get_content().rstrip().endswith("không ai đọc thư trả lời về địa chỉ gửi.")
    assert Notice.objects.filter(channel="email", sent_at__isnull=True).count() == 0
    assert len(mail.ids) == len(set(mail.ids)) == Notice.objects.filter(channel="email").count()


def test_whoever_types_anothers_address_into_many_forms_fills_no_letter_box(
    mail: Sink, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLE = True
    cache.clear()
    monkeypatch.setattr(notifications, "MOST_UNASKED", 2)
    petitions = [make.petition("submitted", anew=True, **CITIZEN) for _form in range(4)]
    for petition in petitions:
        told(petition.steps.get(action="submit"))
    told(take(petitions[3], "ask", by=make.focal_point(), question="Ở đâu?"))
    by_mail = Notice.objects.filter(recipient="petitioner", channel="email")
    assert list(by_mail.order_by("pk").values_list("step__petition__code", "step__action")) == [
        (petitions[0].code, "submit"),
        (petitions[1].code, "submit"),
        (petitions[3].code, "ask"),  # an official asks: that is always told
    ]
    assert Notice.objects.filter(step__petition=petitions[2], channel="outbox").exists()


@pytest.mark.long
def test_an_address_put_off_holds_up_no_other_and_is_tried_again_alone(mail: Sink) -> None:
    mail.put_off = {"sai@example.vn"}
    written_to("sai@example.vn", "dung@example.vn")
    follow_up()
    assert [letter["To"] for letter in mail.letters] == ["dung@example.vn"]
    row = FollowUp.objects.get(consumer=SEND)
    assert row.error == "SendingError: 1/2: SMTPRecipientsRefused"
    mail.put_off = set()
    again()
    assert [letter["To"] for letter in mail.letters] == ["dung@example.vn", "sai@example.vn"]


@pytest.mark.long
def test_an_address_that_is_none_is_tried_once_and_known_until_a_letter_arrives(mail: Sink) -> None:
    mail.refused = {CITIZEN["email"]}
    petition = make.petition("submitted", **CITIZEN)
    follow_up()
    assert not FollowUp.objects.filter(consumer=SEND, done_at__isnull=True).exists()
    letter = Notice.objects.get(recipient="petitioner", step__action="submit")
    assert (letter.sent_at, letter.refused_at is not None) == (None, True)
    assert Contact.objects.get(petition=petition).unreached_since == letter.refused_at

    assert notifications.send_again(Notice.objects.filter(sent_at__isnull=False)) == 0
    assert notifications.send_again(Notice.objects.filter(pk=letter.pk)) == 1
    assert Contact.objects.get(petition=petition).unreached_since is None
    follow_up()
    letter = Notice.objects.get(pk=letter.pk)
    assert (letter.sent_at, letter.refused_at is not None) == (None, True), (
        "asked once more, and refused again"
    )

    mail.refused = set()  # he has made room, or the name was a neighbour's for a day
    take(petition, "ask", by=make.focal_point(), question="Ở đâu?")
    follow_up()
    assert Contact.objects.get(petition=petition).unreached_since is None
    assert {letter["To"] for letter in mail.letters} == {CITIZEN["email"]}


@pytest.mark.long
def test_a_server_that_takes_nothing_from_us_says_nothing_of_an_address(mail: Sink) -> None:
    mail.closed_to_us = True
    petition = make.petition("submitted", **CITIZEN)
    follow_up()
    rows = FollowUp.objects.filter(consumer=SEND, step__action="submit")
    assert rows.get().error == "SendingError: 1/1: SMTPRecipientsRefused"
    assert Contact.objects.get(petition=petition).unreached_since is None
    mail.closed_to_us = False
    again()
    assert {letter["To"] for letter in mail.letters} == {CITIZEN["email"]}
    assert not followups.waiting().exists()


@pytest.mark.long
def test_a_letter_cut_off_goes_out_again_under_the_same_message_id(mail: Sink) -> None:
    mail.hang_up_after_taking = 1
    written_to("lanh.dao@example.vn")
    follow_up()
    assert followups.waiting().get().error == "SendingError: 1/1: SMTPServerDisconnected"
    again()
    assert len(mail.ids) == 2
    assert len(set(mail.ids)) == 1
    assert Notice.objects.count() == 1
    assert followups.waiting().count() == 0


@pytest.mark.long
def test_an_absent_mail_server_holds_up_nothing_and_loses_nothing(mail: Sink, settings: Any) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    petition = make.petition("submitted", **CITIZEN)
    follow_up()
    assert petition.predictions.exists()
    assert set(followups.waiting().values_list("consumer", flat=True)) == {SEND}
    settings.EMAIL_PORT = there
    again()
    assert followups.waiting().count() == 0
    assert len(mail.ids) == Notice.objects.filter(channel="email").count()


@pytest.mark.long
def test_without_a_mail_server_what_was_queued_leaves_by_none_and_waits_untouched(
    mail: Sink, settings: Any
) -> None:
    written_to("lanh.dao@example.vn")
    while followups.catch_up(outside=False).done:
        pass
    named, settings.EMAIL_URL = settings.EMAIL_URL, ""  # it listens all the same
    follow_up()
    row = FollowUp.objects.get(consumer=SEND)
    assert not followups.follow_up(row.pk)  # nor when its bell rings
    assert (mail.letters, row.attempts, row.error, row.dead) == ([], 0, "", False)
    assert followups.queue_state()["waiting"] == 0, "nobody is late with it"
    assert not any(followups.lag().values())
    settings.EMAIL_URL = named
    follow_up()
    assert [letter["To"] for letter in mail.letters] == ["lanh.dao@example.vn"]
    assert not followups.waiting().exists()


@pytest.mark.long
def test_a_letter_that_waited_does_not_go_to_whoever_came_to_be_accused(mail: Sink, settings: Any) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    petition = make.petition("assigned", anew=True, **CITIZEN)
    accused = make.handler()
    User.objects.filter(pk=accused.pk).update(email="phuong@example.vn")
    take(petition, "inform", by=make.holder(petition), text="Thêm ảnh")
    follow_up()
    waits = Notice.objects.get(user=accused, step__action="inform")
    assert (waits.address, waits.sent_at) == ("phuong@example.vn", None)

    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"}
    take(petition, "lift", by=make.focal_point(), agency=COMMITTEE, reason="Bị phản ánh", against=against)
    settings.EMAIL_PORT = there
    again()
    assert "phuong@example.vn" not in {letter["To"] for letter in mail.letters}
    assert CITIZEN["email"] in {letter["To"] for letter in mail.letters}
    waits.refresh_from_db()
    assert (waits.address, waits.subject, waits.body, waits.sent_at) == ("", "", "", None)
    assert followups.waiting().count() == 0


def test_letters_have_a_lane_of_their_own(mail: Sink) -> None:
    written_to("lanh.dao@example.vn")
    while followups.catch_up(outside=False).done:
        pass
    assert mail.letters == []
    followups.catch_up(outside=True)
    assert not followups.waiting().exists()
    assert len(mail.letters) == 1


@pytest.mark.long
def test_a_mail_server_may_be_away_for_days_before_a_letter_is_given_up(mail: Sink, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    written_to("lanh.dao@example.vn")
    follow_up()
    for attempts, dead in ((60, False), (79, True)):
        FollowUp.objects.filter(consumer=SEND).update(attempts=attempts)
        again()
        row = FollowUp.objects.get(consumer=SEND)
        assert row.dead is dead
        assert (row.next_try_at - timezone.now()).total_seconds() < 3601


def test_the_work_command_sends_what_waits(mail: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    written_to("lanh.dao@example.vn")
    with pytest.raises(SystemExit) as ended:
        call_command("work", "--once")
    assert ended.value.code == 0
    assert len(mail.letters) == 1


@pytest.mark.parametrize(
    ("code", "said", "nobody"),
    [
        (550, b"5.1.1 <a@example.vn>: Recipient address rejected: User unknown", True),
        (550, b"no such person here", True),
        (550, b"5.1.8 Sender address rejected: Domain not found", False),
        (504, b"5.5.2 <house>: Helo command rejected: need fully-qualified hostname", False),
        (554, b"5.7.1 Service unavailable; client host blocked", False),
        (552, b"5.2.2 mailbox full", False),
        (451, b"4.1.1 user unknown", False),
        (550, b"5.1.7 <tin@house.vn>: Sender address rejected: User unknown in local recipient table", False),
        (550, b"5.1.0 <tin@house.vn>: Sender address rejected: undeliverable address: 550 5.1.1 x", False),
        (550, b"Verification failed for <tin@house.vn>\nResponse: 550 5.1.1 User unknown", False),
        (550, b"Sender verify failed: No such user here", False),
        (553, b"sorry, your envelope sender domain does not exist (#5.7.1)", False),
        (550, b"5.7.1 unknown user or password", False),
    ],
)
def test_only_an_address_that_is_none_is_given_up(code: int, said: bytes, nobody: bool) -> None:
    refused = smtplib.SMTPRecipientsRefused({"a@example.vn": (code, said)})
    assert notifications.knows_no_such_address(refused) is nobody
