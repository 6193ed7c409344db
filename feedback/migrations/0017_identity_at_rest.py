"""Names, telephones and addresses are sealed where they stand."""

import feedback.sealing
from django.db import migrations


def seal(apps, schema_editor):
    """Read as they stand, written sealed."""
    for name, columns in (
        ('Contact', ['name', 'organisation', 'tax_code', 'phone', 'email']),
        ('Notice', ['address']),
    ):
        rows = apps.get_model('feedback', name).objects.only('pk', *columns)
        for row in rows.iterator(chunk_size=500):
            row.save(update_fields=columns)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0016_promised_by_state'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='email',
            field=feedback.sealing.SealedField(blank=True, verbose_name='thư điện tử'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='name',
            field=feedback.sealing.SealedField(blank=True, verbose_name='họ tên'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='organisation',
            field=feedback.sealing.SealedField(blank=True, verbose_name='tổ chức'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='phone',
            field=feedback.sealing.SealedField(blank=True, verbose_name='điện thoại'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='tax_code',
            field=feedback.sealing.SealedField(blank=True, verbose_name='mã số thuế'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='address',
            field=feedback.sealing.SealedField(blank=True),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
