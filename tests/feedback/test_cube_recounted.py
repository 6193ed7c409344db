"""The cube of a living province beside questions in plain SQL that know none of its code."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from accounts.models import Role
from feedback.cube import reading
from feedback.demonstration.house import Wish
from feedback.models import DayCount
from routing.calendar import LOCAL
from tests import make
from tests.demonstrated import demonstrated

pytestmark = [pytest.mark.long, pytest.mark.django_db]

WISH = Wish(petitions=160, seed=7, until=dt.date(2026, 11, 26))
AGENCIES = 20
DAYS = 3

# Each as the words of its definition say it. `f`: how facts are asked, `{day}`: the local day of a step.
FIRST = """NOT EXISTS (SELECT 1 FROM feedback_step e WHERE e.petition_id = s.petition_id AND e.seq < s.seq
           AND e.action = s.action)"""
LAW = "s.kind IN ('complaint', 'denunciation')"
BEFORE = "JOIN feedback_step b ON b.petition_id = s.petition_id AND b.seq = s.seq - 1"
AFTER, GIVER = "s.lead_agency", "b.lead_agency"
QUESTIONS = {
    "received": (AFTER, f"s.action = 'receive' AND {FIRST}"),
    "answered": (AFTER, f"s.action = 'approve' AND {FIRST}"),
    "on_time": (
        AFTER,
        f"s.action = 'approve' AND {FIRST} AND (s.at <= s.due_at OR ({LAW} AND {{due}} >= {{day}}))",
    ),
    "late": (
        AFTER,
        f"s.action = 'approve' AND {FIRST} AND s.at > s.due_at AND NOT ({LAW} AND {{due}} >= {{day}})",
    ),
    "returned": (GIVER, "s.action = 'return_'"),
    "passed_on": (GIVER, "s.action IN ('transfer', 'lift')"),
    "extended": (AFTER, "s.action = 'grant_extension'"),
    "reopened": (AFTER, "s.action = 'reopen'"),
    "refused": (AFTER, "s.action = 'confirm_refusal'"),
    "rated": (AFTER, "s.action = 'rate'"),
    "unrated": (
        AFTER,
        "s.action = 'close' AND s.before = 'answered' AND NOT EXISTS (SELECT 1 FROM feedback_step r"
        " WHERE r.petition_id = s.petition_id AND r.seq < s.seq AND r.action = 'rate')",
    ),
    "closed": (AFTER, "s.action = 'close'"),
}
OPEN = {
    *("submitted", "needs_info", "received", "assigned", "returned", "in_progress", "suspended"),
    *("pending_approval", "reopened"),
}


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with demonstrated(django_db_blocker, WISH):
        yield


def local_day(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"(({column}) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text"
    return f"date({column}, '+7 hours')"


def asked(sql: str, *told: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return list(cursor.fetchall())


def happened(figure: str, day: dt.date) -> Counter[str]:
    """Agency -> how often, on that local day."""
    agency, where = QUESTIONS[figure]
    where = where.format(day=local_day("s.at"), due=local_day("s.due_at"))
    rows = asked(
        f"SELECT {agency}, count(*) FROM feedback_step s {BEFORE} WHERE {where} AND s.kind <> 'spam'"
        f" AND {local_day('s.at')} = %s GROUP BY 1",
        day.isoformat(),
    )
    return Counter({str(name): int(str(n)) for name, n in rows})


def stood(day: dt.date) -> tuple[Counter[str], Counter[str]]:
    """Agency -> how many were open when that day was over, and how many of these overdue."""
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), LOCAL)
    rows = asked(
        "SELECT s.lead_agency, s.after, s.due_at, s.kind, (SELECT max(p.at) FROM feedback_step p"
        "  WHERE p.petition_id = s.petition_id AND p.seq <= s.seq AND p.after IN ('needs_info', 'suspended')"
        "  AND p.before NOT IN ('needs_info', 'suspended'))"
        " FROM feedback_step s WHERE s.at < %s AND s.kind <> 'spam' AND s.seq ="
        " (SELECT max(n.seq) FROM feedback_step n WHERE n.petition_id = s.petition_id AND n.at < %s)",
        end,
        end,
    )
    open_, late = Counter[str](), Counter[str]()
    for agency, state, due, kind, stopped in rows:
        if state not in OPEN:
            continue
        open_[str(agency)] += 1
        last = moment(due)
        if last is None:
            continue
        until = moment(stopped) if state in ("needs_info", "suspended") else end
        assert until is not None
        if kind in ("complaint", "denunciation"):
            last = dt.datetime.combine(last.astimezone(LOCAL).date(), dt.time.max, LOCAL)
            if until is not end:
                until = dt.datetime.combine(until.astimezone(LOCAL).date(), dt.time(), LOCAL)
        late[str(agency)] += last < until
    return +open_, +late


def moment(told: object) -> dt.datetime | None:
    """SQLite gives moments in UTC without saying so, and of a subquery as text."""
    if told is None:
        return None
    at = dt.datetime.fromisoformat(told) if isinstance(told, str) else told
    assert isinstance(at, dt.datetime)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def busiest(figures: list[str]) -> tuple[list[str], list[dt.date]]:
    """The agencies and the days of which the cube holds most."""
    rows = DayCount.objects.filter(figure__in=figures)
    agencies = Counter(rows.order_by("agency").values_list("agency", flat=True)).most_common(AGENCIES)
    days = Counter(rows.order_by("day").values_list("day", flat=True)).most_common(DAYS)
    return [name for name, _n in agencies], [day for day, _n in days]


def test_the_figures_of_twenty_agencies_on_three_past_days_are_those_of_the_steps(province: None) -> None:
    scope = reading.Scope(make.user(Role.SUPERVISOR))
    agencies, days = busiest(list(QUESTIONS))
    assert (len(agencies), len(days)) == (AGENCIES, DAYS)
    seen = 0
    for day in days:
        counted = reading.flows(scope, reading.Period(day, day), by="agency")
        for figure in QUESTIONS:
            recounted = happened(figure, day)
            for agency in agencies:
                assert counted.get(agency, Counter())[figure] == recounted[agency], (day, figure, agency)
                seen += recounted[agency]
    assert seen > 10


def test_over_the_whole_year_too(province: None) -> None:
    scope = reading.Scope(make.user(Role.SUPERVISOR))
    year = reading.Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    counted = reading.totals(reading.flows(scope, year, by="subfield"))
    where = {
        figure: asked(
            f"SELECT count(*) FROM feedback_step s {BEFORE} WHERE s.kind <> 'spam' AND "
            + text.format(day=local_day("s.at"), due=local_day("s.due_at"))
        )
        for figure, (_agency, text) in QUESTIONS.items()
    }
    assert {figure: counted[figure] for figure in QUESTIONS} == {name: n for name, ((n,),) in where.items()}


def test_what_stood_open_and_overdue_at_the_end_of_three_days_too(province: None) -> None:
    _agencies, days = busiest(["open"])
    for day in days:
        open_, late = stood(day)
        for figure, recounted in (("open", open_), ("overdue", late)):
            rows = DayCount.objects.filter(figure=figure, day=day).exclude(kind="spam")
            counted: Counter[str] = Counter()
            for agency, n in rows.values_list("agency", "n"):
                counted[agency] += n
            assert counted == recounted, (day, figure)
        assert late
