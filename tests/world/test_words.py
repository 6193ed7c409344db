"""Words that are markup elsewhere: typed into every box, shown on every page, nowhere more than words."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts import demonstration
from accounts.models import User
from feedback import followups
from feedback.models import Notice, Petition
from feedback.steps import take
from tests import make
from tests.pages import at
from tests.test_roles import filled, routes

pytestmark = pytest.mark.django_db

MARKUP = "\"'><svg/onload=alert(1)>{{ 7*7 }}{% now %}</textarea></title></script>"
ALIVE = re.compile(r"<svg/onload|</textarea></title>|\b49\{%")
ROLES = ("daumoi", "donthu", "congkhai", "xuly.haichau", "duyet.haichau", "giamsat", "thanhtra", "tongdai")


@pytest.fixture
def spoken(db: None) -> tuple[Client, Petition]:
    """A petition all of whose words are markup, answered and published; and the browser that filed it."""
    demonstration.create()
    browser, said = Client(), f"Nắp cống bị mất {MARKUP}"
    told = {"text": said, "place_text": MARKUP, "name": MARKUP, "organisation": MARKUP, "commune": "20242"}
    answer = browser.post("/gui/", told | {"phone": "0905123456", "key": "k-1"})
    assert answer.status_code == 303
    petition = Petition.objects.get()
    focal, handler, approver = make.focal_point(), make.handler(), make.approver()
    take(petition, "receive", by=focal)
    take(petition, "assign", by=focal, agency=make.HAI_CHAU, subfield=make.SIDEWALK, note=MARKUP)
    take(petition, "accept", by=handler)
    take(petition, "note", by=handler, text=MARKUP)
    take(petition, "draft_reply", by=handler, outcome="resolved", text=MARKUP, evidence=MARKUP)
    take(petition, "approve", by=approver)
    take(petition, "publish", by=make.reviewer(), public_text="Tóm tắt <svg/onload=zz>")
    followups.catch_up()
    return browser, Petition.objects.get()


def is_page(content_type: str) -> bool:
    return content_type.startswith(("text/html", "application/atom", "application/xml", "text/xml"))


@pytest.mark.long
def test_markup_is_words_on_every_page_for_everybody(spoken: tuple[Client, Petition]) -> None:
    browser, petition = spoken
    people = {name: at(User.objects.get(username=name)) for name in ROLES} | {"stranger": browser}
    shown = 0
    for route, address in routes(get_resolver()):
        if route.startswith("admin:"):
            continue
        for name, client in people.items():
            answer = client.get(
                filled(route, address, petition), {"q": MARKUP, "lam": "note", "tinh": MARKUP}
            )
            if answer.status_code < 500 and is_page(answer.headers.get("Content-Type", "")):
                page = answer.content.decode()
                assert not ALIVE.search(page), (route, name)
                shown += "svg/onload" in page
    assert shown > 10  # it stood there, as words


@pytest.mark.long
def test_markup_is_words_in_every_form_that_comes_back(spoken: tuple[Client, Petition]) -> None:
    browser, petition = spoken
    code = petition.code
    for address in (
        "/gui/",
        "/tra-cuu/",
        f"/tra-cuu/{code}/noi-them/",
        "/dang-nhap/",
        f"/cong-khai/{code}/bao/",
    ):
        names = (
            "text",
            "email",
            "phone",
            "code",
            "secret",
            "username",
            "note",
            "reason",
            "place_text",
            "lat",
        )
        answer = browser.post(address, dict.fromkeys(names, MARKUP) | {"carry": ""})
        assert not ALIVE.search(answer.content.decode()), address


@pytest.mark.long
def test_a_letter_has_one_subject_and_one_addressee(spoken: tuple[Client, Petition]) -> None:
    for notice in Notice.objects.all():
        assert "\n" not in notice.subject + notice.address
        assert "\r" not in notice.subject + notice.address


@pytest.mark.parametrize(
    "address",
    ["a@vidu.vn\nBcc: b@evil.example", "a@vidu.vn,b@evil.example", "a@vidu.vn%0aBcc:b@evil.example"],
)
def test_an_address_that_is_two_is_none(client: Client, address: str) -> None:
    answer = client.post("/gui/", {"text": "Nắp cống bị mất", "email": address})
    assert answer.status_code == 400
    assert not Petition.objects.exists()


def test_what_turns_the_line_round_stands_in_no_name_of_a_file() -> None:
    from feedback.attachments import display_name

    assert display_name("bao-cao\u202egpj.exe") == "bao-caogpj.exe"
    assert display_name("..\\..\\..\x00/etc/passwd\r\nX: 1") == "passwdX: 1"
