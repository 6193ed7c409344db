"""The public copy: reviewed words, no contact, no raw text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback import codes
from feedback.heading import heading
from feedback.workflow import OPEN
from routing.models import Subfield


class PublicPetitionQuerySet(models.QuerySet["PublicPetition"]):
    def shown(self) -> PublicPetitionQuerySet:
        """Those that today's sensitivity of their matter lets everybody read."""
        return self.exclude(_untold())

    def untold(self) -> PublicPetitionQuerySet:
        """Those that it does not: it was raised since they were published."""
        return self.filter(_untold())


def _untold() -> Q:
    """Of a confidential matter nothing is told, of a restricted one no words as they were sent."""
    secret = Subfield.objects.filter(sensitivity=Subfield.Sensitivity.CONFIDENTIAL).values("pk")
    summed_up = Subfield.objects.filter(sensitivity=Subfield.Sensitivity.RESTRICTED).values("pk")
    return Q(subfield__in=secret) | Q(subfield__in=summed_up, summary=False)


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
    plan_met_on = models.DateField(null=True)  # the day on which what was promised was said to be done
    # Somebody wrote the words anew, for the matter was restricted when they were published.
    summary = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # What no reviewer has looked at since: another answer was sent, or the sender hid more.
    look_again_at = models.DateTimeField(null=True)

    objects = PublicPetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"]),
            models.Index(fields=["-answered_at"]),
            models.Index(
                fields=["petition"], name="public_look_again", condition=Q(look_again_at__isnull=False)
            ),
            models.Index(fields=["subfield"], name="public_verbatim", condition=Q(summary=False)),
        ]

    def __str__(self) -> str:
        return codes.printed(self.code)

    @property
    def is_open(self) -> bool:
        """Another that tells the same can still be merged with it."""
        return self.state in OPEN

    @property
    def current_answer(self) -> str:
        """ "" where it is looked at again: the words are then those of an earlier answer."""
        return self.answer if self.answered_at else ""

    @property
    def heading(self) -> str:
        """The line by which it stands in a list."""
        return heading(self.text)
