"""Days on which an official is away: each says his own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Absence
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.mark.long
def test_an_official_says_when_he_is_away_and_takes_it_back() -> None:
    person, today = make.handler(), timezone.localdate()
    desk = at(person)
    answer = desk.post("/vang-mat/", {"first_day": today, "last_day": today + DAY}, follow=True)
    assert f"đến hết {today + DAY:%d/%m/%Y}" in words(answer)
    absence = Absence.objects.get()
    assert (absence.user, absence.first_day, absence.last_day) == (person, today, today + DAY)
    other = at(make.handler())
    other.post("/vang-mat/", {"bo": absence.pk})
    other.post("/vang-mat/", {"bo": "x"})
    assert Absence.objects.exists()  # nobody takes back another's
    desk.post("/vang-mat/", {"bo": absence.pk})
    assert not Absence.objects.exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(1, 0, "Ngày cuối phải bằng hoặc sau ngày đầu."), (-3, -2, "Ngày này đã qua."), (None, 1, "")],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(first: int | None, last: int, said: str) -> None:
    today = timezone.localdate()
    days = {"last_day": today + last * DAY} | ({} if first is None else {"first_day": today + first * DAY})
    answer = at(make.handler()).post("/vang-mat/", days)
    assert answer.status_code == 400
    assert said in words(answer)
    assert not Absence.objects.exists()


def test_the_desk_leads_there() -> None:
    assert 'href="/vang-mat/"' in words(at(make.handler()).get("/xu-ly/"))


def test_a_day_is_read_as_people_here_write_it() -> None:
    person = make.handler()
    year = timezone.localdate().year + 1
    at(person).post("/vang-mat/", {"first_day": f"05/02/{year}", "last_day": f"{year}-02-06"})
    absence = Absence.objects.get(user=person)
    assert (absence.first_day, absence.last_day) == (dt.date(year, 2, 5), dt.date(year, 2, 6))


@pytest.mark.parametrize("what", ["9" * 5000, "-1", "", "²"])
def test_an_odd_number_takes_nothing_back(what: str) -> None:
    assert at(make.handler()).post("/vang-mat/", {"bo": what}).status_code == 302
