"""An approver enrols a telephone at 360 px, signs in with it, and with a spare code without it."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from config.environment import APPROVER_AND_ABOVE
from tests.browser.conftest import PASSWORD
from tests.browser.test_look import faults, seen, spoken, theme

__all__ = ["seen", "spoken", "theme"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shown_by_the_telephone(key: str, later_s: int = 0) -> str:
    machine = TOTP(base64.b32decode(key.replace(" ", "")))
    machine.time = time.time() + later_s
    return f"{machine.token():06d}"


def give_password(page: Page, house: str) -> None:
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{house}/dang-nhap/?next=/xu-ly/")
    page.locator("[name=username]").fill("duyet.haichau")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.main").click()


def give_code(page: Page, code: str) -> None:
    page.locator("[name=code]").fill(code)
    page.locator("main button.main").click()


def test_a_telephone_is_enrolled_and_asked_for_and_a_spare_code_stands_in(
    spoken: Page, house: str, settings: Any
) -> None:
    settings.SECOND_FACTOR = APPROVER_AND_ABOVE
    # A slow first code would be taken for a slow clock, and the next one, half a minute ahead, for too early.
    settings.OTP_TOTP_SYNC = False
    page, found = spoken, []
    give_password(page, house)
    expect(page.locator("img.qr")).to_be_visible()
    page.locator("details.more summary").click()
    found += faults(page)
    key = page.locator(".typed-key").inner_text()
    give_code(page, "000000")
    expect(page.locator(".wrong")).to_be_visible()
    found += faults(page)
    give_code(page, shown_by_the_telephone(key))
    expect(page.locator(".spare-codes li")).to_have_count(10)
    found += faults(page)
    spare = page.locator(".spare-codes li").first.inner_text()
    page.locator("main a.main").click()
    expect(page).to_have_url(f"{house}/xu-ly/")

    give_password(page, house)
    found += faults(page)
    page.goto(f"{house}/xu-ly/")  # not in yet
    expect(page).to_have_url(f"{house}/dang-nhap/ma/?next=%2Fxu-ly%2F")
    give_code(page, shown_by_the_telephone(key, later_s=30))
    expect(page).to_have_url(f"{house}/xu-ly/")

    give_password(page, house)
    give_code(page, spare.upper())
    expect(page).to_have_url(f"{house}/xu-ly/")
    page.goto(f"{house}/dang-nhap/hai-buoc/")
    found += faults(page)
    assert found == []
