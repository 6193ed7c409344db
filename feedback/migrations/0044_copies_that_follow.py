from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0043_watched_in_a_territory'),
    ]

    operations = [
        migrations.AddField(
            model_name='publicpetition',
            name='look_again_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='publicpetition',
            name='plan_met_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='publicpetition',
            name='summary',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='publicpetition',
            index=models.Index(condition=models.Q(('look_again_at__isnull', False)), fields=['petition'], name='public_look_again'),
        ),
        migrations.AddIndex(
            model_name='publicpetition',
            index=models.Index(condition=models.Q(('summary', False)), fields=['subfield'], name='public_verbatim'),
        ),
    ]
