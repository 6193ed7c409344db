"""A house filled by copies: as sound as one that was lived in, spread over places, people and years."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.models import User
from bench import data
from feedback import anchors, guards
from feedback.cube.chains import Cell
from feedback.cube.counting import rebuild
from feedback.followups import waiting
from feedback.models import DayCount, Petition, Step
from feedback.steps import NotNow, take
from feedback.verification import verify
from routing.loading import reference_data_ready
from tests.conftest import put_back

SIZE, LIVES, UNTIL = 1000, 40, dt.date(2026, 11, 26)

pytestmark = [pytest.mark.long, pytest.mark.django_db]


@contextmanager
def numbers_go_on() -> Iterator[None]:
    """Rows after this are numbered as if it had not been: PostgreSQL takes no counting back by itself."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
        stood = cursor.fetchall()
        yield
        for sequence, last in stood:
            cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, last])


@pytest.fixture(scope="module", autouse=True)
def filled(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Filled once for this file; undone after it."""
    place: Path = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), override_settings(VAR=place):
        if reference_data_ready() != "ok":  # a test before us emptied the tables
            put_back()
        anchors.forget()
        with numbers_go_on(), transaction.atomic():
            yield data.fill(SIZE, until=UNTIL, lives=LIVES)
            transaction.set_rollback(True)
        anchors.forget()


def test_it_holds_as_many_as_asked_and_everything_verifies(filled: dict[str, Any]) -> None:
    report = verify(now=dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    assert report.bad == []
    assert report.petitions == SIZE
    assert report.steps == filled["rows"]["step"] > 5 * SIZE
    assert report.anchors > 4 * 365


def test_a_copy_altered_behind_its_steps_is_found() -> None:
    with transaction.atomic():
        guards.drop()
        step = Step.objects.filter(action="approve").order_by("pk")[3]
        Step.objects.filter(pk=step.pk).update(role="supervisor")
        bad = verify().bad
        transaction.set_rollback(True)
    assert (step.petition.code, step.seq) in {(fault.code, fault.seq) for fault in bad}


def test_the_cube_is_what_it_would_be_made_anew() -> None:
    """Save what was expected in the days before the last, which only a house that lived them knows."""

    def cells() -> dict[tuple[Any, ...], int]:
        rows = DayCount.objects.values_list(*Cell._fields).annotate(total=Sum("n"))
        return {row[:-1]: row[-1] for row in rows}

    kept = cells()
    with transaction.atomic():
        rebuild()
        anew = cells()
        transaction.set_rollback(True)
    assert kept == anew
    assert len(kept) > 5 * SIZE


def test_every_reference_leads_somewhere_and_every_guard_stands() -> None:
    connection.check_constraints([model._meta.db_table for model in (Petition, Step)])
    for column in ("lead", "commune", "territory", "drafted_by", "main", "origin"):
        model: Any = Petition._meta.get_field(column).related_model
        there = model.objects.values("pk")
        astray = Petition.objects.exclude(**{column: None}).exclude(**{f"{column}__in": there})
        assert not astray.exists(), column
    assert guards.missing() == []
    assert not waiting().exists()


def test_indexes_are_there_again() -> None:
    with connection.cursor() as cursor:
        kept = connection.introspection.get_constraints(cursor, Petition._meta.db_table)
    named = {index.name for index in Petition._meta.indexes}
    assert named <= kept.keys()


def test_they_lie_in_two_provinces_over_five_years_and_few_are_open() -> None:
    provinces = Counter(Petition.objects.values_list("territory", flat=True))
    assert {"48", "01"} <= provinces.keys()
    assert min(provinces["48"], provinces["01"]) > SIZE / 5
    years = {at.year for at in Petition.objects.values_list("submitted_at", flat=True)}
    assert years == {2021, 2022, 2023, 2024, 2025, 2026}
    assert 8 <= Petition.objects.open().count() <= 20
    assert Petition.objects.overdue(dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)).exists()


def test_each_has_a_code_of_its_own_that_is_one_and_a_desk_that_is_in_its_province() -> None:
    codes = set(Petition.objects.values_list("code", flat=True))
    assert len(codes) == SIZE
    leads = Petition.objects.filter(territory="01").values_list("lead", flat=True)
    assert not [lead for lead in leads if lead.endswith(":48")]


def test_life_goes_on_in_it() -> None:
    """The next number of every table is free, and its people may act."""
    petition = Petition.objects.filter(state="in_progress").first()
    assert petition is not None
    handler = User.objects.filter(post__agency=petition.lead, post__role="handler").first()
    assert handler is not None
    with transaction.atomic():
        step = take(petition, "note", by=handler, text="Đã hẹn người dân.")
        transaction.set_rollback(True)
    assert step.seq > 1
    with pytest.raises(NotNow):
        take(petition, "accept", by=handler)


def test_a_house_that_holds_petitions_is_refused() -> None:
    with pytest.raises(data.NotHereError):
        data.fill(10, until=UNTIL, lives=LIVES)
