"""A limit of one province alone; rows as shipped stay rows as shipped."""

import json
from hashlib import blake2b

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce

OLD = (
    *('source', 'valid_from', 'valid_to', 'policy_id', 'step', 'variant', 'unit', 'amount', 'max_times'),
    *('article', 'legal', 'checked'),
)


def digest(values):
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def as_shipped(apps, schema_editor):
    """Rows that nobody edited carry the digest of all their columns, the new one too."""
    rows = apps.get_model('routing', 'PolicyStep').objects
    for pk, shipped, *values in rows.values_list('pk', 'shipped', *OLD):
        if shipped == digest(values):
            rows.filter(pk=pk).update(shipped=digest([*values, None]))


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0003_competence_rows'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='policystep',
            name='one_limit_at_a_time',
        ),
        migrations.AddField(
            model_name='policystep',
            name='province',
            field=models.ForeignKey(blank=True, help_text='Để trống nghĩa là cả nước', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.province', verbose_name='tỉnh, thành phố'),
        ),
        migrations.AddConstraint(
            model_name='policystep',
            constraint=models.UniqueConstraint(models.F('policy'), models.F('step'), models.F('variant'), models.F('valid_from'), Coalesce('province', models.Value('')), name='one_limit_at_a_time'),
        ),
        migrations.RunPython(as_shipped, migrations.RunPython.noop),
    ]
