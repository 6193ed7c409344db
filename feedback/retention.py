"""How long words are kept, and by which rule those of a petition may go on a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.facts import ON_REQUEST
from feedback.models import Attachment, Petition, RetentionRule, Step, StepText
from feedback.workflow import FINAL, State

# A merged one follows its main.
ENDED = Q(state__in=FINAL) | Q(state=State.MERGED, main__state__in=FINAL)
WORDS_LEFT = Q(
    Exists(StepText.objects.filter(step__petition=OuterRef("pk")))
    | Exists(Attachment.objects.filter(petition=OuterRef("pk")))
)


def kept_long_enough(rule: RetentionRule, now: dt.datetime) -> QuerySet[Petition]:
    """Finished petitions that the rule is for, in whose matter nothing was done for as long as it says."""
    moment = now - dt.timedelta(days=rule.keep_days)
    later = Step.objects.filter(Q(petition=OuterRef("pk")) | Q(petition=OuterRef("main")), at__gt=moment)
    # Erased before, and something was said since: that has to go in its turn.
    left = Q(erased_at__isnull=True) | WORDS_LEFT
    rows = Petition.objects.filter(ENDED, left).filter(~Exists(later))
    kinds, grounds = rule.conditions.get("kinds"), rule.conditions.get("grounds")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if grounds:
        rows = rows.filter(state=State.REJECTED, refused_ground__in=grounds)
    return rows.order_by("pk")


def rules_for(petition: Petition, now: dt.datetime) -> list[RetentionRule]:
    """By which its words may go now: on request at any time, else as long as a rule says."""
    in_force = RetentionRule.objects.filter(Q(active=True) | Q(pk=ON_REQUEST)).order_by("keep_days")
    return [rule for rule in in_force if rule.pk == ON_REQUEST or _is_due(rule, petition, now)]


def _is_due(rule: RetentionRule, petition: Petition, now: dt.datetime) -> bool:
    return kept_long_enough(rule, now).filter(pk=petition.pk).exists()


def true_of(slug: str, petition: Petition, now: dt.datetime) -> str:
    """The rule that the step names for ever: no rule of time whose time has not come."""
    return slug if slug in {rule.pk for rule in rules_for(petition, now)} else ON_REQUEST
