"""An example for the machine: what it read, and what an official made of it."""

from __future__ import annotations

from django.db import models


class Correction(models.Model):
    """One correction by a person, with its provenance; the words stay in the petition it refers to.

    Of each pair the first is what the machine read, the second what holds after the person's step; all
    four pairs are kept, so that a row can be read without the ones before it.
    """

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="corrections")
    step = models.OneToOneField("feedback.Step", on_delete=models.PROTECT, related_name="correction")
    prediction = models.ForeignKey("feedback.Prediction", on_delete=models.SET_NULL, null=True)
    model = models.CharField(max_length=80)  # the version that read it, also when the reading is erased
    confidence = models.FloatField()
    read_subfield = models.CharField(max_length=100, blank=True)
    said_subfield = models.CharField(max_length=100, blank=True)
    read_kind = models.CharField(max_length=20)
    said_kind = models.CharField(max_length=20)
    read_commune = models.CharField(max_length=5, blank=True)
    said_commune = models.CharField(max_length=5, blank=True)
    read_agency = models.CharField(max_length=150, blank=True)
    said_agency = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{self.petition_id} {self.read_subfield or '?'} > {self.said_subfield or '?'}"
