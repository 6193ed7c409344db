"""What an operator writes down is the sender's: his are the two codes, never the operator's."""

import hashlib
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from feedback import followups
from feedback.models import Contact, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from routing.models import Agency
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

CALLED = {"text": "Bà cụ gọi: cống trước nhà hở nắp.", "commune": "20242", "phone": "0905123456"}


@pytest.fixture
def operator() -> User:
    return make.user(Role.OPERATOR, make.FOCAL_POINT, "48")


def written(desk: Client, **told: str) -> tuple[Petition, str]:
    """The petition as it was written down, and the address of what is read out."""
    answer = desk.post("/xu-ly/ghi/", CALLED | {"channel": "hotline"} | told)
    assert answer.status_code == 303, words(answer)
    return Petition.objects.get(), str(answer["Location"])


def test_the_desk_leads_an_operator_to_it_and_nobody_else(operator: User) -> None:
    assert 'href="/xu-ly/ghi/"' in words(at(operator).get("/xu-ly/"))
    assert 'href="/xu-ly/ghi/"' not in words(at(make.focal_point()).get("/xu-ly/"))


@pytest.mark.parametrize("channel", ["counter", "letter", "email"])
def test_it_is_the_callers_with_the_operators_name_in_the_record(channel: str, operator: User) -> None:
    petition, _ = written(at(operator), channel=channel)
    assert (petition.petitioner, petition.entered_by) == (None, operator)
    assert petition.channel == channel
    assert not petition.came_by_mail
    assert petition.contact.phone == "0905123456"
    step = petition.steps.get()
    assert (step.action, step.by, step.role) == ("submit", operator, "operator")


def test_the_page_speaks_of_the_sender_and_not_to_him(operator: User) -> None:
    page = words(at(operator).get("/xu-ly/ghi/"))
    for to_him in (
        "Địa chỉ của bạn",
        "Giấu tên tôi",
        "Ai được biết bạn là ai",
        "thấy tên bạn",
        "tệp bạn gửi",
    ):
        assert to_him not in page
    for of_him in ("Địa chỉ của người gửi", "Người gửi muốn giấu tên", "Ai được biết người gửi là ai?"):
        assert of_him in page
    assert 'autocomplete="street-address"' not in page
    assert "Địa chỉ của bạn" in words(Client().get("/gui/"))


def on_paper(page: str) -> str:
    return re.sub(r'<(\w+)[^>]*class="[^"]*no-print[^"]*".*?</\1>', "", page, flags=re.DOTALL)


def test_the_slip_on_paper_is_for_the_sender(operator: User, settings: Any) -> None:
    settings.BASE_URL = "https://phananh.vn"
    desk = at(operator)
    petition, address = written(desk, channel="letter")
    page = words(desk.get(address))
    slip = on_paper(page)
    for told in ("Giấy báo đã nhận phản ánh", "phananh.vn/tra-cuu/", petition.printed_code, CALLED["text"]):
        assert told in slip
    assert str(Agency.objects.get(pk=make.FOCAL_POINT)) in slip
    assert "<svg" in slip.split('class="scan', 1)[1]
    assert re.search(r'class="secret">[^<]+<', slip)
    for said_to_the_operator in ("Đọc hai mã này cho người gửi", "Chỉ hiện ở đây trong nửa giờ"):
        assert said_to_the_operator in page
        assert said_to_the_operator not in slip


@pytest.mark.long
def test_what_was_understood_and_by_when_is_read_out_too(operator: User) -> None:
    desk = at(operator)
    _petition, address = written(desk, text="Đèn đường trước 12 Lê Lợi không sáng đã ba hôm.")
    assert desk.get(address).headers["Refresh"] == "4"
    while followups.catch_up(outside=False).done:
        pass
    page = words(desk.get(address))
    lead = Petition.objects.get().lead
    assert lead is not None
    assert f"{lead.name}, trả lời trước" in page
    assert "Chúng tôi hiểu là" in page


