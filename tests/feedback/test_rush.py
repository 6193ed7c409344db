"""In a rush reading waits for whoever sends, never for long."""

import datetime as dt

import pytest
from django.utils import timezone

from feedback import followups, rush
from tests import make

pytestmark = pytest.mark.django_db

FEW_A_SECOND = 2.0  # half as many again are three


def file(count: int, *, ago: float) -> None:
    at = timezone.now() - dt.timedelta(seconds=ago)
    for number in range(count):
        make.petition(now=at, text=f"Cống hở trước số {number}, {ago} giây trước")


def test_four_in_a_second_are_more_than_two_readings_a_second_can_follow() -> None:
    file(4, ago=0)
    assert rush.is_on(FEW_A_SECOND)
    assert not rush.is_on(FEW_A_SECOND * 2)


def test_what_came_earlier_is_no_rush_however_much_of_it_waits() -> None:
    file(6, ago=2)
    file(3, ago=0)
    assert not rush.is_on(FEW_A_SECOND)


def test_what_is_read_no_longer_counts() -> None:
    file(4, ago=0)
    followups.catch_up(limit=2)
    assert not rush.is_on(FEW_A_SECOND)


def test_nobody_waits_longer_than_the_patience() -> None:
    file(1, ago=rush.PATIENCE.total_seconds() + 1)
    file(4, ago=0)
    assert not rush.is_on(FEW_A_SECOND)
