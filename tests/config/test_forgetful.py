"""Redis away: pages are drawn, people sign in and file; nothing waits long, nothing breaks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client

from accounts.models import User
from config import forgetful
from config import settings as ours

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The caches of a house whose Redis does not answer."""
    monkeypatch.setattr(forgetful, "_asked_again_at", 0.0)
    settings.CACHES = {"default": ours.cache(NOBODY), "guesses": ours.shared_cache(NOBODY, ours.VAR)}
    settings.THROTTLE = True
    yield
    caches.close_all()


def test_a_cache_that_is_away_holds_nothing_and_takes_nothing(away: None) -> None:
    cache.set("figure", 1)
    assert (cache.get("figure"), cache.get("figure", 7), cache.get_many(["figure"])) == (None, 7, {})
    assert (cache.add("figure", 1), cache.has_key("figure"), cache.delete("figure")) == (False, False, False)
    assert cache.get_or_set("figure", lambda: 42) == 42
    with pytest.raises(ValueError, match="figure"):
        cache.incr("figure")


def test_after_the_first_time_nobody_waits_for_it(away: None) -> None:
    cache.get("figure")
    began = time.monotonic()
    for _ in range(1000):
        cache.get("figure")
    assert time.monotonic() - began < 0.1


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/thong-ke/", "/du-lieu-mo/", "/cong-khai/ban-do/", "/gui/"])
def test_every_public_page_is_drawn(page: str, away: None, client: Client) -> None:
    assert client.get(page).status_code == 200


@pytest.mark.django_db
def test_officials_sign_in_and_out(away: None, client: Client) -> None:
    User.objects.create_user("can.bo", password="con trâu đen nhảy múa")
    told = {"username": "can.bo", "password": "con trâu đen nhảy múa"}
    assert client.post("/dang-nhap/", told).status_code == 302
    kept = client.cookies["sessionid"].value
    client.post("/dang-xuat/")
    client.cookies["sessionid"] = kept
    assert client.get("/xu-ly/").status_code == 302