def test_the_two_codes_that_are_read_out_open_it_for_the_caller(operator: User) -> None:
    desk = at(operator)
    petition, address = written(desk)
    page = words(desk.get(address))
    secret = re.search(r'class="secret">([^<]+)<', page)
    assert secret
    assert petition.printed_code in page
    caller = Client()
    opened = caller.post("/tra-cuu/", {"code": petition.code, "secret": secret[1]})
    assert opened.status_code == 302
    assert caller.get(opened["Location"]).status_code == 200


def test_writing_it_down_does_not_make_the_operator_the_sender(operator: User) -> None:
    desk = at(operator)
    petition, _ = written(desk)
    assert desk.get(f"/tra-cuu/{petition.code}/").status_code == 404
    assert desk.get(f"/bien-nhan/{petition.code}/").status_code == 404
    assert desk.get(petition.get_absolute_url()).status_code == 200


def test_another_operator_is_read_out_nothing(operator: User) -> None:
    _, address = written(at(operator))
    other = at(make.user(Role.OPERATOR, make.FOCAL_POINT, "48"))
    assert other.get(address).status_code == 404


def test_a_channel_that_operators_do_not_have_is_refused_and_the_words_stay(operator: User) -> None:
    answer = at(operator).post("/xu-ly/ghi/", CALLED | {"channel": "sync"})
    assert answer.status_code == 400
    assert "Xin chọn đường đến." in words(answer)
    assert "Bà cụ gọi" in words(answer)
    assert not Petition.objects.exists()


# --- who calls again ------------------------------------------------------------------------------------


def found_by(desk: Client, phone: str) -> set[str]:
    answer = desk.post("/xu-ly/ghi/nguoi-goi/", {"phone": phone})
    assert answer.status_code == 200, words(answer)
    return set(re.findall(r'href="/xu-ly/(\d{12})/"', words(answer)))


@pytest.mark.parametrize("typed", ["0905123456", " 0905 123 456", "+84 905 123 456", "84905123456"])
def test_a_caller_is_found_by_the_number_however_it_is_typed(operator: User, typed: str) -> None:
    theirs = make.petition("in_progress", phone="0905.123.456")
    make.petition("in_progress", phone="0905123457")
    make.petition("in_progress")
    assert found_by(at(operator), typed) == {theirs.code}


def test_the_found_page_goes_on_with_the_number(operator: User) -> None:
    answer = at(operator).post("/xu-ly/ghi/nguoi-goi/", {"phone": "0905 123 456"})
    assert words(answer).count('value="0905 123 456"') == 1
    assert 'value="0905123456"' in words(answer)


@pytest.mark.long
def test_nobody_is_found_who_hides_or_is_sealed_or_lives_elsewhere(operator: User) -> None:
    make.petition("in_progress", phone="0905123456", hidden=True)
    sealed = make.petition("received", phone="0905123456")
    take(sealed, "seal", by=make.officer(), kind="denunciation")
    elsewhere = make.petition("in_progress", phone="0905123456")
    Petition.objects.filter(pk=elsewhere.pk).update(territory="01")
    assert found_by(at(operator), "0905123456") == set()


@pytest.mark.parametrize("typed", ["", "không nhớ", "12", "0905\x00"])
def test_what_is_no_number_is_said(operator: User, typed: str) -> None:
    answer = at(operator).post("/xu-ly/ghi/nguoi-goi/", {"phone": typed})
    assert answer.status_code == 400
    assert 'id="caller_phone_error"' in words(answer)


def test_the_number_is_found_by_no_key_but_the_houses(settings: Any) -> None:
    make.petition("submitted", phone="0905123456")
    assert Contact.objects.of_phone("0905123456").exists()
    kept = Contact.objects.values_list("phone_digest", flat=True).get()
    assert "0905123456" not in kept
    assert kept != hashlib.sha256(b"0905123456").hexdigest()
    settings.IDENTITY_KEY = "another"
    assert not Contact.objects.of_phone("0905123456").exists()
    assert not Contact.objects.of_phone("").exists()


def test_an_erased_number_is_found_no_more(operator: User) -> None:
    petition = make.petition("in_progress", phone="0905123456")
    take(petition, "erase", by=SYSTEM, rule="on-request")
    assert found_by(at(operator), "0905123456") == set()
    assert not Contact.objects.exists()
