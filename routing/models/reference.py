"""What every row of reference data has: a source, days of force, a mark of how it was shipped."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import connection, models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.names import alphabetical


class ReferenceState(models.Model):
    """The one row that says which reference data is loaded; `version` changes whenever a row does.

    Processes keep what they read as long as the version is the same. It is drawn by chance, so that a
    version that was rolled back never comes again with other rows.
    """

    version = models.PositiveBigIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tình trạng dữ liệu nền")
        verbose_name_plural = pgettext_lazy("số nhiều", "tình trạng dữ liệu nền")

    def __str__(self) -> str:
        return f"v{self.version}"

    @classmethod
    def touch(cls) -> None:
        """Say that a reference row changed, so that every process reads again."""
        cls.objects.update_or_create(pk=1, defaults={"version": secrets.randbits(62)})

    @classmethod
    def current(cls) -> int:
        """The version now, 0 when nothing was ever loaded; nearly every request asks, so in plain SQL."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT version FROM {cls._meta.db_table} WHERE id = 1")  # noqa: S608  (our own name)
            found = cursor.fetchone()
        return int(found[0]) if found else 0

    @classmethod
    def version_now(cls) -> models.expressions.Combinable:
        """The same, to be read along with other rows."""
        return Coalesce(models.Subquery(cls.objects.filter(pk=1).values("version")), models.Value(0))


class ReferenceQuerySet(models.QuerySet[Any]):
    """Whoever changes many at once says so too: what is kept of them in memory decides what may be shown."""

    def update(self, **columns: Any) -> int:
        changed = super().update(**columns)
        if changed:
            ReferenceState.touch()
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        gone = super().delete()
        if gone[0]:
            ReferenceState.touch()
        return gone

    # As Django marks its own: no template changes rows, and no manager deletes all of them.
    update.alters_data = delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]

    def in_force(self, on: dt.date) -> ReferenceQuerySet:
        """Rows valid on that day."""
        return self.filter(valid_from__lte=on).exclude(valid_to__lt=on)

    def listed(self) -> list[tuple[str, str]]:
        """(code, name) as a Vietnamese dictionary has them; places by name, "Xã" aside.

        A database knows this order or not, depending on how it was set up.
        """
        by = "short_name" if hasattr(self.model, "short_name") else "name"
        rows = sorted(self.values_list("code", "name", by), key=lambda row: alphabetical(row[2]))
        return [(code, name) for code, name, _by in rows]


class Reference(models.Model):
    """A row of reference data. `valid_to` is the last day of force; empty: still in force."""

    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    valid_from = models.DateField(_("hiệu lực từ"), default=dt.date(2025, 7, 1))
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    # Digest of the values last loaded from the shipped files; "" for a row that an administrator added.
    # A row whose values no longer fit it was edited by a person, and the loader leaves it alone.
    shipped = models.CharField(_("dấu bản phát hành"), max_length=16, blank=True, editable=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        ReferenceState.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        answer = super().delete(*args, **kwargs)
        ReferenceState.touch()
        return answer
