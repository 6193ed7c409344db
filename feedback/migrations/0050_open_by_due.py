"""What is open in a province, the nearest deadline first: fifty rows of it are a list's page."""

from django.db import migrations

# What has no deadline stands first: PostgreSQL is told so, SQLite knows no other order and refuses the words.
FIRST = {"postgresql": "NULLS FIRST", "sqlite": ""}
STATES = (
    "'assigned', 'in_progress', 'needs_info', 'pending_approval', 'received', 'reopened', 'returned',"
    " 'submitted', 'suspended'"
)


def create(apps, schema_editor):
    schema_editor.execute(
        "CREATE INDEX petition_due_in ON feedback_petition"
        f" (territory_id, due_at {FIRST[schema_editor.connection.vendor]}, id) WHERE state IN ({STATES})"
    )


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX petition_due_in")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0049_contact_residence")]

    operations = [migrations.RunPython(create, drop)]
