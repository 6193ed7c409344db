"""Petitions lose the indexes that no question uses: each was written with every step.

Keys of text had two each. Dropped by what they are, not by Django's own change of the column: SQLite would copy
the table for each, and leave petition_due_in behind.
"""

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

COLUMNS = (
    *("commune_id", "drafted_by_id", "extension_asked_by_id", "first_drafted_by_id", "lead_id"),
    *("picked_commune_id", "policy_id", "proposed_by_id", "province_id", "state", "subfield_id", "territory_id"),
)
DJANGOS_OWN = "feedback_petition_"  # as Django calls the index of a key; ours have names of their own


def drop(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "feedback_petition")
    for name, told in found.items():
        of_a_key = name.startswith(DJANGOS_OWN) and told["index"] and not told["unique"]
        if of_a_key and len(told["columns"]) == 1 and told["columns"][0] in COLUMNS:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0050_open_by_due'),
        ('routing', '0008_round_the_clock'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Backwards they are not made again: nothing asks for them.
            database_operations=[migrations.RunPython(drop, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name='petition',
                    name='commune',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.commune'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='drafted_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='extension_asked_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='first_drafted_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='lead',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led', to='routing.agency'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='picked_commune',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.commune'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='policy',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='routing.deadlinepolicy'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='proposed_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='province',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.province'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='state',
                    field=django_fsm.FSMField(choices=[('draft', 'Đang soạn'), ('submitted', 'Chờ tiếp nhận'), ('needs_info', 'Chờ bổ sung'), ('rejected', 'Từ chối tiếp nhận'), ('redirected', 'Đã hướng dẫn, chuyển ngoài hệ thống'), ('received', 'Đã tiếp nhận'), ('assigned', 'Đã phân công, chờ đơn vị nhận'), ('returned', 'Đơn vị trả lại'), ('in_progress', 'Đang xử lý'), ('suspended', 'Tạm dừng'), ('pending_approval', 'Chờ phê duyệt'), ('answered', 'Đã trả lời'), ('reopened', 'Mở lại'), ('closed', 'Đã đóng'), ('withdrawn', 'Đã rút'), ('merged', 'Trùng, đã gộp')], default='draft', max_length=50, protected=True, verbose_name='trạng thái'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='subfield',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='routing.subfield'),
                ),
                migrations.AlterField(
                    model_name='petition',
                    name='territory',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.province'),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['commune'], name='petition_commune'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['subfield'], name='petition_subfield'),
        ),
    ]
