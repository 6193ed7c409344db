"""Who stays hidden is hidden in his own words as well: only who may know him reads them as they were sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from feedback import drafts, redaction, story
from feedback.forms.desk import FOR
from feedback.models import Look, Petition
from feedback.papers.filling import VALUES, Case
from feedback.redaction import as_seen, place_as_seen
from feedback.steps import take
from tests import make
from tests.feedback import corpus
from tests.pages import at, words

pytestmark = pytest.mark.django_db

NAME, PHONE = "Nguyễn Văn An", "0905123456"
TOLD = f"Tôi là {NAME}, số điện thoại {PHONE}. Gạch vỉa hè trước trường bị bong, cụ già vấp ngã."
NOTE = "được che vì người gửi giấu tên"


def hidden(state: str = "in_progress", **fields: Any) -> Petition:
    told: dict[str, Any] = {"text": TOLD, "hidden": True, "name": NAME, "phone": PHONE}
    return make.petition(state, **told | fields)


@pytest.mark.long
def test_the_unit_reads_a_hidden_senders_words_masked_on_the_page_and_in_the_list() -> None:
    petition, handler = hidden(), at(make.handler())
    for address in (f"/xu-ly/{petition.code}/", "/xu-ly/?xem=dang-xu-ly", "/xu-ly/?xem=dang-mo"):
        page = words(handler.get(address))
        assert "vỉa hè trước trường bị bong" in page
        assert (NAME in page, PHONE in page) == (False, False)
    page = words(handler.get(f"/xu-ly/{petition.code}/"))
    assert ("Tôi là ▇▇▇, số điện thoại ▇▇▇." in page, NOTE in page) == (True, True)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_whoever_watches_reads_them_masked_as_well(role: Role) -> None:
    petition = hidden()
    page = words(at(make.user(role, province="48")).get(f"/xu-ly/{petition.code}/"))
    assert (NAME in page, PHONE in page, NOTE in page) == (False, False, True)


@pytest.mark.parametrize("intake", [make.focal_point, make.officer])
def test_the_intake_reads_them_as_they_were_sent(intake: object) -> None:
    petition = hidden()
    page = words(at(intake()).get(f"/xu-ly/{petition.code}/"))  # type: ignore[operator]
    assert (TOLD in page, NOTE in page) == (True, False)


def test_who_does_not_hide_is_read_as_sent() -> None:
    petition = hidden(hidden=False)
    page = words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))
    assert (TOLD in page, NOTE in page) == (True, False)


def test_what_he_says_later_is_masked_in_the_timeline_and_stays_whole_for_himself() -> None:
    petition = hidden()
    take(petition, "inform", by=make.holder(petition), text=f"Xin gọi {PHONE} gặp anh An.")
    page = words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))
    assert ("Xin gọi ▇▇▇" in page, PHONE in page) == (True, False)


def test_the_place_keeps_its_house_number_and_loses_a_name() -> None:
    petition = hidden(place_text=f"số nhà 12 Lê Lợi, gọi {PHONE}")
    page = words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))
    assert ("số nhà 12 Lê Lợi" in page, PHONE in page) == (True, False)


def test_the_board_shows_a_late_one_masked() -> None:
    petition = hidden()
    Petition.objects.filter(pk=petition.pk).update(due_at=petition.submitted_at)
    page = words(at(make.user(Role.SUPERVISOR, province="48")).get("/giam-sat/"))
    assert (petition.printed_code in page, NAME in page) == (True, False)


@pytest.mark.long
def test_the_reviewer_of_a_hidden_sender_begins_from_masked_words() -> None:
    petition = hidden("answered")
    page = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))
    assert ('name="public_text"' in page, NAME in page, PHONE in page) == (True, False, False)


def test_words_beyond_what_the_machine_reads_are_masked_too() -> None:
    petition = hidden(text=f"{'Vỉa hè bong gạch. ' * 400}Gọi {PHONE}.")
    assert PHONE not in words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.long
def test_whoever_hides_and_names_himself_is_warned_while_he_types_and_not_held_up() -> None:
    typed = {"text": TOLD}
    assert "Trong lời kể có" not in words(Client().post("/gui/doc-thu/", typed))
    for box in ("hidden", "anonymous"):
        assert f"Trong lời kể có “{NAME}”, “{PHONE}”" in words(
            Client().post("/gui/doc-thu/", typed | {box: "on"})
        )
        assert Client().post("/gui/", typed | {box: "on", "commune": "20242"}).status_code == 303


def test_a_form_that_comes_back_warns_without_a_script() -> None:
    answer = Client().post("/gui/", {"text": TOLD, "hidden": "on", "email": "khong-phai"})
    assert (answer.status_code, f"Trong lời kể có “{NAME}”" in words(answer)) == (400, True)


def test_the_name_of_whom_he_complains_of_is_no_warning() -> None:
    typed = {"text": "Tố cáo ông Lê Hoàng Nam, cán bộ địa chính phường, vòi tiền", "hidden": "on"}
    answer = Client().post("/gui/", typed | {"email": "khong-phai"})
    assert (answer.status_code, "Trong lời kể có" in words(answer)) == (400, False)


def test_what_he_calls_himself_beside_his_words_is_masked_in_them_whatever_it_looks_like() -> None:
    petition = make.petition(
        "in_progress", text="Kín Mít phản ánh: vỉa hè bong gạch, viết cho kin @ mit . vn",
        organisation="Kín Mít", hidden=True,
    )  # fmt: skip
    assert "Kín Mít" not in as_seen(petition.text, petition, make.handler())
    assert "Kín Mít" in as_seen(petition.text, petition, make.focal_point())


@pytest.mark.long
def test_the_draft_of_an_answer_is_masked_for_whoever_approves_it() -> None:
    petition = make.petition("in_progress", hidden=True, name="Nguyễn Văn An", phone="0905123456")
    told = make.ANSWER | {"text": "Kính gửi ông Nguyễn Văn An, số 0905123456: đã lát lại."}
    take(petition, "draft_reply", by=make.handler(), **told)
    page = words(at(make.approver()).get(petition.get_absolute_url()))
    assert "đã lát lại" in page
    assert ("Nguyễn Văn An" in page, "0905123456" in page) == (False, False)


@pytest.mark.long
def test_where_his_telephone_stood_is_told_to_within_a_hundred_metres() -> None:
    petition = make.petition("in_progress", hidden=True, lat=16.047123, lon=108.206456)
    address = petition.get_absolute_url()
    unit, intake = (words(at(person).get(address)) for person in (make.handler(), make.focal_point()))
    assert ("16.047, 108.206" in unit, "16.04712" in unit) == (True, False)
    assert "16.04712, 108.20646" in intake


@pytest.mark.long
def test_his_files_go_by_a_number_for_those_who_may_not_know_him() -> None:
    petition = make.petition("in_progress", hidden=True)
    file = make.attachment(petition, name="don-cua-nguyen-van-an.jpg")
    address = petition.get_absolute_url()
    unit, intake = at(make.handler()), at(make.focal_point())
    assert ("nguyen-van-an" in words(unit.get(address)), "Tệp 1.jpg" in words(unit.get(address))) == (
        False,
        True,
    )
    assert "don-cua-nguyen-van-an.jpg" in words(intake.get(address))
    for client, told in ((unit, "T%E1%BB%87p%201.jpg"), (intake, "don-cua-nguyen-van-an.jpg")):
        assert told in client.get(f"/tep/{file.pk}/")["Content-Disposition"]


@pytest.mark.long
def test_many_files_cost_the_page_no_more_than_one() -> None:
    asked = []
    for count in (1, 5):
        petition = make.petition("in_progress", hidden=True)
        for number in range(count):
            make.attachment(petition, name=f"{number}.jpg")
        unit = at(make.handler())
        unit.get(petition.get_absolute_url())
        with CaptureQueriesContext(connection) as statements:
            page = words(unit.get(petition.get_absolute_url()))
        asked.append(len(statements))
        assert [f"Tệp {number}.jpg" in page for number in range(1, 7)] == [
            number <= count for number in range(1, 7)
        ]
    assert asked[0] == asked[1]


def denunciation(**fields: Any) -> Petition:
    """Sealed, of somebody who did not tick that he wants to stay hidden."""
    petition = hidden("received", hidden=False, **fields)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    return Petition.objects.get(pk=petition.pk)


def readers(petition: Petition) -> dict[str, User]:
    """By role: whoever sees the sealed one on the desk, its lead as well."""
    watching = (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
    people = {role.value: make.user(role, province="48") for role in watching}
    return people | {"focal_point": make.focal_point(), "handler": make.handler(str(petition.lead_id))}


@pytest.mark.long
def test_a_denouncer_who_hides_nothing_is_read_masked_by_all_but_the_petition_officer() -> None:
    petition = denunciation()
    for role, person in readers(petition).items():
        assert as_seen(TOLD, petition, person).startswith("Tôi là ▇▇▇, số điện thoại ▇▇▇."), role
    assert as_seen(TOLD, petition, make.officer()) == TOLD
    assert as_seen(TOLD, petition, make.holder(petition)) == TOLD
    for address in (petition.get_absolute_url(), "/xu-ly/?xem=dang-mo", "/xu-ly/"):
        page = words(at(make.focal_point()).get(address))
        assert (NAME in page, PHONE in page) == (False, False)
    page = words(at(make.focal_point()).get(petition.get_absolute_url()))
    assert "được che để giữ bí mật người tố cáo" in page


def test_a_complainant_is_no_secret_for_whoever_handles_it() -> None:
    petition = hidden("received", hidden=False)
    take(petition, "seal", by=make.officer(), kind="complaint")
    assert as_seen(TOLD, petition, make.focal_point()) == TOLD


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Tôi là Hùng ở tổ 3, gạch bong.", "Tôi là ▇▇▇ ở tổ 3, gạch bong."),
        ("toi la hung o to 3, gach bong", "toi la ▇▇▇ o to 3, gach bong"),
        ("Nguyen Van Hung bao gach bong", "▇▇▇ bao gach bong"),
        ("Cứ gọi Hùng là tôi ra ngay.", "Cứ gọi ▇▇▇ là tôi ra ngay."),
        ("Gạch bong lâu rồi.\nHùng", "Gạch bong lâu rồi.\n▇▇▇"),
        ("Cảm ơn. Ký tên: Văn Hùng", "Cảm ơn. Ký tên: ▇▇▇"),
        ("Gạch bong lâu rồi.\nhùng", "Gạch bong lâu rồi.\n▇▇▇"),
        ("Gạch bong lâu rồi.\nTrân trọng,\nVăn Hùng", "Gạch bong lâu rồi.\nTrân trọng,\n▇▇▇"),
        ("Hùng đã báo phường hai lần.", "▇▇▇ đã báo phường hai lần."),
        ("CỨ GỌI HÙNG LÀ TÔI RA", "CỨ GỌI ▇▇▇ LÀ TÔI RA"),
        ("nguoi bao ten van hung o to 3", "nguoi bao ten ▇▇▇ o to 3"),
        ("Đã gửi cho Hùng, cậu Hùng chưa nhận.", "Đã gửi cho ▇▇▇, cậu ▇▇▇ chưa nhận."),
        ("Gạch bong ở phường Văn Hùng.", "Gạch bong ở phường Văn Hùng."),
        ("Gạch bong ở đường Hùng Vương.", "Gạch bong ở đường Hùng Vương."),
        ("nuoc mua hung do xuong via he", "nuoc mua hung do xuong via he"),
        ("Anh hứng nước mưa ở vỉa hè.", "Anh hứng nước mưa ở vỉa hè."),
        ("Tôi Hùng xin tố cáo ông ấy.", "Tôi ▇▇▇ xin tố cáo ông ấy."),
        ("Tôi, Hùng, nói thêm", "Tôi, ▇▇▇, nói thêm"),
        ("Hôm đó tôi (Hùng) có mặt", "Hôm đó tôi (▇▇▇) có mặt"),
        ("Anh Nam, Hùng và tôi cùng đi", "Anh ▇▇▇, ▇▇▇ và tôi cùng đi"),
        ("Vợ chồng Hùng Nam ở cạnh chợ", "Vợ chồng ▇▇▇ ▇▇▇ ở cạnh chợ"),
        ("Có mặt: Nam, Hùng và vợ", "Có mặt: Nam, ▇▇▇ và vợ"),
        ("Zalo Hùng đó", "Zalo ▇▇▇ đó"),
        ("Gọi Hùng nhé. Hỏi Hùng nhé.", "Gọi ▇▇▇ nhé. Hỏi ▇▇▇ nhé."),
        ("hỏi Bác Sĩ Hùng", "hỏi Bác Sĩ ▇▇▇"),
        ("Toi Hung bao gach bong", "Toi ▇▇▇ bao gach bong"),
        ("người gửi đơn này là hùng", "người gửi đơn này là ▇▇▇"),
        ("nguoi lam don la hung", "nguoi lam don la ▇▇▇"),
        ("Nguyễn Hùng kính đơn", "▇▇▇ kính đơn"),
        ("trên facebook là Hùng Nguyễn", "trên facebook là ▇▇▇"),
        ("Tôi hứng nước mưa, gạch bong.", "Tôi hứng nước mưa, gạch bong."),
        ("toi hung nuoc mua, gach bong", "toi hung nuoc mua, gach bong"),
        ("Gần nhà tôi, Hùng Vương ngập.", "Gần nhà tôi, Hùng Vương ngập."),
        ("Làng Hùng ngập, núi Hùng lở.", "Làng Hùng ngập, núi Hùng lở."),
    ],
)
def test_a_part_of_his_name_is_masked_as_people_say_it(said: str, seen: str) -> None:
    petition = make.petition("in_progress", text=said, name="NGUYỄN văn Hùng", hidden=True)
    assert as_seen(petition.text, petition, make.handler()) == seen


@pytest.mark.parametrize(
    ("name", "said", "seen"),
    [
        ("H'Hen Niê", "H'Hen nói thêm", "▇▇▇ nói thêm"),
        ("Y Bhăm Niê", "Cứ gọi Y Bhăm", "Cứ gọi ▇▇▇"),
        ("John Smith", "Please call John", "Please call ▇▇▇"),
        ("Tám Khế", "Kính, Khế", "Kính, ▇▇▇"),
        ("Nguyễn Thu Hà", "Xin Cảm Ơn, Hà", "Xin Cảm Ơn, ▇▇▇"),
        ("Nguyễn Thu Hà", "Nguyễn Huệ ngập", "Nguyễn Huệ ngập"),
        ("Trần Thị Huệ", "Nguyễn Huệ ngập", "Nguyễn Huệ ngập"),
        ("Lê Thu Hà", "Tôi, Hà Nội, về thăm. Gia đình Hà Lan", "Tôi, Hà Nội, về thăm. Gia đình ▇▇▇ Lan"),
        ("Nguyễn Thu Hải", "An Hải ngập. Nhờ Hải đo", "An Hải ngập. Nhờ ▇▇▇ đo"),
        ("Lê Văn Lợi", "Lê Lợi ngập. Tôi Lợi báo", "Lê Lợi ngập. Tôi ▇▇▇ báo"),
        ("Nguyễn Văn Hai", "Thứ Hai ngập. Hai báo", "Thứ Hai ngập. ▇▇▇ báo"),
        ("Trần Văn An", "Trấn an dân, ban an ninh", "Trấn an dân, ban an ninh"),
        ("Tôn Nữ Quỳnh Giao", "Tôi giao tiền, tôi, giao thông", "Tôi giao tiền, tôi, giao thông"),
    ],
)
def test_names_of_all_peoples_are_masked_as_they_are_called(name: str, said: str, seen: str) -> None:
    petition = make.petition("in_progress", name=name, hidden=True)
    assert as_seen(said, petition, make.handler()) == seen


@pytest.mark.parametrize("name", ["Hùng", "hùng", "An"])
def test_a_single_name_is_masked_too(name: str) -> None:
    petition = make.petition("in_progress", text=f"Tôi là {name}, gạch bong.\n{name}", name=name, hidden=True)
    assert as_seen(petition.text, petition, make.handler()) == "Tôi là ▇▇▇, gạch bong.\n▇▇▇"


SAID = f"Bà {NAME}, điện thoại {PHONE}, ốm."
SEEN = "Bà ▇▇▇, điện thoại ▇▇▇, ốm."


def read_in_form(petition: Petition, action: str, by: User) -> str:
    """What the form of that action shows this person of what others wrote, and holds before he types."""
    form = FOR[action](petition=Petition.objects.get(pk=petition.pk), by=by)
    return "\n".join([*(str(words) for _heading, words in form.quotes()), *map(str, form.initial.values())])


def test_what_is_read_before_deciding_is_masked_as_in_the_timeline() -> None:
    petition = hidden()
    day = timezone.localdate() + dt.timedelta(days=2)
    take(petition, "request_extension", by=make.handler(), reason=SAID, interim_reply=SAID)
    asked: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": SAID, "day": day}
    take(petition, "coordinate", by=make.handler(), **asked)
    for action, person in (
        ("grant_extension", make.approver()),
        ("contribute", make.handler(make.CONSTRUCTION)),
    ):
        shown = read_in_form(petition, action, person)
        assert (SEEN in shown, NAME in shown, PHONE in shown) == (True, False, False), action
    assert SAID in read_in_form(petition, "grant_extension", make.focal_point())


def test_a_denouncers_name_in_a_proposed_refusal_is_masked_for_who_confirms_it() -> None:
    petition = denunciation()
    take(petition, "propose_refusal", by=make.officer(), ground="unsigned", reason=SAID)
    assert SEEN in read_in_form(petition, "confirm_refusal", make.focal_point())
    assert SAID in read_in_form(petition, "confirm_refusal", make.officer())


def test_a_draft_that_was_sent_back_is_masked_for_all_but_its_writer_and_not_sent_with_black_marks() -> None:
    petition, writer, other = hidden(), make.handler(), make.handler()
    take(petition, "draft_reply", by=writer, **make.ANSWER | {"text": SAID, "evidence": SAID})
    take(petition, "send_back", by=make.approver(), words="Bỏ tên")
    assert SAID in read_in_form(petition, "draft_reply", writer)
    shown = read_in_form(petition, "draft_reply", other)
    assert (shown.count(SEEN), NAME in shown) == (2, False)
    for text, errors in ((SEEN, ["text"]), ("Người gửi ốm.", [])):
        form = FOR["draft_reply"](make.ANSWER | {"text": text}, petition=petition, by=other)
        assert (form.is_valid(), [*form.errors]) == (not errors, errors)


@pytest.mark.long
def test_what_a_colleague_is_typing_and_the_answer_under_review_are_masked() -> None:
    petition = hidden()
    drafts.keep(petition, by=make.handler(), told={"text": SAID}, now=timezone.now())
    page = words(at(make.handler()).get(f"{petition.get_absolute_url()}?lam=draft_reply"))
    assert (SEEN in page, NAME in page) == (True, False)
    answered = hidden("answered", answer=make.ANSWER | {"text": f"Gửi ông {NAME}: đã lát lại."})
    page = words(at(make.reviewer()).get(answered.get_absolute_url()))
    assert ("đã lát lại" in page, NAME in page) == (True, False)


def test_the_number_of_an_acceptance_is_masked_where_it_holds_a_name() -> None:
    petition = denunciation(channel="letter")
    told: dict[str, Any] = {"decision_number": f"8 {NAME}", "signed_on": timezone.localdate()}
    take(petition, "accept_for_handling", by=make.officer(), **told)
    seen, whole = (
        "\n".join(event.said for event in story.to_officials(petition, timezone.now(), by=person))
        for person in (make.focal_point(), make.officer())
    )
    assert ("thụ lý, số 8 ▇▇▇" in seen, NAME in seen, NAME in whole) == (True, False, True)
    letter = Case(petition, make.focal_point(), {})
    assert VALUES["decision"](letter) == "8 ▇▇▇"


@pytest.mark.long
def test_a_denouncers_own_letter_goes_to_the_petition_officer_alone_and_each_look_is_kept() -> None:
    petition = denunciation()
    assert "chỉ bạn mở được" not in words(at(make.officer()).get(petition.get_absolute_url()))
    file = make.attachment(petition, name="don-cua-nguyen-van-an.pdf")
    address, page = f"/tep/{file.pk}/", petition.get_absolute_url()
    watching = [make.user(role, province="48") for role in (Role.SUPERVISOR, Role.AUDITOR)]
    for person in (*watching, make.focal_point()):
        client = at(person)
        missing = client.get("/tep/999999/")
        answer, shown = client.get(address), words(client.get(page))
        assert (answer.status_code, answer.content) == (404, missing.content), person
        assert (address in shown, "chỉ cán bộ xử lý đơn mở được" in shown) == (False, True)
    assert Look.objects.at_identity().count() == 0
    officer = make.officer()
    shown = words(at(officer).get(page))
    assert (address in shown, "chỉ bạn mở được" in shown) == (True, True)
    assert Look.objects.at_identity().count() == 0
    assert at(officer).get(address).status_code == 200
    assert list(Look.objects.at_identity().values_list("petition", "user")) == [(petition.pk, officer.pk)]


@pytest.mark.long
def test_the_officer_hands_on_a_copy_without_the_name_and_the_denouncer_gets_none_of_it() -> None:
    petition = denunciation(channel="letter")
    make.attachment(petition, name="don.pdf")
    officer, reader = make.officer(), make.focal_point()
    assert "files" not in FOR["note"](petition=petition, by=reader).fields
    copy = SimpleUploadedFile("don nguyen van an che.png", corpus.picture("PNG"))
    done = at(officer).post(
        f"{petition.get_absolute_url()}note/",
        {"text": "Bản đã che", "files": copy, "seq": petition.last_step().seq},
    )
    assert done.status_code == 302
    kept = petition.attachments.get(evidence=True)
    assert (kept.reply, petition.attachments.for_petitioner().filter(pk=kept.pk).exists()) == (None, False)
    shown = words(at(reader).get(petition.get_absolute_url()))
    assert ("Bản đã che 1.png" in shown, "nguyen van an" in shown) == (True, False)
    assert at(reader).get(f"/tep/{kept.pk}/").status_code == 200
    assert Look.objects.at_identity().count() == 0


def test_whoever_sent_a_denunciation_opens_his_own_files_unseen() -> None:
    petition = denunciation()
    sender = make.user()
    Petition.objects.filter(pk=petition.pk).update(petitioner=sender)
    file = make.attachment(petition)
    assert at(sender).get(f"/tep/{file.pk}/").status_code == 200
    assert Look.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        (f"trước nhà An, 45 Lê Duẩn (gọi {PHONE})", "trước nhà ▇▇▇, ▇▇▇ (gọi ▇▇▇)"),
        ("45 Lê Duẩn", "▇▇▇ Lê Duẩn"),
        ("K12/5 Lê Duẩn", "▇▇▇"),
        ("45 đường 3/2", "▇▇▇ đường 3/2"),
        ("chung cư A1, phòng 305", "chung cư ▇▇▇, phòng ▇▇▇"),
        ("tổ 12, thôn 3, quốc lộ 1A, km 5", "tổ 12, thôn 3, quốc lộ 1A, km 5"),
        ("đường 30 tháng 4, chợ Cồn", "đường 30 tháng 4, chợ Cồn"),
    ],
)
def test_a_denunciation_shows_no_door_in_its_place(typed: str, seen: str) -> None:
    petition = denunciation(place_text=typed)
    assert place_as_seen(petition, make.focal_point()) == seen
    assert place_as_seen(petition, make.officer()) == typed


@pytest.mark.long
def test_where_a_denouncers_telephone_stood_is_for_the_petition_officer_alone() -> None:
    petition = denunciation(lat=16.047123, lon=108.206456)
    address = petition.get_absolute_url()
    reader, officer = (words(at(person).get(address)) for person in (make.focal_point(), make.officer()))
    assert ("108.20" in reader, "108.20646" in officer) == (False, True)


def test_where_something_personal_stands_is_remembered_by_digest_and_never_mixed_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redaction, "TEXTS_KEPT", 2)
    texts = [f"Gọi tôi theo số 090512345{n}, ngập ở số nhà {n}" for n in range(5)]
    once = [redaction.masked(text) for text in texts]
    assert once == [redaction.masked(text) for text in texts]
    assert len(redaction._found) <= 2
    assert not any("090512345" in text for text in once)
