from importlib import import_module

from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

BEAR = ("split", "appeal", "appeal_overdue")


def told_by_steps(apps, schema_editor):
    """Until now that was told by two equal moments: the step of the origin, and the submission."""
    petitions, steps = (apps.get_model("feedback", name).objects for name in ("Petition", "Step"))
    bore = steps.filter(petition=OuterRef("origin"), at=OuterRef("submitted_at"), action__in=BEAR)
    action = Subquery(bore.order_by("seq").values("action")[:1])
    petitions.filter(origin__isnull=False).update(born_by=Coalesce(action, Value("")))


def index_again(apps, schema_editor):
    """SQLite gets a column by a table made anew, without what Django does not know of: migration 0050."""
    if schema_editor.connection.vendor == "sqlite":
        import_module("feedback.migrations.0050_open_by_due").create(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ("feedback", "0057_letters_that_reach_nobody"),
    ]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="born_by",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.RunPython(index_again, migrations.RunPython.noop),
        migrations.RunPython(told_by_steps, migrations.RunPython.noop),
    ]
