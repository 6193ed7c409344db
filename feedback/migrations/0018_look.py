"""Who looked at who sent a sealed petition."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0017_identity_at_rest'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='feedback.petition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to=settings.AUTH_USER_MODEL, verbose_name='người xem')),
            ],
            options={
                'verbose_name': 'lần xem danh tính',
                'verbose_name_plural': 'các lần xem danh tính',
                'ordering': ['-at', '-pk'],
            },
        ),
    ]
