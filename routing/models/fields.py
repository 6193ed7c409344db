"""What citizens' matters are about."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from routing.models.limits import DeadlinePolicy
from routing.models.reference import Reference


def name_column() -> str:
    """Where the name of a field or sub-field stands in the reader's language."""
    return "name_en" if get_language() == "en" else "name_vi"


class Field(Reference):
    """A field (lĩnh vực) of citizens' matters."""

    slug = models.SlugField(_("mã"), max_length=60, primary_key=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    name_vi = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("lĩnh vực")
        verbose_name_plural = pgettext_lazy("số nhiều", "lĩnh vực")

    def __str__(self) -> str:
        return getattr(self, name_column()) or self.name_vi


class Subfield(Reference):
    """A sub-field (tiểu lĩnh vực): who leads by level, with which limit and how public."""

    class Level(models.TextChoices):
        COMMUNE = "commune", _("cấp xã")
        PROVINCE = "province", _("cấp tỉnh")
        CENTRAL = "central", _("trung ương")
        POLICE = "police", _("công an")
        ENTERPRISE = "enterprise", _("doanh nghiệp")

    class Sensitivity(models.TextChoices):
        PUBLIC = "public", _("công khai sau kiểm duyệt")
        RESTRICTED = "restricted", _("hạn chế")
        CONFIDENTIAL = "confidential", _("mật")

    slug = models.CharField(_("mã"), max_length=100, primary_key=True)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="subfields", verbose_name=_("lĩnh vực")
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    name_vi = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200)
    lead_level = models.CharField(_("cấp chủ trì"), max_length=20, choices=Level.choices)
    # {"commune": type slug, "province": ..., "central": ..., "police": ..., "enterprise": ...}
    agencies = models.JSONField(_("cơ quan theo cấp"), default=dict)
    coordinate_with = models.JSONField(_("cơ quan phối hợp"), default=list, blank=True)
    policy = models.ForeignKey(
        DeadlinePolicy,
        on_delete=models.PROTECT,
        related_name="subfields",
        verbose_name=_("chính sách thời hạn"),
    )
    sensitivity = models.CharField(_("mức công khai"), max_length=20, choices=Sensitivity.choices)
    urgent_by_default = models.BooleanField(_("mặc nhiên khẩn cấp"), default=False)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)

    class Meta:
        ordering = ["field__order", "order"]
        verbose_name = _("tiểu lĩnh vực")
        verbose_name_plural = pgettext_lazy("số nhiều", "tiểu lĩnh vực")

    def __str__(self) -> str:
        return getattr(self, name_column()) or self.name_vi


class SubfieldBorder(Reference):
    """Where one sub-field ends and another begins: one sentence for whoever corrects a choice.

    `one` comes before `other` in the alphabet, so that a pair stands once.
    """

    one = models.ForeignKey(
        Subfield, on_delete=models.CASCADE, related_name="borders", verbose_name=_("tiểu lĩnh vực")
    )
    other = models.ForeignKey(
        Subfield, on_delete=models.CASCADE, related_name="borders_back", verbose_name=_("với tiểu lĩnh vực")
    )
    says = models.CharField(_("ranh giới"), max_length=500)

    class Meta:
        ordering = ["one", "other"]
        verbose_name = _("ranh giới tiểu lĩnh vực")
        verbose_name_plural = pgettext_lazy("số nhiều", "ranh giới tiểu lĩnh vực")
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="border_once")]

    def __str__(self) -> str:
        return f"{self.one_id} | {self.other_id}"

    def clean(self) -> None:
        # Asked here, not by the database: each has an alphabet of its own.
        if self.one_id and self.other_id and not self.one_id < self.other_id:
            raise ValidationError({"one": _("Xin chọn ở ô đầu tiểu lĩnh vực có mã đứng trước.")})
