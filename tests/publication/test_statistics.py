"""The figures over a small world, written out; and what a stranger works out of the open data."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoDbBlocker

from feedback import followups
from feedback.cube.counting import rebuild
from feedback.demonstration.house import Wish
from feedback.models import DayCount, FollowUp, Petition
from feedback.public import published
from feedback.public.showing import is_late
from feedback.steps import take
from publication import freezing, recompute
from publication.models import MEASURES, FrozenMonth, FrozenRow
from publication.opendata import NUMBERS
from publication.statistics import DEFINITIONS, Filters, report
from tests import make
from tests.demonstrated import demonstrated
from tests.publication.world import AS_OF, answered, at, build, counted, petition, recorded
from tests.walked import once

pytestmark = pytest.mark.django_db

ALL = Filters()
Told = tuple[float | None, int | None, int | None]
DECEMBER = at("2026-12-03 12:00")


def told(filters: Filters = ALL, as_of: dt.datetime = AS_OF) -> dict[str, Told]:
    counted(as_of)
    with time_machine.travel(as_of, tick=False):
        figures = report(filters).figures
    return {key: (row.value, row.numerator, row.denominator) for key, row in figures.items()}


@pytest.fixture
def world() -> dict[str, Petition]:
    return once("a small world", build)


@pytest.mark.long
def test_every_figure_of_a_small_world(world: dict[str, Petition]) -> None:
    assert told() == {
        "received": (7, 7, None),
        "spam": (1, 1, 8),
        "eligible": (6, 6, 7),
        "answered": (3, 3, None),
        "on_time": (0.6667, 2, 3),
        "on_time_original": (0.6667, 2, 3),
        "overdue_open": (1, 1, 2),
        "overdue_closed": (1, 1, 3),
        "refused": (1, 1, 7),
        "redirected": (0, 0, 7),
        "returned": (0, 0, 7),
        "transferred": (0, 0, 7),
        "extended": (0, 0, 7),
        "reopened": (0, 0, 3),
        "contested": (0, 0, 7),
        "appealed": (0, 0, 7),
        "rated": (2, 2, 2),
        "satisfied": (0.5, 1, 2),
        "acceptable": (0, 0, 2),
        "unrated": (0, 0, 2),
        "response_rate": (1.0, 2, 2),
        "confirmed": (None, 0, 0),
        "median_wd": (2, None, 3),
        "p90_wd": (14, None, 3),
    }


@pytest.mark.long
def test_what_was_sent_today_is_counted_today() -> None:
    with time_machine.travel(AS_OF, tick=False):
        make.petition("answered", anew=True)
        followups.catch_up(limit=2000)
        figures = report(ALL).figures
        assert (figures["received"].value, figures["answered"].value) == (1, 1)


@pytest.mark.long
def test_a_month_that_is_over_never_changes_and_the_next_goes_on(world: dict[str, Petition]) -> None:
    november = Filters(since=dt.date(2026, 11, 9), until=dt.date(2026, 11, 9))
    before = told(november, DECEMBER)
    frozen = list(FrozenRow.objects.values())
    with time_machine.travel(DECEMBER, tick=False):
        take(world["overdue"], "draft_reply", by=make.handler(), **make.ANSWER)
        take(world["overdue"], "approve", by=make.approver())
        followups.catch_up(limit=2000)
        assert freezing.freeze() == []
        again = report(november).figures
        both = report(ALL).figures
    assert list(FrozenRow.objects.values()) == frozen
    assert {key: (row.value, row.numerator, row.denominator) for key, row in again.items()} == before
    assert (again["answered"].value, both["answered"].value) == (3, 4)


@pytest.mark.long
def test_made_anew_from_steps_what_is_frozen_is_the_same(world: dict[str, Petition]) -> None:
    counted(DECEMBER)
    digests = list(FrozenMonth.objects.values_list("month", "digest"))
    assert digests
    counted(DECEMBER)
    assert list(FrozenMonth.objects.values_list("month", "digest")) == digests


def test_a_month_is_frozen_once_whoever_tries_again(world: dict[str, Petition]) -> None:
    counted(DECEMBER)
    rows = FrozenRow.objects.count()
    assert not freezing._freeze(dt.date(2026, 11, 1))
    assert FrozenRow.objects.count() == rows


def test_days_mean_the_months_in_which_they_lie(world: dict[str, Petition]) -> None:
    asked = Filters(since=dt.date(2026, 11, 20), until=dt.date(2026, 11, 20))
    assert told(asked)["received"] == (7, 7, None)
    assert asked.as_told() | {"from": "2026-11-01", "to": "2026-11-30"} == asked.as_told()
    assert told(Filters(until=dt.date(2026, 10, 31)))["received"] == (0, 0, None)


@pytest.mark.long
def test_by_agency_field_and_province_only_what_is_over_and_not_under_five() -> None:
    for _n in range(6):
        answered("2026-10-05 09:00", "2026-10-06 10:00", score="satisfied")
    answered("2026-10-05 09:00", "2026-10-06 10:00", lead=make.CONSTRUCTION)
    answered("2026-11-05 09:00", "2026-11-06 10:00")
    # One beside it: neither is told apart.
    assert told(Filters(agency=make.HAI_CHAU))["answered"] == (None, None, None)
    for _n in range(5):
        answered("2026-10-07 09:00", "2026-10-08 10:00", lead=make.CONSTRUCTION)
    assert told(Filters(agency=make.HAI_CHAU))["answered"] == (6, 6, None)
    assert told(Filters(agency=make.CONSTRUCTION))["answered"] == (6, 6, None)
    assert told(Filters(agency=make.HAI_CHAU))["satisfied"] == (1.0, 6, 6)
    assert told(Filters(field="urban-infrastructure"))["answered"] == (12, 12, None)
    assert told(Filters(field="urban-infrastructure"))["on_time"] == (None, None, None)
    assert told(Filters(field="education"))["received"] == (None, None, None)
    assert told(Filters(province="48"))["received"] == (12, 12, None)
    assert told(Filters(province="01"))["received"] == (None, None, None)
    assert told()["answered"] == (13, 13, None)


@pytest.mark.long
def test_a_rate_of_fewer_than_five_is_not_told_of_a_place() -> None:
    for number in range(6):
        score = "satisfied" if number < 2 else ""
        answered("2026-10-05 09:00", "2026-10-06 10:00", score=score)
    counted()
    with time_machine.travel(AS_OF, tick=False):
        narrow, whole = report(Filters(agency=make.HAI_CHAU)).figures, report(ALL).figures
    assert (narrow["satisfied"].value, narrow["satisfied"].few) == (None, True)
    assert (narrow["rated"].value, narrow["on_time"].value) == (2, 1.0)
    assert (whole["satisfied"].value, whole["satisfied"].few) == (1.0, False)


def test_an_extension_is_on_time_by_the_new_date_and_late_by_the_first() -> None:
    slow = petition("pending_approval", "2026-11-02 09:00")
    recorded(slow, "grant_extension", "2026-11-06 09:00", due_at=at("2026-11-16 17:00"))
    recorded(slow, "approve", "2026-11-12 09:00", after="answered", due_at=at("2026-11-16 17:00"))
    figures = told()
    assert figures["extended"] == (1, 1, 1)
    assert figures["on_time"] == (1.0, 1, 1)
    assert figures["on_time_original"] == (0.0, 0, 1)


def test_the_first_answer_counts() -> None:
    twice = answered("2026-11-02 09:00", "2026-11-03 09:00", score="dissatisfied")
    recorded(twice, "reopen", "2026-11-04 09:00", after="reopened", due_at=at("2026-11-11 17:00"))
    recorded(twice, "approve", "2026-11-20 09:00", after="answered")
    figures = told()
    assert figures["reopened"] == (1, 1, 1)
    assert figures["answered"] == (1, 1, None)
    assert figures["on_time"] == (1.0, 1, 1)


def test_an_empty_house_divides_by_nothing() -> None:
    nothing = told()
    assert nothing["received"] == (0, 0, None)
    assert nothing["on_time"] == (None, 0, 0)
    assert nothing["median_wd"] == (None, None, 0)


@pytest.mark.long
def test_a_year_without_a_calendar_gives_no_median_and_no_crash() -> None:
    fast = petition("pending_approval", "2026-11-02 09:00")
    recorded(fast, "approve", "2029-01-03 09:00", after="answered")
    figures = told(as_of=at("2029-01-20 09:00"))
    assert figures["answered"] == (1, 1, None)
    assert figures["median_wd"] == (None, None, 1)


def test_every_measure_and_figure_is_explained() -> None:
    assert set(NUMBERS) == set(MEASURES)
    used = {
        term.lstrip("-")
        for one in DEFINITIONS.values()
        for terms in (*one.of.values(), *one.per.values())
        for term in terms or ()
    }
    assert used <= set(MEASURES)


def test_asking_takes_a_fixed_number_of_questions(
    world: dict[str, Petition], django_assert_max_num_queries: object
) -> None:
    counted()
    with time_machine.travel(AS_OF, tick=False), django_assert_max_num_queries(14):  # type: ignore[operator]
        report(Filters(agency=make.HAI_CHAU))


@pytest.mark.long
@pytest.mark.parametrize(("stops_after_days", "overdue"), [(0, 0), (60, 1)])
def test_a_clock_that_stands_still_makes_nothing_overdue_that_was_in_time(
    reference_data: None, stops_after_days: int, overdue: int
) -> None:
    begun = at("2026-06-01 08:00")
    stopped = begun + dt.timedelta(days=stops_after_days, hours=1)
    with time_machine.travel(begun, tick=False):
        petition = make.petition("in_progress", anew=True)
        take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong")
    take(petition, "suspend", by=make.approver(), now=stopped, reason="Chờ mùa khô")
    take(petition, "note", by=make.handler(), now=stopped + dt.timedelta(days=1), text="Đã nhắc nhà thầu")
    later = stopped + dt.timedelta(days=60)
    assert is_late(published().get(), later.date()) == bool(overdue)
    assert told(as_of=later)["overdue_open"][1] == overdue
    assert Petition.objects.overdue(later).count() == overdue


# --- a stranger ------------------------------------------------------------------------------------------


WISH = Wish(petitions=260, seed=7, until=dt.date(2026, 11, 26))
AGENCIES = 20
PERIODS = (
    "",
    "&from=2026-09-01&to=2026-09-30",
    "&from=2026-06-10&to=2026-08-02",
    "&from=2026-10-01",
    "&to=2026-05-31",
)


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A province of a year, counted and published."""
    with demonstrated(django_db_blocker, WISH), django_db_blocker.unblock():
        FollowUp.objects.filter(done_at=None).delete()
        freezing.freeze()
        yield


