"""What an operator writes down is the sender's: his are the two codes, never the operator's."""

import re

import pytest
from django.test import Client

from accounts.models import Role, User
from feedback.models import Petition
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

CALLED = {"text": "Bà cụ gọi: cống trước nhà hở nắp.", "commune": "20242", "phone": "0905123456"}


@pytest.fixture
def operator() -> User:
    return make.user(Role.OPERATOR, make.FOCAL_POINT, "48")


def written(desk: Client, **told: str) -> tuple[Petition, str]:
    """The petition as it was written down, and the address of what is read out."""
    answer = desk.post("/xu-ly/ghi/", CALLED | {"channel": "hotline"} | told)
    assert answer.status_code == 303, words(answer)
    return Petition.objects.get(), str(answer["Location"])


def test_the_desk_leads_an_operator_to_it_and_nobody_else(operator: User) -> None:
    assert 'href="/xu-ly/ghi/"' in words(at(operator).get("/xu-ly/"))
    assert 'href="/xu-ly/ghi/"' not in words(at(make.focal_point()).get("/xu-ly/"))


def test_it_is_the_callers_with_the_operators_name_in_the_record(operator: User) -> None:
    petition, _ = written(at(operator), channel="counter")
    assert (petition.petitioner, petition.entered_by) == (None, operator)
    assert petition.channel == "counter"
    assert petition.contact.phone == "0905123456"
    step = petition.steps.get()
    assert (step.action, step.by, step.role) == ("submit", operator, "operator")


def test_the_two_codes_that_are_read_out_open_it_for_the_caller(operator: User) -> None:
    desk = at(operator)
    petition, address = written(desk)
    page = words(desk.get(address))
    secret = re.search(r'class="secret">([^<]+)<', page)
    assert secret
    assert petition.printed_code in page
    caller = Client()
    opened = caller.post("/tra-cuu/", {"code": petition.code, "secret": secret[1]})
    assert opened.status_code == 302
    assert caller.get(opened["Location"]).status_code == 200


def test_writing_it_down_does_not_make_the_operator_the_sender(operator: User) -> None:
    desk = at(operator)
    petition, _ = written(desk)
    assert desk.get(f"/tra-cuu/{petition.code}/").status_code == 404
    assert desk.get(f"/bien-nhan/{petition.code}/").status_code == 404
    assert desk.get(petition.get_absolute_url()).status_code == 200


def test_another_operator_is_read_out_nothing(operator: User) -> None:
    _, address = written(at(operator))
    other = at(make.user(Role.OPERATOR, make.FOCAL_POINT, "48"))
    assert other.get(address).status_code == 404


def test_a_channel_that_operators_do_not_have_is_refused_and_the_words_stay(operator: User) -> None:
    answer = at(operator).post("/xu-ly/ghi/", CALLED | {"channel": "sync"})
    assert answer.status_code == 400
    assert "Xin chọn đường đến." in words(answer)
    assert "Bà cụ gọi" in words(answer)
    assert not Petition.objects.exists()
