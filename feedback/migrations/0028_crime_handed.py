from django.db import migrations, models


def owe(apps, schema_editor):
    """A file that nobody has handed on yet is a duty: its day stands with the others."""
    for clock in apps.get_model("feedback", "Clock").objects.filter(step="crime", ended_at__isnull=True):
        petition = clock.petition
        petition.duty_due_at = min(filter(None, [petition.duty_due_at, clock.due_at]))
        petition.save(update_fields=["duty_due_at"])


class Migration(migrations.Migration):
    dependencies = [("feedback", "0027_duties")]

    operations = [
        migrations.AddField("petition", "crime_handed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(owe, migrations.RunPython.noop),
    ]
