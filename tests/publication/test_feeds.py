"""What is fetched by machines: news of what is published and where it is, and nothing else."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from feedback.steps import take
from tests import make
from tests.publication.world import at, published

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def tree(client: Client, path: str) -> ElementTree.Element:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "max-age=60" in answer["Cache-Control"]
    return ElementTree.fromstring(answer.content)


def entries(client: Client, asked: str = "") -> list[str]:
    found = tree(client, f"/cong-khai/atom.xml{asked}").findall(f"{ATOM}entry/{ATOM}id")
    return [str(one.text).rstrip("/")[-12:] for one in found]


@pytest.mark.long
def test_the_feed_holds_the_newest_reviewed_copies_and_is_narrowed_as_the_list(
    client: Client, settings: Any
) -> None:
    settings.BASE_URL = "https://hoiam.example"
    older, newer = published(when="2026-11-03 10:00"), published(when="2026-11-04 10:00")
    assert entries(client) == [newer.code, older.code]
    assert entries(client, "?province=01") == []
    assert entries(client, "?from=2026-11-04&state=answered") == [newer.code]
    feed = tree(client, "/cong-khai/atom.xml")
    first = feed.find(f"{ATOM}entry")
    assert first is not None
    assert first.findtext(f"{ATOM}id") == f"https://hoiam.example/cong-khai/{newer.code}/"
    assert "bản công khai" in str(first.findtext(f"{ATOM}summary"))
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "UBND phường Hải Châu"


def test_words_that_look_like_html_stay_words_in_the_feed(client: Client) -> None:
    shown = published()
    take(shown, "publish", by=make.reviewer(), public_text="<img src=x onerror=alert(1)> & <b>ổ gà</b>")
    summary = tree(client, "/cong-khai/atom.xml").findtext(f"{ATOM}entry/{ATOM}summary")
    assert "&lt;img src=x" in str(summary)
    assert "<img" not in str(summary)


def test_the_list_names_its_feed_with_the_same_filters(client: Client) -> None:
    page = client.get("/cong-khai/?province=48&from=2026-01-01").content.decode()
    assert "/cong-khai/atom.xml?province=48&amp;from=2026-01-01" in page


def addresses(client: Client, path: str) -> list[str]:
    return [str(one.text) for one in tree(client, path).iter(f"{MAP}loc")]


@pytest.mark.long
def test_a_sitemap_a_day_and_one_of_the_pages(client: Client) -> None:
    first, late = published(when="2026-11-03 10:00"), published(when="2026-11-03 23:30")
    published(when="2026-11-04 00:10")
    index = addresses(client, "/sitemap.xml")
    assert [one.rsplit("/", 1)[-1] for one in index] == ["trang.xml", "2026-11-04.xml", "2026-11-03.xml"]
    day = addresses(client, "/sitemap/2026-11-03.xml")
    assert [one.rstrip("/")[-12:] for one in day] == [late.code, first.code]
    assert addresses(client, "/sitemap/2026-11-05.xml") == []
    for never in ("2026-13-05", "9999-12-31", "0001-01-01"):
        assert client.get(f"/sitemap/{never}.xml").status_code == 404
    assert any(one.endswith("/cong-khai/ban-do/") for one in addresses(client, "/sitemap/trang.xml"))


def test_what_is_unpublished_is_in_no_feed_and_no_sitemap(client: Client) -> None:
    shown = published(when="2026-11-03 10:00")
    assert entries(client) == [shown.code]
    take(shown, "unpublish", by=make.reviewer(), reason="Còn số nhà")
    assert entries(client) == []
    assert addresses(client, "/sitemap/2026-11-03.xml") == []


def test_machines_are_told_where_they_need_not_look(client: Client) -> None:
    told = client.get("/robots.txt").content.decode()
    for path in ("/xu-ly/", "/giam-sat/", "/tra-cuu/", "/bien-nhan/", "/quan-tri/"):
        assert f"Disallow: {path}\n" in told
    assert told.rstrip().endswith("/sitemap.xml")


@pytest.mark.parametrize("path", ["/cong-khai/", "/cong-khai/ban-do/", "/thong-ke/"])
def test_a_shared_address_shows_what_it_is(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert '<meta property="og:title" content="' in page
    assert "/static/preview" in page


@pytest.mark.long
def test_a_feed_of_one_agency_stays_its_own_when_its_last_copy_goes(client: Client) -> None:
    shown = published()
    other = published(lead=make.CONSTRUCTION)
    for asked in (f"?agency={make.HAI_CHAU}", f"?province=48&agency={make.HAI_CHAU}"):
        assert entries(client, asked) == [shown.code]
    take(shown, "unpublish", by=make.reviewer(), reason="Còn số nhà")
    assert entries(client, f"?province=48&agency={make.HAI_CHAU}") == []
    assert entries(client, "?commune=20242") == [other.code]
    for unknown in ("?agency=no-such:48", "?commune=99999", "?state=x", "?from=2026-02-01&to=2026-01-01"):
        assert client.get(f"/cong-khai/atom.xml{unknown}").status_code == 400


def test_a_feed_without_entries_is_not_sent_again(client: Client) -> None:
    with time_machine.travel(at("2026-11-03 10:00"), tick=False) as clock:
        tag = client.get("/cong-khai/atom.xml?province=01")["ETag"]
        clock.shift(90)
        again = client.get("/cong-khai/atom.xml?province=01", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_narrowed_feeds_are_different_feeds(client: Client) -> None:
    ids = {
        tree(client, f"/cong-khai/atom.xml{asked}").findtext(f"{ATOM}id") for asked in ("", "?province=48")
    }
    assert len(ids) == 2
