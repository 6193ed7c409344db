"""Whoever asks: filing loses nothing, the receipt shows the secret, the follow page shows the answer."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from feedback import codes, followups
from feedback.forms.handing import AssignForm
from feedback.intake import receive
from feedback.models import Attachment, Petition, RetentionRule
from feedback.permissions import Holder
from feedback.steps import take
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

TEXT = "Nắp cống trước số 12 Lê Lợi bị mất, xe máy té mấy lần rồi."


def filed(client: Client, **fields: Any) -> str:
    """File over HTTP; the code."""
    answer = client.post("/gui/", {"text": TEXT, "commune": "20242"} | fields)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["Location"]).strip("/").split("/")[-1]


def picture(name: str = "nap-cong.jpg", colour: str = "teal") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


# --- filing -------------------------------------------------------------------------------------------


def test_an_empty_form_comes_back_with_the_sentence_at_the_top_and_beside_the_field(client: Client) -> None:
    answer = client.post("/gui/", {"text": "  ", "name": "Nguyễn Văn Tâm", "place_text": "chợ Cồn"})
    page = words(answer)
    assert answer.status_code == 400
    assert page.count("Xin cho biết chuyện gì đang xảy ra.") == 2
    assert 'href="#id_text"' in page
    assert "Nguyễn Văn Tâm" in page
    assert "chợ Cồn" in page
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "Cống hở\x00"}, "Có ký tự không đọc được"),
        ({"text": "a" * 1_000_000}, "20.000 ký tự"),
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
        ({"phone": "0905 123"}, "có thể thiếu hoặc thừa chữ số"),
        ({"phone": "090512345"}, "có thể thiếu hoặc thừa chữ số"),
        ({"phone": "+84 905 1234567"}, "có thể thiếu hoặc thừa chữ số"),
        ({"phone": "0905 123", "email": "khong-phai"}, "có thể thiếu hoặc thừa chữ số"),
        ({"email": "khong-phai"}, "Địa chỉ thư điện tử chưa đúng"),
        ({"commune": "99999"}, "Không có xã, phường nào mang mã này"),
        ({"tax_code": "123"}, "Mã số thuế chưa đúng"),
        ({"lat": "48.85", "lon": "2.35"}, "<li>Điểm trên bản đồ nằm ngoài Việt Nam."),
        ({"lat": "vĩ độ", "lon": "2.35"}, "<li>Điểm trên bản đồ chưa đọc được"),
        ({"key": "a" * 65}, "<li>Mẫu đơn này đã cũ"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Client, fields: dict[str, str], said: str
) -> None:
    answer = client.post("/gui/", {"text": TEXT, "commune": "20242", "name": "Lê Thị Kế"} | fields)
    assert answer.status_code == 400
    assert said in words(answer)
    assert "Lê Thị Kế" in words(answer)
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0905.123.456", "0905123456"),
        ("+84 905 123 456", "0905123456"),
        ("0236 3881 888", "02363881888"),
        ("0555 123 456", "0555123456"),  # a block that was opened lately
        ("1900 1022", "19001022"),
        ("+33 1 42 68 53 00", "+33142685300"),
    ],
)
def test_a_whole_telephone_is_kept_always_written_alike(client: Client, typed: str, kept: str) -> None:
    assert Petition.objects.get(code=filed(client, phone=typed)).contact.phone == kept


@pytest.mark.parametrize(
    "text",
    ["Cống hở 😱 nguy hiểm quá", "Cô\u0301ng ho\u031b\u0309 trước chợ", "<script>alert(1)</script> cống hở"],
    ids=["emoji", "nfd", "html"],
)
def test_any_text_of_a_person_is_kept_as_sent_and_shown_as_text(client: Client, text: str) -> None:
    code = filed(client, text=text)
    assert Petition.objects.get(code=code).text == text
    assert "<script>alert" not in words(client.get(f"/tra-cuu/{code}/"))


BROKEN = {
    "latin-1": "Nhà bà Hoà".encode("latin-1"),
    "lone-surrogate": "Nắp cống ".encode() + b"\xed\xa0\x80",
    "cut-off": "Nắp cống bị mấ".encode()[:-1],
}


@pytest.mark.parametrize("field", ["text", "place_text", "name"])
@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_letters_that_broke_on_the_way_are_told_and_what_arrived_is_kept(
    client: Client, raw: bytes, field: str
) -> None:
    """As an old telephone or a script sends it: bytes that are no UTF-8."""
    said = {"text": TEXT.encode(), "commune": b"20242"} | {field: raw}
    body = b"&".join(name.encode() + b"=" + quote(value).encode() for name, value in said.items())
    answer = client.post("/gui/", body, content_type="application/x-www-form-urlencoded")
    page = words(answer)
    assert (answer.status_code, "Có chữ bị hỏng trên đường gửi" in page) == (400, True)
    assert raw.decode(errors="replace") in page
    assert not Petition.objects.exists()


def test_broken_letters_beside_files_are_told_as_well(client: Client) -> None:
    form = {"text": "Cống @@ mất", "files": [picture()]}
    body = encode_multipart(BOUNDARY, form).replace(b"@@", b"\xff\xfe")
    answer = client.generic("POST", "/gui/", body, content_type=MULTIPART_CONTENT)
    assert (answer.status_code, Petition.objects.exists()) == (400, False)
    assert "Có chữ bị hỏng trên đường gửi" in words(answer)


def test_an_executable_that_calls_itself_a_picture_is_refused_and_the_text_stays(client: Client) -> None:
    file = SimpleUploadedFile("anh.jpg", b"MZ\x90\x00" + b"\x00" * 200, content_type="image/jpeg")
    answer = client.post("/gui/", {"text": TEXT, "files": [file]})
    assert answer.status_code == 400
    assert "không phải ảnh" in words(answer)
    assert TEXT in words(answer)


def test_after_another_mistake_the_files_have_to_be_chosen_again_and_that_is_said(client: Client) -> None:
    answer = client.post("/gui/", {"text": "", "files": [picture()]})
    assert "xin chọn lại các tệp" in words(answer)


def test_a_page_that_keeps_the_files_itself_is_not_told_to_choose_them_again(client: Client) -> None:
    answer = client.post("/gui/", {"text": "", "files": [picture()]}, headers={"X-Keeps-Files": "1"})
    assert (answer.status_code, "xin chọn lại các tệp" in words(answer)) == (400, False)


def test_a_picture_goes_to_its_petition_and_to_nobody_else(client: Client) -> None:
    code = filed(client, files=[picture()])
    assert "Kèm theo: nap-cong.jpg" in words(client.get(f"/bien-nhan/{code}/"))
    file = Attachment.objects.get(petition__code=code)
    address = f"/tep/{file.pk}/"
    shown = client.get(address)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert Client().get(address).status_code == 404


def test_one_form_sent_twice_is_one_petition(client: Client) -> None:
    assert filed(client, key="cùng-một-tờ") == filed(client, key="cùng-một-tờ")
    assert Petition.objects.count() == 1


def test_while_one_types_the_machine_says_what_it_understands_and_keeps_nothing(client: Client) -> None:
    said = {"text": "Hàng quán bày bàn ghế lấn chiếm hết vỉa hè, người đi bộ phải xuống lòng đường"}
    page = words(client.post("/gui/doc-thu/", said | {"commune": "20242"}))
    assert "Phường Hải Châu" in page
    assert "UBND phường Hải Châu" in page
    assert not Petition.objects.exists()
    assert "Chúng tôi hiểu" not in words(client.post("/gui/doc-thu/", {"text": "abc"}))


def test_the_communes_of_another_province_can_be_asked_for(client: Client) -> None:
    communes = client.get("/gui/xa/?tinh=01").json()["communes"]
    assert ["00367", "Phường Thanh Xuân"] in communes
    assert client.get("/gui/xa/?tinh=zz").json()["communes"] == [["", "Để máy tự tìm"]]


# --- the receipt ----------------------------------------------------------------------------------------


def test_the_receipt_shows_the_secret_to_the_browser_that_filed_and_the_house_keeps_none(
    client: Client,
) -> None:
    code = filed(client)
    cookie = client.cookies["receipt"]
    page = words(client.get(f"/bien-nhan/{code}/"))
    assert cookie.value in page
    assert Petition.objects.get(code=code).printed_code in page
    assert cookie["httponly"]
    assert cookie["path"] == f"/bien-nhan/{code}/"
    assert cookie.value not in str(dict(client.session))


def test_a_browser_without_the_secret_sees_no_receipt(client: Client) -> None:
    code = filed(client)
    assert Client().get(f"/bien-nhan/{code}/").status_code == 404


# --- following ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_code_and_secret_open_the_follow_page_and_the_session_remembers(client: Client) -> None:
    code = filed(client)
    secret = client.cookies["receipt"].value
    other = Client()
    typed = {"code": Petition.objects.get(code=code).printed_code, "secret": secret.lower()}
    answer = other.post("/tra-cuu/", typed, follow=True)
    assert (answer.status_code, TEXT in words(answer)) == (200, True)
    assert other.get(f"/tra-cuu/{code}/").status_code == 200


def test_a_link_with_the_secret_opens_and_changes_nothing(client: Client) -> None:
    code = filed(client)
    secret = client.cookies["receipt"].value
    before = Petition.objects.values().get(code=code)
    answer = Client().get("/tra-cuu/", {"code": code, "secret": secret})
    assert (answer.status_code, TEXT in words(answer)) == (200, True)
    assert Petition.objects.values().get(code=code) == before
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_a_signed_in_citizen_finds_what_he_filed() -> None:
    citizen = Client()
    person = make.user()
    citizen.force_login(person)
    code = filed(citizen)
    assert f"/tra-cuu/{code}/" in words(citizen.get("/tra-cuu/"))
    later = Client()
    later.force_login(person)
    assert later.get(f"/tra-cuu/{code}/").status_code == 200


def test_the_answer_stands_first_with_four_faces_and_no_name_of_an_official() -> None:
    petition = make.petition("answered")
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "Đã lát lại vỉa hè sáng nay." in page
    assert page.count('name="score"') == 4
    drafter = petition.replies.get().drafted_by
    assert drafter is not None
    assert drafter.username not in page


def test_a_draft_is_not_shown_to_whoever_asked() -> None:
    petition = make.petition("pending_approval")
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "Đã lát lại vỉa hè sáng nay." not in page
    assert "đang xử lý" in page


@pytest.mark.long
def test_one_tap_rates_once() -> None:
    petition = make.petition("answered")
    client = opened(petition)
    address = f"/tra-cuu/{petition.code}/danh-gia/"
    chosen = client.get(address, {"score": "dissatisfied"})
    assert (chosen.status_code, Petition.objects.get().score) == (200, "")
    assert client.post(address, {"score": "tuyệt"}).status_code == 400
    assert client.post(address, {"score": "dissatisfied"}).status_code == 302
    again = client.post(address, {"score": "very_satisfied"})
    assert (again.status_code, "đã được đánh giá" in words(again)) == (409, True)
    assert Petition.objects.get().score == "dissatisfied"


def test_another_browser_cannot_rate() -> None:
    petition = make.petition("answered")
    answer = Client().post(f"/tra-cuu/{petition.code}/danh-gia/", {"score": "satisfied"})
    assert answer.status_code == 404


def test_the_receipt_secret_of_another_petition_opens_nothing(client: Client) -> None:
    filed(client)
    secret = client.cookies["receipt"].value
    other = make.petition("submitted")
    answer = Client().post("/tra-cuu/", {"code": other.code, "secret": secret})
    assert (answer.status_code, "không khớp nhau" in words(answer)) == (404, True)


def test_a_rating_is_told_after_it_was_given() -> None:
    petition = make.petition("answered")
    take(petition, "rate", by=make.holder(petition), score="satisfied")
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "Bạn đã đánh giá: hài lòng" in page
    assert 'name="score"' not in page


def test_the_receipt_carries_its_private_link_as_a_qr_code_while_the_secret_is_shown(client: Client) -> None:
    code = filed(client)
    page = words(client.get(f"/bien-nhan/{code}/"))
    link = f"{settings.BASE_URL}/tra-cuu/?code={code}&secret={client.cookies['receipt'].value}"
    assert codes.qr(link) in page
    client.cookies.pop("receipt")
    assert "<path" not in words(client.get(f"/bien-nhan/{code}/"))


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("xem-lai", {"text": "Chưa thỏa đáng"}),
        ("noi-them", {"text": "Ở trước số 12"}),
        ("mo-lai", {"reason": "Lại hỏng"}),
    ],
)
def test_a_form_that_a_slow_line_sends_twice_says_it_once(slug: str, said: dict[str, str]) -> None:
    petition = make.petition("answered")
    client = opened(petition)
    page = client.get(f"/tra-cuu/{petition.code}/{slug}/").content.decode()
    told = said | {"seq": re.search(r'name="seq" value="(\d+)"', page)[1]}  # type: ignore[index]
    steps = petition.steps.count()
    for _again in range(2):
        answer = client.post(f"/tra-cuu/{petition.code}/{slug}/", told)
        assert (answer.status_code, answer["Location"]) == (302, f"/tra-cuu/{petition.code}/")
    assert petition.steps.count() == steps + 1
    assert Petition.objects.count() == (2 if slug == "xem-lai" else 1)


def test_going_back_and_pressing_again_says_it_once() -> None:
    petition = make.petition("answered")
    client = opened(petition)
    address = f"/tra-cuu/{petition.code}/noi-them/"
    raw = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(raw, "PNG")
    for files in ({"files": SimpleUploadedFile("a.png", raw.getvalue())}, {}):
        seq = re.search(r'name="seq" value="(\d+)"', client.get(address).content.decode())[1]  # type: ignore[index]
        assert client.post(address, {"text": "Ở trước số 12", "seq": seq, **files}).status_code == 302
    assert petition.steps.filter(action="inform").count() == 1


def test_the_same_words_to_another_question_are_said_anew() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    client = opened(petition)
    for question in ("Ở trước số 12 phải không?", "Nước còn chảy không?"):
        take(petition, "ask", by=handler, question=question)
        client.post(f"/tra-cuu/{petition.code}/noi-them/", {"text": "Đúng vậy"})
    assert petition.steps.filter(action="inform").count() == 2


@pytest.mark.long
def test_a_review_that_was_withdrawn_is_asked_for_anew_with_the_same_words() -> None:
    petition = make.petition("answered")
    client = opened(petition)
    for _again in range(2):
        client.post(f"/tra-cuu/{petition.code}/xem-lai/", {"text": "Chưa thỏa đáng"})
    review = Petition.objects.get(origin=petition)
    take(review, "withdraw", by=Holder(review.pk))
    client.post(f"/tra-cuu/{petition.code}/xem-lai/", {"text": "Chưa thỏa đáng"})
    assert Petition.objects.filter(origin=petition).count() == 2


def test_the_same_words_half_an_hour_later_are_said_anew() -> None:
    petition = make.petition("submitted", now=timezone.now() - dt.timedelta(hours=1), anew=True)
    take(
        petition,
        "inform",
        by=Holder(petition.pk),
        now=timezone.now() - dt.timedelta(minutes=30),
        text="Vẫn chảy",
    )
    for _again in range(2):
        opened(petition).post(f"/tra-cuu/{petition.code}/noi-them/", {"text": "Vẫn chảy"})
    assert petition.steps.filter(action="inform").count() == 2


def test_a_wish_that_is_changed_and_changed_back_ends_as_said_last() -> None:
    petition = make.petition("in_progress")
    client = opened(petition)
    for text in ("Ở trước số 12", "Không, số 14", "Ở trước số 12"):
        client.post(f"/tra-cuu/{petition.code}/noi-them/", {"text": text})
    assert petition.steps.filter(action="inform").count() == 3


def test_other_words_and_what_officials_did_meanwhile_stop_nobody() -> None:
    petition = make.petition("in_progress")
    client, seen = opened(petition), str(petition.last_step().seq)
    take(petition, "note", by=make.handler(), text="Đã gọi")
    for text in ("Ở trước số 12", "Ở trước số 14"):
        client.post(f"/tra-cuu/{petition.code}/noi-them/", {"text": text, "seq": seen})
    raw = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(raw, "PNG")
    photo = SimpleUploadedFile("a.png", raw.getvalue())
    client.post(f"/tra-cuu/{petition.code}/noi-them/", {"text": "Ở trước số 14", "seq": seen, "files": photo})
    assert petition.steps.filter(action="inform").count() == 3


@pytest.mark.long
def test_whoever_was_merged_reads_nothing_of_the_other_sender_in_the_answer() -> None:
    main = make.petition("in_progress", name="Trần Thị Hồng Nhung", phone="0905888701")
    other = make.petition("received")
    take(other, "merge", by=make.focal_point(), main=main.code)
    said = "Kính gửi trần thị hồng nhung, đã lát lại."
    proof = "Biên bản với bà Trần Thị Hồng Nhung, điện thoại 0905888701"
    take(main, "draft_reply", by=make.handler(), **make.ANSWER | {"text": said, "evidence": proof})
    take(main, "approve", by=make.approver())
    page = words(opened(other).get(f"/tra-cuu/{other.code}/"))
    assert "đã lát lại" in page
    for name in ("Hồng Nhung", "hồng nhung", "0905888701"):
        assert name not in page
    assert proof in words(opened(main).get(f"/tra-cuu/{main.code}/"))


@pytest.mark.long
def test_a_late_complaint_offers_the_second_one_on_its_page() -> None:
    petition, officer = make.petition("received"), make.officer()
    take(petition, "seal", by=officer, kind="complaint")
    told: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate()}
    take(petition, "accept_for_handling", by=officer, **told)
    link = f'href="/tra-cuu/{petition.code}/khieu-nai-lan-hai/"'
    assert link not in opened(petition).get(f"/tra-cuu/{petition.code}/").content.decode()
    long_ago = timezone.now() - dt.timedelta(days=90)
    Petition.objects.filter(pk=petition.pk).update(due_at=long_ago, legal_due_on=long_ago.date())
    assert link in opened(petition).get(f"/tra-cuu/{petition.code}/").content.decode()


@pytest.mark.long
@pytest.mark.parametrize("state", ["in_progress", "answered"])
def test_danger_told_later_shows_the_numbers_on_the_very_next_page(state: str) -> None:
    petition = make.petition(state)
    client = opened(petition)
    address = f"/tra-cuu/{petition.code}/"
    assert 'role="alert"' not in client.get(address).content.decode()
    text = "Có cháu bé vừa bị điện giật nằm bất tỉnh ở đây, nguy hiểm quá"
    page = client.post(f"{address}noi-them/", {"text": text}, follow=True).content.decode()
    assert 'role="alert"' in page
    assert 'href="tel:115"' in page


def test_a_tap_that_is_pressed_twice_counts_once_and_says_so() -> None:
    petition = make.petition("submitted")
    client, seen = opened(petition), petition.last_step().seq
    for _again in range(2):
        answer = client.post(f"/tra-cuu/{petition.code}/hieu-chua-dung/", {"seq": seen})
        assert (answer.status_code, answer["Location"]) == (302, f"/tra-cuu/{petition.code}/")
    assert petition.steps.filter(action="inform").count() == 1


CHAIR_TOLD = "Chủ tịch phường Hải Châu nhận tiền của chủ quán nên không dẹp."


@pytest.mark.parametrize(
    ("state", "slug", "field"), [("in_progress", "noi-them", "text"), ("answered", "mo-lai", "reason")]
)
def test_before_a_word_on_the_chair_reaches_his_ward_the_page_asks_where_to_send_it(
    state: str, slug: str, field: str
) -> None:
    petition = make.petition(state)
    client, address = opened(petition), f"/tra-cuu/{petition.code}/{slug}/"
    steps = petition.steps.count()
    asked = client.post(address, {field: CHAIR_TOLD})
    page = words(asked)
    assert (asked.status_code, petition.steps.count()) == (400, steps)
    assert 'name="carry"' in page
    assert CHAIR_TOLD in page
    carried = client.post("/gui/", {field: CHAIR_TOLD, "carry": "1", "about": petition.code})
    assert (carried.status_code, Petition.objects.count()) == (200, 1)
    shown = words(carried)
    assert CHAIR_TOLD in shown
    assert petition.printed_code not in shown
    assert 'name="apart" value="True"' in shown
    assert "data-apart>" in shown
    assert re.search(rf'value="{petition.commune_id}"[^>]*selected', shown)
    assert client.post(address, {field: CHAIR_TOLD, "here": "1"}).status_code == 302
    assert petition.steps.count() == steps + 1


def test_where_the_intake_alone_reads_it_the_page_asks_nothing() -> None:
    petition = make.petition("submitted")
    assert (
        opened(petition).post(f"/tra-cuu/{petition.code}/noi-them/", {"text": CHAIR_TOLD}).status_code == 302
    )


def test_who_reads_a_later_word_stands_above_the_box() -> None:
    petition = make.petition("in_progress")
    assert "đọc được lời này" in words(opened(petition).get(f"/tra-cuu/{petition.code}/noi-them/"))


@pytest.mark.long
@pytest.mark.parametrize(("slug", "field"), [("hieu-chua-dung", "note"), ("noi-them", "text")])
def test_every_box_that_the_ward_reads_says_so_and_asks(slug: str, field: str) -> None:
    petition = receive(make.submission()).petition
    followups.catch_up()
    client, address = opened(petition), f"/tra-cuu/{petition.code}/{slug}/"
    assert not Petition.objects.get(pk=petition.pk).led_by_focal_point
    assert "đọc được lời này" in words(client.get(address))
    assert client.post(address, {field: CHAIR_TOLD}).status_code == 400
    assert client.post(address, {field: CHAIR_TOLD, "here": "1"}).status_code == 302


def test_who_helps_is_named_among_those_who_read_it() -> None:
    petition = make.petition("in_progress")
    asked: dict[str, Any] = {
        "agencies": ["department-of-construction:48"],
        "question": "x",
        "day": "2099-01-01",
    }
    take(petition, "coordinate", by=make.handler(), **asked)
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/noi-them/"))
    assert re.search("Sở Xây dựng.{0,60}đọc được lời này", page)


@pytest.mark.long
def test_what_was_sent_apart_is_given_on_by_a_person_alone() -> None:
    client = Client()
    filed(client)
    filed(client, apart="True", text=f"{TEXT} Lần hai.")
    followups.catch_up()
    one, apart = Petition.objects.order_by("pk")
    assert not one.led_by_focal_point
    assert apart.led_by_focal_point
    page = words(at(make.focal_point()).get(f"/xu-ly/{apart.code}/"))
    assert "Có thể phản ánh chính người của cơ quan" in page
    assert "Người gửi xin gửi riêng" in page


@pytest.mark.long
def test_who_takes_in_a_suspicion_reads_too_that_it_was_sent_apart() -> None:
    filed(
        Client(), apart="True", text="Chủ tịch phường nhận tiền của chủ quán, tôi tố cáo ông ấy nhận hối lộ."
    )
    followups.catch_up()
    petition, officer = Petition.objects.get(), make.officer()
    assert petition.sealed
    assert "Người gửi xin gửi riêng" in words(at(officer).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.long
def test_what_was_sent_apart_is_promised_to_no_body_and_its_parts_wait_for_a_person_too() -> None:
    client = Client()
    page = words(client.get(f"/bien-nhan/{filed(client, apart='True')}/"))
    assert "UBND phường Hải Châu" not in page
    followups.catch_up()
    focal, petition = make.focal_point(), Petition.objects.get()
    take(petition, "receive", by=focal, subfield=make.SIDEWALK)
    assert AssignForm(petition=Petition.objects.get(), by=focal).proposed() == {}
    take(petition, "split", by=focal, texts=[TEXT])
    followups.catch_up()
    assert Petition.objects.get(origin=petition).led_by_focal_point


def test_a_file_that_the_browser_dropped_is_asked_for_again() -> None:
    petition = make.petition("in_progress")
    told = {"text": CHAIR_TOLD, "files": picture()}
    page = words(opened(petition).post(f"/tra-cuu/{petition.code}/noi-them/", told))
    assert "Trình duyệt không giữ lại tệp" in page


@pytest.mark.parametrize("reason", ["Tôi không đồng ý với trả lời.", "Trả lời không đúng câu hỏi của tôi."])
def test_whoever_reopens_is_not_asked_for_being_discontent(reason: str) -> None:
    petition = make.petition("answered")
    sent = opened(petition).post(f"/tra-cuu/{petition.code}/mo-lai/", {"reason": reason})
    assert sent.status_code == 302


@pytest.mark.long
def test_whoever_is_not_content_finds_what_he_can_do_next_open() -> None:
    petition = make.petition("answered")
    client, page = opened(petition), f"/tra-cuu/{petition.code}/"
    assert '<details class="more no-print">' in words(client.get(page))
    client.post(f"{page}danh-gia/", {"score": "dissatisfied"})
    told = words(client.get(page))
    assert '<details class="more no-print" open>' in told
    assert told.index("/mo-lai/") < told.index("/xem-lai/"), "the same office first, then another"


@pytest.mark.long
def test_whose_complaint_was_decided_reads_of_the_second_before_anything_else() -> None:
    petition = make.petition("received", anew=True)
    take(petition, "seal", by=make.officer(), kind="complaint")
    take(petition, "assign", by=make.officer(), agency=make.HAI_CHAU)
    take(petition, "accept_for_handling", by=make.approver(), decision_number="1/QĐ", signed_on="2026-11-20")
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    told = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "Gửi trong 30 ngày" in told
    assert told.index("/xem-lai/") < told.index("/mo-lai/")


def test_what_is_held_how_long_and_how_it_goes_is_told_to_everybody(client: Client) -> None:
    page = words(client.get("/du-lieu-cua-ban/"))
    assert "giữ 5 năm" in page
    assert "chưa đối chiếu văn bản" in page
    assert "xóa theo yêu cầu" in page.lower()
    assert 'href="/du-lieu-cua-ban/"' in words(client.get("/"))
    RetentionRule.objects.create(slug="own", name="Riêng: giữ 2 năm", keep_days=730, basis="Quy chế")
    client.cookies["django_language"] = "en"
    english = words(client.get("/du-lieu-cua-ban/"))
    assert "giữ 5 năm" not in english
    assert '<span lang="vi">Riêng: giữ 2 năm</span>' in english
