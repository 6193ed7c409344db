"""The public copy: reviewed words, no contact, no raw text."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback import codes
from feedback.heading import heading
from feedback.workflow import OPEN


class PublicPetition(models.Model):
    """What everyone may read of one petition; written by the reviewer's `publish` and by nothing else."""

    petition = models.OneToOneField("feedback.Petition", on_delete=models.CASCADE, related_name="public")
    code = models.CharField(max_length=12, unique=True)
    text = models.TextField(_("nội dung công khai"))
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    subfield = models.ForeignKey("routing.Subfield", on_delete=models.PROTECT, null=True)
    lead = models.ForeignKey("routing.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    province = models.ForeignKey("routing.Province", on_delete=models.PROTECT, null=True, related_name="+")
    commune = models.ForeignKey("routing.Commune", on_delete=models.PROTECT, null=True, related_name="+")
    # Rounded to a hundred metres; the commune's centre where more may not be told. None: nobody told a point.
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    submitted_on = models.DateField()
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    plan_date = models.DateField(null=True)
    score = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["-published_at", "-id"]), models.Index(fields=["-answered_at"])]

    def __str__(self) -> str:
        return codes.printed(self.code)

    @property
    def is_open(self) -> bool:
        """Another that tells the same can still be merged with it."""
        return self.state in OPEN

    @property
    def is_summary(self) -> bool:
        """Of its matter only what somebody wrote anew is told."""
        return self.subfield is None or self.subfield.sensitivity == self.subfield.Sensitivity.RESTRICTED

    @property
    def heading(self) -> str:
        """The line by which it stands in a list."""
        return heading(self.text)
