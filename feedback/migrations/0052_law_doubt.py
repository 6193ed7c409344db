"""What may be a complaint or denunciation although it was read as something else: a person is asked.

Columns that may be empty: SQLite would copy a whole table for any other.
"""

from django.db import migrations, models

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
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(
                condition=models.Q(('law_doubt_at__isnull', False)),
                fields=['territory', '-id'],
                name='petition_doubts',
            ),
        ),
    ]
