"""What a person sees when something went wrong: Vietnamese, calm, and what was typed is still there."""

from __future__ import annotations

import errno
import re
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from config import errors
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as house
from feedback import emptiness
from feedback.models import Attachment
from tests import make
from tests.feedback.corpus import picture
from tests.pages import at, opened

TYPED = "Nắp cống trước số 12 Lê Lợi bị mất, xe máy té mấy lần rồi"


def locked(request: HttpRequest) -> HttpResponse:
    _ = request.POST
    raise OperationalError("database is locked") from sqlite3.OperationalError("database is locked")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(TYPED)


# A view cannot be made to meet a locked database in ten milliseconds; what it raises then can.
urlpatterns = [*house, path("locked/", locked), path("broken/", broken)]


@pytest.mark.django_db
def test_an_unknown_page_is_said_in_vietnamese(client: Client) -> None:
    answer = client.get("/khong-co/")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()


@pytest.mark.django_db
def test_an_official_who_mistypes_a_code_is_led_back_to_his_desk_and_no_citizen_there() -> None:
    desk = at(make.handler()).get("/xu-ly/111111111111/").content.decode()
    assert ('href="/xu-ly/"' in desk, "mã bí mật trên biên nhận" in desk) == (True, False)
    public = Client().get("/khong-co/").content.decode()
    assert ('href="/xu-ly/"' in public, "mã bí mật trên biên nhận" in public) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/khong-co.json", "/du-lieu-mo/chi-tieu/khong-co.json"])
def test_an_unknown_address_of_data_is_said_as_data(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"error": "Không có địa chỉ này."}


@pytest.mark.urls(__name__)
def test_a_locked_database_is_503_and_gives_back_what_was_typed(client: Client) -> None:
    answer = client.post("/locked/", {"text": TYPED, "phone": "0905123456", "secret": "ABCD2345"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    page = answer.content.decode()
    assert TYPED in page
    assert "0905123456" in page
    assert "ABCD2345" not in page


@pytest.mark.urls(__name__)
def test_a_crash_is_said_without_its_details() -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert TYPED not in answer.content.decode()


@pytest.fixture
def no_room(settings: Any, tmp_path: Path) -> None:
    """The folder of files cannot be written."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.write_text("a file where the folder was")


def picture_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("cong.jpg", picture(), content_type="image/jpeg")


def citizen_files() -> tuple[Client, str, dict[str, Any]]:
    return Client(), "/gui/", {"text": TYPED}


def citizen_adds() -> tuple[Client, str, dict[str, Any]]:
    petition = make.petition("in_progress")
    return opened(petition), f"/tra-cuu/{petition.code}/noi-them/", {"text": TYPED}


def official_answers() -> tuple[Client, str, dict[str, Any]]:
    petition = make.petition("in_progress")
    told = {"outcome": "resolved", "text": TYPED, "warned": " ".join(emptiness.WARNINGS)}
    return at(make.handler()), f"/xu-ly/{petition.code}/draft_reply/", told


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("door", [citizen_files, citizen_adds, official_answers])
def test_where_no_file_can_be_kept_the_words_are_given_back_and_go_without_it(
    door: Callable[[], tuple[Client, str, dict[str, Any]]], no_room: None
) -> None:
    client, address, told = door()
    client.raise_request_exception = False
    answer = client.post(address, {**told, "files": [picture_file()]})
    page = answer.content.decode()
    assert answer.status_code == 500
    assert TYPED in page
    assert "Bỏ tệp ra thì gửi được ngay</h1>" in page
    assert client.post(address, told | {"evidence": "Biên bản 12"}).status_code in (302, 303)


@pytest.mark.django_db
def test_a_file_that_cannot_be_opened_is_not_asked_to_be_sent_again(no_room: None) -> None:
    petition = make.petition("in_progress")
    Attachment.objects.bulk_create(
        [Attachment(petition=petition, file="x.pdf", name="x.pdf", size=5, created_at=timezone.now())]
    )
    client = opened(petition)
    client.raise_request_exception = False
    answer = client.get(f"/tep/{Attachment.objects.get().pk}/")
    assert answer.status_code == 500
    assert "chưa mở được tệp này" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_and_its_text_shown() -> None:
    answer = Client(enforce_csrf_checks=True).post("/ngon-ngu/setlang/", {"language": "vi", "text": TYPED})
    assert answer.status_code == 403
    assert TYPED in answer.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_read_is_no_crash_of_the_page_that_would_show_it(client: Client) -> None:
    """A stranger hands in, at a page for officials, a file whose name is too long for any form."""
    named = f'Content-Disposition: form-data; name="files"; filename="{"a" * 3_000}"'
    body = f"--x\r\n{named}\r\n\r\nx\r\n--x--\r\n".encode()
    answer = client.generic("POST", "/xu-ly/ghi/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 403


def test_what_is_over_the_limit_is_refused_unread(client: Client) -> None:
    answer = client.generic("POST", "/ngon-ngu/setlang/", b"", CONTENT_LENGTH="62914561")
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()


def test_what_was_never_read_is_not_read_for_the_error_page() -> None:
    request = RequestFactory().post("/gui/", {"text": TYPED})
    assert errors.typed(request) == []


def test_no_secret_that_was_typed_is_shown_again() -> None:
    told = {"new_password1": "a", "old_password": "b", "password": "c", "secret": "d", "code": "123456"}
    request = RequestFactory().post("/", told | {"text": "Rác đầy đường"})
    assert request.POST
    assert errors.typed(request) == [("text", "Rác đầy đường")]


def test_what_a_form_holds_for_itself_is_not_shown_as_typed() -> None:
    hidden = {
        name
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'<input type="hidden" name="(\w+)"', page.read_text(encoding="utf-8"))
    }
    assert {"window", "began", "shown", "warned"} <= hidden
    request = RequestFactory().post(
        "/", dict.fromkeys((hidden | {"drawn_text"}) - {"text"}, "c8e1dfcc6c2b5de5")
    )
    assert request.POST
    assert errors.typed(request) == []


@pytest.mark.parametrize(
    ("error", "is_disk"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (PermissionError(errno.EACCES, "Permission denied"), True),
        (socket.gaierror(-2, "Name or service not known"), False),
        (OSError(errno.EHOSTUNREACH, "No route to host"), False),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), False),
    ],
)
def test_only_what_a_folder_refuses_with_is_told_as_such(error: OSError, is_disk: bool) -> None:
    request = RequestFactory().post("/gui/", {"text": "Rác", "files": picture_file()})
    assert request.POST["text"] == "Rác"
    try:
        raise error
    except OSError:
        page = errors.server_error(request).content.decode()
    assert ("Máy chủ chưa giữ được tệp" in page) is is_disk
