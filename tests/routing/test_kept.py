"""Reference rows kept in memory: seen anew after any change, asked for once within one piece of work."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from routing.kept import Kept, one_version, row
from routing.models import Province
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

names = Kept(lambda: dict(Province.objects.values_list("code", "name")))


def rename(name: str) -> None:
    province = Province.objects.get(code="48")
    province.name = name
    province.save()


def test_a_change_is_seen_at_the_next_look() -> None:
    assert names()["48"] != "Tên khác"
    rename("Tên khác")
    assert names()["48"] == "Tên khác"


def test_one_piece_of_work_sees_one_version_and_asks_for_it_once() -> None:
    names()
    with CaptureQueriesContext(connection) as asked, one_version():
        before = names()
        names()
    assert len(asked) == 1
    with one_version():
        names()
        rename("Tên khác")
        assert names() == before
    assert names()["48"] == "Tên khác"


@pytest.mark.long
def test_a_page_asks_once_however_many_deadlines_it_shows() -> None:
    desk = at(make.handler())
    for _ in range(4):
        make.petition("in_progress")
    with CaptureQueriesContext(connection) as asked:
        desk.get("/xu-ly/")
    assert sum("routing_referencestate" in query["sql"] for query in asked) == 1


def test_a_row_is_read_once_and_anew_after_a_change() -> None:
    with one_version():
        first = row(Province, "48")
    with CaptureQueriesContext(connection) as asked, one_version():
        assert row(Province, "48") is row(Province, "48") is first
    assert ["routing_referencestate" in query["sql"] for query in asked] == [True]
    rename("Tên khác")
    with one_version():
        assert row(Province, "48") == Province.objects.get(name="Tên khác")


def test_of_a_row_that_there_is_not_nothing_is_kept() -> None:
    with one_version():
        assert row(Province, "00") is None
        new = Province.objects.get(code="48")
        new.pk = "00"
        new.save(force_insert=True)
        assert row(Province, "00") == new


def test_outside_a_piece_of_work_a_row_is_ones_own() -> None:
    assert row(Province, "48") is not row(Province, "48")


def test_many_changed_or_deleted_at_once_are_seen_at_the_next_look() -> None:
    names()
    Province.objects.filter(code="48").update(name="Tên khác")
    assert names()["48"] == "Tên khác"
    new = Province.objects.get(code="48")
    new.pk = "00"
    new.save(force_insert=True)
    assert "00" in names()
    Province.objects.filter(code="00").delete()
    assert "00" not in names()
