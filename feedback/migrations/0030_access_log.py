"""The access log: a look tells what was read, by which right, on which page; none is changed or deleted."""

import django.db.models.deletion
from django.db import migrations, models


def tell(apps, schema_editor):
    """Until now a look was one at who sent a sealed petition, which its petition officer alone might have."""
    apps.get_model("feedback", "Look").objects.update(
        what="identity", right="petition_officer", sealed=True, named=True
    )


class Migration(migrations.Migration):
    dependencies = [("feedback", "0029_days_of_law")]

    operations = [
        migrations.AlterModelOptions(
            name="look",
            options={
                "ordering": ["-pk"],
                "verbose_name": "lượt xem",
                "verbose_name_plural": "lượt xem",
            },
        ),
        migrations.AddField(
            model_name="look",
            name="what",
            field=models.CharField(
                choices=[
                    ("petition", "Mở đơn"),
                    ("file", "Mở tệp"),
                    ("identity", "Xem danh tính"),
                    ("export", "Tải xuống"),
                    ("search", "Tra cứu"),
                ],
                default="identity",
                max_length=10,
                verbose_name="việc",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="look",
            name="about",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="look",
            name="right",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="quyền"),
        ),
        migrations.AddField(
            model_name="look",
            name="sealed",
            field=models.BooleanField(default=False, verbose_name="niêm phong"),
        ),
        migrations.AddField(
            model_name="look",
            name="named",
            field=models.BooleanField(default=False, verbose_name="kèm danh tính"),
        ),
        migrations.AddField(
            model_name="look",
            name="page",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="trang"),
        ),
        migrations.AddField(
            model_name="look",
            name="rows",
            field=models.PositiveIntegerField(null=True, verbose_name="số dòng"),
        ),
        migrations.AddField(
            model_name="look",
            name="hour",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="look",
            name="at",
            field=models.DateTimeField(db_index=True, verbose_name="lúc"),
        ),
        migrations.AlterField(
            model_name="look",
            name="petition",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="looks",
                to="feedback.petition",
                verbose_name="đơn",
            ),
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.UniqueConstraint(
                condition=models.Q(("hour__isnull", False)),
                fields=("user", "petition", "what", "about", "named", "hour"),
                name="one_look_an_hour",
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
