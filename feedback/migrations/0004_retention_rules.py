"""The rules of retention that ship; each says what it rests on and whether a lawyer has checked it."""

from django.db import migrations

RULES = [
    {
        "slug": "unsigned-1-year",
        "name": "Đơn không đủ điều kiện xử lý (không ký, xúc phạm): giữ 1 năm",
        "conditions": {"grounds": ["unsigned", "kn_unsigned", "abusive"]},
        "keep_days": 365,
        "basis": "TT 07/2014/TT-TTCP; TT 05/2021/TT-TTCP giữ quy định này (chưa đối chiếu)",
    },
    {
        "slug": "feedback-5-years",
        "name": "Phản ánh, kiến nghị, hỏi đáp đã xong: giữ 5 năm",
        "conditions": {"kinds": ["report", "proposal", "question", "praise", "spam"]},
        "keep_days": 5 * 365,
        "basis": "Đề xuất của hệ thống; pháp luật lưu trữ để cơ quan tự quy định (chưa đối chiếu)",
    },
    {
        "slug": "complaint-15-years",
        "name": "Hồ sơ khiếu nại, tố cáo đã xong: giữ 15 năm",
        "conditions": {"kinds": ["complaint", "denunciation"]},
        "keep_days": 15 * 365,
        "basis": "Luật Lưu trữ 2024 (hiệu lực 1/7/2025), hồ sơ khiếu nại, tố cáo 15 năm (chưa đối chiếu)",
    },
]


def add(apps, schema_editor):
    rules = apps.get_model("feedback", "RetentionRule")
    for rule in RULES:
        rules.objects.get_or_create(slug=rule["slug"], defaults=rule)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_watching")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
