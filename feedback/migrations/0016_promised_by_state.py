"""A promised day that has passed is found among the answered ones."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0015_ladder'),
        ('routing', '0004_policy_of_a_province'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='petition',
            name='petition_promised',
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['state', 'commitment_due'], name='petition_promises'),
        ),
    ]
