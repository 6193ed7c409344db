"""What becomes of mail: filed and told once, answered once, and of what is neither nothing is lost."""

from __future__ import annotations

import errno
import io
import json
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from config import checks
from feedback import codes, followups, notifications, pace
from feedback.letters import answering, box, collecting, taking
from feedback.models import Contact, FollowUp, Notice, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make
from tests.feedback import corpus
from tests.letters import HOUSE, SENDER, WORDS, LetterBox, answer, body, bounce, letter, receipt
from tests.mail_sink import Sink

pytestmark = pytest.mark.django_db

PNG = corpus.picture("PNG")
OFFICIAL = "canbo@danang.example.vn"


def follow_up() -> None:
    while followups.catch_up().done:
        pass


def asked(mail: Sink, **sent: Any) -> Petition:
    """A petition whose sender was asked by a letter."""
    petition = make.petition("submitted", email=SENDER, **sent)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    follow_up()
    assert "bổ sung" in mail.letters[-1]["Subject"]
    return petition


def told_later(petition: Petition) -> list[str]:
    steps = petition.steps.filter(action="inform").order_by("seq")
    return [json.loads(step.words.text)["text"] for step in steps]


# --- a petition -------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_letter_becomes_a_petition_and_its_sender_gets_both_codes(mail: Sink, inbox: LetterBox) -> None:
    written = letter(WORDS, Subject="Vỉa hè hỏng")
    assert inbox.comes(written) == {"filed": 1}
    petition = Petition.objects.get()
    assert (petition.channel, petition.text) == ("email", f"Vỉa hè hỏng\n\n{WORDS}")
    assert (petition.contact.name, petition.contact.email) == ("Nguyễn Thị Bưởi", SENDER)
    code, secret = receipt(mail)
    assert (code, codes.secret_fits(code, secret, petition.secret_hash)) == (petition.code, True)
    sent = mail.letters[0]
    assert (sent["To"], sent["From"], sent["Auto-Submitted"]) == (SENDER, f"Hồi Âm <{HOUSE}>", "auto-replied")
    assert sent["In-Reply-To"] == sent["References"] == written["Message-ID"]
    assert f"?code={code}&secret={secret}" in body(sent)
    assert inbox.lying() == inbox.lying(".Can-xem") == []
    follow_up()
    subjects = [sent["Subject"] for sent in mail.letters]
    assert sum("Đã nhận" in subject for subject in subjects) == 1  # `submit` would say the same again
    assert body(mail.letters[-1]).rstrip().endswith("không ghi được thì có thư báo vì sao.")


@pytest.mark.long
def test_what_the_house_keeps_of_the_receipt_opens_nothing(mail: Sink, inbox: LetterBox) -> None:
    inbox.comes(letter())
    follow_up()
    _code, secret = receipt(mail)
    rows = Notice.objects.filter(recipient="petitioner", step__seq=1).order_by("channel")
    assert [(row.channel, bool(row.sent_at)) for row in rows] == [("email", True), ("outbox", False)]
    assert all(secret not in row.body + row.subject for row in rows)
    assert rows[0].message_id == mail.ids[0]


@pytest.mark.long
def test_the_same_letter_twice_is_one_petition_and_one_receipt(mail: Sink, inbox: LetterBox) -> None:
    written = letter()
    assert inbox.comes(written) == {"filed": 1}
    assert inbox.comes(b"Received: by another road\r\n" + written.as_bytes()) == {"filed": 1}
    assert (Petition.objects.count(), len(mail.letters), inbox.lying()) == (1, 1, [])


