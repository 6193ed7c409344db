"""The same matter as a public petition, on a telephone of 360 points and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from feedback import alike, followups
from feedback.models import Petition
from feedback.steps import take
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Nắp cống trước cổng trường tiểu học trên đường Lê Lợi bị vỡ đã hơn một tuần, tối đi rất nguy hiểm."
WIDTH = "document.documentElement.scrollWidth"  # with what overflows, which no box of <main> tells


def test_without_script_one_tap_joins_and_one_takes_it_back(without_script: Page, house: str) -> None:
    public = make.petition("in_progress", text=TEXT)
    take(public, "publish", by=make.reviewer(), public_text=TEXT)
    alike.remember_all([public])
    page = without_script
    page.goto(f"{house}/gui/")
    page.locator("textarea").first.fill(f"{TEXT} Phường Hải Châu.")
    page.locator("form:has(textarea) button[type=submit]").last.click()
    while followups.catch_up().done:
        pass
    told = Petition.objects.latest("pk")
    page.goto(f"{house}/tra-cuu/{told.code}/")
    expect(page.get_by_text("Cùng một việc với phản ánh đã có?")).to_be_visible()
    assert page.evaluate(WIDTH) <= 360
    page.locator("form[action$='/cung-viec/'] button").first.click()
    assert alike.told_same(Petition.objects.get(pk=told.pk)) == public
    page.locator("form[action$='/khac-viec/'] button").first.click()
    assert alike.told_same(Petition.objects.get(pk=told.pk)) is None
    assert page.evaluate(WIDTH) <= 360
