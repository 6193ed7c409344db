"""The officials' work in a browser: by keyboard alone, two at once, from the board to what is late."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Petition, ReplyDraft
from tests import make
from tests.browser.test_conversation import sit_down

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK: Any = {"width": 1280, "height": 800}


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_ten_petitions_by_keyboard_alone(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    ten = [make.petition("assigned" if number < 5 else "in_progress") for number in range(10)]
    sit_down(page, house, "xuly.haichau", ten[0])
    page.goto(f"{house}/xu-ly/?xem=can-nhan")
    keys(page, "j", "Enter")
    for number in range(5):
        expect(page.get_by_role("heading", level=1)).to_have_text(ten[number].printed_code)
        keys(page, "n", "Enter")
        expect(page.get_by_text("Đã xong: nhận xử lý.")).to_be_visible()
        if number < 4:
            keys(page, "j")
    keys(page, "g")
    assert "Cần nhận" in focused(page)
    keys(page, "j")
    assert "Đang xử lý" in focused(page)
    keys(page, "Enter")
    expect(page.locator(".queue > li")).to_have_count(10)
    keys(page, "j", "Enter")
    for number in range(10):
        expect(page.locator("[data-draft]")).to_be_visible()
        keys(page, "s")
        keys(page, "ArrowDown", "Tab")  # the first field in hand is the outcome: resolved stands first
        page.keyboard.type(f"Thứ {number}: vỉa hè dùng chung, phường đã nhắc chủ quán.")
        keys(page, "Tab")
        page.keyboard.type(f"Biên bản số {number}/BB")
        keys(page, "Control+Enter")
        expect(page.get_by_text("Đã xong: soạn trả lời.")).to_be_visible()
        if number < 9:
            keys(page, "j")
    assert set(Petition.objects.values_list("state", flat=True)) == {"pending_approval"}
    assert {reply.text.partition(":")[0] for one in ten for reply in one.replies.all()} == {
        f"Thứ {number}" for number in range(10)
    }


def test_letters_typed_in_a_field_are_letters_and_the_dialog_tells_the_keys(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.get_by_label("Trả lời", exact=True).focus()
    page.keyboard.type("n h i ? 1")
    expect(page.get_by_label("Trả lời", exact=True)).to_have_value("n h i ? 1")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    keys(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("Ghi chú nội bộ")
    page.get_by_role("button", name="Tắt phím một chữ").click()
    expect(page.locator("kbd.key").first).to_be_hidden()
    keys(page, "?", "h")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "lam=" not in page.url
    page.get_by_role("button", name="Phím tắt").click()
    page.get_by_role("button", name="Bật phím một chữ").click()
    expect(page.locator("kbd.key").first).to_be_visible()
    keys(page, "h")
    expect(page.get_by_label("Cần biết thêm điều gì?")).to_be_focused()


def test_a_draft_keeps_itself(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.get_by_label("Trả lời", exact=True).fill("Đang soạn dở thì mất điện.")
    expect(page.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    page.goto(f"{house}/xu-ly/{petition.code}/")
    expect(page.get_by_label("Trả lời", exact=True)).to_have_value("Đang soạn dở thì mất điện.")
    assert ReplyDraft.objects.get().person.username == "xuly.haichau"