@pytest.mark.long
def test_a_server_that_is_away_leaves_the_letter_and_the_next_try_tells_the_same(
    mail: Sink, inbox: LetterBox, settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    pdf = (Path(__file__).parent.parent / "planted.jsonl").read_bytes()[:100]
    assert inbox.comes(letter(files=[("a.png", PNG, "image/png"), ("b.bin", pdf, "application/x-b")])) == {
        "waiting": 1
    }
    (petition,) = Petition.objects.all()
    settings.EMAIL_PORT = port
    assert inbox.round() == {"filed": 1, "aside": 1}
    code, secret = receipt(mail)
    assert (code, Petition.objects.count()) == (petition.code, 1)
    assert codes.secret_fits(code, secret, petition.secret_hash)
    assert petition.attachments.count() == 1


def test_a_letter_that_waits_is_tried_ever_later_and_is_a_persons_in_the_end(
    inbox: LetterBox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_URL, settings.EMAIL_PORT = "smtp://127.0.0.1:1", 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    clock = [0.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    tries = collecting.Tries([path := inbox.deliver(letter(" "))])
    pauses = []
    for _try in range(8):
        tries.begin(path)
        tries.wait(path)
        pauses.append(tries.of(path).until / 60)
    assert pauses == [0, 1, 3, 7, 15, 31, 60, 60]
    assert inbox.round() == {"waiting": 1}  # not due, not tried
    monkeypatch.setattr(collecting, "MOST_WAITS", 9)
    clock[0] = 10_000.0
    assert inbox.round() == {"aside": 1}
    assert len(inbox.lying(".Can-xem")) == 1
    monkeypatch.setattr(collecting, "MOST_WAITS", 1)
    assert inbox.comes(letter()) == {"aside": 2}
    assert (Petition.objects.count(), len(inbox.lying(".Can-xem.Da-ghi"))) == (1, 1)


@pytest.mark.long
def test_an_address_that_is_none_is_known_as_such_and_the_letter_is_a_persons(
    mail: Sink, inbox: LetterBox
) -> None:
    mail.refused = {SENDER}
    assert inbox.comes(letter()) == {"filed": 1, "aside": 1}
    assert Contact.objects.get().unreached_since is not None
    assert Notice.objects.get(channel="email").refused_at is not None


@pytest.mark.long
def test_a_receipt_that_was_refused_goes_out_when_its_letter_is_taken_again(
    mail: Sink, inbox: LetterBox
) -> None:
    mail.refused = {SENDER}
    inbox.comes(letter())
    mail.refused = set()
    assert notifications.send_again(Notice.objects.all()) == 0  # its row has no secret
    follow_up()
    assert not any("chỉ có trong thư đã gửi" in body(sent) for sent in mail.letters)
    inbox.moves_back()
    assert inbox.round() == {"filed": 1}
    petition, (code, secret) = Petition.objects.get(), receipt(mail)
    assert (code, codes.secret_fits(code, secret, petition.secret_hash)) == (petition.code, True)
    row = Notice.objects.get(step__seq=1, channel="email")
    assert (row.sent_at is None, row.refused_at, secret in row.body) == (False, None, False)
    assert Contact.objects.get().unreached_since is None
    assert inbox.comes(bounce(row.message_id)) == {"reports": 1}
    assert notifications.send_again(Notice.objects.all()) == 0


def test_without_a_mail_server_it_is_filed_and_a_person_tells_its_sender(
    inbox: LetterBox, settings: Any
) -> None:
    settings.EMAIL_URL = ""
    assert inbox.comes(letter()) == {"filed": 1, "aside": 1}
    assert Petition.objects.count() == 1


@pytest.mark.long
def test_other_letters_of_this_channel_are_told_by_the_ordinary_letter(mail: Sink) -> None:
    make.petition("submitted", channel="email", email=SENDER, key="mailbox-17")
    follow_up()
    assert "Đã nhận phản ánh" in mail.letters[0]["Subject"]


@pytest.mark.long
def test_of_twenty_pictures_five_are_kept_and_the_others_named(mail: Sink, inbox: LetterBox) -> None:
    files = [(f"anh{n}.png", picture(n), "image/png") for n in range(20)]
    files[1] = ("virus.exe", b"MZ\x90\x00", "application/octet-stream")
    files[2] = ("winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef")
    assert inbox.comes(letter(files=files)) == {"filed": 1, "aside": 1}
    kept = Petition.objects.get().attachments.order_by("pk").values_list("name", flat=True)
    assert list(kept) == ["anh0.png", "anh3.png", "anh4.png", "anh5.png", "anh6.png"]
    told = body(mail.letters[0])
    assert "“virus.exe” không phải ảnh" in told
    assert "“winmail.dat” là gói riêng của Outlook" in told
    assert "“anh7.png” chưa được giữ: mỗi lần gửi kèm nhiều nhất 5 tệp" in told
    assert inbox.lying(".Can-xem.Da-ghi")[0].count(b"filename") == 20


def picture(n: int) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (30 + n, 30)).save(made, "PNG")
    return made.getvalue() + b"\0" * 20


@pytest.mark.long
def test_a_denunciation_is_sealed_as_by_every_door_and_its_receipt_tells_nothing_of_it(
    mail: Sink, inbox: LetterBox
) -> None:
    text = (
        "Tôi tố cáo ông Trần Văn Năm, Chủ tịch UBND phường Hải Châu, nhận hối lộ 50 triệu đồng của chủ thầu "
        "để cấp phép xây dựng trái quy định."
    )
    inbox.comes(letter(text))
    follow_up()
    assert Petition.objects.get().sealed
    for sent in mail.letters:
        assert not any(word in body(sent).lower() for word in ("tố cáo", "hối lộ", "năm,"))


def test_nothing_to_read_is_said_in_one_letter_and_is_a_persons(mail: Sink, inbox: LetterBox) -> None:
    assert inbox.comes(letter("  \n")) == {"refused": 1, "aside": 1}
    assert inbox.comes(letter("x" * 20_001)) == {"refused": 1, "aside": 2}
    assert Petition.objects.count() == 0
    first, second = map(body, mail.letters)
    assert "Xin cho biết chuyện gì đang xảy ra." in first
    assert "Nội dung dài quá 20.000 ký tự" in second


@pytest.mark.long
def test_a_letter_larger_than_mail_is_is_not_read(
    mail: Sink, inbox: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inbox.comes(letter().as_bytes() + b"x" * 30_000_000) == {"refused": 1, "aside": 1}
    assert "Thư lớn quá 25 MB." in body(mail.letters[0])
    assert "cả thư tới 25 MB" in body(mail.letters[0])
    assert inbox.comes(b"Precedence: bulk\r\n" + letter().as_bytes() + b"x" * 30_000_000) == {
        "machine": 1,
        "aside": 1,
    }
    assert len(mail.letters) == 1


# --- machines ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"From": HOUSE},
        {"From": f"X <{HOUSE.upper()}>"},
        {"From": "MAILER-DAEMON@mx.example.vn"},
    ],
)
def test_a_machine_is_neither_heard_nor_answered(
    headers: dict[str, str], mail: Sink, inbox: LetterBox
) -> None:
    assert inbox.comes(letter(**headers)) == {"machine": 1}
    assert (Petition.objects.count(), mail.letters, len(inbox.lying(".May-gui"))) == (0, [], 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "<to-dan-pho.groups.example.vn>"},
        {"List_Id": "<to-dan-pho.groups.example.vn>", "Precedence": "list"},
        {"From": "Công ty <postmaster@example.vn>"},
        {"X_Auto_Response_Suppress": "OOF"},
        {"Subject": "Trả lời tự động: Đã nhận thư"},
    ],
)
def test_what_may_be_a_persons_is_looked_at_and_not_answered(
    headers: dict[str, str], mail: Sink, inbox: LetterBox
) -> None:
    assert inbox.comes(letter(**headers)) == {"machine": 1, "aside": 1}
    assert (Petition.objects.count(), mail.letters, len(inbox.lying(".Can-xem"))) == (0, [], 1)
    assert inbox.comes(letter(Auto_Submitted="auto-generated", **headers)) == {"machine": 1, "aside": 1}
    assert len(inbox.lying(".May-gui")) == 1