def downloaded(client: Client, folder: Path) -> Path:
    for name in ("cube.csv", "dictionary.json", "recompute.py"):
        response = client.get(f"/du-lieu-mo/{name}")
        (folder / name).write_bytes(response.getvalue())
    return folder


@pytest.mark.long
def test_a_stranger_gets_every_figure_to_the_last_byte(year: None, client: Client, tmp_path: Path) -> None:
    folder = downloaded(client, tmp_path)
    agencies = freezing.agencies("")[: AGENCIES - 5]
    leading = DayCount.objects.exclude(agency="").order_by("agency").values_list("agency", flat=True)
    agencies += [code for code in leading.distinct() if code not in agencies][: AGENCIES - len(agencies)]
    assert len(agencies) == AGENCIES
    seen = 0
    for period in PERIODS:
        for agency in ["", *agencies]:
            query = f"{period}&agency={agency}" if agency else period
            page = client.get(f"/thong-ke/?format=json{query}")
            assert page.status_code == 200
            asked = [f"--{part}" for part in query.split("&") if part]
            worked_out = subprocess.run(
                [sys.executable, "-I", "recompute.py", ".", *asked],
                cwd=folder,
                capture_output=True,
                check=True,
            )
            assert worked_out.stdout == page.content, query
            seen += bool(agency) and bool(json.loads(page.content)["figures"][0]["value"])
    assert seen  # some agency is told apart in some period


