"""What complaints and denunciations keep beside all other petitions."""

from django.db import migrations, models
from django.db.models import F


def as_it_was(apps, schema_editor):
    """Whatever came of a complaint counted as its second instance; what was accepted had come as the law asks."""
    petitions = apps.get_model("feedback", "Petition").objects
    petitions.filter(kind="complaint", origin__isnull=False).update(instance=2)
    at_law = petitions.filter(kind__in=["complaint", "denunciation"])
    at_law.filter(accepted_for_handling_at__isnull=False).update(formal_since=F("accepted_for_handling_at"))
    on_paper = at_law.filter(formal_since__isnull=True, channel__in=["counter", "letter"], sealed=True)
    on_paper.update(formal_since=F("received_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0021_phone_digest'),
    ]

    operations = [
        migrations.AddField(
            model_name='petition',
            name='crime_signs_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='decision_sent_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='formal_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='instance',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='petition',
            name='publicised_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='several_places',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(as_it_was, migrations.RunPython.noop),
    ]
