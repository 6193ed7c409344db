"""Who is there to answer."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from itertools import islice
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from routing.models.places import Commune, Province
from routing.models.reference import Reference


class AgencyType(Reference):
    """A type of agency. A placeholder never has rows: assignment puts the real agency in its place."""

    class Kind(models.TextChoices):
        BODY = "body", _("cơ quan, đơn vị")
        OFFICE = "office", _("chức vụ")
        PLACEHOLDER = "placeholder", _("chỗ trống, thay bằng cơ quan thật")

    class Level(models.TextChoices):
        COMMUNE = "commune", _("cấp xã")
        PROVINCE = "province", _("cấp tỉnh")
        REGION = "region", _("khu vực")
        CENTRAL = "central", _("trung ương")
        ENTERPRISE = "enterprise", _("doanh nghiệp")
        ANY = "any", _("mọi cấp")

    slug = models.CharField(_("mã"), max_length=60, primary_key=True)
    name = models.CharField(_("tên"), max_length=200)
    level = models.CharField(_("cấp"), max_length=20, choices=Level.choices)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("loại cơ quan")
        verbose_name_plural = pgettext_lazy("số nhiều", "loại cơ quan")

    def __str__(self) -> str:
        return self.name


# The type of whoever takes in what happens in a province.
FOCAL_POINT = "feedback-focal-point"


def focal_point_of(province: str) -> str:
    """The code of that agency."""
    return f"{FOCAL_POINT}:{province}"


def is_focal_point(code: str | None) -> bool:
    return (code or "").startswith(f"{FOCAL_POINT}:")


# From below upwards; what is of another sort stands beside.
LADDER = (AgencyType.Level.COMMUNE, AgencyType.Level.PROVINCE, AgencyType.Level.CENTRAL)
OFFICE_HOURS = "07:30-11:30/13:00-17:00"


class Agency(Reference):
    """An agency, or an office (chair, head, minister) under its body.

    `code` is `type:unit`, split at the first colon. The unit of a commune body is the commune's code, of a
    provincial, regional or enterprise body the province's; a central body has none and its code is its
    type. An office that many bodies of one territory have carries its body's code as unit:
    `department-head:department-of-construction:48`, `minister:ministry-of-health`.
    """

    code = models.CharField(_("mã"), max_length=150, primary_key=True)
    name = models.CharField(_("tên"), max_length=250)
    type = models.ForeignKey(
        AgencyType, on_delete=models.PROTECT, related_name="agencies", verbose_name=_("loại")
    )
    # The code of the territory, "" for central bodies.
    unit_code = models.CharField(_("mã địa bàn"), max_length=5, blank=True)
    superior = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subordinates",
        verbose_name=_("cấp trên trực tiếp"),
    )
    province = models.ForeignKey(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=_("tỉnh, thành phố"),
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=_("xã, phường, đặc khu"),
    )
    level = models.CharField(_("cấp"), max_length=20, choices=AgencyType.Level.choices)
    office_hours = models.CharField(_("giờ làm việc"), max_length=60, default=OFFICE_HOURS)
    # Somebody is there at night and on days off: hours of an urgent limit run then too.
    round_the_clock = models.BooleanField(_("trực 24/7"), default=False)
    # Made by rule; stands until a list of the real ones is imported.
    provisional = models.BooleanField(_("tạm, chờ danh sách thật"), default=False)
    phone = models.CharField(_("điện thoại"), max_length=60, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=250, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("cơ quan")
        verbose_name_plural = pgettext_lazy("số nhiều", "cơ quan")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()  # also where no form stands before it: in a ring nobody is over the others
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError where it would stand over itself, by whatever way."""
        if any(one.code == self.code for one in upwards(self.superior)):
            raise ValidationError({"superior": gettext("Cấp trên này lại ở dưới chính cơ quan đang ghi.")})

    def superiors(self) -> Iterator[Agency]:
        """Its superior, and theirs, from below upwards; each once."""
        return islice(upwards(self), 1, None)


def upwards(
    first: Agency | None,
    above: Callable[[Agency], Agency | None] = attrgetter("superior"),
    *,
    without: Container[str] = (),
) -> Iterator[Agency]:
    """The first, whoever is above it, and so on; each once, so that it ends whatever stands in the table.

    `without`: codes of those that are passed over.
    """
    seen: set[str] = set()
    while first is not None and first.code not in seen:
        if first.code not in without:
            yield first
        seen.add(first.code)
        first = above(first)
