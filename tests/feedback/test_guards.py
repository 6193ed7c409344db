"""The database itself refuses what goes round the one door."""

import pytest
from django.db import DatabaseError, connection, transaction

from feedback import guards
from feedback.models import Petition, Step
from tests import make

pytestmark = pytest.mark.django_db

PETITION, STEP = Petition._meta.db_table, Step._meta.db_table


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {PETITION} SET state = 'answered'",
        f"UPDATE {PETITION} SET state = 'nonsense'",
        f"UPDATE {PETITION} SET code = '000000000000'",
        f"UPDATE {PETITION} SET id = id + 1000",
        f"DELETE FROM {PETITION}",
        f"UPDATE {STEP} SET action = 'approve'",
        f"UPDATE {STEP} SET hash = ''",
        f"DELETE FROM {STEP}",
    ],
)
def test_raw_sql_that_goes_round_the_door_is_refused(statement: str) -> None:
    petition = make.petition("submitted")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Petition.objects.get(pk=petition.pk).state == "submitted"
    assert Step.objects.filter(action="submit").count() == 1


def test_a_queryset_update_of_the_state_is_refused() -> None:
    make.petition("submitted")
    with pytest.raises(DatabaseError), transaction.atomic():
        Petition.objects.update(state="closed")


def test_a_petition_cannot_be_born_answered() -> None:
    petition = make.petition("submitted")
    petition.pk, petition.code = None, "000000000000"
    petition.__dict__["state"] = "answered"  # the field itself is protected
    with pytest.raises(DatabaseError), transaction.atomic():
        petition.save(force_insert=True)


def test_what_is_not_the_state_may_still_be_changed() -> None:
    make.petition("submitted")
    assert Petition.objects.update(urgent=True) == 1


def test_a_missing_guard_is_named() -> None:
    assert guards.missing() == []
    guards.drop()
    assert guards.missing() == [guard.name for guard in guards.of(connection.vendor)]
    guards.create()
    assert guards.missing() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite's own")
@pytest.mark.parametrize("table", [STEP, PETITION])
def test_insert_or_replace_is_refused(table: str) -> None:
    make.petition("submitted")
    with (
        pytest.raises(DatabaseError, match="never replaced"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert Step.objects.filter(action="submit").count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a statement of PostgreSQL's own")
def test_truncate_is_refused() -> None:
    make.petition("submitted")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing else may stand in the way
    with (
        pytest.raises(DatabaseError, match="never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {STEP} CASCADE")
