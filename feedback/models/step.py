"""What happened, for ever: the chain of steps of a petition, and their words, which a rule may erase."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.permissions import INTAKE
from routing.facts import Against

NAMING = ("seal", "lift", "reclassify", "assign", "accuse")  # the actions that tell who is complained of
TAKES_BACK = "clear_accused"
# What whoever asked says after filing, beside the first words.
LATER_WORDS = ("inform", "contest", "reopen")
# The rights by which whoever sent a petition acts on it, signed in or not.
HOLDER = "secret_holder"
PETITIONER = ("citizen", HOLDER)


class Step(models.Model):
    """One action on one petition with the petition as it was afterwards; never updated, never deleted.

    `record` is the exact text that was hashed (canonical JSON: sorted keys, UTC microseconds, no
    floats); the columns beside it are copies for queries. `hash = sha256(record)`, and `record` holds
    the hash of the step before, so that a chain can be checked by anyone.
    """

    petition = models.ForeignKey("feedback.Petition", on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=30)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20)  # in which capacity: the right that let it through
    lead_agency = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=20)
    subfield = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=2, blank=True)
    commune = models.CharField(max_length=5, blank=True)
    channel = models.CharField(max_length=20)
    party = models.CharField(max_length=20)
    public = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    first_due_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    payload_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    record = models.TextField()

    former_lead: str | None = None  # of one just taken: who led before it, "" before the first

    class Meta:
        verbose_name = _("bước")
        verbose_name_plural = _("các bước")
        ordering = ["petition_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["petition", "seq"], name="one_step_per_number")]
        indexes = [models.Index(fields=["action", "at"])]

    def __str__(self) -> str:
        return f"{self.petition_id}#{self.seq} {self.action}"

    @property
    def person(self) -> User | None:
        """The official who took it; None where the house did, or whoever sent the petition.

        Who that is stands with his identity, for those who may see it, and nowhere else: of steps of before
        that was so, his right tells.
        """
        return None if self.role in PETITIONER else self.by

    @property
    def said(self) -> dict[str, Any]:
        """Its words by fact name; empty where there were none, or a rule erased them."""
        kept = getattr(self, "words", None)
        return json.loads(kept.text) if kept else {}

    @property
    def why(self) -> str:
        """The reason that was given with it, and what was noted; "" where there was none."""
        said = self.said
        return "\n".join(str(said[name]) for name in ("reason", "why", "note") if said.get(name))

    @property
    def asker(self) -> str:
        """Of a question: the code of the body that asks, for the intake's people theirs, whoever leads."""
        return (self.petition.focal_point_id or "") if self.role in INTAKE else self.lead_agency

    @property
    def accused(self) -> Against | None:
        """Who is complained of, as this step says; None where it names nobody."""
        return Against(**self.facts["against"]) if self.facts.get("against") else None


def standing(steps: Iterable[Step]) -> list[Step]:
    """Of steps in their order those that name somebody and were not taken back since."""
    held: list[Step] = []
    for step in steps:
        if step.action == TAKES_BACK:
            held = [one for one in held if one.accused != step.accused]
        elif step.accused:
            held.append(step)
    return held


class StepText(models.Model):
    """The words and personal facts of a step: `payload_digest = sha256(salt + text)`.

    Erasing a row leaves a chain that still verifies.
    """

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="words")
    salt = models.CharField(max_length=32)
    text = models.TextField()  # canonical JSON of the words by fact name, e.g. {"text": "..."}

    def __str__(self) -> str:
        return f"{self.step_id}"
