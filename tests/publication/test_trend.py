"""Figures month by month, beside the period before, by what they are of; and their charts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from publication import charts, cubefile, recompute, showing, trend
from publication.coarsening import Delicate, Record, coarse, measures_of
from publication.recompute import REST
from publication.statistics import DEFINITIONS, Figure, Filters, report
from publication.trend import WAYS, Line, Way
from tests import make
from tests.publication.test_pages import text_of
from tests.publication.world import AS_OF, answered, counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def autumn() -> None:
    """Six answers of a ward in September, seven of a department in October, one late."""
    for day in range(1, 7):
        answered(f"2026-09-0{day} 09:00", f"2026-09-0{day} 16:00", score="satisfied")
    for day in range(12, 18):
        answered(f"2026-10-{day} 09:00", f"2026-10-{day} 16:00", lead=make.CONSTRUCTION)
    answered("2026-10-01 09:00", "2026-10-30 16:00", lead=make.CONSTRUCTION)
    counted()


def told(way: str, filters: Filters | None = None) -> dict[str, tuple[int | None, float | None]]:
    with time_machine.travel(AS_OF, tick=False):
        lines = trend.apart(WAYS[way], filters or Filters())
    return {line.label: (line.figures["answered"].numerator, line.figures["on_time"].value) for line in lines}


@pytest.mark.long
def test_each_month_has_its_own_figures(autumn: None) -> None:
    with time_machine.travel(AS_OF, tick=False):
        asked = report(Filters())
        lines = trend.by_month(asked)
    assert [(line.label, line.figures["answered"].value) for line in lines] == [
        ("2026-09", 6),
        ("2026-10", 7),
        ("2026-11", 0),
    ]
    assert lines[1].figures["on_time"].value == 0.8571


@pytest.mark.long
@pytest.mark.parametrize(
    ("way", "labels"),
    [
        ("agency", {make.HAI_CHAU: (6, 1.0), make.CONSTRUCTION: (7, 0.8571)}),
        ("place", {"48": (13, 0.9231)}),
        ("channel", {"web": (13, None)}),
        ("kind", {"report": (13, None)}),
        ("party", {"person": (13, None)}),
        ("field", {"urban-infrastructure": (13, None)}),
    ],
)
def test_by_each_way_the_frozen_months_add_up(autumn: None, way: str, labels: dict[str, object]) -> None:
    found = {label: n for label, n in told(way).items() if n[0]}
    assert found == labels
    assert told("agency", Filters(until=dt.date(2026, 9, 30)))[make.HAI_CHAU] == (6, 1.0)


def test_the_period_before_is_as_many_months() -> None:
    asked = Filters(since=dt.date(2026, 1, 15), until=dt.date(2026, 3, 2))
    assert trend.before(asked) == Filters(since=dt.date(2025, 10, 1), until=dt.date(2025, 12, 31))
    assert trend.before(Filters(since=dt.date(2026, 1, 1))) is None


def test_only_places_of_like_volume_are_held_against_each_other() -> None:
    def line(label: str, many: int, share: float | None) -> Line:
        def figure(key: str, value: float | None, part: int | None) -> Figure:
            return Figure(key, key, "count", value, part, None, "", "")

        figures = {key: figure(key, many, many) for key in ("received", "answered")}
        return Line(label, figures | {"on_time": figure("on_time", share, None)})

    groups = list(
        trend.ranked(
            [line("large", 5000, 0.5), line("a", 300, 0.7), line("b", 900, 0.9), line("few", 7, None)]
        )
    )
    assert [[one.label for one in group.lines] for group in groups] == [["large"], ["b", "a"], ["few"]]
    assert [(group.least, group.under) for group in groups] == [(1000, None), (200, 1000), (0, 50)]


@pytest.mark.long
def test_the_page_draws_what_its_table_says(autumn: None, client: Client) -> None:
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(client.get("/thong-ke/?by=agency&from=2026-10-01&to=2026-10-31"))
        drawn = text_of(client.get("/thong-ke/"))
    assert "Kỳ trước: 6" in page  # September
    assert re.search(r"Sở Xây dựng.*?85,7%", page, re.DOTALL)
    assert drawn.count("<svg viewBox") == 2
    assert "<title>10/2026, Đã trả lời: 7</title>" in drawn
    assert "0%</text>" in drawn
    assert client.get("/thong-ke/?by=khong-co").status_code == 400


def test_an_axis_begins_at_nought_and_a_gap_breaks_the_line() -> None:
    one = charts.Series("a", [10, None, 30, 40], ["x"] * 4)
    chart = charts.lines([one], ["9/2026", "10/2026", "11/2026", "12/2026"])
    assert [level.said for level in chart.levels] == ["0", "10", "20", "30", "40"]
    (curve,) = chart.curves
    assert curve.path.count("M") == 2
    assert len(curve.marks) == 3
    assert curve.marks[-1].y == charts.TOP
    assert chart.levels[0].y == charts.HEIGHT - charts.BOTTOM


def test_a_month_that_is_not_over_stands_alone_and_unjoined() -> None:
    one = charts.Series("a", [10, 20, 1], ["x"] * 3)
    chart = charts.lines([one], ["9/2026", "10/2026", "11/2026"], running=True)
    (curve,) = chart.curves
    assert re.findall("[ML]", curve.path) == ["M", "L"]
    assert [mark.running for mark in curve.marks] == [False, False, True]


@pytest.mark.long
def test_the_page_says_which_month_is_not_over_and_a_month_that_is_over_is_no_such(
    autumn: None, client: Client
) -> None:
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(client.get("/thong-ke/"))
    assert "<title>11/2026 (chưa hết tháng), Đã trả lời: 0</title>" in page
    assert '<th scope="row">11/2026 (chưa hết tháng)</th>' in page
    assert "Tháng chưa hết" in page
    with time_machine.travel(AS_OF, tick=False):
        until_october = text_of(client.get("/thong-ke/?to=2026-10-31"))
    assert "chưa hết" not in until_october


@pytest.mark.parametrize(
    ("most", "top"), [(0, "4"), (1, "4"), (5, "8"), (9, "20"), (63, "80"), (1234, "2.000")]
)
def test_four_even_steps_lead_above_the_largest(most: int, top: str) -> None:
    chart = charts.lines([charts.Series("a", [most, 0], ["", ""])], ["1/2026", "2/2026"])
    assert chart.levels[-1].said == top


@pytest.mark.long
def test_what_is_told_together_stands_last(autumn: None) -> None:
    for _n in range(2):
        answered("2026-10-20 09:00", "2026-10-21 09:00", lead=make.HAI_CHAU)
    counted()
    assert list(told("agency", Filters(since=dt.date(2026, 10, 1))))[-1] == REST


@pytest.mark.long
def test_the_country_by_place_is_drawn_as_squares_and_what_is_not_told_is_no_nought(autumn: None) -> None:
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(Client().get("/thong-ke/?by=place"))
        narrow = text_of(Client().get("/thong-ke/?by=place&province=48"))
    said = re.findall(r'aria-label="([^"]*)" data-shade="(\d)"', page)
    assert ("Đà Nẵng: 13 đã trả lời, 0 đang xử lý", "3") in said
    assert ("Hoàng Sa: không nêu riêng", "0") in said
    assert ("Hà Nội: không nêu riêng", "0") in said
    assert 'href="?by=place&amp;province=48"' in page
    assert "data-shade" not in narrow


@pytest.mark.long
def test_the_stages_are_bars_from_nought_beside_their_numbers(autumn: None) -> None:
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(Client().get("/thong-ke/"))
    rows = re.findall(
        r'<th scope="row">([^<]*)</th>\s*<td class="figure">([^<]*)</td>.*?rect width="([^"]*)"',
        page.split('class="stages"')[1].split("</table>")[0],
        re.DOTALL,
    )
    assert [row[0] for row in rows][:2] == ["Đã gửi đến", "Đã hướng dẫn ra ngoài"]
    told = {name: (n, float(width)) for name, n, width in rows}
    assert told["Đã gửi đến"] == told["Đã trả lời"] == ("13", 100)
    assert told["Hài lòng"] == ("6", 46.2)


@pytest.mark.long
def test_what_is_told_in_some_months_alone_is_told_as_at_least(autumn: None) -> None:
    for day in range(3, 5):
        answered(f"2026-10-{day:02} 09:00", f"2026-10-{day:02} 16:00", subfield="urban-order.noise")
    counted()
    with time_machine.travel(AS_OF, tick=False):
        lines = trend.apart(WAYS["agency"], Filters())
    partly = {line.label: line.figures["answered"].partial for line in lines}
    assert partly[REST] is False
    assert partly[make.HAI_CHAU] is True


def test_of_very_many_those_are_shown_that_had_most_and_the_page_says_so() -> None:
    sums = {f"a{n:03}": {"sums": {"answered": n}} for n in range(trend.MOST_LINES + 50)}
    told = trend.fullest(sums | {REST: {"sums": {"answered": 9}}})
    named = [label for label in told if label != REST]
    assert named == [f"a{n:03}" for n in range(trend.MOST_LINES + 49, 48, -1)]
    assert REST in told
    assert showing.is_cut([Line(label, {}) for label in told])
    assert not showing.is_cut([Line(label, {}) for label in (*named[1:], REST)])


AUTUMN = [dt.date(2026, 9, 1), dt.date(2026, 10, 1)]


@pytest.mark.long
@given(st.integers(0, 10**9))
@settings(max_examples=40, deadline=None)
def test_what_a_line_says_is_all_or_at_least(seed: int) -> None:
    """Drawn worlds: a line of any way says all that there was of it, or that it says a part."""
    records, rows = _world(seed)
    for way in WAYS.values():
        for label, total in _lines_of(way, rows):
            there = [n for some in records.values() for one, n in some.items() if _is_of(one, way, label)]
            for measure in ("taken", "answered"):
                if measure not in total["hidden"]:
                    told, true = total["sums"][measure], sum(n[measure] for n in there)
                    assert told == true, (way.column, label, measure, told, true)


@pytest.mark.long
@given(st.integers(0, 10**9))
@settings(max_examples=40, deadline=None)
def test_what_the_page_of_a_field_says_is_all_or_at_least(seed: int) -> None:
    """The same of a question for one field, by the file that everybody recomputes with; `complete` too."""
    records, rows = _world(seed)
    words: dict[str, Any] = {"snapshot": "", "as_of": "", "frozen": ["2026-09", "2026-10"], "running": []}
    words |= {"measures": {"c": measures_of("c")}, "figures": [DEFINITIONS["answered"].as_told]}
    for field in ("roads", "waste", "health"):
        asked = dict.fromkeys(("agency", "province", "from", "to")) | {"field": field}
        found = recompute.report(rows, words, asked, recompute.elsewhere(rows, asked))
        true = sum(
            n["answered"] for some in records.values() for one, n in some.items() if one.field == field
        )
        said = found["figures"][0]
        if "partial" not in said and found["months"] == words["frozen"]:
            assert (said["value"], found["complete"]) == (true, True)
        else:
            assert (said["value"] or 0) <= true
            assert not found["complete"]


def _world(seed: int) -> tuple[dict[dt.date, dict[Record, Counter[str]]], list[dict[str, Any]]]:
    """What happened in two months, and the rows that are published of it."""
    dice = Random(seed)
    records = {month: _drawn(dice, month) for month in AUTUMN}
    homes = {"a": "48", "b": "48", "c": "01"}
    told = (row for month, some in records.items() for row in coarse(some, month, Delicate(), homes))
    return records, [cubefile.as_told(row) for row in told]


def _drawn(dice: Random, month: dt.date) -> dict[Record, Counter[str]]:
    found: dict[Record, Counter[str]] = {}
    for _line in range(dice.randrange(2, 12)):
        province, agency = dice.choice([("48", "a"), ("48", "b"), ("01", "c")])
        field, kind = dice.choice(["roads", "waste", "health"]), dice.choice(["report", "proposal"])
        channel, party = dice.choice(["web", "post"]), dice.choice(["person", "organisation"])
        one = Record(province, agency, field, f"{field}.s", kind, channel, party, month)
        many = dice.choice([1, 2, 3, 7, 20])
        found[one] = Counter(submitted=many, taken=many, answered=dice.randrange(many + 1))
    return found


def _lines_of(way: Way, rows: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    told = [row for row in rows if row["table"] == way.table]
    for label, total in trend.sums_of(way, told, ["2026-09", "2026-10"]).items():
        if label != REST:
            yield label, total


def _is_of(one: Record, way: Way, label: str) -> bool:
    return bool(getattr(one, way.column) == label)


@pytest.mark.long
def test_a_month_of_which_nothing_is_told_breaks_the_line_and_a_page_without_lines_has_no_table(
    autumn: None, client: Client
) -> None:
    for day in range(1, 7):
        answered(f"2026-07-0{day} 09:00", f"2026-07-0{day} 16:00")
    counted()
    with time_machine.travel(AS_OF, tick=False):
        lines = trend.by_month(report(Filters(agency=make.HAI_CHAU)))
        page = text_of(client.get(f"/thong-ke/?agency={make.HAI_CHAU}"))
    assert [line.label for line in lines] == ["2026-07", "2026-09"]
    _heading, chart = showing.charts(lines)[0]
    assert [mark.said for mark in chart.labels] == ["7/2026", "8/2026", "9/2026"]
    assert [curve.path.count("M") for curve in chart.curves] == [2, 2]
    assert "Theo lĩnh vực" not in page


@pytest.mark.long
def test_of_many_months_the_last_are_drawn_and_the_page_says_so(
    autumn: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trend, "MOST_MONTHS", 2)
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(client.get("/thong-ke/"))
        earlier = text_of(client.get("/thong-ke/?to=2026-10-31"))
    assert "2 tháng gần nhất của kỳ" in page
    table = page.partition('aria-label="Từng tháng"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]*)</th>', table) == ["11/2026 (chưa hết tháng)", "10/2026"]
    assert "tháng gần nhất của kỳ" not in earlier