def test_where_the_files_are_not_the_program_says_so_in_a_line(tmp_path: Path) -> None:
    asked = [sys.executable, "-I", recompute.__file__, str(tmp_path / "nowhere")]
    for more in ([], ["--received"]):
        done = subprocess.run([*asked, *more], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "nowhere" in done.stderr


@pytest.mark.long
def test_a_code_that_stands_in_no_row_is_named_and_the_answer_is_the_pages(
    client: Client, tmp_path: Path
) -> None:
    asked = [sys.executable, "-I", str(downloaded(client, tmp_path) / "recompute.py"), str(tmp_path)]
    done = subprocess.run([*asked, "--agency", "nope"], capture_output=True, text=True, check=True)
    assert "cơ quan mang mã 'nope'" in done.stderr
    silent = "commune-people-committee:20242"
    page = client.get(f"/thong-ke/?format=json&agency={silent}").content.decode()
    told = subprocess.run([*asked, "--agency", silent], capture_output=True, text=True, check=True)
    assert (told.stdout, silent in told.stderr) == (page, True)
    helped = subprocess.run([*asked, "--help"], capture_output=True, text=True, check=True).stdout
    assert "chỉ của cơ quan mang mã này" in helped


@pytest.mark.long
def test_the_checksums_are_those_of_the_files(year: None, client: Client, tmp_path: Path) -> None:
    promised = ["catalogue.jsonld", "cube.csv", "dictionary.json", "petitions.csv", "petitions.jsonl"]
    for sums, names in {
        "SHA256SUMS": [*promised, "recompute.py"],
        "received.sha256": ["received.csv", "received.json"],
    }.items():
        place = tmp_path / sums.lower()
        place.mkdir()
        for name in (sums, *names):
            (place / name).write_bytes(client.get(f"/du-lieu-mo/{name}").getvalue())
        named = [line.split("  ")[1] for line in (place / sums).read_text().splitlines()]
        assert sorted(named) == names
        subprocess.run(["sha256sum", "-c", "--quiet", sums], cwd=place, check=True)


@pytest.mark.long
def test_all_cubes_made_anew_are_the_same(year: None) -> None:
    frozen = list(FrozenMonth.objects.values_list("month", "digest"))
    assert len(frozen) > 6
    rebuild(until=WISH.until - dt.timedelta(days=1))
    FrozenMonth.objects.all().delete()
    freezing.freeze()
    assert list(FrozenMonth.objects.values_list("month", "digest")) == frozen
