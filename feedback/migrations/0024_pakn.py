"""The class of what is said about rules, and what is parked to be pooled."""

import json

from django.db import migrations, models


def parked(apps, schema_editor):
    """Of what is parked now the reason stands in the words of its last suspension."""
    petitions = apps.get_model("feedback", "Petition").objects.filter(state="suspended")
    words = apps.get_model("feedback", "StepText").objects
    for petition in petitions.only("pk"):
        last = words.filter(step__petition_id=petition.pk, step__action="suspend").order_by("-step__seq").first()
        if last and json.loads(last.text).get("reason") == "pooled":
            petitions.filter(pk=petition.pk).update(pooled=True)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0023_admin_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='petition',
            name='pakn_class',
            field=models.CharField(blank=True, max_length=20, verbose_name='nhóm phản ánh, kiến nghị'),
        ),
        migrations.AddField(
            model_name='petition',
            name='pooled',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(parked, migrations.RunPython.noop),
    ]
