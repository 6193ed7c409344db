"""A legal clock of a petition: when it began, when it must end, why, and how it ended."""

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from routing.calendar import moment
from routing.deadlines import UnknownPolicyError, rule
from routing.models import DeadlinePolicy
from routing.models.limits import POLICY_AT_LAW

LAWS = {policy: kind for kind, policy in POLICY_AT_LAW.items()}
SHOWN = ("accept", "resolve")  # steps whose clock stands on the petition's row; all others are duties


class Clock(models.Model):
    """One step of a deadline policy running on one petition; kept for ever with its result."""

    class Result(models.TextChoices):
        ON_TIME = "on_time", _("đúng hạn")
        LATE = "late", _("trễ hạn")
        VOID = "void", _("không tính")

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="clocks")
    round = models.PositiveSmallIntegerField(default=1)
    step = models.CharField(max_length=20)  # one of routing.models.PolicyStep.Step
    is_resolve = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warns_at = models.DateTimeField(null=True, blank=True)  # most of the time is used up
    legal_due_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    policy = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    calendar_version = models.CharField(max_length=60, blank=True)
    article = models.CharField(max_length=500, blank=True)
    reason = models.TextField(blank=True)  # the sentence "why this date", in Vietnamese
    trace = models.JSONField(default=list)  # [{"date", "counted", "why"}]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "round", "step"],
                condition=models.Q(ended_at__isnull=True),
                name="one_running_clock_per_step",
            )
        ]
        indexes = [
            models.Index(
                fields=["calendar_version"],
                name="clock_calendar",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.step} {self.due_at:%d/%m/%Y %H:%M}"

    @property
    def ends_at(self) -> dt.datetime:
        """Until when it is met: 24:00 of its last day where the law sets it, else `due_at`, when work ends.

        A day of the law ends at midnight (Bộ luật Dân sự 2015, Điều 148).
        """
        if self.legal_due_on is None or not self._is_of_law():
            return self.due_at
        return moment(self.legal_due_on, dt.time.max)

    def _is_of_law(self) -> bool:
        """The time to answer of complaint and denunciation alone; of other steps what its rule says."""
        if self.is_resolve or self.policy in LAWS:
            return self.policy in LAWS
        try:
            found = rule(self.policy, self.step, on=timezone.localdate(self.started_at))
        except UnknownPolicyError:
            return False
        return found.legal == DeadlinePolicy.Legal.YES
