"""Who was reminded of doubts that nobody has answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DoubtDigest(models.Model):
    """One word a person and day; what it says is written when it goes out and kept nowhere."""

    class Party(models.TextChoices):
        INTAKE = "intake", _("đầu mối")
        ABOVE = "above", _("cấp trên")
        ADMIN = "admin", _("quản trị")

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    party = models.CharField(max_length=10, choices=Party.choices)
    waiting = models.PositiveIntegerField()  # how many lay too long
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day_and_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.waiting}"
