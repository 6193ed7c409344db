"""Who looked at who somebody is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Look(models.Model):
    """One look at the identity behind a sealed petition; written before it is shown, never changed."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="looks")
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="looks", verbose_name=_("người xem")
    )
    at = models.DateTimeField(_("lúc"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("lần xem danh tính")
        verbose_name_plural = _("các lần xem danh tính")

    def __str__(self) -> str:
        return f"{self.user_id} {self.petition_id} {self.at:%d/%m/%Y %H:%M}"
