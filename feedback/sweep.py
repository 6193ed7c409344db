"""The clock's round: what fell due is said once, what is over is closed, what a rule lets go is erased.

Deadlines are never queued ahead: each round asks the rows what is due now, so that a round missed, run
twice, or run by two at once changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Post, Role
from feedback.erasing import forget_copies, throw_away, wipe_log
from feedback.models import Attachment, Escalation, Petition, RetentionRule, Step, StepText
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take, take_held
from feedback.workflow import FINAL, State

DUE = "due"


@dataclass(frozen=True)
class Said:
    """One reminder: to whom it went."""

    code: str
    rung: str
    fell_due_at: dt.datetime
    sent_to: tuple[str, ...]


def sweep(*, now: dt.datetime | None = None) -> list[Said]:
    """One round; gives back the reminders of this round alone."""
    now = now or timezone.now()
    said = [reminder for petition in _fallen_due(now) if (reminder := _say(petition, now))]
    for petition in _windows_over(now):
        _take_quietly(petition, "close", now)
    for petition, rule in _let_go(now):
        _take_quietly(petition, "erase", now, rule=rule.slug)
    throw_away()  # files whose petition was erased when the process died, or the disk did not answer
    forget_copies()
    wipe_log()  # also what was erased while a reader was in the way
    return said


def _fallen_due(now: dt.datetime) -> QuerySet[Petition]:
    """Overdue by the same question as every list, and not yet spoken of for this due moment."""
    spoken = Escalation.objects.filter(petition=OuterRef("pk"), rung=DUE, fell_due_at=OuterRef("due_at"))
    return Petition.objects.overdue(now).filter(~Exists(spoken)).order_by("due_at", "pk")


def _say(petition: Petition, now: dt.datetime) -> Said | None:
    fell_due_at = petition.due_at
    if fell_due_at is None:
        return None
    told = _told(petition)
    try:
        with transaction.atomic():
            Escalation.objects.create(petition=petition, rung=DUE, fell_due_at=fell_due_at, at=now)
            take(petition, "escalate", by=SYSTEM, now=now, rung=DUE, sent_to=list(told))
    except (IntegrityError, NotNow):
        return None  # another round was first, or it was answered meanwhile
    return Said(petition.code, DUE, fell_due_at, told)


def speak_held(held: Petition, fell_due_at: dt.datetime, *, now: dt.datetime) -> Step:
    """The same for whoever read the row by `locked` in this very transaction and knows it is overdue."""
    Escalation.objects.create(petition=held, rung=DUE, fell_due_at=fell_due_at, at=now)
    told = {"rung": DUE, "sent_to": list(_told(held))}
    return take_held(held, "escalate", by=SYSTEM, now=now, told=told)


def _told(petition: Petition) -> tuple[str, ...]:
    """User names of the lead's people and the supervisors of its province."""
    lead = Q(role__in=[Role.HANDLER, Role.APPROVER], agency_id=petition.lead_id)
    intake = Q(role=Role.FOCAL_POINT, province_id=petition.territory_id)
    watch = Q(role=Role.SUPERVISOR, province_id=petition.territory_id)
    concerned = lead | watch | (intake if petition.led_by_focal_point else Q(pk__in=[]))
    people = Post.objects.filter(concerned, user__is_active=True)
    return tuple(sorted(set(people.values_list("user__username", flat=True))))


def _windows_over(now: dt.datetime) -> QuerySet[Petition]:
    """Answered, the window passed, no promise still open: the citizen's silence closes it."""
    kept = Q(commitment_due__isnull=True) | Q(commitment_met_at__isnull=False)
    answered = Petition.objects.filter(kept, state=State.ANSWERED, window_ends_at__lte=now)
    return answered.order_by("pk")


def _let_go(now: dt.datetime) -> Iterator[tuple[Petition, RetentionRule]]:
    """Finished petitions whose words have been kept as long as their rule says; the first rule counts."""
    for rule in RetentionRule.objects.filter(active=True).order_by("keep_days"):
        for petition in _finished_before(now - dt.timedelta(days=rule.keep_days), rule):
            yield petition, rule


def _finished_before(moment: dt.datetime, rule: RetentionRule) -> QuerySet[Petition]:
    later = Step.objects.filter(petition=OuterRef("pk"), at__gt=moment)
    words = StepText.objects.filter(step__petition=OuterRef("pk"))
    files = Attachment.objects.filter(petition=OuterRef("pk"))
    # Erased before, and something was said since: that has to go in its turn.
    left = Q(erased_at__isnull=True) | Exists(words) | Exists(files)
    rows = Petition.objects.filter(left, state__in=FINAL).filter(~Exists(later))
    kinds, grounds = rule.conditions.get("kinds"), rule.conditions.get("grounds")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if grounds:
        rows = rows.filter(state=State.REJECTED, refused_ground__in=grounds)
    return rows.order_by("pk")


def _take_quietly(petition: Petition, action: str, now: dt.datetime, **told: Any) -> None:
    """Another round may have been first, or the petitioner: then it is no longer ours to do."""
    try:
        take(petition, action, by=SYSTEM, now=now, **told)
    except NotNow:
        return
