"""What the machine read, with its version, and what a person made of it."""

from django.conf import settings
from django.db import models


class Prediction(models.Model):
    """One reading of one petition; the handler's confirmation or correction stands on the same row."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="predictions")
    at = models.DateTimeField()
    model = models.CharField(max_length=80)
    subfield = models.CharField(max_length=100, blank=True)
    field = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField()
    decision = models.CharField(max_length=10)
    candidates = models.JSONField(default=list)  # [{"subfield", "p"}] best three
    kind = models.CharField(max_length=20)
    kind_p = models.JSONField(default=dict)
    # May be a complaint or denunciation all the same; None: read before anybody was asked.
    law_doubt = models.BooleanField(null=True)
    urgent = models.BooleanField(default=False)
    urgent_words = models.JSONField(default=list)
    words = models.JSONField(default=list)
    places = models.JSONField(default=list)
    personal = models.JSONField(default=list)
    guarded = models.BooleanField(default=False)
    routes = models.JSONField(default=list)  # [{"subfield", "p", "agency", "reason"}] for the focal point

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    changed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.petition_id} {self.subfield or '?'} {self.confidence:.2f}"
