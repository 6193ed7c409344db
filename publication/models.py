"""The published cube: rows that everybody may have, frozen month by month."""

from __future__ import annotations

from django.db import models

from publication.hiding import SIZES

# What a row counts; `publication.freezing.FLOWS` says of what in the house's own counts.
MEASURES = (
    *("submitted", "spam", "taken", "given", "answered", "timed", "on_time", "on_time_original", "late"),
    *("refused", "redirected", "returned", "transferred", "extended", "reopened", "contested", "appealed"),
    *("rated", "satisfied", "acceptable", "unrated", "proposed", "confirmed", "open", "overdue"),
)
# Those that more than one table of a province tells: what is rarer would tie rows to one petition, and parts
# of these (on time of answered) would tell what is hidden.
SHARED = SIZES


class FrozenMonth(models.Model):
    """A month that is over and was published; its rows never change."""

    month = models.DateField(primary_key=True)  # its first day
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of its lines in cube.csv

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class FrozenRow(models.Model):
    """One row of a table (see `publication.coarsening`); "" where it does not say, "*" for the rest."""

    month = models.ForeignKey(FrozenMonth, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=1)
    since = models.DateField()
    until = models.DateField()
    province = models.CharField(max_length=2, blank=True)
    agency = models.CharField(max_length=150, blank=True)
    field = models.CharField(max_length=100, blank=True)
    subfield = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    party = models.CharField(max_length=20, blank=True)
    numbers = models.JSONField()  # measure (or "wait:7": answers after seven working days) -> how many

    class Meta:
        indexes = [
            models.Index(fields=["table", "agency", "month"], name="frozen_agency"),
            models.Index(fields=["table", "province", "field", "month"], name="frozen_place"),
            models.Index(fields=["table", "field", "month"], name="frozen_field"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.since} {self.province} {self.agency} {self.field}"


class FrozenCohort(models.Model):
    """How the petitions sent in one month had fared at the end of a later day; it never changes."""

    month = models.DateField(primary_key=True)  # its first day
    seen_on = models.DateField()
    at = models.DateTimeField()
    numbers = models.JSONField()  # `recompute.COHORT` -> how many

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
