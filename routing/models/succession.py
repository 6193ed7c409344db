"""What became of units: who goes on with the work of a closed one, and what one was called before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from routing.models.agencies import Agency
from routing.models.places import Commune
from routing.models.reference import Reference


class Succession(Reference):
    """`successor` goes on with what `former` did, from `valid_from`; several rows where it was divided.

    It takes effect once `former` is out of force; one that still stands leads as before.
    """

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.former_id} → {self.successor_id}"  # type: ignore[attr-defined]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()  # also where no form stands before it: in a circle nobody would answer
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError where one would be heir to itself, by whatever way."""
        former, heirs = self.former_id, [self.successor_id]  # type: ignore[attr-defined]
        rows = type(self)._default_manager.exclude(pk=self.pk)
        seen: set[str] = set()
        while heirs:
            if former in heirs:
                raise ValidationError(
                    {"successor": gettext("Đơn vị nối tiếp lại dẫn về chính đơn vị đã giải thể.")}
                )
            seen.update(heirs)
            heirs = list(
                rows.filter(former_id__in=heirs)
                .exclude(successor_id__in=seen)
                .values_list("successor_id", flat=True)
            )


class CommuneSuccessor(Succession):
    """A commune that took in a closed one, or a part of it; each office goes to the one of its type there."""

    former = models.ForeignKey(
        Commune, on_delete=models.CASCADE, related_name="successors", verbose_name=_("đơn vị đã sáp nhập")
    )
    successor = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="predecessors", verbose_name=_("nay thuộc")
    )

    class Meta:
        ordering: ClassVar = ["former", "successor"]
        verbose_name = _("xã, phường nối tiếp")
        verbose_name_plural = pgettext_lazy("số nhiều", "xã, phường nối tiếp")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["former", "successor"], name="commune_successor_once")
        ]


class AgencySuccessor(Succession):
    """An agency that took over the work of a closed one."""

    former = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="successors", verbose_name=_("cơ quan đã giải thể")
    )
    successor = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="predecessors", verbose_name=_("cơ quan nối tiếp")
    )

    class Meta:
        ordering: ClassVar = ["former", "successor"]
        verbose_name = _("cơ quan nối tiếp")
        verbose_name_plural = pgettext_lazy("số nhiều", "cơ quan nối tiếp")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["former", "successor"], name="agency_successor_once")
        ]


class AgencyName(Reference):
    """What an agency was called in earlier days, up to `valid_to`; today's name stands in its own row."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="names", verbose_name=_("cơ quan")
    )
    name = models.CharField(_("tên trước đây"), max_length=250)

    class Meta:
        ordering: ClassVar = ["agency", "valid_from"]
        verbose_name = _("tên trước đây của cơ quan")
        verbose_name_plural = pgettext_lazy("số nhiều", "tên trước đây của cơ quan")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "valid_from"], name="agency_name_once_a_day"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="agency_name_has_an_end"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError: it ends, after it began, and no other name stood on one of its days."""
        if self.valid_to is None:
            raise ValidationError({"valid_to": gettext("Xin ghi ngày cuối mang tên này.")})
        if self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": gettext("Ngày hết hiệu lực phải sau ngày bắt đầu.")})
        others = AgencyName.objects.filter(agency=self.agency_id).exclude(pk=self.pk)
        if others.filter(valid_from__lte=self.valid_to, valid_to__gte=self.valid_from).exists():
            raise ValidationError(gettext("Có hai tên trước đây cho cùng một ngày."))
