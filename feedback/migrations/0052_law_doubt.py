"""What may be a complaint or denunciation although it was read as something else: a person is asked.

Columns that may be empty: SQLite would copy a whole table for any other.
"""

from django.db import migrations, models

# As in 0050: what has no deadline stands first.
FIRST = {"postgresql": "NULLS FIRST", "sqlite": ""}


def create(apps, schema_editor):
    schema_editor.execute(
        "CREATE INDEX petition_doubts ON feedback_petition"
        f" (territory_id, due_at {FIRST[schema_editor.connection.vendor]}, id) WHERE law_doubt_at IS NOT NULL"
    )


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX petition_doubts")


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0051_only_what_is_asked_for'),
    ]

    operations = [
        migrations.AddField(
            model_name='petition',
            name='law_doubt_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='prediction',
            name='law_doubt',
            field=models.BooleanField(null=True),
        ),
        migrations.RunPython(create, drop),
    ]
