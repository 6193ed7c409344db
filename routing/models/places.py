"""Provinces and communes of today, and where the units of before 1 July 2025 went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.models.reference import Reference


class Province(Reference):
    """One of the 34 provincial units of QĐ 19/2025/QĐ-TTg."""

    class Type(models.TextChoices):
        MUNICIPALITY = "municipality", _("thành phố trực thuộc trung ương")
        PROVINCE = "province", _("tỉnh")

    code = models.CharField(_("mã"), max_length=2, primary_key=True)
    name = models.CharField(_("tên"), max_length=100)
    short_name = models.CharField(_("tên gọn"), max_length=100)
    type = models.CharField(_("loại"), max_length=20, choices=Type.choices)
    slug = models.SlugField(_("tên không dấu"), max_length=100)
    lat = models.FloatField(_("vĩ độ"))
    lon = models.FloatField(_("kinh độ"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("tỉnh, thành phố")
        verbose_name_plural = pgettext_lazy("số nhiều", "tỉnh, thành phố")

    def __str__(self) -> str:
        return self.name


class Commune(Reference):
    """One of the 3,321 communes, wards and special zones."""

    class Type(models.TextChoices):
        COMMUNE = "commune", _("xã")
        WARD = "ward", _("phường")
        SPECIAL_ZONE = "special_zone", _("đặc khu")

    code = models.CharField(_("mã"), max_length=5, primary_key=True)
    name = models.CharField(_("tên"), max_length=100)
    short_name = models.CharField(_("tên gọn"), max_length=100)
    type = models.CharField(_("loại"), max_length=20, choices=Type.choices)
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="communes", verbose_name=_("tỉnh, thành phố")
    )
    lat = models.FloatField(_("vĩ độ"))
    lon = models.FloatField(_("kinh độ"))
    area_km2 = models.FloatField(_("diện tích (km²)"), null=True, blank=True)
    # Vùng sâu, vùng xa: longer limits for complaints (Luật Khiếu nại 2011, Điều 28). Unknown counts as no.
    remote_area = models.BooleanField(_("vùng sâu, vùng xa"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("xã, phường, đặc khu")
        verbose_name_plural = pgettext_lazy("số nhiều", "xã, phường, đặc khu")

    def __str__(self) -> str:
        return self.name


class LegacyUnit(Reference):
    """A ward (or a district without wards) as it was before 1 July 2025; code of QĐ 124/2004/QĐ-TTg."""

    code = models.CharField(_("mã cũ"), max_length=5, primary_key=True)
    name = models.CharField(_("tên cũ"), max_length=100)
    district_code = models.CharField(_("mã quận, huyện cũ"), max_length=3, db_index=True)
    district_name = models.CharField(_("quận, huyện cũ"), max_length=100)
    province_code = models.CharField(_("mã tỉnh cũ"), max_length=2, db_index=True)
    province_name = models.CharField(_("tỉnh cũ"), max_length=100)
    communes: models.ManyToManyField[Commune, LegacyMapping] = models.ManyToManyField(
        Commune, through="LegacyMapping", related_name="legacy_units"
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("đơn vị hành chính cũ")
        verbose_name_plural = pgettext_lazy("số nhiều", "đơn vị hành chính cũ")

    def __str__(self) -> str:
        return f"{self.name}, {self.district_name}, {self.province_name}"


class LegacyMapping(Reference):
    """Where an old unit went. `split`: it went to several communes, and a person has to say to which."""

    class Kind(models.TextChoices):
        WHOLE = "whole", _("nguyên vẹn")
        SPLIT = "split", _("bị chia")

    unit = models.ForeignKey(
        LegacyUnit, on_delete=models.CASCADE, related_name="mappings", verbose_name=_("đơn vị cũ")
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="legacy_mappings", verbose_name=_("đơn vị mới")
    )
    kind = models.CharField(_("cách nhập"), max_length=10, choices=Kind.choices)
    is_default = models.BooleanField(_("phần lớn"))

    class Meta:
        ordering = ["unit_id", "commune_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "commune"], name="one_mapping_per_pair")
        ]
        verbose_name = _("chuyển đổi đơn vị cũ")
        verbose_name_plural = pgettext_lazy("số nhiều", "chuyển đổi đơn vị cũ")

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.commune_id}"
