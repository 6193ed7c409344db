"""What the administrator reads above the columns."""

import django.db.models.deletion
import feedback.sealing
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0022_at_law'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='followup',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='số lần thử'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='claimed_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='đang làm, giữ đến'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='consumer',
            field=models.CharField(max_length=100, verbose_name='việc'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='dead',
            field=models.BooleanField(default=False, help_text='Thử hết lượt mà không xong', verbose_name='đã hỏng'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='done_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='xong lúc'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='error',
            field=models.TextField(blank=True, verbose_name='lỗi'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='next_try_at',
            field=models.DateTimeField(verbose_name='thử lại lúc'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='feedback.step', verbose_name='bước'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='address',
            field=feedback.sealing.SealedField(blank=True, verbose_name='địa chỉ'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='body',
            field=models.TextField(verbose_name='nội dung'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='channel',
            field=models.CharField(choices=[('outbox', 'Hộp thư đi'), ('email', 'Thư điện tử')], max_length=10, verbose_name='qua'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='created_at',
            field=models.DateTimeField(verbose_name='tạo lúc'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='message_id',
            field=models.CharField(max_length=120, unique=True, verbose_name='mã thư'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='recipient',
            field=models.CharField(max_length=60, verbose_name='người nhận'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='sent_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='gửi lúc'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='feedback.step', verbose_name='bước'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='subject',
            field=models.CharField(max_length=200, verbose_name='tiêu đề'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='cán bộ'),
        ),
    ]
