"""What anybody said of a public petition: that something in it should not be public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def open(self) -> ObjectionQuerySet:
        """Nobody has looked at them yet."""
        return self.filter(settled_at__isnull=True)


class Objection(models.Model):
    """Who said it is kept nowhere: no name, no account, no address of a computer."""

    class Ground(models.TextChoices):
        PERSONAL = "personal", _("Lộ thông tin cá nhân: tên, số điện thoại, nhà ở, giấy tờ")
        INSULT = "insult", _("Xúc phạm, vu khống người khác")
        CHILD = "child", _("Liên quan trẻ em, người bệnh, nạn nhân")
        OTHER = "other", _("Lý do khác")

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="objections")
    ground = models.CharField(max_length=20, choices=Ground.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    # Looked at, or settled by itself: the copy was mended or is gone.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_because = models.TextField(blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["petition"], name="objection_open", condition=models.Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_ground_display()}"
