"""Every page can be used by everyone: axe finds nothing in either theme, nothing is cut off at 360 px."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response, expect

from feedback.finding import INDEX
from feedback.finding.indexing import keep
from feedback.models import FollowUp, Objection, Petition
from feedback.steps import take
from feedback.submission import KeptReceipt
from feedback.views.opened import COOKIE, signed
from search.engines import chosen
from tests import make
from tests.browser.conftest import PHONE
from tests.feedback.test_public_pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DANGER = "Dây điện đứt rơi xuống đường trước trường học, tia lửa bắn ra, rất nguy hiểm"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def code(house: str) -> str:
    """A published petition, rated, with everything that a page could show of it."""
    petition = make.petition("answered", name="Nguyễn Văn Tâm", phone="0905123456")
    take(petition, "rate", by=make.holder(petition), score="satisfied")
    take(petition, "publish", by=make.reviewer(), public_text="Gạch vỉa hè trước trường bị bong.")
    Objection.objects.create(petition=petition, ground="other", words="Dòng đầu", at=timezone.now())
    assigned, submitted = make.petition("assigned"), make.petition("submitted")
    chosen().clear()
    keep([petition.pk, assigned.pk, submitted.pk])
    FollowUp.objects.filter(consumer=INDEX).update(done_at=timezone.now())
    return petition.code


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Any:
    """By day and by night."""
    return request.param


@pytest.fixture
def seen(theme: Any, browser: Browser) -> Iterator[Page]:
    """A telephone by day and by night; axe has to be let through the content policy."""
    context = browser.new_context(viewport=PHONE, color_scheme=theme, bypass_csp=True)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    page.evaluate("document.querySelector('details:has(.narrow)')?.setAttribute('open', '')")
    found = [f"{page.url}: {fault['id']} {fault['nodes'][0]['html']}" for fault in axe(page)]
    return found if page.evaluate(FITS) else [*found, f"{page.url}: wider than the telephone"]


def axe(page: Page) -> list[dict[str, Any]]:
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return violations


@pytest.fixture(params=["vi", "en"])
def spoken(request: pytest.FixtureRequest, seen: Page, house: str) -> Page:
    """In either language."""
    language = request.param
    seen.context.add_cookies([{"name": "django_language", "value": language, "url": house}])
    return seen


def test_the_open_pages_are_open_to_everyone(spoken: Page, house: str, code: str) -> None:
    seen, found = spoken, []
    for path in (
        "/",
        "/gui/",
        "/tra-cuu/",
        "/dang-nhap/",
        "/cong-khai/",
        f"/cong-khai/{code}/",
        f"/cong-khai/{code}/bao/",
        "/tim/",
        "/tim/?q=gach",
        "/tim/?q=khongcogi",
        "/cong-khai/ban-do/",
        "/cong-khai/ban-do/48/",
        "/thong-ke/",
        "/thong-ke/?by=agency&from=2026-01-01&to=2026-10-31",
        "/thong-ke/bao-cao/",
        "/du-lieu-mo/",
        "/o/",
    ):
        seen.goto(house + path)
        found += faults(seen)
    seen.goto(f"{house}/gui/")
    seen.locator(".filing .button.go").click()
    expect(seen.locator("#errors")).to_be_visible()
    found += faults(seen)
    seen.locator("summary").last.click()
    seen.locator("textarea").fill(DANGER)
    expect(seen.locator("[data-over] .alarm")).to_be_visible()
    found += faults(seen)
    seen.locator(".filing .button.go").click()
    expect(seen.locator(".secret")).to_be_visible()
    assert found + faults(seen) == []


def test_the_desk_is_usable_by_every_official(
    seen: Page, house: str, code: str, sign_in: Callable[[Page, str], None]
) -> None:
    found = []
    for username, path in (
        ("xuly.haichau", "/xu-ly/"),
        ("xuly.haichau", f"/xu-ly/{code}/"),
        ("daumoi", "/xu-ly/"),
        ("daumoi", "/xu-ly/?q=gach"),
        ("daumoi", "/xu-ly/?q=khongcogi"),
        ("tongdai", "/xu-ly/"),
        ("tongdai", "/xu-ly/ghi/"),
        ("congkhai", f"/xu-ly/{code}/"),
        ("daumoi", f"/xu-ly/{code}/van-ban/"),
        ("donthu", "/xu-ly/so-don/"),
        ("giamsat", "/giam-sat/"),
        ("thanhtra", f"/kiem-tra/{code}/"),
        ("thanhtra", "/kiem-tra/?nguoi=xuly.haichau"),
        ("thanhtra", "/kiem-tra/neo/"),
    ):
        sign_in(seen, username)
        seen.goto(house + path)
        found += faults(seen)
    seen.goto(f"{house}/xu-ly/")
    seen.get_by_role("navigation", name="Các danh sách").get_by_role("button").click()
    assert found + faults(seen) == []


def test_the_deeper_pages_of_the_desk_are_usable(
    seen: Page, house: str, sign_in: Callable[[Page, str], None]
) -> None:
    waits = make.petition("answered", text="Vỉa hè bong gạch, gọi tôi 0905 123 456 nhé. " * 12)
    photo, late = picture(waits), make.petition("assigned")
    Petition.objects.filter(pk=late.pk).update(due_at=late.submitted_at - dt.timedelta(days=2))
    sign_in(seen, "congkhai")
    seen.goto(f"{house}/xu-ly/{waits.code}/?tu=cong-khai~")
    found = faults(seen)
    seen.goto(f"{house}/xu-ly/{waits.code}/anh/{photo.pk}/")
    seen.locator("input[type=image]").click(position={"x": 20, "y": 20})
    seen.locator("summary").last.click()
    found += faults(seen)
    seen.locator("input[type=image]").click(position={"x": 90, "y": 60})
    seen.get_by_role("button", name="Dùng ảnh đã che này").click()
    found += faults(seen)
    seen.get_by_label("Nội dung công khai").fill("Gọi 0905 123 456.")
    seen.get_by_role("button", name="Đăng công khai").click()
    expect(seen.get_by_text("Còn giống thông tin cá nhân")).to_be_visible()
    found += faults(seen)
    sign_in(seen, "giamsat")
    lists = ("/giam-sat/don/?so=overdue", "/giam-sat/don/?so=received&ky=365", "/xu-ly/?xem=da-tra-loi")
    for path in ("/giam-sat/", f"/giam-sat/?co-quan={make.HAI_CHAU}", *lists):
        seen.goto(house + path)
        found += faults(seen)
    seen.set_viewport_size({"width": 1280, "height": 800})
    seen.goto(f"{house}/xu-ly/{late.code}/?lam=remind")
    seen.get_by_role("button", name="Phím tắt").click()
    found += faults(seen)
    assert found == []


def test_the_petition_most_passed_around_is_three_clicks_from_the_board(
    seen: Page, house: str, sign_in: Callable[[Page, str], None]
) -> None:
    petition = make.petition("in_progress", anew=True)
    for agency in (make.CONSTRUCTION, make.HAI_CHAU, make.CONSTRUCTION):
        take(petition, "transfer", by=make.focal_point(), agency=agency, reason="Không thuộc thẩm quyền")
    sign_in(seen, "giamsat")
    seen.goto(house)
    seen.get_by_role("link", name="Bàn xử lý").or_(
        seen.get_by_role("link", name="Vào bàn xử lý")
    ).first.click()
    seen.get_by_role("link", name="Giám sát").click()
    seen.get_by_role("link", name="Qua từ ba nơi").click()
    expect(seen.locator(".watched").first).to_contain_text("4 lần chuyển")
    seen.locator(".watched a.whole").first.click()
    expect(seen.get_by_text("Đã qua tay ai")).to_be_visible()


@pytest.mark.parametrize("state", ["submitted", "needs_info", "rejected", "answered", "merged"])
def test_the_follow_page_is_usable_by_everyone(spoken: Page, house: str, state: str) -> None:
    seen, petition = spoken, make.petition(state)
    Petition.objects.filter(pk=petition.pk).update(urgent=True)
    if state == "submitted":
        Petition.objects.filter(pk=petition.pk).update(commune=None, place_choices=["20242", "20257"])
    seen.context.add_cookies([{"name": COOKIE, "value": signed([KeptReceipt.of(petition)]), "url": house}])
    found = []
    for path in ("", "noi-them/", "danh-gia/", "khong-cong-khai/", "rut/", "noi-xay-ra/", "hieu-chua-dung/"):
        seen.goto(f"{house}/tra-cuu/{petition.code}/{path}")
        found += faults(seen)
    assert found == []


def test_every_form_of_the_desk_is_usable(
    seen: Page, house: str, sign_in: Callable[[Page, str], None]
) -> None:
    petition = make.petition("in_progress")
    found: list[str] = []
    looked_at: set[str] = set()  # a form that several roles share looks the same to each
    for username in ("xuly.haichau", "daumoi", "giamsat"):
        sign_in(seen, username)
        seen.goto(f"{house}/xu-ly/{petition.code}/")
        if not seen.locator(".others[open]").count():
            seen.locator(".others > summary").click()
        offered = {str(link.get_attribute("href")) for link in seen.locator(".others a").all()}
        found += faults(seen)
        for address in sorted(offered - looked_at):
            looked_at.add(address)
            seen.goto(f"{house}/xu-ly/{petition.code}/{address}")
            found += faults(seen)
    assert found == []


def test_the_chosen_theme_is_kept_and_stands_before_the_first_paint(page: Page, house: str) -> None:
    page.goto(house)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Tối", exact=True).click()
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(f"{house}/thong-ke/", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Theo máy").click()
    assert page.evaluate(paper) == light


def test_the_first_view_of_the_filing_page_weighs_less_than_100_kb(page: Page, house: str) -> None:
    weights: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        """As it travels: type is compressed already, all else is by gzip."""
        body = answer.body()
        packed = body if answer.url.endswith(".woff2") else gzip.compress(body)
        weights[answer.url.rsplit("/", 1)[-1] or "page"] = len(packed)

    page.on("response", weigh)
    page.goto(f"{house}/gui/", wait_until="networkidle")
    assert sum(weights.values()) <= 100_000, weights
    assert sum(size for name, size in weights.items() if name.endswith(".js")) <= 30_000, weights


def test_the_skip_link_leads_past_the_header(page: Page, house: str) -> None:
    page.goto(house)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
