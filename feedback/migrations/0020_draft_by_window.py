"""A draft belongs to the window that it was typed in: a second window's does not replace it."""

from django.conf import settings
from django.db import migrations, models

import feedback.models.draft


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0019_erased_ones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='replydraft', name='one_draft_a_person'),
        migrations.AddField(
            model_name='replydraft',
            name='saves',
            field=models.PositiveIntegerField(default=0),
        ),
        # Where there was one draft a person, one name for all of them is as good as a name each.
        migrations.AddField(
            model_name='replydraft',
            name='window',
            field=models.CharField(default=feedback.models.draft.a_window, max_length=16),
        ),
        migrations.AddConstraint(
            model_name='replydraft',
            constraint=models.UniqueConstraint(fields=('petition', 'person', 'window'), name='one_draft_a_window'),
        ),
    ]
