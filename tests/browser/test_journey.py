"""One petition the whole way on a telephone of 360 px, and filed again without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "Quán nhậu trên đường Lê Lợi bày bàn ghế lấn hết vỉa hè, người đi bộ phải xuống lòng đường. "
    "Gọi tôi số 0905 123 456."
)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def nothing_is_blocked(page: Page) -> Iterator[None]:
    """No page may break the house's own content policy or throw."""
    told: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            told.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: told.append(str(error)))
    yield
    assert told == []


def test_filed_answered_approved_rated_and_published_at_360_px(
    page: Page, house: str, sign_in: Callable[[Page, str], None], follow_up_all: Callable[[], None]
) -> None:
    # The citizen forgets the text, is told so, and files.
    page.goto(f"{house}/gui/")
    page.get_by_label("Xảy ra ở đâu?").fill("trước số 12 Lê Lợi")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("alert")).to_contain_text("Xin cho biết chuyện gì đang xảy ra.")
    expect(page.get_by_label("Xảy ra ở đâu?")).to_have_value("trước số 12 Lê Lợi")
    page.get_by_label("Chuyện gì đang xảy ra?").fill(TEXT)
    page.get_by_label("Xã, phường").select_option(label="Phường Hải Châu")
    expect(page.get_by_text("Chúng tôi hiểu là:")).to_be_visible()
    assert page.evaluate(FITS)
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận phản ánh của bạn")
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    secret = page.locator(".secret").inner_text()
    follow_up_all()

    # The handler takes it on and answers.
    sign_in(page, "xuly.haichau")
    page.get_by_role("link", name="Quán nhậu trên đường Lê Lợi").click()
    page.get_by_role("button", name="Nhận xử lý").click()
    page.get_by_label("Kết quả").select_option(label="Đã giải quyết")
    page.get_by_label("Trả lời", exact=True).fill("Đã nhắc nhở chủ quán, vỉa hè thông thoáng từ sáng nay.")
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("phải kèm ảnh sau xử lý hoặc văn bản")).to_be_visible()
    expect(page.get_by_label("Trả lời", exact=True)).to_have_value(
        "Đã nhắc nhở chủ quán, vỉa hè thông thoáng từ sáng nay."
    )
    page.get_by_label("Bằng chứng").fill("Biên bản nhắc nhở số 15/BB-UBND")
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("Đã xong: trình duyệt câu trả lời.")).to_be_visible()
    assert page.evaluate(FITS)

    # The approver sends it.
    sign_in(page, "duyet.haichau")
    page.get_by_role("navigation", name="Các danh sách").get_by_role("button").click()
    page.get_by_role("link", name="Chờ duyệt").click()
    page.get_by_role("link", name="Quán nhậu trên đường Lê Lợi").click()
    page.get_by_role("button", name="Duyệt và gửi câu trả lời").click()
    expect(page.get_by_text("Đã xong: duyệt và gửi.")).to_be_visible()

    # The citizen, on another telephone, reads it and rates it with one tap.
    page.context.clear_cookies()
    page.goto(f"{house}/tra-cuu/")
    page.get_by_label("Mã tra cứu").fill(code)
    page.get_by_label("Mã bí mật").fill(secret)
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_text("vỉa hè thông thoáng từ sáng nay")).to_be_visible()
    assert page.evaluate(FITS)
    page.get_by_role("button", name="Hài lòng", exact=True).click()
    expect(page.get_by_text("Bạn đã đánh giá: hài lòng")).to_be_visible()

    # The reviewer publishes the masked text; everyone reads it, without the telephone number.
    sign_in(page, "congkhai")
    page.get_by_role("link", name="Quán nhậu trên đường Lê Lợi").click()
    expect(page.get_by_label("Nội dung công khai")).not_to_have_value(TEXT)
    page.get_by_role("button", name="Đăng công khai").click()
    page.context.clear_cookies()
    page.goto(f"{house}/cong-khai/{code}/")
    expect(page.get_by_role("main")).to_contain_text("lấn hết vỉa hè")
    expect(page.get_by_role("main")).not_to_contain_text("0905")
    assert page.evaluate(FITS)
    page.goto(f"{house}/thong-ke/")
    expect(page.get_by_role("main")).to_contain_text("Đã gửi đến")
    assert page.evaluate(FITS)


def test_filing_and_following_need_no_javascript(without_script: Page, house: str) -> None:
    page = without_script
    page.goto(f"{house}/gui/")
    page.get_by_label("Chuyện gì đang xảy ra?").fill("Đèn đường trước nhà số 5 tắt cả tuần nay.")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận phản ánh của bạn")
    page.get_by_role("link", name="Xem đang tới đâu").click()
    expect(page.get_by_text("Đèn đường trước nhà số 5 tắt cả tuần nay.")).to_be_visible()


def test_the_draft_survives_a_closed_page_and_is_gone_once_it_is_sent(page: Page, house: str) -> None:
    page.goto(f"{house}/gui/")
    page.get_by_label("Chuyện gì đang xảy ra?").fill("Cây đổ chắn ngang đường Trần Phú.")
    page.goto(f"{house}/gui/")
    expect(page.get_by_label("Chuyện gì đang xảy ra?")).to_have_value("Cây đổ chắn ngang đường Trần Phú.")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận phản ánh của bạn")
    page.goto(f"{house}/gui/")
    expect(page.get_by_label("Chuyện gì đang xảy ra?")).to_have_value("")


def test_the_communes_of_another_province_come_with_one_choice(page: Page, house: str) -> None:
    page.goto(f"{house}/gui/")
    page.get_by_label("Tỉnh, thành phố").select_option("01")
    page.get_by_label("Xã, phường").select_option(label="Phường Thanh Xuân")
    expect(page.get_by_label("Xã, phường")).to_have_value("00367")
