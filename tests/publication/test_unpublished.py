"""What is unpublished is gone at once from page, list, front page and search, and like what never was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from feedback import followups
from feedback.models import Petition
from feedback.steps import take
from search.engines import chosen
from tests import make
from tests.publication.world import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_found_yet() -> None:
    chosen().clear()


WORDS = "bong gạch"
Away = Callable[[Petition], Any]


def paths(petition: Petition) -> list[str]:
    return ["/cong-khai/", "/", f"/tim/?q={WORDS}", f"/tim/?q={petition.code}", "/cong-khai/?state=answered"]


def is_on(client: Client, petition: Petition, path: str) -> bool:
    return f"/cong-khai/{petition.code}/" in client.get(path).content.decode()


AWAY: dict[str, Away] = {
    "unpublish": lambda one: take(one, "unpublish", by=make.reviewer(), reason="Còn số nhà"),
    "refused": lambda one: take(one, "refuse_publication", by=make.holder(one), hide="all"),
    "sealed": lambda one: take(one, "seal", by=make.reviewer(), kind="denunciation"),
    "erased": lambda one: take(one, "erase", by=make.user("administrator"), rule="on-request"),
}


def all_is_followed() -> None:
    """By our own hand, for a worker sees nothing of what is not committed."""
    followups.catch_up(limit=2_000)
    assert not followups.waiting().exists()


@pytest.mark.long
@pytest.mark.parametrize("away", AWAY)
def test_it_is_gone_everywhere_before_any_follow_up(client: Client, away: str) -> None:
    petition = published()
    all_is_followed()
    assert [is_on(client, petition, path) for path in paths(petition)] == [True] * 5
    AWAY[away](petition)
    assert [is_on(client, petition, path) for path in paths(petition)] == [False] * 5
    gone, never = (client.get(f"/cong-khai/{code}/") for code in (petition.code, "000000000019"))
    assert gone.status_code == 404
    assert gone.content == never.content
    all_is_followed()
    assert [is_on(client, petition, path) for path in paths(petition)] == [False] * 5


@pytest.mark.long
def test_a_cache_that_asks_again_gets_the_new_list_and_no_page(client: Client) -> None:
    petition = published()
    page = f"/cong-khai/{petition.code}/"
    kept = {path: client.get(path)["ETag"] for path in ("/cong-khai/", page)}
    for path, tag in kept.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    take(petition, "unpublish", by=make.reviewer(), reason="Còn số nhà")
    fresh = client.get("/cong-khai/", headers={"If-None-Match": kept["/cong-khai/"]})
    assert (fresh.status_code, fresh["ETag"] != kept["/cong-khai/"]) == (200, True)
    assert client.get(page, headers={"If-None-Match": kept[page]}).status_code == 404


@pytest.mark.parametrize("path", ["/cong-khai/", "/tim/?q=gạch"])
def test_no_cache_keeps_a_list_longer_than_a_minute(client: Client, path: str) -> None:
    published()
    assert "max-age=60" in client.get(path)["Cache-Control"]


def test_no_cache_keeps_that_there_is_nothing(client: Client) -> None:
    """What was looked for before it was published is found a moment later."""
    petition = make.petition("answered")
    assert "no-store" in client.get(f"/cong-khai/{petition.code}/")["Cache-Control"]
