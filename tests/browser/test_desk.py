"""The officials' work in a browser: by keyboard alone, two at once, from the board to what is late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from feedback.models import Petition, Prediction, ReplyDraft
from tests import make
from tests.browser.test_conversation import sit_down
from tests.feedback.corpus import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK: Any = {"width": 1280, "height": 800}


def keys(page: Page, *pressed: str) -> None:
    """Press them one after the other, once the page listens."""
    for key in pressed:
        page.wait_for_selector("html[data-keys]", state="attached")
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_ten_petitions_by_keyboard_alone(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    ten = [make.petition("assigned" if number < 3 else "in_progress") for number in range(10)]
    sit_down(page, house, "xuly.haichau", ten[0])
    page.goto(f"{house}/xu-ly/?xem=can-nhan")
    keys(page, "j", "Enter")
    for number in range(3):
        expect(page.get_by_role("heading", level=1)).to_have_text(ten[number].printed_code)
        keys(page, "n", "Enter")
        expect(page.get_by_text("Đã xong: nhận xử lý.")).to_be_visible()
        if number < 2:
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
        expect(page.get_by_text("Đã xong: trình duyệt câu trả lời.")).to_be_visible()
        if number < 9:
            keys(page, "j")
    assert set(Petition.objects.values_list("state", flat=True)) == {"pending_approval"}
    assert {reply.text.partition(":")[0] for one in ten for reply in one.replies.all()} == {
        f"Thứ {number}" for number in range(10)
    }


def test_what_is_sent_is_the_form_that_one_is_in(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    petition = make.petition("assigned")
    sit_down(page, house, "xuly.haichau", petition)
    page.evaluate("document.activeElement.blur()")
    keys(page, "Control+Enter")
    assert page.evaluate("Boolean(document.activeElement.closest('.act form'))")
    assert Petition.objects.get(pk=petition.pk).state == "assigned"
    keys(page, "Control+Enter")
    expect(page.get_by_text("Đã xong: nhận xử lý.")).to_be_visible()


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


def test_a_draft_is_kept_when_the_page_is_left_at_once(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.get_by_label("Trả lời", exact=True).fill("Vừa gõ xong đã sang đơn khác.")
    page.goto(f"{house}/xu-ly/?xem=dang-mo")
    for _tenth in range(50):
        if ReplyDraft.objects.exists():
            break
        page.wait_for_timeout(100)
    page.goto(f"{house}/xu-ly/{petition.code}/")
    expect(page.get_by_label("Trả lời", exact=True)).to_have_value("Vừa gõ xong đã sang đơn khác.")


def test_whoever_types_without_a_pause_is_kept_every_few_seconds(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    box = page.get_by_label("Trả lời", exact=True)
    box.click()
    for _second in range(14):
        page.keyboard.type("gõ ", delay=100)
        page.wait_for_timeout(200)
    assert ReplyDraft.objects.get().text.startswith("gõ gõ")


def test_two_windows_of_one_handler_are_two_drafts_and_both_are_shown(
    page: Page, house: str, without_script: Page
) -> None:
    petition, telephone = make.petition("in_progress"), without_script
    for window in (page, telephone):
        sit_down(window, house, "xuly.haichau", petition)
    page.get_by_label("Trả lời", exact=True).fill("Đã lát lại bằng đá mới.")
    expect(page.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    telephone.get_by_label("Trả lời", exact=True).fill("Hẹn thứ Sáu.")
    telephone.get_by_role("button", name="Lưu nháp").click()
    expect(telephone.get_by_label("Trả lời", exact=True)).to_have_value("Hẹn thứ Sáu.")
    expect(telephone.get_by_text("Đã lát lại bằng đá mới.")).to_be_visible()
    page.get_by_label("Trả lời", exact=True).fill("Đã lát lại bằng đá mới, dài 40 m.")
    expect(page.get_by_text("Bạn còn soạn ở cửa sổ khác")).to_be_visible()
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Hẹn thứ Sáu.")).to_be_visible()
    page.get_by_role("button", name="Viết tiếp bản này").click()
    expect(page.get_by_label("Trả lời", exact=True)).to_have_value("Hẹn thứ Sáu.")
    page.get_by_role("button", name="Bỏ bản này").click()
    expect(page.get_by_text("Bản khác của bạn")).to_have_count(0)
    assert ReplyDraft.objects.get().text == "Hẹn thứ Sáu."


def test_on_a_telephone_the_lists_come_up_at_one_tap_without_a_script(
    without_script: Page, house: str
) -> None:
    page, petition = without_script, make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.goto(f"{house}/xu-ly/")
    lists = page.get_by_role("navigation", name="Các danh sách")
    expect(lists.get_by_role("link")).to_have_count(0)
    lists.get_by_role("button").click()
    lists.get_by_role("link", name="Tất cả đang mở").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tất cả đang mở")
    expect(lists.get_by_role("button")).to_contain_text("Tất cả đang mở 1")


def overdue(hours: int, **options: Any) -> Petition:
    petition = make.petition("assigned", **options)
    due_at = petition.submitted_at - dt.timedelta(hours=hours)
    Petition.objects.filter(pk=petition.pk).update(due_at=due_at)
    return petition


def test_from_the_board_to_the_oldest_overdue_petition_in_three_clicks_and_a_reminder(
    page: Page, house: str
) -> None:
    page.set_viewport_size(DESK)
    oldest, _later = overdue(90), overdue(4)
    overdue(200, lead=make.CONSTRUCTION)
    sit_down(page, house, "giamsat", oldest)
    page.goto(f"{house}/xu-ly/")
    page.get_by_role("link", name="Giám sát").click()
    page.get_by_role("link", name="UBND phường Hải Châu", exact=True).click()
    expect(page.locator(".queue > li")).to_have_count(2)
    page.locator(".queue a.whole").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(oldest.printed_code)
    page.go_back()
    page.get_by_role("button", name=f"Nhắc {oldest.printed_code}").click()
    expect(page.get_by_text("nhắc 1 lần")).to_be_visible()
    assert oldest.steps.filter(action="remind").count() == 1


def test_the_board_shows_every_age_on_a_telephone_and_names_in_few_lines_on_a_desk(
    page: Page, house: str
) -> None:
    oldest = overdue(2000)
    sit_down(page, house, "giamsat", oldest)
    page.goto(f"{house}/giam-sat/")
    for table in page.locator(".board-groups .table-box").all():
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    page.set_viewport_size(DESK)
    name = page.locator(".groups td:first-child").first.bounding_box()
    assert name
    assert name["width"] >= 240


def test_two_approvers_at_once_are_one_answer_and_one_clear_page(
    browser: Browser, page: Page, house: str
) -> None:
    petition = make.petition("pending_approval")
    second = make.approver()
    sit_down(page, house, "duyet.haichau", petition)
    other = browser.new_context(viewport=DESK).new_page()
    sit_down(other, house, second.username, petition)
    page.get_by_role("button", name="Duyệt và gửi câu trả lời").click()
    expect(page.get_by_text("Đã xong: duyệt và gửi.")).to_be_visible()
    other.locator("summary", has_text="Trả lại dự thảo").click()
    other.get_by_label("Cần sửa gì?").fill("Thiếu ảnh sau khi sửa.")
    other.get_by_role("button", name="Trả lại", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("Lãnh đạo phường Hải Châu: Duyệt và gửi câu trả lời")
    expect(other.get_by_label("Cần sửa gì?")).to_have_value("Thiếu ảnh sau khi sửa.")
    other.context.close()
    assert list(petition.steps.order_by("seq").values_list("action", flat=True))[-1] == "approve"


def test_a_wrong_agency_gives_it_back_twice_and_the_third_is_bound(without_script: Page, house: str) -> None:
    page, petition = without_script, make.petition("assigned", lead=make.CONSTRUCTION)
    for handler, wanted in (
        ("xuly.xaydung", "UBND phường Hải Châu"),
        ("xuly.haichau", "Sở Xây dựng TP Đà Nẵng"),
    ):
        sit_down(page, house, handler, petition)
        page.locator("summary", has_text="Trả lại đầu mối").click()
        page.get_by_label("Vì sao").select_option(label="Không đúng thẩm quyền")
        page.get_by_label("Nói rõ").fill("Không phải việc của chúng tôi.")
        page.get_by_label("Nên giao cho").select_option(label=wanted)
        page.get_by_role("button", name="Trả lại", exact=True).click()
        sit_down(page, house, "daumoi", petition)
        expect(page.get_by_text(f"nên giao {wanted}").first).to_be_visible()
        give_on(page, wanted)
    sit_down(page, house, "xuly.xaydung", petition)
    expect(page.get_by_text("Trả lại đầu mối")).to_have_count(0)
    page.get_by_role("button", name="Nhận xử lý").click()
    assert Petition.objects.get(pk=petition.pk).bound


def give_on(page: Page, wanted: str) -> None:
    """By the key of whom the agency names that gave it back; whoever gave it back himself has none."""
    key = page.get_by_role("button", name=f"{wanted} · nơi trả lại đề nghị")
    if key.count():
        key.click()
        expect(page.get_by_text("Nhầm nơi? Chuyển lại")).to_be_visible()
        return
    page.get_by_label("Cơ quan chủ trì").select_option(label=wanted)
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_text("Đã xong: chuyển cơ quan chủ trì.")).to_be_visible()


def test_the_focal_point_takes_a_candidate_with_one_key(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    first, second = make.petition("submitted"), make.petition("submitted")
    for petition in (first, second):
        guesses = [
            {"subfield": slug, "p": 0.4} for slug in ("urban-infrastructure.street-lighting", make.SIDEWALK)
        ]
        Prediction.objects.create(
            petition=petition, at=petition.submitted_at, model="thử", confidence=0.4, kind="report",
            decision="person", candidates=guesses,
        )  # fmt: skip
    sit_down(page, house, "daumoi", first)
    wide = [button.bounding_box() for button in page.locator("[data-pick]").all()]
    assert len({(box["x"], box["width"]) for box in wide if box}) == 1 < len(wide)
    page.goto(f"{house}/xu-ly/")
    keys(page, "j", "1")
    expect(page.locator(".queue > li")).to_have_count(1)
    keys(page, "2")  # the line in hand is now the next petition's
    expect(page.get_by_text("Không còn đơn nào chờ phân công.")).to_be_visible()
    assert set(Petition.objects.values_list("state", flat=True)) == {"assigned"}


def test_a_click_hides_or_shows_what_is_doubtful_and_so_it_is_published(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    petition = make.petition("answered", text="Vỉa hè bong gạch, gọi tôi 0905 123 456 nhé.")
    sit_down(page, house, "congkhai", petition)
    public = page.get_by_label("Nội dung công khai")
    expect(public).to_have_value("Vỉa hè bong gạch, gọi tôi ▇▇▇ nhé.")
    page.locator("label.personal").first.click()
    expect(public).to_have_value("Vỉa hè bong gạch, gọi tôi 0905 123 456 nhé.")
    page.locator("label.personal").first.click()
    public.evaluate("box => { box.focus(); box.setSelectionRange(7, 11); }")
    page.get_by_role("button", name="Che đoạn đang chọn").click()
    expect(public).to_have_value("Vỉa hè ▇▇▇ gạch, gọi tôi ▇▇▇ nhé.")
    page.get_by_role("button", name="Đăng công khai").click()
    expect(page.get_by_text("Đã xong: đăng công khai.")).to_be_visible()
    assert Petition.objects.get(pk=petition.pk).public.text == "Vỉa hè ▇▇▇ gạch, gọi tôi ▇▇▇ nhé."


def test_an_agency_is_found_by_words_without_marks_and_words_that_name_none_send_nothing(
    page: Page, house: str
) -> None:
    page.set_viewport_size(DESK)
    petition = make.petition("received")
    sit_down(page, house, "daumoi", petition)
    page.evaluate("document.activeElement.blur()")
    keys(page, "c")
    page.keyboard.type("xyz")
    expect(page.get_by_text("Không có mục nào khớp")).to_be_visible()
    keys(page, "Control+Enter")
    expect(page.get_by_label("Gõ để lọc: Cơ quan chủ trì")).to_be_focused()
    assert Petition.objects.get(pk=petition.pk).state == "received"
    keys(page, "Control+a")
    page.keyboard.type("so cong thuong")
    expect(page.get_by_text("1 mục khớp, đang chọn: Sở Công Thương")).to_be_attached()
    keys(page, "Control+a")
    page.keyboard.type("sở nông")
    keys(page, "Enter")
    expect(page.get_by_label("Cơ quan chủ trì", exact=True)).to_be_focused()
    keys(page, "Control+Enter")
    expect(page.get_by_text("Đã xong: chuyển cơ quan chủ trì.")).to_be_visible()
    assert Petition.objects.get(pk=petition.pk).lead_id == "department-of-agriculture-environment:48"


def test_words_taken_back_leave_what_was_chosen_before_them(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "daumoi", petition)
    page.goto(f"{house}/xu-ly/{petition.code}/?lam=reclassify")
    held = page.get_by_label("Lĩnh vực", exact=True).input_value()
    box = page.get_by_label("Gõ để lọc: Lĩnh vực")
    box.fill("giấy phép")
    expect(page.get_by_label("Lĩnh vực", exact=True)).not_to_have_value(held)
    box.fill("")
    expect(page.get_by_label("Lĩnh vực", exact=True)).to_have_value(held)


def test_whom_to_ask_for_help_is_narrowed_and_what_is_ticked_stays_in_view(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.goto(f"{house}/xu-ly/{petition.code}/?lam=coordinate")
    page.get_by_label("Sở Công Thương").check()
    page.get_by_label("Gõ để lọc: Cơ quan phối hợp").fill("so y te")
    shown = page.locator(".options label:visible")
    expect(shown).to_have_count(2)
    expect(shown.filter(has_text="Sở Y tế")).to_be_visible()


def test_without_a_script_the_whole_list_is_there(without_script: Page, house: str) -> None:
    page, petition = without_script, make.petition("received")
    sit_down(page, house, "daumoi", petition)
    page.goto(f"{house}/xu-ly/{petition.code}/?lam=assign")
    expect(page.get_by_placeholder("Gõ để lọc")).to_have_count(0)
    page.get_by_label("Cơ quan chủ trì").select_option("department-of-agriculture-environment:48")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_text("Đã xong: chuyển cơ quan chủ trì.")).to_be_visible()


def bounds(page: Page, selector: str) -> tuple[float, float]:
    """Upper and lower edge in the window."""
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("height", [720, 900])
def test_a_form_that_is_gone_to_begins_below_the_words(page: Page, house: str, height: int) -> None:
    page.set_viewport_size(DESK | {"height": height})
    petition = make.petition("received", text="Vỉa hè trước nhà tôi bị chiếm suốt ngày đêm. " * 60)
    sit_down(page, house, "daumoi", petition)
    page.evaluate("document.activeElement.blur()")
    keys(page, "f")
    expect(page.get_by_label("Phần tách ra")).to_be_focused()
    (_top, words), (form, _bottom) = bounds(page, ".words"), bounds(page, ".act.main")
    assert words <= form < height / 2


def test_without_a_script_the_choice_is_drawn_anew(without_script: Page, house: str) -> None:
    page = without_script
    petition = make.petition("answered", text="Vỉa hè bong gạch, gọi tôi 0905 123 456 nhé.")
    sit_down(page, house, "congkhai", petition)
    page.locator("label.personal").first.click()
    page.get_by_role("button", name="Che lại theo lựa chọn").click()
    expect(page.get_by_label("Nội dung công khai")).to_have_value(
        "Vỉa hè bong gạch, gọi tôi 0905 123 456 nhé."
    )
    page.get_by_role("button", name="Đăng công khai").click()
    expect(page.get_by_text("Còn giống thông tin cá nhân")).to_be_visible()


EMPTY = "Đơn vị đã tiếp nhận phản ánh và sẽ xem xét, giải quyết theo quy định."


def test_an_empty_answer_is_warned_of_before_it_goes_and_the_chosen_file_stays(
    page: Page, house: str
) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    form = page.locator("form[data-draft]")
    page.get_by_label("Kết quả").select_option("resolved")
    page.get_by_label("Trả lời", exact=True).fill(EMPTY)
    shown = FilePayload(name="sau.jpg", mimeType="image/jpeg", buffer=picture())
    page.get_by_label("Ảnh, văn bản kèm theo").set_input_files([shown])
    page.get_by_label("Trả lời", exact=True).focus()
    keys(page, "Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Chưa thấy kết quả")
    expect(form.get_by_role("button", name="Vẫn trình duyệt")).to_be_enabled()
    assert not petition.replies.exists()
    form.get_by_role("button", name="Vẫn trình duyệt").click()
    expect(page.get_by_text("Đã xong: trình duyệt câu trả lời.")).to_be_visible()
    assert petition.attachments.get().evidence
    sit_down(page, house, "duyet.haichau", petition)
    expect(page.get_by_text("Trước khi duyệt, xin đọc lại")).to_be_visible()


def test_an_answer_that_is_handed_in_by_a_double_press_is_one_and_is_said_once(
    page: Page, house: str
) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.get_by_label("Kết quả").select_option(make.ANSWER["outcome"])
    page.get_by_label("Trả lời", exact=True).fill(make.ANSWER["text"])
    page.get_by_label("Bằng chứng").fill(make.ANSWER["evidence"])
    sent: list[str] = []

    def on_a_slow_line(route: Route) -> None:
        sent.append(route.request.url)
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/draft_reply/", on_a_slow_line)
    page.evaluate(
        """() => {
          const asked = window.fetch;
          let times = 0;
          window.fetch = async (...of) => {
            if (times++) await new Promise((resolve) => setTimeout(resolve, 100));
            return asked(...of);
          };
        }"""
    )
    page.locator("[data-draft] [data-submit]").evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_text("Đã xong: trình duyệt câu trả lời.")).to_have_count(1)
    expect(page.get_by_text("Chưa có gì được ghi")).to_have_count(0)
    assert (len(sent), petition.replies.count()) == (1, 1)


def test_what_was_mended_is_no_longer_called_wrong_beside_a_warning(page: Page, house: str) -> None:
    petition = make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.get_by_label("Kết quả").select_option("planned")
    page.get_by_label("Trả lời", exact=True).fill(EMPTY)
    page.get_by_label("Ảnh, văn bản kèm theo").set_input_files(
        [FilePayload(name="sau.jpg", mimeType="image/jpeg", buffer=picture())]
    )
    page.get_by_label("Ngày hẹn hoàn thành").fill("2020-01-01")
    page.get_by_role("button", name="Trình duyệt", exact=True).click()
    expect(page.locator(".wrong")).to_have_count(2)  # the day, and the file that has to be chosen again
    page.get_by_label("Ngày hẹn hoàn thành").fill("2099-01-01")
    page.get_by_role("button", name="Trình duyệt", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Trước khi trình")
    expect(page.locator(".wrong")).to_have_text(
        "Trình duyệt không giữ lại tệp đã chọn; xin chọn lại các tệp."
    )


def test_without_a_script_the_page_comes_back_with_every_word(without_script: Page, house: str) -> None:
    page, petition = without_script, make.petition("in_progress")
    sit_down(page, house, "xuly.haichau", petition)
    page.get_by_label("Kết quả").select_option("explained")
    page.get_by_label("Trả lời", exact=True).fill(EMPTY)
    page.get_by_role("button", name="Trình duyệt", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa thấy kết quả")
    expect(page.get_by_label("Trả lời", exact=True)).to_have_value(EMPTY)
    page.get_by_role("button", name="Vẫn trình duyệt").click()
    expect(page.get_by_text("Đã xong: trình duyệt câu trả lời.")).to_be_visible()


def test_what_is_typed_into_a_form_presses_no_answer_to_the_doubt(page: Page, house: str) -> None:
    page.set_viewport_size(DESK)
    petition = make.petition("in_progress")
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    sit_down(page, house, "daumoi", petition)
    expect(page.get_by_text("Máy ngờ đây có thể là khiếu nại hoặc tố cáo")).to_be_visible()
    page.goto(f"{house}{petition.get_absolute_url()}?lam=note#viec")
    expect(page.locator(".act[open] textarea")).to_be_focused()
    page.keyboard.type("Da goi cho dan")
    expect(page.locator(".act[open] textarea")).to_have_value("Da goi cho dan")
    page.evaluate("document.activeElement.blur()")
    keys(page, "k")
    assert "Máy ngờ" in focused(page)
    page.keyboard.type("go  nhe")
    assert Petition.objects.get(pk=petition.pk).law_doubt_at is not None
