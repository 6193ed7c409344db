"""The legal clocks of a petition: started, ended and copied to the petition's row by the steps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from feedback.models import Clock
from routing.deadlines import Deadline, due, explain
from routing.models import OFFICE_HOURS

if TYPE_CHECKING:
    from feedback.models import Petition

DEFAULT_POLICY = "field-5d"


def start(petition: Petition, step: str, *, at: dt.datetime) -> Clock:
    """Start the clock of one policy step, or give back the one that runs already."""
    deadline = _deadline(petition, step, at)
    clock, _created = Clock.objects.get_or_create(
        petition=petition,
        round=petition.round,
        step=step,
        defaults={
            "is_resolve": step == "resolve",
            "started_at": at,
            "first_due_at": deadline.at,
            "due_at": deadline.at,
            "legal_due_on": deadline.legal_on,
            "policy": deadline.policy,
            "version": deadline.version,
            "calendar_version": deadline.calendar_version,
            "article": deadline.article,
            "reason": explain(deadline),
            "trace": [line.as_json() for line in deadline.trace],
        },
    )
    return clock


def end(petition: Petition, step: str, *, at: dt.datetime) -> None:
    """End a running clock with its result; nothing happens to one that has ended or never ran."""
    clock = Clock.objects.filter(
        petition=petition, round=petition.round, step=step, ended_at__isnull=True
    ).first()
    if clock:
        clock.ended_at = at
        clock.result = Clock.Result.ON_TIME if at <= clock.due_at else Clock.Result.LATE
        clock.save(update_fields=["ended_at", "result"])


def show(petition: Petition, clock: Clock) -> None:
    """Copy a clock to the petition's row, where lists sort by it."""
    petition.due_at = clock.due_at
    petition.first_due_at = clock.first_due_at
    petition.legal_due_on = clock.legal_due_on


def _deadline(petition: Petition, step: str, at: dt.datetime) -> Deadline:
    policy = petition.policy_id or DEFAULT_POLICY
    hours = petition.lead.office_hours if petition.lead else OFFICE_HOURS
    return due(policy, step, start=at, hours=hours, on=timezone.localdate(at))
