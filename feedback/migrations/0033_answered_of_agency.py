from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("feedback", "0032_report_asked"),
        ("routing", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                fields=["lead", "answered_at"],
                name="petition_answered",
                condition=models.Q(("answered_at__isnull", False)),
            ),
        ),
    ]
