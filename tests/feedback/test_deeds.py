"""What is only posted leads whoever has to sign in first back to its page, and says so when it is opened."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

CODE = "000000000019"
DEEDS: list[tuple[str, dict[str, str], str]] = [
    (f"/xu-ly/{CODE}/chon/", {}, f"/xu-ly/{CODE}/"),
    (f"/xu-ly/{CODE}/khong-dang/", {}, f"/xu-ly/{CODE}/"),
    (f"/xu-ly/{CODE}/nhap/", {}, f"/xu-ly/{CODE}/"),
    (f"/giam-sat/nhac/{CODE}/", {}, "/giam-sat/"),
    (f"/giam-sat/nhac/{CODE}/", {"ve": "/giam-sat/?linh-vuc=traffic"}, "/giam-sat/%3Flinh-vuc%3Dtraffic"),
    ("/xu-ly/phim-tat/", {"ve": "//ke-gian.example/"}, "/xu-ly/"),
]


@pytest.mark.parametrize(("address", "told", "page"), DEEDS)
def test_signed_out_it_asks_to_sign_in_and_comes_back_to_the_page(
    address: str, told: dict[str, str], page: str
) -> None:
    answer: Any = Client().post(address, told)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/dang-nhap/?next={page}")


@pytest.mark.parametrize("address", sorted({address for address, _told, _page in DEEDS} | {"/dang-xuat/"}))
def test_opened_as_a_page_it_says_what_it_is_and_leads_on(address: str) -> None:
    answer = at(make.user(Role.SUPERVISOR, province="48")).get(address)
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)
    assert "chỉ dùng khi bấm nút" in words(answer)
    way = f'href="/xu-ly/{CODE}/"' if CODE in address else 'href="/"'
    assert way in words(answer)


def test_after_signing_in_a_chosen_candidate_opens_its_petition() -> None:
    petition, person = make.petition("submitted"), make.focal_point()
    person.set_password("mat-khau-dai-2026")
    person.save()
    browser = Client()
    away = browser.post(f"/xu-ly/{petition.code}/chon/").headers["Location"]
    inside: Any = browser.post(
        away,
        {"username": person.username, "password": "mat-khau-dai-2026", "next": f"/xu-ly/{petition.code}/"},
    )
    assert inside.headers["Location"] == f"/xu-ly/{petition.code}/"


def test_words_handed_in_after_the_session_ended_are_shown_and_the_way_back() -> None:
    petition = make.petition("in_progress")
    address = f"/xu-ly/{petition.code}/draft_reply/"
    told = {"text": "Kính gửi ông, đã lát lại vỉa hè.", "outcome": "resolved", "seq": "6"}
    answer = Client().post(address, told)
    page = words(answer)
    assert (answer.status_code, "đã lát lại vỉa hè" in page) == (403, True)
    assert f"/dang-nhap/?next={address}" in page
    assert (">6<" in page, ">resolved<" in page) == (False, False)
    assert not petition.replies.exists()
