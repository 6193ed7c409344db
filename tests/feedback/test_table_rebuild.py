"""A migration that rebuilds the guarded tables leaves guards and rows as they were."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from feedback import guards
from feedback.models import Petition, Step
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.long
def test_a_filled_database_goes_through_a_table_rebuild(reference_data: None, settings: Any) -> None:
    petition = make.petition("in_progress")
    shape = table_definition(Step)
    settings.MIGRATION_MODULES = {"feedback": "tests.feedback.later_migrations"}

    call_command("migrate", "feedback", "9999", verbosity=0)
    try:
        assert table_definition(Step) != shape
        assert guards.missing() == []
        assert Petition.objects.get().code == petition.code
        assert Petition.objects.get().state == "in_progress"
        assert Step.objects.filter(petition=petition).count() == 4
        for statement in (
            "UPDATE feedback_step SET role = 'x'",
            "UPDATE feedback_petition SET state = 'closed'",
        ):
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute(statement)
    finally:
        call_command("migrate", "feedback", last_shipped(), verbosity=0)
    assert guards.missing() == []


def table_definition(model: Any) -> Any:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return [(column.name, column.display_size) for column in columns]


def last_shipped() -> str:
    import pkgutil

    from feedback import migrations

    return max(module.name for module in pkgutil.iter_modules(migrations.__path__))
