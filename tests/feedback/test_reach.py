"""Whether letters reach the sender: said to whoever works on it, asks him, or closes for his silence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback import followups, workflow
from feedback.models import Contact, Notice, Petition
from feedback.steps import take
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

ADDRESS = "buoi@example.vn"
NOBODY_TELLS_HIM = "Không ai báo được cho người gửi"
REFUSED = "máy chủ thư báo không có địa chỉ này"


@pytest.fixture(autouse=True)
def house_that_writes(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"


def unreached(petition: Petition) -> Petition:
    Contact.objects.filter(petition=petition).update(unreached_since=timezone.now())
    return petition


def desk(petition: Petition, user: Any, query: str = "") -> str:
    return words(at(user).get(f"/xu-ly/{petition.code}/{query}"))


@pytest.mark.long
def test_an_address_that_is_none_is_said_on_the_desk_without_it_where_it_is_hidden() -> None:
    petition = make.petition("in_progress", email=ADDRESS, hidden=True)
    handler = make.handler()
    assert REFUSED not in desk(petition, handler)
    page = desk(unreached(petition), handler)
    assert REFUSED in page
    assert NOBODY_TELLS_HIM in page
    assert ADDRESS not in page
    assert "@example" not in page


@pytest.mark.long
def test_its_sender_reads_it_and_no_more_of_the_address_than_he_knows_again() -> None:
    petition = make.petition("in_progress", email=ADDRESS)
    client = opened(petition)
    assert "không đến được" not in words(client.get(f"/tra-cuu/{petition.code}/"))
    page = words(opened(unreached(petition)).get(f"/tra-cuu/{petition.code}/"))
    assert "Thư gửi tới b…@example.vn không đến được" in page
    assert ADDRESS not in page


@pytest.mark.parametrize(
    ("sent", "mail", "said"),
    [
        ({}, True, "Người gửi không để lại địa chỉ thư"),
        ({"email": ADDRESS}, False, "Hệ thống này chưa gửi thư đi được"),
        ({"email": ADDRESS}, True, ""),
    ],
)
def test_who_is_about_to_ask_reads_that_nobody_will_be_told(
    sent: dict[str, Any], mail: bool, said: str, settings: Any
) -> None:
    settings.EMAIL_URL = settings.EMAIL_URL if mail else ""
    petition = make.petition("in_progress", **sent)
    page = desk(petition, make.handler(), "?lam=ask")
    assert "Cần biết thêm điều gì?" in page
    assert (NOBODY_TELLS_HIM in page) is bool(said)
    assert said in page


def asked(**sent: Any) -> Petition:
    """Asked, told as far as he can be, and silent for longer than ten working days."""
    long_ago = timezone.now() - dt.timedelta(days=40)
    petition = make.petition("submitted", now=long_ago, **sent)
    take(petition, "ask", by=make.focal_point(), question="Ở đâu?", now=long_ago)
    while followups.catch_up(outside=False).done:
        pass
    Notice.objects.filter(step__petition=petition).update(created_at=long_ago)
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.long
def test_who_closes_for_silence_reads_that_the_question_never_arrived() -> None:
    closer = make.focal_point()
    untold = asked()
    assert "close" in workflow.available(untold, closer)
    page = desk(untold, closer)
    assert "không để lại địa chỉ thư. Họ có thể chưa biết mình được hỏi" in page

    told = asked(email=ADDRESS)
    assert "Thư hỏi người gửi chưa gửi đi được" in desk(told, closer)
    letter = Notice.objects.filter(step__petition=told, step__action="ask", recipient="petitioner")
    letter.update(refused_at=timezone.now())
    assert "Câu hỏi không đến được người gửi" in desk(told, closer)
    letter.update(refused_at=None, sent_at=timezone.now() - dt.timedelta(days=39))
    assert "close" in workflow.available(told, closer)
    assert "Họ có thể chưa biết mình được hỏi" not in desk(told, closer)


@pytest.mark.long
def test_the_administrator_finds_the_code_of_a_letter_that_was_refused() -> None:
    petition = asked(email=ADDRESS)
    rows = Notice.objects.filter(recipient="petitioner")
    rows.update(refused_at=timezone.now())
    keeper = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    Post.objects.create(user=keeper, role=Role.ADMINISTRATOR)
    page = words(at(keeper).get("/quan-tri/feedback/notice/?refused_at__isempty=0"))
    assert petition.printed_code in page
    assert ADDRESS not in page
    rest = words(at(keeper).get("/quan-tri/feedback/notice/?refused_at__isempty=1&channel__exact=email"))
    assert petition.printed_code not in rest
