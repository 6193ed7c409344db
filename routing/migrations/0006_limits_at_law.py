"""Limits that complaint and denunciation alone have."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0005_succession'),
    ]

    operations = [
        migrations.AlterField(
            model_name='policystep',
            name='step',
            field=models.CharField(choices=[('accept', 'tiếp nhận'), ('transfer', 'chuyển'), ('resolve', 'giải quyết'), ('extend', 'gia hạn'), ('progress', 'báo tiến độ'), ('complain', 'thời hiệu khiếu nại'), ('crime', 'chuyển cơ quan điều tra'), ('dialogue', 'báo trước đối thoại'), ('send', 'gửi quyết định'), ('publicise', 'công khai kết quả')], max_length=20, verbose_name='bước'),
        ),
    ]
