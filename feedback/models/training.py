"""What the machine learnt, and whether it still reads what it used to read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """How a training ended."""

    STARTED = "started", _("Đang học")
    ACCEPTED = "accepted", _("Đã thay mô hình")
    REFUSED = "refused", _("Bị từ chối, giữ mô hình cũ")
    TRIED = "tried", _("Chạy thử, đạt, không thay")
    BROKEN_OFF = "broken_off", _("Bị ngắt giữa chừng")
    BACK = "back", _("Quay về bản trước")


class Training(models.Model):
    """One training, or one step back: what it learnt from, how it compared, and who wanted it."""

    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người chạy"), help_text=_("Để trống: tự học hằng đêm, hoặc lệnh trên máy chủ"),
    )  # fmt: skip
    outcome = models.CharField(_("kết quả"), max_length=20, choices=Outcome.choices)
    version = models.CharField(_("mô hình"), max_length=80, blank=True)  # what was made, or reads again
    against = models.CharField(_("mô hình trước"), max_length=80, blank=True)
    corrections = models.PositiveIntegerField(_("lần sửa"), default=0)  # petitions that an official corrected
    examples = models.PositiveIntegerField(_("văn bản học"), default=0)  # those learnt from, and our own
    learnt = models.CharField(
        max_length=64, blank=True
    )  # digest of corrections and code: nothing new, no new training
    trusted = models.JSONField(_("người được tin"), default=list)  # keys of people, see learning.train
    figures = models.JSONField(_("số đo"), default=dict)  # {"old", "new"}: condition -> figure -> value
    reason = models.TextField(_("lý do"), blank=True)
    seconds = models.PositiveIntegerField(_("giây"), default=0)

    class Meta:
        verbose_name = _("lần học của mô hình")
        verbose_name_plural = _("các lần học của mô hình")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.version}"


class ReadingDay(models.Model):
    """What the machine read on one day, of one field for one agency, and what officials made of it.

    Counted anew for some days; kept when the petitions are erased.
    """

    day = models.DateField(_("ngày"))
    field = models.CharField(_("lĩnh vực"), max_length=60)  # of the first candidate; "": it read nothing
    agency = models.CharField(_("cơ quan được đề xuất"), max_length=150, blank=True)
    read = models.PositiveIntegerField(_("đã đọc"))
    confirmed = models.PositiveIntegerField(_("người đã xem"))  # those changed included
    changed = models.PositiveIntegerField(_("người đã sửa"))

    class Meta:
        verbose_name = _("số đọc theo ngày")
        verbose_name_plural = _("máy đọc và người sửa")
        ordering = ["-day", "field", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["day", "field", "agency"], name="one_count_a_day_field_agency")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.field} {self.agency}"