def test_who_writes_about_an_automatic_answer_is_a_person(mail: Sink, inbox: LetterBox) -> None:
    assert inbox.comes(letter(Subject="Trả lời tự động của tổng đài không đúng")) == {"filed": 1}


SMIME = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\n0\x82"
PGP = (
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\n\n'
    "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
    '--b\nContent-Type: application/octet-stream; name="encrypted.asc"\n\nhQEMA\n--b--\n'
)
INLINE = "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"


@pytest.mark.long
@pytest.mark.parametrize("rest", [SMIME, PGP, INLINE], ids=["smime", "pgp", "inline"])
def test_who_sends_an_enciphered_letter_reads_that_nobody_opens_it(
    rest: str, mail: Sink, inbox: LetterBox
) -> None:
    head = f"From: Buoi <{SENDER}>\nTo: {HOUSE}\nSubject: Den duong tat ba dem\nMessage-ID: <c-1@x.vn>\n"
    assert inbox.comes((head + rest).encode("latin-1")) == {"refused": 1, "aside": 1}
    assert "không ai ở đây mở được" in body(mail.letters[-1])
    assert (Petition.objects.count(), len(inbox.lying(".Can-xem"))) == (0, 1)


@pytest.mark.long
def test_one_name_with_the_same_words_is_one_petition_whatever_its_day_and_with_others_another(
    mail: Sink, inbox: LetterBox
) -> None:
    for day in ("1 Dec", "2 Dec", "3 Dec"):
        inbox.comes(letter(Message_ID="<may-quet@x.vn>", Date=f"Tue, {day} 2026 08:00:00 +0700"))
    assert (Petition.objects.count(), len(mail.letters)) == (1, 1)
    inbox.comes(letter(f"{WORDS} Hôm nay lại có người ngã.", Message_ID="<may-quet@x.vn>"))
    assert (Petition.objects.count(), len(mail.letters)) == (2, 2)


