"""Where a sender's letters go once an official has mended his address, and who is heard from then on."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.models import User
from feedback import notifications, reach, workflow
from feedback.models import Contact, FollowUp, Notice, Petition
from feedback.steps import take
from feedback.verification import verify
from tests import make
from tests.feedback.test_letters import asked, follow_up, told_later
from tests.letters import SENDER, LetterBox, answer, body, bounce, letter
from tests.mail_sink import Sink
from tests.pages import at

pytestmark = [pytest.mark.django_db, pytest.mark.long]

NEW = "moi@example.vn"


def mended(petition: Petition, **told: str) -> Petition:
    person = at(make.focal_point())
    assert person.post(f"/xu-ly/{petition.code}/inform/", told).status_code == 302
    follow_up()
    return Petition.objects.get(pk=petition.pk)


def to(mail: Sink, address: str) -> list[str]:
    return [str(letter["Subject"]).strip() for letter in mail.letters if letter["To"] == address]


def test_a_question_that_never_arrived_goes_out_anew_and_stays_open(mail: Sink) -> None:
    mail.refused = {SENDER}
    petition = make.petition("submitted", email=SENDER)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    follow_up()
    assert to(mail, SENDER) == []
    petition = mended(petition, email=NEW)
    assert (petition.state, petition.paused_at is None) == ("needs_info", False)
    assert [subject for subject in to(mail, NEW) if "bổ sung" in subject] == [
        f"Cần bạn bổ sung thông tin cho phản ánh {petition.printed_code}"
    ]
    assert Contact.objects.get(petition=petition).unreached_since is None
    assert verify().bad == []
    petition = mended(petition, text="Bà gọi lại: số 12.", phone="0905 123 456")
    assert petition.state != "needs_info", "these are the sender's words"


def may_close_for_silence(petition: Petition, *, after: dt.timedelta) -> bool:
    """Whether the intake may, so long after now."""
    petition = Petition.objects.get(pk=petition.pk)
    return "close" in workflow.available(petition, make.focal_point(), now=timezone.now() + after)


def test_the_days_of_silence_begin_when_the_question_went_where_he_reads(mail: Sink) -> None:
    month_ago = timezone.now() - dt.timedelta(days=30)
    petition = make.petition("submitted", email=SENDER, now=month_ago)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?", now=month_ago)
    follow_up()
    Notice.objects.update(created_at=month_ago, sent_at=month_ago)
    assert may_close_for_silence(petition, after=dt.timedelta())
    petition = mended(petition, email=NEW)
    assert not may_close_for_silence(petition, after=dt.timedelta(days=9))
    assert may_close_for_silence(petition, after=dt.timedelta(days=30))
    letter = Notice.objects.filter(step__action="ask")
    letter.update(sent_at=None, refused_at=timezone.now(), created_at=month_ago)
    assert may_close_for_silence(petition, after=dt.timedelta())
    assert notifications.send_again(letter) == 1
    assert not may_close_for_silence(petition, after=dt.timedelta(days=9)), "tried anew it begins anew"


def test_a_life_that_is_replayed_closes_for_silence_by_its_own_days_whenever_its_letters_went(
    mail: Sink,
) -> None:
    ago = timezone.now() - dt.timedelta(days=60)
    petition = make.petition("submitted", email=SENDER, now=ago)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?", now=ago)
    follow_up()
    assert to(mail, SENDER)
    assert not may_close_for_silence(petition, after=dt.timedelta(days=-55))
    take(petition, "close", by=make.focal_point(), notice="Không có tin", now=ago + dt.timedelta(days=30))


def test_taken_away_it_answers_no_question_either(mail: Sink) -> None:
    petition = mended(asked(mail), no_email="on")
    assert (petition.state, petition.contact.email) == ("needs_info", "")
    assert petition.steps.filter(action="inform").get().said["text"] == "Đã bỏ: thư điện tử."
    assert len(to(mail, SENDER)) == 2, "nobody writes to whom it is not about"
    assert "đã gửi tới một địa chỉ thư không phải của người gửi" in reach.question_unheard(petition)


def test_whoever_read_there_until_now_hears_it_and_speaks_for_nobody_any_more(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = asked(mail)
    asking = mail.letters[-1]
    petition = mended(petition, email=NEW)
    (told,) = (letter for letter in mail.letters if "không gửi tới địa chỉ này nữa" in letter["Subject"])
    assert told["To"] == SENDER
    assert "Số nhà mấy?" not in body(told)
    assert inbox.comes(answer(asking, "Việc này xong rồi, khỏi làm nữa.")) == {"filed": 1}, "for himself"
    assert inbox.comes(answer(told, "Việc này xong rồi, khỏi làm nữa.")) == {"refused": 1, "aside": 1}
    assert mail.letters[-1]["To"] == SENDER
    assert_tells_nothing(mail.letters[-1], petition)
    assert told_later(petition) == ["Đã sửa: thư điện tử."]
    assert inbox.comes(answer(asking, "Số 12.", From=f"B <{NEW}>"))["told"] == 1
    assert told_later(petition) == ["Đã sửa: thư điện tử.", "Số 12."]
    assert Petition.objects.get(pk=petition.pk).state == "submitted"


def test_who_reads_at_his_address_again_is_heard_whichever_of_our_letters_he_answers(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = mended(asked(mail), email=NEW)
    (told,) = (letter for letter in mail.letters if "không gửi tới địa chỉ này nữa" in letter["Subject"])
    mended(petition, email=SENDER)
    assert inbox.comes(answer(told, "Địa chỉ này đúng rồi. Số 12 nhé."))["told"] == 1
    assert told_later(petition)[-1] == "Địa chỉ này đúng rồi. Số 12 nhé."
    assert Petition.objects.get(pk=petition.pk).state == "submitted"


def assert_tells_nothing(told: EmailMessage, petition: Petition) -> None:
    assert "Bạn trả lời một thư cũ của chúng tôi." in body(told)
    for code in (petition.code, petition.printed_code):
        assert code not in f"{told['Subject']} {body(told)}"
    assert NEW not in told.as_string()


def test_whoever_answers_a_letter_that_went_there_before_reads_that_it_is_heard_no_more(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = make.petition("in_progress", email=SENDER, anew=True)
    follow_up()
    old = next(letter for letter in mail.letters if letter["To"] == SENDER)
    petition = mended(petition, email=NEW)
    before = len(mail.letters)
    assert inbox.comes(answer(old, "Xong chưa ạ?")) == {"refused": 1, "aside": 1}
    (told,) = mail.letters[before:]
    assert told["To"] == SENDER
    assert_tells_nothing(told, petition)
    assert told_later(petition) == ["Đã sửa: thư điện tử."]


def test_only_an_official_who_may_know_him_says_that_it_is_his_contact_alone(mail: Sink) -> None:
    petition = asked(mail)
    with pytest.raises(Exception, match="quyền"):
        take(petition, "inform", by=make.holder(petition), text="x", contact_alone=True)


def test_an_answer_that_never_arrived_goes_to_the_mended_address(mail: Sink) -> None:
    mail.refused = {SENDER}
    petition = make.petition("in_progress", email=SENDER, anew=True)
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    follow_up()
    assert to(mail, SENDER) == []
    mended(petition, email=NEW)
    assert [subject for subject in to(mail, NEW) if "Đã có trả lời" in subject]


def answered(petition: Petition) -> None:
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    follow_up()


def tried_again() -> None:
    FollowUp.objects.filter(done_at__isnull=True).update(next_try_at=timezone.now())
    follow_up()


def with_answer(mail: Sink, address: str) -> list[str]:
    return [subject for subject in to(mail, address) if "Đã có trả lời" in subject]


def test_an_answer_that_waits_is_not_lost_where_one_address_is_taken_away_and_another_told_later(
    mail: Sink,
) -> None:
    petition = make.petition("in_progress", email=SENDER, anew=True)
    follow_up()
    mail.put_off = {SENDER}
    answered(petition)
    petition = mended(petition, no_email="on")
    mail.put_off = set()
    tried_again()
    assert with_answer(mail, SENDER) == [], "nobody of his reads there"
    mended(petition, email=NEW)
    assert (len(with_answer(mail, NEW)), with_answer(mail, SENDER)) == (1, [])


def test_what_is_told_while_nobody_knows_an_address_goes_to_the_one_told_later(mail: Sink) -> None:
    petition = make.petition("in_progress", email=SENDER, anew=True)
    follow_up()
    petition = mended(petition, no_email="on")
    answered(petition)
    mended(petition, email=NEW)
    assert len(to(mail, NEW)) == len(with_answer(mail, NEW)) == 1


def test_a_letter_that_was_given_up_is_tried_anew_at_the_mended_address(mail: Sink) -> None:
    petition = make.petition("in_progress", email=SENDER, anew=True)
    follow_up()
    mail.put_off = {SENDER}
    answered(petition)
    sending = FollowUp.objects.filter(consumer=notifications.SEND, done_at__isnull=True)
    sending.update(attempts=notifications.MOST_TRIES - 1, next_try_at=timezone.now())
    follow_up()
    assert FollowUp.objects.filter(dead=True).exists()
    mended(petition, email=NEW)
    assert len(with_answer(mail, NEW)) == 1


def test_of_what_was_refused_all_that_still_matters_goes_out_anew_in_its_order(mail: Sink) -> None:
    mail.refused = {SENDER}
    petition = make.petition("in_progress", email=SENDER, anew=True)
    answered(petition)
    petition = Petition.objects.get(pk=petition.pk)
    take(petition, "publish", by=make.reviewer(), public_text="Gạch vỉa hè bong.")
    follow_up()
    petition = mended(petition, email=NEW)
    of_answer, of_copy = to(mail, NEW)
    assert ("Đã có trả lời" in of_answer, "công khai" in of_copy) == (True, True)
    mended(petition, email="ba@example.vn")
    assert to(mail, "ba@example.vn") == [], "nor anything older after all"


@pytest.mark.parametrize("waits_on", [True, False])
def test_of_letters_that_wait_none_comes_after_what_is_newer(mail: Sink, waits_on: bool) -> None:
    mail.put_off = {SENDER} | ({NEW} if waits_on else set())
    petition = make.petition("in_progress", email=SENDER, anew=True)
    answered(petition)
    mended(petition, email=NEW)
    mail.put_off = set()
    tried_again()
    assert [subject.split(" cho ")[0] for subject in to(mail, NEW)] == ["Đã có trả lời"]
    kept = Notice.objects.filter(recipient="petitioner", sent_at__isnull=True)
    assert {(one.step.action, one.body) for one in kept} == {("submit", ""), ("assign", ""), ("accept", "")}


def test_what_waits_for_an_address_that_is_mended_is_told_in_one_letter_the_question(mail: Sink) -> None:
    mail.put_off = {SENDER}
    petition = make.petition("submitted", email=SENDER)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    follow_up()
    mended(petition, email=NEW)
    tried_again()
    assert [subject.split(" cho ")[0] for subject in to(mail, NEW)] == ["Cần bạn bổ sung thông tin"]


def test_an_address_to_which_nothing_ever_went_gets_no_letter_with_the_code(mail: Sink) -> None:
    mail.put_off = {SENDER}
    petition = make.petition("submitted", email=SENDER)
    follow_up()
    mended(petition, email=NEW)
    mail.put_off = set()
    tried_again()
    assert to(mail, SENDER) == []
    assert not Notice.objects.filter(recipient=notifications.FORMER).exists()


def test_whoever_was_said_not_to_be_the_sender_hears_nothing_whatever_becomes_of_it(mail: Sink) -> None:
    petition = mended(asked(mail), no_email="on")
    before = len(to(mail, SENDER))
    petition = mended(petition, email=NEW)
    assert len(to(mail, SENDER)) == before
    petition = mended(petition, email=SENDER)
    assert "bổ sung" in to(mail, SENDER)[-1], "that was a slip: it is his"
    assert "không gửi tới địa chỉ này nữa" in to(mail, NEW)[-1]


def test_where_the_slip_was_mended_before_a_letter_told_of_it_none_does(mail: Sink) -> None:
    petition = asked(mail)
    mail.put_off = {SENDER}
    petition = mended(petition, email=NEW)
    mail.put_off = set()
    mended(petition, email=SENDER)
    tried_again()
    assert not [subject for subject in to(mail, SENDER) if "không gửi tới địa chỉ này nữa" in subject]


def test_a_report_from_an_address_that_is_not_his_says_nothing_of_the_new_one(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = asked(mail)
    name = str(mail.letters[-1]["Message-ID"])
    petition = mended(mended(petition, no_email="on"), email=NEW)
    inbox.comes(bounce(name))
    assert Contact.objects.get(petition=petition).unreached_since is None


def account(email: str) -> User:
    person = make.user()
    User.objects.filter(pk=person.pk).update(email=email)
    return User.objects.get(pk=person.pk)


def test_an_account_brings_no_letter_to_an_address_that_is_not_his(mail: Sink) -> None:
    petition = make.petition("submitted", email=SENDER, petitioner=account(SENDER))
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    follow_up()
    before = len(mail.letters)
    petition = mended(petition, no_email="on")
    assert (reach.address_of(petition), len(mail.letters)) == ("", before)


def test_of_an_account_the_address_that_is_his_is_written_to(mail: Sink) -> None:
    petition = make.petition("submitted", email=SENDER, petitioner=account(NEW))
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    follow_up()
    before = len(mail.letters)
    petition = mended(petition, no_email="on")
    assert [letter["To"] for letter in mail.letters[before:]] == [NEW]


def both_codes(mail: Sink, address: str) -> list[EmailMessage]:
    return [one for one in mail.letters if one["To"] == address and "Mã bí mật" in body(one)]


def test_a_receipt_that_waited_goes_to_no_address_that_was_mended_meanwhile(
    mail: Sink, inbox: LetterBox
) -> None:
    mail.put_off = {SENDER}
    assert inbox.comes(letter()) == {"waiting": 1}
    petition = mended(Petition.objects.get(), email=NEW)
    mail.put_off = set()
    assert inbox.round() == {"filed": 1, "aside": 1}
    assert (both_codes(mail, SENDER), both_codes(mail, NEW)) == ([], [])
    assert len(inbox.lying(".Can-xem.Da-ghi")) == 1, "he is told by other means"
    mended(petition, email=SENDER)
    inbox.moves_back()
    assert inbox.round() == {"filed": 1}
    assert len(both_codes(mail, SENDER)) == 1, "that was a slip: it is his"


def test_a_receipt_that_nobody_wrote_goes_to_no_address_that_was_mended_meanwhile(
    mail: Sink, inbox: LetterBox, settings: Any
) -> None:
    server, settings.EMAIL_URL = settings.EMAIL_URL, ""
    inbox.comes(letter())
    settings.EMAIL_URL = server
    mended(Petition.objects.get(), email=NEW)
    inbox.moves_back()
    inbox.round()
    assert both_codes(mail, SENDER) == []


def test_that_his_words_were_kept_is_told_to_no_address_that_was_mended_meanwhile(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = asked(mail)
    mail.put_off = {SENDER}
    assert inbox.comes(answer(mail.letters[-1], "Số 12 nhé.")) == {"waiting": 1}
    mended(petition, email=NEW)
    mail.put_off = set()
    inbox.round()
    assert [subject for subject in to(mail, SENDER) if "Đã ghi lời" in subject] == []


def test_a_letter_to_an_official_goes_where_he_reads_when_it_is_sent(mail: Sink) -> None:
    handler = make.handler()
    User.objects.filter(pk=handler.pk).update(email="cu@danang.example.vn")
    mail.refused = {"cu@danang.example.vn"}
    make.petition("in_progress", anew=True)
    follow_up()
    User.objects.filter(pk=handler.pk).update(email="can-bo@danang.example.vn")
    assert notifications.send_again(Notice.objects.filter(user=handler))
    follow_up()
    assert to(mail, "can-bo@danang.example.vn")


def test_another_way_of_writing_it_is_no_other_address(mail: Sink) -> None:
    petition = asked(mail)
    before = len(mail.letters)
    mended(petition, email=SENDER.capitalize())
    assert len(mail.letters) == before


def test_merged_while_he_is_asked_he_is_asked_anew_where_he_reads_now(mail: Sink) -> None:
    petition, main = asked(mail), make.petition("in_progress", anew=True)
    take(petition, "merge", by=make.focal_point(), main=main.code)
    mended(petition, email=NEW)
    assert [subject for subject in to(mail, NEW) if "bổ sung" in subject]


def test_a_report_of_the_old_letter_says_nothing_of_the_new_one(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    name = str(mail.letters[-1]["Message-ID"])
    petition = mended(petition, email=NEW)
    inbox.comes(bounce(name))
    assert Contact.objects.get(petition=petition).unreached_since is None
    question = Notice.objects.get(step__action="ask", recipient="petitioner", channel="email")
    assert (question.sent_at is None, question.refused_at) == (False, None)


def test_a_letter_whose_address_is_mended_while_it_is_on_its_way_goes_out_once_more(
    mail: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = make.petition("submitted", email=SENDER)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    sending = notifications._send

    def meanwhile(notice: Notice, address: str, wire: BaseEmailBackend) -> None:
        monkeypatch.undo()
        assert (
            at(make.focal_point()).post(f"/xu-ly/{petition.code}/inform/", {"email": NEW}).status_code == 302
        )
        sending(notice, address, wire)

    monkeypatch.setattr(notifications, "_send", meanwhile)
    for _round in range(3):
        FollowUp.objects.filter(done_at__isnull=True).update(next_try_at=timezone.now())
        follow_up()
    assert to(mail, NEW)
    waiting = Notice.objects.filter(recipient="petitioner", channel="email", sent_at__isnull=True)
    assert not waiting.exclude(body="").exists()


def test_whoever_leads_it_hears_that_it_is_the_contact_alone() -> None:
    petition = make.petition("in_progress", email=SENDER, anew=True)
    take(
        petition,
        "inform",
        by=make.handler(),
        text="Đã sửa: thư điện tử.",
        contact={"email": NEW},
        contact_alone=True,
    )
    follow_up()
    told = Notice.objects.filter(step__action="inform", recipient__startswith="user:")
    take(petition, "inform", by=make.holder(petition), text="Số 12.")
    follow_up()
    assert {"liên hệ của người gửi đã được sửa" in notice.subject for notice in told} == {True, False}
