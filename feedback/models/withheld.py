"""An answer that a reviewer looked at and did not publish."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Withheld(models.Model):
    """Kept back, by whom and why; over once somebody publishes it after all."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="withheld")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(_("lý do"))
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], condition=models.Q(over_at__isnull=True), name="withheld_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at:%d/%m/%Y}"
