"""The figures over a small world, written out; and every past day counted again."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from feedback.models import Petition
from feedback.public import is_late, published
from feedback.steps import take
from publication.statistics import figures, report
from publication.tally import Filters, Tally, tally
from tests import make
from tests.publication.world import AS_OF, answered, at, build, petition, recorded
from tests.walked import once

pytestmark = pytest.mark.django_db

ALL = Filters()
Told = tuple[float | None, int | None, int | None]


def told(filters: Filters = ALL, as_of: dt.datetime = AS_OF) -> dict[str, Told]:
    counted = report(filters, as_of=as_of).figures
    return {key: (row.value, row.numerator, row.denominator) for key, row in counted.items()}


@pytest.fixture
def world() -> dict[str, Petition]:
    return once("a small world", build)


def test_every_figure_of_a_small_world(world: dict[str, Petition]) -> None:
    assert told() == {
        "received": (7, 7, None),
        "spam": (1, 1, 8),
        "eligible": (6, 6, 7),
        "answered": (3, 3, 6),
        "on_time": (0.6667, 2, 3),
        "on_time_original": (0.6667, 2, 3),
        "overdue_open": (1, 1, 3),
        "overdue_closed": (1, 1, 3),
        "refused": (1, 1, 7),
        "redirected": (0, 0, 7),
        "returned": (0, 0, 7),
        "transferred": (0, 0, 7),
        "extended": (0, 0, 7),
        "reopened": (0, 0, 3),
        "contested": (0, 0, 7),
        "appealed": (0, 0, 7),
        "rated": (2, 2, 3),
        "satisfied": (0.5, 1, 2),
        "acceptable": (0, 0, 2),
        "unrated": (1, 1, 3),
        "response_rate": (0.6667, 2, 3),
        "confirmed": (None, 0, 0),
        "median_wd": (2, None, 3),
        "p90_wd": (14, None, 3),
    }


def test_a_past_evening_is_counted_as_it_was(world: dict[str, Petition]) -> None:
    then = told(as_of=at("2026-11-02 23:59"))
    assert then["received"] == (5, 5, None)
    assert then["answered"] == (1, 1, 5)
    assert then["refused"] == (0, 0, 5)
    assert then["overdue_open"] == (0, 0, 4)
    assert told(as_of=at("2026-11-19 12:00"))["overdue_open"] == (2, 2, 2)


def test_the_period_takes_both_its_days_by_the_vietnamese_clock(world: dict[str, Petition]) -> None:
    monday, filed = dt.date(2026, 11, 23), at("2026-11-24 00:05")
    petition("submitted", "2026-11-24 00:05")
    assert filed.astimezone(dt.UTC).date() == monday
    assert told(Filters(since=monday, until=monday))["received"] == (1, 1, None)
    assert told(Filters(since=monday, until=dt.date(2026, 11, 25)))["received"] == (3, 3, None)
    assert told(Filters(until=dt.date(2026, 11, 22)))["received"] == (5, 5, None)


def test_agency_field_and_province_narrow_the_count(world: dict[str, Petition]) -> None:
    answered("2026-11-05 09:00", "2026-11-05 10:00", lead=make.CONSTRUCTION)
    assert told(Filters(agency=make.CONSTRUCTION))["answered"] == (1, 1, 1)
    assert told(Filters(agency=make.HAI_CHAU))["answered"] == (3, 3, 5)
    assert told(Filters(field="urban-infrastructure"))["received"] == (6, 6, None)
    assert told(Filters(field="education"))["received"] == (0, 0, None)
    assert told(Filters(province="01"))["received"] == (0, 0, None)


def test_what_nobody_located_counts_where_its_focal_point_waits(world: dict[str, Petition]) -> None:
    assert world["waiting"].steps.get().province == ""
    assert told(Filters(province="48"))["received"] == (7, 7, None)


def test_an_extension_is_on_time_by_the_new_date_and_late_by_the_first() -> None:
    slow = petition("pending_approval", "2026-11-02 09:00")
    recorded(slow, "grant_extension", "2026-11-06 09:00", due_at=at("2026-11-16 17:00"))
    recorded(slow, "approve", "2026-11-12 09:00", after="answered")
    figures = told()
    assert figures["extended"] == (1, 1, 1)
    assert figures["on_time"] == (1.0, 1, 1)
    assert figures["on_time_original"] == (0.0, 0, 1)


def test_the_first_answer_counts_and_the_last_rating() -> None:
    twice = answered("2026-11-02 09:00", "2026-11-03 09:00", score="dissatisfied")
    recorded(twice, "reopen", "2026-11-04 09:00", after="reopened", due_at=at("2026-11-11 17:00"))
    recorded(twice, "approve", "2026-11-20 09:00", after="answered")
    recorded(twice, "rate", "2026-11-21 09:00", facts={"score": "satisfied"})
    figures = told()
    assert figures["reopened"] == (1, 1, 1)
    assert figures["answered"] == (1, 1, 1)
    assert figures["on_time"] == (1.0, 1, 1)
    assert figures["satisfied"] == (1.0, 1, 1)


def test_a_petition_returned_twice_counts_once() -> None:
    sent_on = petition("assigned", "2026-11-02 09:00")
    for hour in ("10:00", "11:00"):
        recorded(sent_on, "return_", f"2026-11-02 {hour}", after="returned")
    assert told()["returned"] == (1, 1, 1)


def test_a_proposal_of_the_machine_is_confirmed_by_a_person_alone() -> None:
    for accepted in (True, False):
        proposed = petition("received", "2026-11-02 09:00")
        recorded(
            proposed,
            "assign",
            "2026-11-02 09:01",
            after="assigned",
            role="system",
            facts={"provisional": True},
            lead_agency=make.HAI_CHAU,
        )
        if accepted:
            recorded(proposed, "accept", "2026-11-02 10:00", after="in_progress", role="lead_handler")
    assert told()["confirmed"] == (0.5, 1, 2)


def test_an_empty_house_divides_by_nothing() -> None:
    nothing = told()
    assert nothing["received"] == (0, 0, None)
    assert nothing["on_time"] == (None, 0, 0)
    assert nothing["median_wd"] == (None, None, 0)


def test_a_year_without_a_calendar_gives_no_median_and_no_crash() -> None:
    fast = petition("pending_approval", "2026-11-02 09:00")
    recorded(fast, "approve", "2029-01-03 09:00", after="answered")
    counted = told(as_of=at("2029-02-01 09:00"))
    assert counted["answered"] == (1, 1, 1)
    assert counted["median_wd"] == (None, None, 1)


def test_small_numbers_of_a_delicate_field_at_one_agency_are_not_shown() -> None:
    assert Filters(agency=make.HAI_CHAU, field="integrity-petitions").sensitive
    assert not Filters(agency=make.HAI_CHAU, field="urban-infrastructure").sensitive
    assert not Filters(field="integrity-petitions").sensitive
    few = figures(Tally(received=9, open=9, overdue=4), hide_small=True)
    assert (few["received"].value, few["received"].hidden) == (9, False)
    assert (few["overdue_open"].value, few["overdue_open"].denominator) == (None, None)
    assert few["overdue_open"].hidden
    assert few["refused"].value == 0


def test_counting_asks_the_database_a_fixed_number_of_times(
    world: dict[str, Petition], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        tally(Filters(province="48", since=dt.date(2026, 11, 1)), as_of=AS_OF)


def test_two_reports_of_the_same_steps_name_the_same_snapshot(world: dict[str, Petition]) -> None:
    first, again = report(ALL, as_of=AS_OF), report(ALL, as_of=AS_OF)
    assert first.snapshot == again.snapshot
    take(world["under way"], "draft_reply", by=make.handler(), now=AS_OF, **make.ANSWER)
    assert report(ALL, as_of=AS_OF).snapshot != first.snapshot


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
    assert is_late(published().get(), timezone.localdate(later)) == bool(overdue)
    assert tally(ALL, as_of=later).overdue == overdue
    assert Petition.objects.overdue(later).count() == overdue
