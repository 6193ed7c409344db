"""Filing has a pace: generous for a person and for a village behind one address, not for a machine."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from feedback import pace
from feedback.models import Petition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def throttled(settings: Any) -> None:
    settings.THROTTLE = True
    cache.clear()


def browser(name: str, address: str = "192.0.2.9") -> Client:
    client = Client(REMOTE_ADDR=address)
    client.cookies["csrftoken"] = name * 32
    return client


def filed(client: Client, text: str = "Gạch vỉa hè trước trường bị bong.") -> Any:
    return client.post("/gui/", {"text": text, "commune": "20242"})


def test_one_browser_waits_after_its_share_and_keeps_every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_FILED", 2)
    one, other = browser("a"), browser("b")
    assert [filed(one, f"Vỉa hè số {n} bị bong gạch.").status_code for n in (1, 2)] == [303, 303]
    held = filed(one, "Vỉa hè cuối phố bị bong gạch.")
    page = held.content.decode()
    assert (held.status_code, held.headers["Retry-After"]) == (429, "600")
    assert ("Xin chờ khoảng 10 phút" in page, "Vỉa hè cuối phố bị bong gạch." in page) == (True, True)
    assert Petition.objects.count() == 2
    assert filed(other).status_code == 303


def test_one_address_waits_however_many_browsers_it_pretends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_FILED_FROM_ADDRESS", 3)
    answers = [filed(browser(letter), f"Vỉa hè {letter} bị bong gạch.").status_code for letter in "abcd"]
    assert answers == [303, 303, 303, 429]
    assert filed(browser("e", "192.0.2.10")).status_code == 303


def test_files_count_by_their_size() -> None:
    assert not pace.is_filing_too_fast("192.0.2.11", "a", size=299_000_001)
    assert pace.is_filing_too_fast("192.0.2.11", "a", size=1)


def test_a_village_may_file_and_a_flood_may_not() -> None:
    told = [pace.is_filing_too_fast("192.0.2.12", f"{n}", size=0) for n in range(301)]
    assert told == [False] * 300 + [True]


def test_it_can_be_switched_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.THROTTLE = False
    monkeypatch.setattr(pace, "MOST_FILED", 0)
    assert filed(browser("a")).status_code == 303
