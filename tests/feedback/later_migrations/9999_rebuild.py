"""Longer columns: on SQLite a table is copied, dropped and renamed for it."""

import pkgutil

from django.db import migrations, models

from feedback import migrations as shipped


class Migration(migrations.Migration):
    dependencies = [("feedback", max(module.name for module in pkgutil.iter_modules(shipped.__path__)))]
    operations = [
        migrations.AlterField("petition", "place_text", models.CharField(blank=True, max_length=301)),
        migrations.AlterField("step", "role", models.CharField(max_length=21)),
    ]
