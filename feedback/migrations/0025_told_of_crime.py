"""Signs of crime are asked for each minute, by index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0024_pakn'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['state', 'crime_signs_at'], name='petition_crime'),
        ),
    ]
