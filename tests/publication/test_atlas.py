"""The map of what is published: every place has its square, the islands theirs, each point its petition."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from feedback.models import Petition, PublicPetition
from feedback.steps import take
from publication import backlog, dots, tiles
from publication.backlog import Work
from routing.models import Commune
from tests import make
from tests.publication.world import petition, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    cache.clear()


def on(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def square(page: str, name: str) -> str:
    found = re.search(rf'aria-label="{name}: [^"]*" data-shade="\d"', page)
    assert found, name
    return found.group()


def test_every_province_and_both_islands_have_a_square_of_their_own() -> None:
    placed = tiles._places()
    assert len({(row, column) for _code, row, column in placed}) == len(placed) == 36
    codes = {code for code, _row, _column in placed}
    with (settings.BASE_DIR / "routing" / "data" / "vn_provinces_2026.csv").open(encoding="utf-8") as file:
        assert codes - set(tiles.ISLANDS) == {row["code"] for row in csv.DictReader(file)}
    beside = {code: (row, column) for code, row, column in placed}
    assert all(beside[island][1] > beside[province][1] for island, province in tiles.ISLANDS.items())


@pytest.mark.long
def test_the_country_tells_what_is_done_and_what_is_left(client: Client) -> None:
    published("answered")
    published("in_progress")
    page = on(client, "/cong-khai/ban-do/")
    assert "Đà Nẵng: 1 đã trả lời, 1 đang xử lý" in square(page, "Đà Nẵng")
    assert "0 đã trả lời" in square(page, "Hoàng Sa")
    assert 'href="/cong-khai/ban-do/48/"' in page


def test_a_province_shows_its_communes_and_its_points(client: Client) -> None:
    shown = published("in_progress")
    PublicPetition.objects.update(lat=16.07, lon=108.22)
    page = on(client, "/cong-khai/ban-do/48/")
    assert "0 đã trả lời, 1 đang xử lý" in square(page, "Phường Hải Châu")
    assert "Hoàng Sa" in page
    assert f'href="/cong-khai/{shown.code}/" class="left"' in page
    assert client.get("/cong-khai/ban-do/99/").status_code == 404


@pytest.mark.long
def test_what_is_unpublished_is_no_point_any_more_and_within_a_minute_not_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backlog.KEPT_S + 40 <= 60
    monkeypatch.setattr(backlog, "KEPT_S", 1)  # seconds that pass: Redis asks no pretended clock
    shown, path = published("in_progress"), "/cong-khai/ban-do/48/"
    PublicPetition.objects.update(lat=16.07, lon=108.22)
    first = client.get(path)
    assert f"/cong-khai/{shown.code}/" in first.content.decode()
    take(shown, "unpublish", by=make.reviewer(), reason="Còn số nhà")
    assert shown.code not in on(client, path)
    assert "max-age=40" in first["Cache-Control"]
    time.sleep(1.1)
    later = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert "0 đã trả lời, 0 đang xử lý" in square(later.content.decode(), "Phường Hải Châu")


ENDS: tuple[tuple[str, Callable[[Petition], Any]], ...] = (
    ("withdraw", make.holder),
    ("merge", lambda _petition: make.focal_point()),
)


@pytest.mark.parametrize(("action", "by"), ENDS)
def test_what_ended_without_an_answer_is_neither_done_nor_to_do(
    client: Client, action: str, by: Callable[[Petition], Any]
) -> None:
    shown = published("in_progress")
    told: dict[str, Any] = (
        {"main": petition("in_progress", "2026-11-02 09:00").code} if action == "merge" else {}
    )
    take(shown, action, by=by(shown), **told)
    PublicPetition.objects.update(lat=16.07, lon=108.22)
    page = on(client, "/cong-khai/ban-do/48/")
    assert "0 đã trả lời, 0 đang xử lý" in square(page, "Phường Hải Châu")
    assert 'class="done"' not in page


def test_squares_of_communes_lie_as_they_lie_and_never_on_each_other(reference_data: None) -> None:
    communes = list(Commune.objects.filter(province="48"))
    grid = tiles.of_communes(communes, {"20242": Work(3, 1)}, lambda code: code)
    assert len({(tile.x, tile.y) for tile in grid.tiles}) == len(communes)
    by_code = {tile.code: tile for tile in grid.tiles}
    north, south = max(communes, key=lambda one: one.lat), min(communes, key=lambda one: one.lat)
    assert by_code[north.code].y < by_code[south.code].y
    assert by_code["20242"].bar == round(0.84 * 75)
    assert by_code["20242"].lines == ("Hải", "Châu")
    assert by_code["20285"].lines == ("N. H.", "Sơn")
    assert [Work(done=n).total for n in (0, 1)] == [0, 1]
    shades = [tiles.Tile("", "", (), 0, 0, Work(done=n), "", most=100).shade for n in (0, 1, 9, 10, 39, 40)]
    assert shades == [0, 1, 1, 2, 2, 3]


def test_points_keep_their_directions_and_islands_have_a_box(reference_data: None) -> None:
    communes = list(Commune.objects.filter(province="48"))

    def pointed(lat: float, lon: float, commune: str = "20242", code: str = "1") -> PublicPetition:
        place = {"lat": lat, "lon": lon, "commune_id": commune}
        return PublicPetition(code=code, text="Ổ gà", state="in_progress", **place)

    far = pointed(16.6, 112.1, commune="20333", code="9")
    told = dots.ground(communes, [pointed(16.1, 108.1), pointed(16.0, 108.2), pointed(60, 60), far])
    assert told is not None
    north_west, south_east = told.dots
    assert north_west.x < south_east.x
    assert north_west.y < south_east.y
    assert told.names[0].name == "Hải Châu"  # where the points are
    assert "Hoàng Sa" not in {one.name for one in told.names}
    assert not any(_overlap(one, other) for one, other in combinations(told.names, 2))
    assert (told.island, [dot.code for dot in told.of_island]) == ("Hoàng Sa", ["9"])
    assert told.left_out == 1


def test_a_point_behind_the_outermost_centre_is_drawn(reference_data: None) -> None:
    communes = list(Commune.objects.filter(province="48"))
    north = max((one for one in communes if one.code not in tiles.ISLANDS), key=lambda one: one.lat)
    place = {"lat": north.lat + 0.05, "lon": north.lon, "commune_id": north.code}
    told = dots.ground(communes, [PublicPetition(code="1", text="Ổ gà", state="in_progress", **place)])
    assert told is not None
    assert [dot.code for dot in told.dots] == ["1"]
    assert 0 <= told.dots[0].y <= told.height
    assert told.left_out == 0


def _overlap(one: dots.Dot, other: dots.Dot) -> bool:
    letters = (len(one.name) + len(other.name)) / 2
    return abs(one.y - other.y) < dots.LINE and abs(one.x - other.x) < dots.LETTER * letters


def test_without_communes_or_points_there_is_no_ground() -> None:
    assert dots.ground([], []) is None
    assert dots.ground([Commune(code="1", name="Phường A", lat=16.0, lon=108.0)], []) is None
