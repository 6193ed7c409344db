"""Agencies beside the lead: those that help, and those that may not come near."""

from __future__ import annotations

from django.db import models

from feedback.models.step import Step


class CoordinationQuerySet(models.QuerySet["Coordination"]):
    def still_asked(self) -> CoordinationQuerySet:
        """Without those whom a seal sent away: of what is sealed only who was asked after it helps."""
        seals = Step.objects.filter(
            petition=models.OuterRef("petition"), action="seal", at__gte=models.OuterRef("asked_at")
        )
        return self.filter(models.Q(petition__sealed=False) | ~models.Exists(seals))


class Coordination(models.Model):
    """One agency asked to help the lead, with its question and day; only the lead answers the citizen."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="coordinations")
    agency = models.ForeignKey("routing.Agency", on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    text = models.TextField(blank=True)
    contributed_at = models.DateTimeField(null=True, blank=True)

    objects = CoordinationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.agency_id}"


class Exclusion(models.Model):
    """A body that may neither lead, coordinate nor read: it, or its head, is complained about."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="exclusions")
    agency = models.ForeignKey("routing.Agency", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "agency"], name="excluded_once")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.agency_id}"


class Pause(models.Model):
    """A stretch of time that no clock counts: waiting for the citizen, or suspended in writing."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="pauses")
    action = models.CharField(max_length=20)  # ask | suspend
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.began_at:%d/%m/%Y}"
