"""A rule that no clock follows: words that go before their time because their owner asks for it."""

from django.db import migrations

RULE = {
    "slug": "on-request",
    "name": "Theo yêu cầu của người gửi về dữ liệu cá nhân",
    "conditions": {},
    "keep_days": 0,
    "basis": "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, quyền yêu cầu xóa (chưa đối chiếu)",
    "active": False,
}


def add(apps, schema_editor):
    rules = apps.get_model("feedback", "RetentionRule")
    rules.objects.get_or_create(slug=RULE["slug"], defaults=RULE)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0009_anchored_day")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
