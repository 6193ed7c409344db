import django.db.models.deletion
from django.db import migrations, models


class CreateNarrow(migrations.CreateModel):
    """A table that is its own key: on SQLite without row numbers, which would keep every row twice."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        sql, params = schema_editor.table_sql(to_state.apps.get_model(app_label, self.name))
        schema_editor.execute(f"{sql} WITHOUT ROWID", params)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("petition", models.BigIntegerField(primary_key=True, serialize=False)),
                ("minima", models.BinaryField(max_length=256)),
                ("province", models.CharField(max_length=2)),
                ("commune", models.CharField(blank=True, max_length=5)),
                ("day", models.SmallIntegerField()),
            ],
        ),
        CreateNarrow(
            name="Band",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "band", "day", "signature", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("band", models.IntegerField()),
                ("day", models.SmallIntegerField()),
                (
                    "signature",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="search.signature",
                    ),
                ),
            ],
        ),
    ]
