"""What the clock has said, and what it may forget: reminders once each, and rules of retention."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Escalation(models.Model):
    """One rung of the ladder of one petition: said once, however often the sweep runs."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="escalations")
    rung = models.CharField(max_length=20)
    # The moment of the petition that it belongs to: its due moment, when it came to where it stands, ...
    # One that was moved by a pause or an extension falls due anew.
    of = models.DateTimeField()
    fell_due_at = models.DateTimeField()
    at = models.DateTimeField()  # when somebody was told
    step = models.ForeignKey("feedback.Step", on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "rung", "of"], name="each_rung_once")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.rung}"


class RetentionRule(models.Model):
    """How long the words of a finished petition are kept; an administrator may change it."""

    slug = models.SlugField(_("mã"), max_length=60, primary_key=True)
    name = models.CharField(_("tên"), max_length=200)
    # {"kinds": [...], "grounds": [...]}: the petitions it is for; an empty list means any.
    conditions = models.JSONField(_("điều kiện"), default=dict, blank=True)
    keep_days = models.PositiveIntegerField(_("giữ (ngày)"))
    basis = models.CharField(_("căn cứ"), max_length=500)
    checked = models.BooleanField(_("đã đối chiếu văn bản"), default=False)
    active = models.BooleanField(_("đang áp dụng"), default=True)

    class Meta:
        verbose_name = _("quy tắc lưu giữ")
        verbose_name_plural = pgettext_lazy("số nhiều", "quy tắc lưu giữ")

    def __str__(self) -> str:
        return self.name


class AnchoredDay(models.Model):
    """A day that was anchored, and the hash of its line: the file alone may be lost or taken away."""

    day = models.DateField(primary_key=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
