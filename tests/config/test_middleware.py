"""What every request passes through."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from config.environment import Site
from config.middleware import ClientAddress, Head

SECRETS = ["0905123456", "ABCD2345", "nguyen.van.a@example.vn", "12345678901"]


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What the handlers of the house write, in place of stderr."""
    written = io.StringIO()
    handlers = {handler for name in ("", "django") for handler in logging.getLogger(name).handlers}
    streams = [handler for handler in handlers if getattr(handler, "filters", None)]
    before = [handler.setStream(written) for handler in streams]  # type: ignore[attr-defined]
    yield written
    for handler, stream in zip(streams, before, strict=True):
        handler.setStream(stream)  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_line_in_the_log_names_the_route_and_nobody(client: Client, log_lines: io.StringIO) -> None:
    client.get("/tra-cuu/", {"code": "12345678901", "secret": "ABCD2345", "phone": "0905123456"})
    client.get("/khong-co/ABCD2345/nguyen.van.a@example.vn/")
    client.post("/gui/", {"text": "", "phone": "0905123456", "email": "nguyen.van.a@example.vn"})
    written = log_lines.getvalue()
    assert [json.loads(line)["event"] for line in written.splitlines()].count("request") == 3
    assert not [secret for secret in SECRETS if secret in written]


def test_a_crash_is_logged_by_its_type_and_place_not_by_its_words(log_lines: io.StringIO) -> None:
    try:
        raise ValueError("số điện thoại 0905123456")
    except ValueError:
        logging.getLogger("django.request").error("Internal Server Error: %s", "/gui/ABCD2345", exc_info=True)
    line = json.loads(log_lines.getvalue())
    assert line["exception"] == "ValueError"
    assert "test_middleware.py" in line["at"][0]
    assert not [secret for secret in SECRETS if secret in log_lines.getvalue()]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/du-lieu-mo/dictionary.json", "/du-lieu-mo/chi-tieu/"])
def test_head_has_the_headers_of_get_and_no_body_reaches_the_server(client: Client, path: str) -> None:
    """Django's test client would take a body away by itself: the middleware alone is asked."""
    got = client.get(path)

    def answer(request: HttpRequest) -> HttpResponseBase:
        assert request.method == "GET"
        return got

    request = RequestFactory().head(path)
    had = Head(answer)(request)
    assert request.method == "HEAD"
    assert b"".join(had) == b""
    assert had.status_code == 200
    assert client.head(path).get("ETag") == got.get("ETag")


def test_every_answer_carries_the_id_of_its_request(client: Client) -> None:
    assert len(client.get("/healthz")["X-Request-ID"]) == 32
    assert (
        client.get("/healthz", headers={"X-Request-ID": "proxy-12345678"})["X-Request-ID"] == "proxy-12345678"
    )


def test_an_id_that_could_break_a_log_is_replaced(client: Client) -> None:
    assert len(client.get("/healthz", headers={"X-Request-ID": 'x" y\t<script>'})["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_a_browser_that_asks_for_english_still_gets_vietnamese(client: Client) -> None:
    answer = client.get("/khong-co/", headers={"Accept-Language": "en-US"})
    assert answer["Content-Language"] == "vi"
    assert "Cookie" in answer["Vary"]


@pytest.mark.django_db
def test_who_chose_english_gets_english(client: Client) -> None:
    client.cookies["django_language"] = "en"
    assert client.get("/khong-co/")["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("secure", "peer", "forwarded", "seen"),
    [
        (True, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (True, "10.0.0.2", "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # only the proxy's own word
        (True, "127.0.0.1", "không phải địa chỉ", "127.0.0.1"),
        (True, "::1", "2001:db8:7:8:9:a:b:c", "2001:db8:7:8::"),  # one subscriber has all of these
        (True, "127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        (True, "118.69.12.34", "198.51.100.7", "118.69.12.34"),  # came round the proxy
        (False, "127.0.0.1", "203.0.113.9", "127.0.0.1"),  # nothing stands before a house without TLS
    ],
)
def test_the_sender_is_who_the_proxy_saw(
    secure: bool, peer: str, forwarded: str, seen: str, settings: Any
) -> None:
    settings.SITE = Site("https://phananh.vn", "phananh.vn", secure)
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    met = []

    def answer(request: HttpRequest) -> HttpResponse:
        met.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ClientAddress(answer)(request)
    assert met == [seen]


@pytest.mark.django_db
def test_browsers_are_told_to_run_nothing_foreign(client: Client) -> None:
    answer = client.get("/khong-co/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
