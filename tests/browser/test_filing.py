"""Filing on a telephone: what is understood while typing, danger, an unclear place; also without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Attachment, Petition
from tests.feedback import corpus

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DANGER = "Dây điện đứt rơi xuống đường trước trường học, tia lửa bắn ra, rất nguy hiểm"
# Hòa Liên was split between two communes of today.
UNCLEAR = "Rác đổ bừa bãi ở xã Hòa Liên, huyện Hòa Vang, chưa ai dọn"


def test_danger_while_typing_shows_the_numbers_once_and_covers_no_header(page: Page, house: str) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{house}/gui/")
    before = page.locator("textarea").bounding_box()
    page.locator("textarea").fill(DANGER)
    alarm = page.locator("[data-over] .alarm")
    expect(alarm).to_be_visible()
    expect(alarm.get_by_role("link", name="114")).to_have_attribute("href", "tel:114")
    expect(page.locator('a[href="tel:113"]:visible')).to_have_count(1)
    after, box = page.locator("textarea").bounding_box(), alarm.bounding_box()
    assert box is not None
    assert before is not None
    assert after is not None
    assert before["y"] == after["y"]
    assert after["y"] < box["y"] <= 640 - box["height"]
    page.locator("textarea").fill("Rác đổ bừa bãi trước chợ Cồn, chưa ai dọn")
    expect(alarm).to_have_count(0)


def test_an_unclear_place_is_settled_while_typing_with_one_tap(page: Page, house: str) -> None:
    page.goto(f"{house}/gui/")
    page.locator("textarea").fill(UNCLEAR)
    choice = page.locator("[data-commune]").first
    expect(choice).to_be_visible()
    code = choice.get_attribute("data-commune")
    choice.click()
    expect(page.get_by_label("Xã, phường")).to_have_value(str(code))
    expect(page.locator("[data-commune]")).to_have_count(0)


def test_without_script_the_place_is_asked_on_the_receipt_and_doubt_is_one_tap(
    without_script: Page, house: str, follow_up_all: Callable[[], None]
) -> None:
    page = without_script
    page.goto(f"{house}/gui/")
    page.get_by_label("Chuyện gì đang xảy ra?").fill(UNCLEAR)
    page.get_by_role("button", name="Gửi phản ánh").click()
    follow_up_all()
    page.reload()
    expect(page.get_by_role("heading", name="Chuyện xảy ra ở đâu?")).to_be_visible()
    page.locator("button[name=commune]").first.click()
    expect(page.get_by_text("Đã ghi nơi xảy ra theo lời bạn.")).to_be_visible()
    follow_up_all()
    page.reload()
    assert Petition.objects.get().place_basis == "picked"
    page.get_by_role("button", name="Báo chưa đúng").click()
    expect(page.get_by_text("Đã báo cán bộ xem lại.")).to_be_visible()
    expect(page.get_by_role("button", name="Báo chưa đúng")).to_have_count(0)


def test_a_mistake_or_a_lost_connection_costs_neither_words_nor_files(page: Page, house: str) -> None:
    picture = {"name": "cong.jpg", "mimeType": "image/jpeg", "buffer": corpus.picture()}
    page.goto(f"{house}/gui/")
    page.locator("textarea").fill("Nắp cống trước chợ Cồn bị mất, xe máy té")
    page.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    page.locator("details.card > summary").click()
    page.get_by_label("Điện thoại").fill("12")
    page.locator(".button.go").click()
    expect(page.locator("#errors")).to_contain_text("Số điện thoại chưa đúng")
    assert "chọn lại" not in page.locator("#errors").inner_text()
    assert page.locator("input[type=file]").evaluate("files => files.files.length") == 1
    page.get_by_label("Điện thoại").fill("0905 123 456")
    page.context.set_offline(True)
    page.locator(".button.go").click()
    expect(page.get_by_text("Chữ và tệp vẫn ở đây")).to_be_visible()
    page.context.set_offline(False)
    page.locator(".button.go").click()
    expect(page.locator(".secret")).to_be_visible()
    assert Attachment.objects.get().name == "cong.jpg"


def test_back_from_the_receipt_and_sent_again_is_the_same_receipt(page: Page, house: str) -> None:
    page.goto(f"{house}/gui/")
    page.locator("textarea").fill("Nắp cống trước chợ Cồn bị mất, xe máy té")
    page.locator(".button.go").click()
    secret = page.locator(".secret").inner_text()
    receipt = page.url
    page.go_back()
    page.locator("textarea").fill("Nắp cống trước chợ Cồn bị mất, xe máy té")
    page.locator(".button.go").click()
    expect(page.locator(".secret")).to_have_text(secret)
    assert page.url == receipt
    page.go_back()
    page.locator("textarea").fill("Nắp cống trước chợ Cồn bị mất, sáng nay lại có người té")
    page.locator(".button.go").click()
    expect(page.locator(".secret")).not_to_have_text(secret)
    assert Petition.objects.count() == 2


def test_the_telephone_tells_where_it_is_only_when_asked(page: Page, house: str) -> None:
    page.context.grant_permissions(["geolocation"], origin=house)
    page.context.set_geolocation({"latitude": 16.0678, "longitude": 108.2208, "accuracy": 12})
    page.goto(f"{house}/gui/")
    page.locator("textarea").fill("Nắp cống trước nhà tôi bị mất, xe máy té")
    here = page.get_by_role("button", name="Dùng vị trí của tôi bây giờ")
    here.click()
    expect(page.get_by_text("sai số khoảng 12 m")).to_be_visible()
    expect(page.locator(".understood")).to_contain_text("Phường Hải Châu")
    here.click()
    assert page.locator("[name=lat]").input_value() == ""
    here.click()
    expect(here).to_have_attribute("aria-pressed", "true")
    page.locator(".button.go").click()
    expect(page.locator(".secret")).to_be_visible()
    assert Petition.objects.get().lat == pytest.approx(16.0678)
