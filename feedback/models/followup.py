"""What must still happen after a step: one row per step and consumer; rows are the truth."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FollowUp(models.Model):
    """One consumer's duty towards one step. Celery and Redis are only the bell."""

    step = models.ForeignKey(
        "feedback.Step", on_delete=models.CASCADE, related_name="follow_ups", verbose_name=_("bước")
    )
    consumer = models.CharField(_("việc"), max_length=100)
    done_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_try_at = models.DateTimeField(_("thử lại lúc"))
    claimed_until = models.DateTimeField(_("đang làm, giữ đến"), null=True, blank=True)
    dead = models.BooleanField(_("đã hỏng"), default=False, help_text=_("Thử hết lượt mà không xong"))
    error = models.TextField(_("lỗi"), blank=True)

    class Meta:
        verbose_name = _("việc sau mỗi bước")
        verbose_name_plural = pgettext_lazy("số nhiều", "việc sau mỗi bước")
        constraints = [
            models.UniqueConstraint(fields=["step", "consumer"], name="one_follow_up_per_consumer")
        ]
        indexes = [
            models.Index(
                fields=["consumer", "id"],
                name="follow_up_waiting",
                condition=models.Q(done_at__isnull=True, dead=False),
            ),
            models.Index(fields=["consumer"], name="follow_up_dead", condition=models.Q(dead=True)),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} #{self.step_id}"


class Heartbeat(models.Model):
    """When the clock last went round; `/readyz` shows its age."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
