"""What was told to whom after a step."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.sealing import SealedField


class Notice(models.Model):
    """One message: one row per step, person and channel, for ever under one Message-ID."""

    class Channel(models.TextChoices):
        OUTBOX = "outbox", _("Hộp thư đi")  # nothing is configured: it waits to be read there
        EMAIL = "email", _("Thư điện tử")

    PETITIONER = "petitioner"  # the key of whoever sent the petition

    step = models.ForeignKey(
        "feedback.Step", on_delete=models.CASCADE, related_name="notices", verbose_name=_("bước")
    )
    recipient = models.CharField(_("người nhận"), max_length=60)  # a key of notifications.Recipient
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="notices",
        verbose_name=_("cán bộ"),
    )  # fmt: skip
    channel = models.CharField(_("qua"), max_length=10, choices=Channel.choices)
    address = SealedField(_("địa chỉ"), blank=True)
    subject = models.CharField(_("tiêu đề"), max_length=200)
    body = models.TextField(_("nội dung"))
    message_id = models.CharField(_("mã thư"), max_length=120, unique=True)
    created_at = models.DateTimeField(_("tạo lúc"))
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    # Its mail server says that there is no such address: it is not sent again.
    refused_at = models.DateTimeField(_("bị từ chối lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = pgettext_lazy("số nhiều", "thông báo")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "recipient", "channel"], name="one_notice_per_step_person_channel"
            )
        ]

    def __str__(self) -> str:
        return self.subject
