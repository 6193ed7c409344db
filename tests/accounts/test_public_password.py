"""The demonstration's public password: it opens a demonstration on loopback and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import demonstration
from accounts.models import Post, Role, User
from config.checks import public_password_in_earnest
from config.environment import Site
from tests import make

pytestmark = pytest.mark.django_db

PUBLIC = Site("https://phananh.example.vn", "phananh.example.vn", secure=True)


@pytest.fixture(autouse=True)
def a_house(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def gets_in(name: str, password: str = demonstration.PASSWORD) -> bool:
    return Client().post("/dang-nhap/", {"username": name, "password": password}).status_code == 302


def test_it_opens_a_demonstration_on_this_machine(reference_data: None) -> None:
    demonstration.mark()
    demonstration.create()
    assert gets_in("xuly.haichau")
    assert public_password_in_earnest(None) == []


def test_in_a_house_that_is_no_demonstration_it_opens_nothing_and_the_check_names_whom(
    reference_data: None,
) -> None:
    demonstration.create()
    assert not gets_in("xuly.haichau")
    assert not gets_in("quantri")
    [told] = public_password_in_earnest(None)
    assert told.id == "config.W007"
    assert "quantri" in told.msg
    assert "changepassword" in str(told.hint)


def test_off_loopback_it_opens_nothing_in_a_demonstration_either(reference_data: None, settings: Any) -> None:
    demonstration.mark()
    demonstration.create()
    settings.SITE = PUBLIC
    assert not gets_in("quantri")
    [told] = public_password_in_earnest(None)
    assert "xuly.haichau" in told.msg


def test_an_account_that_has_another_password_by_now_is_not_named_and_gets_in(reference_data: None) -> None:
    demonstration.create()
    User.objects.exclude(username="daumoi").update(is_active=False)
    User.objects.filter(username="daumoi").update(password=make_password("con trâu đen nhảy múa"))
    assert public_password_in_earnest(None) == []
    assert gets_in("daumoi", "con trâu đen nhảy múa")


def test_nobody_chooses_it() -> None:
    with pytest.raises(ValidationError, match="mật khẩu công khai"):
        validate_password(demonstration.PASSWORD)


def test_who_has_such_a_name_already_gets_neither_post_nor_password(reference_data: None) -> None:
    real = make.user(Role.HANDLER, make.HAI_CHAU, name="quantri")
    before = real.password
    demonstration.create()
    real.refresh_from_db()
    assert (real.password, real.is_superuser) == (before, False)
    assert [post.role for post in Post.objects.filter(user=real)] == [Role.HANDLER]
