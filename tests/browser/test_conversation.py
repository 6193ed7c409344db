"""Asked and answered, refused and contested, withdrawn: on a telephone without JavaScript."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from feedback.models import Petition
from feedback.submission import KeptReceipt
from feedback.views.opened import COOKIE, signed
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def follow(page: Page, house: str, petition: Petition) -> None:
    """The browser of whoever asked, opened before."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": COOKIE, "value": signed([KeptReceipt.of(petition)]), "url": house}])
    page.goto(f"{house}/tra-cuu/{petition.code}/")


def sit_down(page: Page, house: str, username: str, petition: Petition) -> None:
    """An official at the petition, without typing a password."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": house}])
    page.goto(f"{house}/xu-ly/{petition.code}/")


def other_work(page: Page, name: str) -> None:
    page.locator(".others > summary").click()
    page.get_by_role("link", name=name).click()


def test_a_question_is_asked_and_answered(without_script: Page, house: str) -> None:
    page, petition = without_script, make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    other_work(page, "Hỏi người gửi")
    page.get_by_label("Cần biết thêm điều gì?").fill("Trước số nhà bao nhiêu?")
    page.get_by_role("button", name="Gửi câu hỏi").click()
    expect(page.get_by_text("Đang dừng đếm thời hạn").first).to_be_visible()
    follow(page, house, petition)
    expect(page.get_by_text("Trước số nhà bao nhiêu?").first).to_be_visible()
    page.get_by_label("Trả lời của bạn").fill("Trước số 12.")
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.get_by_text("Đã gửi. Cơ quan đang giữ việc được báo ngay.")).to_be_visible()
    expect(page.get_by_text("UBND phường Hải Châu đang xử lý")).to_be_visible()
    sit_down(page, house, "xuly.haichau", petition)
    expect(page.get_by_text("Trước số 12.")).to_be_visible()


def test_refused_by_two_contested_and_overturned_by_a_third(without_script: Page, house: str) -> None:
    page, petition = without_script, make.petition("received")
    sit_down(page, house, "daumoi", petition)
    other_work(page, "Đề nghị không tiếp nhận")
    page.get_by_label("Căn cứ").select_option(label="Ngoài phạm vi tiếp nhận")
    page.get_by_label("Lý do").fill("Tranh chấp giữa hai nhà.")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_role("button", name="Đồng ý không tiếp nhận")).to_have_count(0)
    sit_down(page, house, "daumoi2", petition)
    expect(page.get_by_text("Tranh chấp giữa hai nhà.").first).to_be_visible()
    page.get_by_role("button", name="Đồng ý không tiếp nhận").click()
    follow(page, house, petition)
    expect(page.get_by_text("Tranh chấp giữa hai nhà.").first).to_be_visible()
    page.get_by_text("Bạn không đồng ý?").click()
    page.get_by_label("Vì sao nên tiếp nhận?").fill("Đây là vỉa hè công cộng.")
    page.get_by_role("button", name="Đề nghị xem lại").click()
    sit_down(page, house, "donthu", petition)
    expect(page.get_by_text("Đây là vỉa hè công cộng.")).to_be_visible()
    page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    assert Petition.objects.get(pk=petition.pk).state == "received"


def test_withdrawing_asks_once_more(without_script: Page, house: str) -> None:
    page, petition = without_script, make.petition("in_progress")
    follow(page, house, petition)
    page.get_by_role("link", name="Rút phản ánh này?").click()
    assert Petition.objects.get(pk=petition.pk).state == "in_progress"
    page.get_by_role("button", name="Rút phản ánh").click()
    expect(page.get_by_text("Đã rút phản ánh.")).to_be_visible()
    assert Petition.objects.get(pk=petition.pk).state == "withdrawn"


def test_what_goes_apart_goes_apart_after_leaving_the_page_and_coming_back(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    follow(page, house, petition)
    page.goto(f"{house}/tra-cuu/{petition.code}/noi-them/")
    page.get_by_label("Điều bạn muốn nói").fill("Chủ tịch phường nhận tiền của chủ quán.")
    page.get_by_role("button", name="Gửi thêm").click()
    page.get_by_role("button", name="Gửi riêng").click()
    expect(page.get_by_text("Phản ánh này đi riêng")).to_be_visible()
    page.get_by_label("Chuyện gì đang xảy ra?").fill("Quán lấn vỉa hè đường Trần Phú, phường Hải Châu.")
    page.goto(f"{house}/")
    page.goto(f"{house}/gui/")
    expect(page.get_by_text("Phản ánh này đi riêng")).to_be_visible()
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận phản ánh của bạn")
    assert Petition.objects.latest("pk").steps.get(action="submit").facts["apart"] is True


def test_an_emptied_draft_goes_nowhere_apart_and_what_does_can_be_brought_back(
    page: Page, house: str
) -> None:
    petition = make.petition("in_progress")
    follow(page, house, petition)
    for _time in range(2):
        page.goto(f"{house}/tra-cuu/{petition.code}/noi-them/")
        page.get_by_label("Điều bạn muốn nói").fill("Chủ tịch phường nhận tiền của chủ quán.")
        page.get_by_role("button", name="Gửi thêm").click()
        page.get_by_role("button", name="Gửi riêng").click()
        expect(page.get_by_text("Phản ánh này đi riêng")).to_be_visible()
    page.get_by_role("button", name="Không gửi riêng nữa").click()
    expect(page.get_by_text("Phản ánh này đi riêng")).to_be_hidden()
    page.get_by_label("Chuyện gì đang xảy ra?").fill("")
    page.goto(f"{house}/gui/")
    expect(page.get_by_text("Phản ánh này đi riêng")).to_be_hidden()
    expect(page.locator("input[name=apart]")).to_have_value("")