@pytest.mark.long
def test_a_file_that_came_alone_and_was_not_kept_is_named(mail: Sink, inbox: LetterBox) -> None:
    alone = [("don.doc", b"MZ", "application/msword")]
    inbox.comes(letter(" ", files=alone))
    assert "“don.doc” không phải ảnh" in body(mail.letters[-1])
    asked(mail)
    inbox.comes(answer(mail.letters[-1], " ", files=alone))
    assert "“don.doc” không phải ảnh" in body(mail.letters[-1])


@pytest.mark.long
def test_an_automatic_answer_to_a_letter_of_ours_is_no_answer(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    away = answer(mail.letters[-1], "Tôi đang nghỉ phép.", Auto_Submitted="auto-replied")
    assert inbox.comes(away) == {"machine": 1}
    assert told_later(petition) == []


def test_what_machines_wrote_goes_after_a_month(inbox: LetterBox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.comes(letter(Precedence="bulk"))
    assert len(inbox.lying(".May-gui")) == 1
    inbox.comes(letter(files=[("a.exe", b"MZ", "application/x-msdownload")]))
    inbox.comes(letter(" "))
    (filed,) = (inbox.folder / ".Can-xem.Da-ghi" / "new").iterdir()
    read = inbox.folder / ".Can-xem.Da-ghi" / "cur" / f"{filed.name}:2,S"
    filed.rename(read)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 24 * 60 * 60)
    inbox.round()
    assert inbox.lying(".May-gui") == inbox.lying(".Can-xem.Da-ghi") == []
    assert len(inbox.lying(".Can-xem")) == 1  # nothing else knows what it says


def test_of_what_lies_for_a_person_it_is_known_why_and_of_which_petition(
    mail: Sink, inbox: LetterBox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.comes(letter(files=[("a.exe", b"MZ", "application/x-msdownload")]))
    inbox.comes(letter(" "))
    lines = [
        cast(dict[str, str], record.msg) for record in caplog.records if "letter_aside" in str(record.msg)
    ]
    assert [(line["why"], line["code"]) for line in lines] == [
        ("file_not_kept", Petition.objects.get().code),
        ("not_taken", ""),
    ]
    names = [path.name for path in (inbox.folder / ".Can-xem.Da-ghi" / "new").iterdir()]
    assert [line["letter"] for line in lines][:1] == names


def test_the_page_of_what_is_held_tells_of_letters_where_mail_comes_in(
    client: Any, inbox: LetterBox, settings: Any
) -> None:
    assert "nhiều nhất 30 ngày" in client.get("/du-lieu-cua-ban/").content.decode()
    settings.MAIL_DIR, settings.MAIL_ADDRESS = None, ""
    assert "nhiều nhất 30 ngày" not in client.get("/du-lieu-cua-ban/").content.decode()


def test_none_or_several_senders_are_a_persons_affair(mail: Sink, inbox: LetterBox) -> None:
    assert inbox.comes(letter(From="")) == {"refused": 1, "aside": 1}
    assert inbox.comes(letter(From="a@example.vn, b@example.vn")) == {"refused": 1, "aside": 2}
    assert inbox.comes(letter(From="bưởi@example.vn").as_bytes()) == {"refused": 1, "aside": 3}
    assert (Petition.objects.count(), mail.letters) == (0, [])


@pytest.mark.long
def test_nobody_is_answered_more_than_a_few_times_an_hour(
    mail: Sink, inbox: LetterBox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLE = True
    monkeypatch.setattr(answering, "MOST_ANSWERS", 2)
    for number in range(4):
        inbox.comes(letter(f"{WORDS} Lần {number}."))
    assert Petition.objects.count() == 4
    assert len(mail.letters) == 2
    assert len(inbox.lying(".Can-xem.Da-ghi")) == 2


# --- words told later -------------------------------------------------------------------------------------


@pytest.mark.long
def test_an_answer_to_our_letter_is_told_to_its_petition_without_what_it_quotes(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = asked(mail)
    quoted = f"Vào 14:30 30/11/2026, Hồi Âm <{HOUSE}> đã viết:\n> {body(mail.letters[-1]).splitlines()[0]}"
    said = f"Dạ, trước số 12.\n\n{quoted}"
    written = answer(mail.letters[-1], said, From=f"B <{SENDER.upper()}>")
    assert inbox.comes(written) == {"told": 1}
    assert told_later(petition) == ["Dạ, trước số 12."]
    assert Petition.objects.get(pk=petition.pk).state == "submitted"
    assert Petition.objects.count() == 1
    assert "đã được ghi" in body(mail.letters[-1])
    assert mail.letters[-1]["Auto-Submitted"] == "auto-replied"
    assert inbox.comes(written) == {"told": 1}  # the same again
    assert told_later(petition) == ["Dạ, trước số 12."]
    assert len([sent for sent in mail.letters if sent["Auto-Submitted"] == "auto-replied"]) == 1


@pytest.mark.long
def test_of_an_answer_nothing_goes_but_what_our_letter_says(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    asking = mail.letters[-1]
    heading = f"Vào 14:30 30/11/2026, Hồi Âm <{HOUSE}> đã viết:"
    all_of_it = "\n".join(f"> {line}" for line in body(asking).splitlines())
    own = "Việc một: số 12.\n--\nViệc hai.\nLúc 10:00 ông Tư viết:\n“Không sửa đâu”.\n> 3 tháng rồi"
    assert inbox.comes(answer(asking, f"{own}\n\n{heading}\n{all_of_it}\n\nHôm qua.")) == {"told": 1}
    assert told_later(petition) == [f"{own}\n\nHôm qua."]
    inbox.comes(letter())
    follow_up()
    (with_codes,) = [sent for sent in mail.letters if "Mã bí mật: " in body(sent)]
    quoted = "\n".join(f"> {line}" for line in body(with_codes).splitlines())
    own = "Bổ sung: số 14."
    assert inbox.comes(answer(with_codes, f"{own}\n\n{heading}\n{quoted}")) == {"told": 1}
    assert told_later(Petition.objects.latest("pk")) == [own]


@pytest.mark.long
def test_an_answer_to_the_receipt_brings_the_picture_that_was_forgotten(mail: Sink, inbox: LetterBox) -> None:
    inbox.comes(letter())
    follow_up()
    petition = Petition.objects.get()
    only_a_file = answer(mail.letters[0], " ", files=[("a.png", PNG, "image/png")])
    assert inbox.comes(only_a_file) == {"told": 1}
    assert told_later(petition) == ["Kèm theo đơn: 1 tệp."]
    assert petition.attachments.count() == 1


@pytest.mark.long
@pytest.mark.parametrize("forged", ["address", "number", "old"])
def test_only_who_was_written_to_and_names_the_letter_tells_more(
    forged: str, mail: Sink, inbox: LetterBox
) -> None:
    petition = asked(mail)
    asking = mail.letters[-1]
    headers: dict[str, str] = {}
    if forged == "address":
        headers = {"From": "ke.khac@example.vn"}
    elif forged == "number":
        headers = {"In_Reply_To": f"<{petition.code}.2.petitioner.email@hoiam>"}
    else:  # as they were called before, when anybody could guess it
        old = f"<{petition.code}.2.petitioner.email@hoiam>"
        Notice.objects.filter(message_id=asking["Message-ID"]).update(message_id=old)
        headers = {"In_Reply_To": old}
    said = f"Tôi là người gửi đơn {petition.printed_code}, xin rút đơn này.\n> Cần bạn bổ sung"
    written = answer(asking, said, Subject=f"Re: {petition.code}", **headers)
    assert inbox.comes(written) == {"filed": 1}
    assert told_later(petition) == []
    code, secret = receipt(mail)
    assert code != petition.code
    assert not codes.secret_fits(petition.code, secret, petition.secret_hash)
    assert ("đến từ địa chỉ khác" in body(mail.letters[-1])) is (forged == "address")


@pytest.mark.long
def test_the_same_words_in_another_letter_are_told_again(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    asking = mail.letters[-1]
    first = answer(asking, "Chưa.")
    for written in (first, first, answer(asking, "Chưa."), first):
        assert inbox.comes(written) == {"told": 1}
    assert told_later(petition) == ["Chưa.", "Chưa."]
    assert sum("Đã ghi lời" in sent["Subject"] for sent in mail.letters) == 2
    with pytest.raises(ValidationError):
        take(petition, "inform", by=make.holder(petition), text="x", letter="lời ai đó")


@pytest.mark.long
def test_who_asks_by_letter_to_reopen_reads_that_he_has_not_and_until_when_he_can(
    mail: Sink, inbox: LetterBox
) -> None:
    petition = make.petition("answered", email=SENDER)
    follow_up()
    inbox.comes(answer(mail.letters[-1], "Vẫn chưa sửa, đề nghị mở lại."))
    assert Petition.objects.get(pk=petition.pk).state == "answered"
    told = body(mail.letters[-1])
    assert petition.window_ends_at is not None
    last_day = timezone.localtime(petition.window_ends_at - timedelta(seconds=1))
    assert "Lời này không mở lại phản ánh" in told
    assert f"đến hết ngày {last_day:%d/%m/%Y}" in told
    other = asked(mail)
    inbox.comes(answer(mail.letters[-1], "Số 12."))
    assert other.steps.filter(action="inform").exists()
    assert "mở lại" not in body(mail.letters[-1])


@pytest.mark.long
def test_the_answer_to_an_officials_letter_is_a_persons(mail: Sink, inbox: LetterBox) -> None:
    handler = make.handler()
    type(handler).objects.filter(pk=handler.pk).update(email=OFFICIAL)
    petition = make.petition("received")
    take(petition, "assign", by=make.focal_point(), agency=make.HAI_CHAU)
    follow_up()
    (written_to_him,) = [sent for sent in mail.letters if sent["To"] == OFFICIAL]
    assert "không được ghi vào đơn" in body(written_to_him)
    assert inbox.comes(answer(written_to_him, "Đã xong", From=OFFICIAL)) == {"refused": 1, "aside": 1}
    assert Petition.objects.count() == 1


@pytest.mark.long
def test_what_is_over_hears_no_more_and_its_sender_is_told_what_to_do(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    asking = mail.letters[-1]
    take(petition, "withdraw", by=make.holder(petition))
    assert inbox.comes(answer(asking, "Khoan đã, số 12.")) == {"refused": 1, "aside": 1}
    assert told_later(petition) == []
    assert "không còn làm được" in body(mail.letters[-1])
    assert "/tra-cuu/" in body(mail.letters[-1])


@pytest.mark.long
def test_words_of_an_official_are_asked_about_as_on_the_page(mail: Sink, inbox: LetterBox) -> None:
    petition = make.petition("in_progress", email=SENDER)
    take(petition, "ask", by=make.focal_point(), question="Số nhà mấy?")
    follow_up()
    said = "Tôi tố cáo ông Chủ tịch UBND phường Hải Châu nhận hối lộ."
    assert inbox.comes(answer(mail.letters[-1], said)) == {"refused": 1, "aside": 1}
    assert told_later(petition) == []
    assert "Bạn muốn gửi cách nào?" in body(mail.letters[-1])
    assert said not in body(mail.letters[-1])


@pytest.mark.long
def test_an_answer_to_the_letter_that_nothing_was_filed_is_a_new_petition_without_that_letter(
    mail: Sink, inbox: LetterBox
) -> None:
    inbox.comes(letter(" "))
    refusal = mail.letters[-1]
    assert inbox.comes(answer(refusal, f"{WORDS}\n\n> Thư của bạn chưa được ghi nhận")) == {
        "filed": 1,
        "aside": 1,
    }
    assert Petition.objects.get().text == WORDS


@pytest.mark.long
def test_of_an_erased_petition_nothing_is_told_any_more(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    asking = mail.letters[-1]
    take(petition, "erase", by=SYSTEM, rule="unsigned-1-year")
    assert inbox.comes(answer(asking, WORDS)) == {"filed": 1}
    assert petition.steps.filter(action="inform").count() == 0
    assert "đến từ địa chỉ khác" not in body(mail.letters[-1]), "nobody knows any more whose it was"


# --- letters that came back -------------------------------------------------------------------------------


@pytest.mark.long
def test_a_letter_that_came_back_counts_as_refused(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail)
    name = str(mail.letters[-1]["Message-ID"])
    for later in (bounce(name, "4.4.1"), bounce(name, "5.2.2"), bounce(name, "5.1.1", "delayed")):
        assert inbox.comes(later) == {"machine": 1}
    assert Contact.objects.get(petition=petition).unreached_since is None
    assert inbox.comes(bounce("<forged.2.petitioner.email@hoiam>")) == {"machine": 1}
    assert inbox.comes(bounce(name)) == {"reports": 1}
    row = Notice.objects.get(message_id=name)
    assert (row.sent_at, row.refused_at is None) == (None, False)
    assert Contact.objects.get(petition=petition).unreached_since is not None
    assert inbox.comes(bounce(name)) == {"machine": 1}
    FollowUp.objects.update(next_try_at=timezone.now(), done_at=None)
    before = len(mail.letters)
    follow_up()
    assert len(mail.letters) == before  # it is not sent again
    assert len(inbox.lying(".May-gui")) == 6


@pytest.mark.long
def test_a_letter_to_an_address_that_was_mended_says_nothing_of_the_one_that_stands(
    mail: Sink, inbox: LetterBox
) -> None:
    inbox.comes(letter())
    follow_up()
    petition = Petition.objects.latest("pk")
    told = Notice.objects.get(step__petition=petition, step__seq=1, channel="email")
    Notice.objects.filter(pk=told.pk).update(body="Đã nhận.")  # without a secret
    mended = {"email": "moi@example.vn"}
    take(petition, "inform", by=make.focal_point(), contact=mended, text="Đã sửa: thư điện tử.")
    follow_up()
    assert inbox.comes(bounce(told.message_id)) == {"reports": 1}
    assert Contact.objects.get(petition=petition).unreached_since is None
    before = len(mail.letters)
    assert notifications.send_again(Notice.objects.filter(pk=told.pk)) == 1
    follow_up()
    assert {sent["To"] for sent in mail.letters[before:]} == {"moi@example.vn"}
    inbox.comes(bounce(told.message_id))
    Contact.objects.filter(petition=petition).update(email="")
    assert notifications.send_again(Notice.objects.filter(pk=told.pk)) == 0


# --- the box ----------------------------------------------------------------------------------------------


def test_a_letter_that_breaks_us_holds_up_no_other_and_is_a_persons_in_the_end(
    mail: Sink, inbox: LetterBox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = taking.take

    def breaking(written: Any, wire: Any) -> Any:
        if "hỏng nặng" in written.words:
            raise KeyError(written.words)
        return real(written, wire)

    monkeypatch.setattr(taking, "take", breaking)
    inbox.deliver(letter("hỏng nặng"))
    assert inbox.comes(letter(" ")) == {"refused": 1, "failed": 1, "waiting": 1, "aside": 1}
    rounds = [inbox.round() for _again in range(5)]
    assert rounds[-1] == {"aside": 2}
    assert sum(told.get("failed", 0) for told in rounds) == collecting.MOST_FAULTS - 1
    logged = capsys.readouterr()
    assert "hỏng nặng" not in logged.out + logged.err
    assert SENDER not in logged.out + logged.err


def test_a_letter_that_kills_whoever_reads_it_is_a_persons_in_the_end(
    mail: Sink, inbox: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: Any) -> Any:
        raise KeyboardInterrupt  # like a kill: nothing of ours looks at it

    inbox.deliver(letter())
    monkeypatch.setattr(collecting, "_fate", killed)
    for _death in range(collecting.MOST_FAULTS):
        with pytest.raises(KeyboardInterrupt):
            inbox.round()
    assert inbox.round() == {"failed": 1, "aside": 1}


def test_a_flood_of_one_address_is_filed_no_faster_than_by_the_web(
    mail: Sink, inbox: LetterBox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLE = True
    monkeypatch.setattr(pace, "MOST_FILED", 1)
    assert inbox.comes(letter()) == {"filed": 1}
    assert inbox.comes(letter(f"{WORDS} Lần hai.")) == {"waiting": 1}
    assert Petition.objects.count() == 1


def test_a_database_that_is_away_leaves_every_letter(
    mail: Sink, inbox: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_named: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(taking, "receive", away)
    inbox.deliver(letter())
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("collect_mail", stderr=said)
    assert (ended.value.code, len(inbox.lying())) == (1, 1)
    assert "Cơ sở dữ liệu" in said.getvalue()
    monkeypatch.setattr(collecting, "MOST_WAITS", 2)
    with pytest.raises(OperationalError):  # one that the database alone falls over is a person's in the end
        inbox.round()
    assert len(inbox.lying(".Can-xem")) == 1
    inbox.deliver(letter())
    monkeypatch.undo()
    assert collecting.Tries(box.opened().letters()).due(box.opened().letters()) != []


@pytest.mark.long
def test_a_full_disk_leaves_the_letter_and_half_of_nothing(
    mail: Sink, inbox: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_named: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    assert inbox.comes(letter(files=[("a.png", PNG, "image/png")])) == {"waiting": 1}
    assert (Petition.objects.count(), mail.letters) == (0, [])


def test_a_letter_that_goes_while_it_is_read_is_nobodys(
    mail: Sink, inbox: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox.deliver(letter())
    real = collecting._fate
    monkeypatch.setattr(collecting, "_fate", lambda at, wire: (at.unlink(), real(at, wire))[1])
    assert inbox.round() == {}
    assert not path.exists()


def test_what_a_person_has_read_or_thrown_away_in_a_mail_program(mail: Sink, inbox: LetterBox) -> None:
    read = inbox.deliver(letter(" "))
    read.rename(inbox.folder / "cur" / f"{read.name}:2,S")
    gone = inbox.deliver(letter())
    gone.rename(inbox.folder / "cur" / f"{gone.name}:2,ST")
    (inbox.folder / "new" / "link").symlink_to("/etc/passwd")
    assert inbox.round() == {"refused": 1, "aside": 1}
    (looked_at,) = (inbox.folder / ".Can-xem" / "new").iterdir()
    looked_at.rename(inbox.folder / ".Can-xem" / "cur" / f"{looked_at.name}:2,ST")
    assert inbox.round() == {}


def test_one_collects_at_a_time(mail: Sink, inbox: LetterBox) -> None:
    inbox.deliver(letter(" "))
    with collecting._alone() as mine:
        assert mine
        other: list[Any] = []
        second = threading.Thread(target=lambda: other.append(collecting._alone().__enter__()))
        second.start()
        second.join()
        assert other == [False]
        assert inbox.round() == {"waiting": 1}
    assert inbox.round() == {"refused": 1, "aside": 1}


@pytest.mark.parametrize("what", ["absent", "no Maildir", "not writable", "half"])
def test_a_letter_box_that_is_none_is_said_in_one_sentence(what: str, settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR, settings.MAIL_ADDRESS = tmp_path / "maildir", HOUSE
    if what == "no Maildir":
        settings.MAIL_DIR.mkdir()
    elif what == "not writable":
        LetterBox(settings.MAIL_DIR)
        (settings.MAIL_DIR / "tmp").rmdir()
        (settings.MAIL_DIR / "tmp").write_text("")
    elif what == "half":
        settings.MAIL_ADDRESS = ""
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("collect_mail", stderr=said)
    assert (ended.value.code, said.getvalue().count("\n")) == (2, 1)
    assert said.getvalue().strip() in [told.msg for told in checks.letters_that_nobody_takes(None)]


def test_a_house_that_takes_mail_and_writes_none_is_warned(inbox: LetterBox, settings: Any) -> None:
    settings.EMAIL_URL = ""
    assert [told.id for told in checks.letters_that_nobody_takes(None)] == ["config.W010"]
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    assert checks.letters_that_nobody_takes(None) == []
    settings.MAIL_DIR, settings.MAIL_ADDRESS = None, ""
    assert checks.letters_that_nobody_takes(None) == []


def test_the_command_prints_one_line_of_counts(mail: Sink, inbox: LetterBox) -> None:
    inbox.deliver(letter(" "))
    said = io.StringIO()
    call_command("collect_mail", stdout=said)
    assert json.loads(said.getvalue()) == {
        "filed": 0,
        "told": 0,
        "refused": 1,
        "machine": 0,
        "reports": 0,
        "failed": 0,
        "waiting": 0,
        "aside": 1,
    }


def test_what_waits_stands_in_readyz(client: Any, inbox: LetterBox, settings: Any) -> None:
    inbox.deliver(letter())
    assert client.get("/readyz").json()["letters"] == {"waiting": 1, "aside": 0}
    settings.MAIL_DIR = inbox.folder / "gone"
    assert client.get("/readyz").json()["letters"] == "unavailable"
    settings.MAIL_DIR, settings.MAIL_ADDRESS = None, ""
    assert client.get("/readyz").json()["letters"] == "none"


@pytest.mark.long
def test_whoever_hides_his_name_stays_hidden_when_he_answers(mail: Sink, inbox: LetterBox) -> None:
    petition = asked(mail, hidden=True, name="Trần Văn Ẩn")
    assert inbox.comes(answer(mail.letters[-1], "Số 12.", From=f"Trần Văn Ẩn <{SENDER}>")) == {"told": 1}
    contact = Contact.objects.get(petition=petition)
    assert (contact.hidden, contact.name) == (True, "Trần Văn Ẩn")
    assert "Ẩn" not in str(petition.steps.get(action="inform").facts) + "".join(told_later(petition))
