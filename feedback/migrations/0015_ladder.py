"""What the ladder asks by index, and which moment a rung was said of."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

USED_UP = 0.8


def fill(apps, schema_editor):
    Petition, Step, Clock, Escalation = (
        apps.get_model('feedback', name) for name in ('Petition', 'Step', 'Clock', 'Escalation')
    )
    Escalation.objects.update(of=F('fell_due_at'))
    came = Step.objects.filter(petition=OuterRef('pk')).exclude(before=F('after')).order_by('-seq')
    handed = Coalesce(Subquery(came.values('at')[:1]), F('submitted_at'))
    Petition.objects.exclude(state='draft').update(stands_since=handed, waiting_since=F('submitted_at'))
    born = Petition.objects.exclude(origin=None).order_by('pk')  # a parent has the lower number
    for pk, origin in born.values_list('pk', 'origin_id'):
        waited = Petition.objects.filter(pk=origin).values('waiting_since')
        Petition.objects.filter(pk=pk).update(waiting_since=Subquery(waited))
    running = Clock.objects.filter(ended_at=None, step='resolve').order_by('pk')
    for clock in running.only('petition_id', 'started_at', 'due_at'):
        # By the clock on the wall for those that run already; whatever moves them counts office time.
        warns_at = clock.started_at + (clock.due_at - clock.started_at) * USED_UP
        Clock.objects.filter(pk=clock.pk).update(warns_at=warns_at)
        Petition.objects.filter(pk=clock.petition_id).update(warns_at=warns_at)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0014_learning'),
        ('routing', '0004_policy_of_a_province'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='escalation',
            name='each_rung_once',
        ),
        migrations.AddField(
            model_name='clock',
            name='warns_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='escalation',
            name='of',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='escalation',
            name='step',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='feedback.step'),
        ),
        migrations.AddField(
            model_name='petition',
            name='stands_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='waiting_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='warns_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='escalation',
            name='of',
            field=models.DateTimeField(),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(fields=('petition', 'rung', 'of'), name='each_rung_once'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['state', 'warns_at'], name='petition_warns'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['state', 'stands_since'], name='petition_stands'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['state', 'waiting_since'], name='petition_waits'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(condition=models.Q(('urgent', True)), fields=['state'], name='petition_urgent'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(condition=models.Q(('commitment_due__isnull', False)), fields=['commitment_due'], name='petition_promised'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['calendar_version'], name='clock_calendar'),
        ),
    ]
