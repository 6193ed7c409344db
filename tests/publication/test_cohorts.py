"""How the petitions sent in one month fared: told once, a hundred days later, of the whole country."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from feedback.cube.closing import close_days
from feedback.steps import take
from publication import cohorts, freezing, recompute
from publication.models import FrozenCohort
from tests import make
from tests.publication.test_pages import text_of
from tests.publication.world import answered, at, counted, petition

pytestmark = pytest.mark.django_db

JULY, AFTER = dt.date(2026, 7, 1), at("2026-11-12 09:00")


@pytest.fixture
def summer() -> None:
    """Sent in July: two answered (one late, in August), one refused, one open, one withdrawn, one spam;
    one is answered on 10 November, when nobody looks any more. One of August."""
    answered("2026-07-01 09:00", "2026-07-03 09:00")
    answered("2026-07-02 09:00", "2026-08-20 09:00")
    answered("2026-07-03 09:00", "2026-11-10 08:00")
    petition("rejected", "2026-07-06 09:00")
    petition("in_progress", "2026-07-31 16:00")
    gone = petition("in_progress", "2026-07-07 09:00")
    take(gone, "withdraw", by=make.holder(gone), now=at("2026-07-08 09:00"))
    rubbish = petition("received", "2026-07-09 09:00")
    take(
        rubbish, "reclassify", by=make.focal_point(), kind="spam", why="Quảng cáo", now=at("2026-07-09 10:00")
    )
    petition("in_progress", "2026-08-03 09:00")
    with time_machine.travel(AFTER, tick=False):
        counted()


def told() -> dict[str, object]:
    return next(row for row in recompute.fared(cohorts.rows()) if row["month"] == "2026-07")


@pytest.mark.long
def test_those_of_july_are_looked_at_once_a_hundred_days_after_it(summer: None) -> None:
    found = told()
    assert found["seen_on"] == "2026-11-08"
    numbers = {name: found[name] for name in recompute.COHORT}
    assert numbers == {
        "received": 6,
        "answered": 2,
        "timed": 2,
        "on_time": 1,
        "on_time_original": 1,
        "refused": 1,
        "redirected": 0,
        "open": 2,
        "other": 1,
    }
    assert (found["share_answered"], found["share_on_time"]) == (0.3333, 0.5)


def test_no_month_is_looked_at_on_the_last_day_of_another() -> None:
    """Of such a day another row tells what stood open by kind."""
    months = (dt.date(year, month, 1) for year in range(2025, 2033) for month in range(1, 13))
    assert {cohorts.seen_on(month).day for month in months} == {8, 9, 10, 11}


@pytest.mark.long
def test_every_petition_is_in_exactly_one_number(summer: None) -> None:
    for row in cohorts.rows():
        ends = ("answered", "refused", "redirected", "open", "other")
        assert row["received"] == sum(int(str(row[name])) for name in ends)


@pytest.mark.long
def test_a_month_is_told_when_a_hundred_days_have_passed_and_never_again(summer: None) -> None:
    assert not FrozenCohort.objects.filter(month__gt=JULY).exists()
    before = cohorts.rows()
    answered("2026-07-10 09:00", "2026-07-11 09:00")  # said afterwards
    with time_machine.travel(AFTER, tick=False):
        counted()
        assert cohorts.freeze() == []
    assert cohorts.rows() == before
    with time_machine.travel(at("2026-12-12 09:00"), tick=False):
        close_days()
        freezing.freeze()
    assert FrozenCohort.objects.get(month=dt.date(2026, 8, 1)).numbers["open"] == 1


@pytest.mark.long
def test_the_page_says_them_and_a_stranger_gets_the_same(
    summer: None, client: Client, tmp_path: Path
) -> None:
    with time_machine.travel(AFTER, tick=False):
        page = text_of(client.get("/thong-ke/"))
        narrow = text_of(client.get("/thong-ke/?province=48"))
        later = text_of(client.get("/thong-ke/?from=2026-08-01"))
        files = {name: read(client, name) for name in ("received.csv", "received.json", "recompute.py")}
        sums = read(client, "received.sha256").decode()
    assert "33,3%" in page.partition("về sau ra sao</h2>")[2]
    assert "về sau ra sao" not in narrow + later
    assert "received.csv" in sums
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    again = subprocess.run(
        [sys.executable, str(tmp_path / "recompute.py"), str(tmp_path), "--received"],
        stdout=subprocess.PIPE,
        check=True,
    )
    assert again.stdout == files["received.json"]
    assert json.loads(again.stdout)[0]["month"] == "2026-07"


def read(client: Client, name: str) -> bytes:
    return b"".join(client.get(f"/du-lieu-mo/{name}").streaming_content)  # type: ignore[attr-defined]
