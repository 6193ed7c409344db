"""Debian's Chromium, and a house that serves it; `make test-browser`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts import demonstration
from accounts.models import User

PASSWORD = "con trâu đen nhảy múa"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session", autouse=True)
def queries_beside_a_browser() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse to ask the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium; playwright's download is never used."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Thiếu Chromium; chạy: apt-get install chromium")
    return browser_type_launch_args | {"executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": PHONE, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture
def house(live_server: LiveServer, reference_data: None, settings: Settings) -> str:
    """The address of a running house with the demonstration's people.

    Styles and scripts come as they lie in the tree, whatever `manage.py start` collected before.
    """
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN}
    demonstration.create()
    User.objects.update(password=make_password(PASSWORD))  # theirs opens nothing without the mark
    return str(live_server.url)


@pytest.fixture
def sign_in(house: str) -> Callable[[Page, str], None]:
    def enter(page: Page, username: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{house}/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()

    return enter


@pytest.fixture
def without_script(browser: Browser, house: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()
