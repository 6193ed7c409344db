"""Which days are worked."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.models.reference import Reference

SATURDAY = 5


class CalendarYear(Reference):
    """A year whose days off are known; a year without this row is never guessed."""

    class Status(models.TextChoices):
        OFFICIAL = "official", _("đã công bố")
        STATUTORY = "statutory", _("theo luật, chưa có thông báo")
        ESTIMATE = "estimate", _("ước tính")

    year = models.PositiveSmallIntegerField(_("năm"), primary_key=True)
    status = models.CharField(_("tình trạng"), max_length=20, choices=Status.choices)

    class Meta:
        ordering = ["year"]
        verbose_name = _("năm lịch làm việc")
        verbose_name_plural = pgettext_lazy("số nhiều", "năm lịch làm việc")

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(Reference):
    """A weekday not worked, or a weekend day worked in exchange; `plain` takes back a shipped one."""

    class Kind(models.TextChoices):
        OFF = "off", _("ngày nghỉ")
        MAKE_UP = "make_up", _("làm bù")
        PLAIN = "plain", _("bình thường (đã bãi bỏ)")

    date = models.DateField(_("ngày"), primary_key=True)
    year = models.ForeignKey(
        CalendarYear, on_delete=models.CASCADE, related_name="days", verbose_name=_("năm")
    )
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("tên"), max_length=200)
    status = models.CharField(_("tình trạng"), max_length=20, choices=CalendarYear.Status.choices)

    class Meta:
        ordering = ["date"]
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = pgettext_lazy("số nhiều", "ngày nghỉ, ngày làm bù")

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"

    def clean(self) -> None:
        """Raises ValidationError where the day is of another year, or was not worked, or was, in any case."""
        if self.date is None:  # what was typed is no day, and its field says so
            return
        if self.year_id and self.date.year != self.year_id:
            raise ValidationError({"date": _("Ngày này không thuộc năm %(year)s.") % {"year": self.year_id}})
        weekend = self.date.weekday() >= SATURDAY
        if weekend and self.kind == self.Kind.OFF:
            raise ValidationError(
                {"date": _("Thứ Bảy, Chủ nhật vốn không làm việc, không ghi là ngày nghỉ.")}
            )
        if not weekend and self.kind == self.Kind.MAKE_UP:
            raise ValidationError({"date": _("Chỉ thứ Bảy hoặc Chủ nhật mới là ngày làm bù.")})
