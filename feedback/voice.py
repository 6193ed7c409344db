"""The clock's own voice: what of the ladder was not said yet of a petition, said now, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.utils import timezone

from feedback import clocks, hearers
from feedback.ladder import DUTY_TOLD_TO_ALL, Fallen, stood_on
from feedback.models import Escalation, Petition, Step
from feedback.permissions import SYSTEM
from feedback.steps import take_held


def unsaid(held: Petition, now: dt.datetime) -> list[Fallen]:
    """The rungs on which it stands and of which nobody was told, the lowest first."""
    fallen = list(stood_on(held, now))
    if not fallen:
        return []
    said = set(Escalation.objects.filter(petition=held).values_list("rung", "of"))
    return [one for one in fallen if one.said not in said]


def say(
    held: Petition, fallen: Sequence[Fallen], *, now: dt.datetime, saves: bool = True, said_in: str = ""
) -> Step:
    """One step, one message a person: the highest rung speaks, all are kept as said by it.

    For whoever read the row by `locked` in this very transaction. `saves` as for `take_held`. `said_in`: the
    code of the petition where the words stand, where that is another, merged into this one.
    """
    told = {"sent_to": hearers.names(held, fallen, on=timezone.localdate(now)), **_facts(fallen)}
    told |= {"said_in": said_in} if said_in else {}
    step = take_held(held, "escalate", by=SYSTEM, now=now, told=told, saves=saves)
    Escalation.objects.bulk_create(
        Escalation(petition=held, rung=one.rung.slug, of=one.of, fell_due_at=one.at, at=step.at, step=step)
        for one in fallen
    )
    if any(one.rung.slug == DUTY_TOLD_TO_ALL for one in fallen):  # the next one comes into sight
        clocks.show_duty(held)
        if saves:
            held.save_changes()
    return step


def _facts(fallen: Collection[Fallen]) -> dict[str, object]:
    *lower, highest = fallen
    told: dict[str, object] = {"rung": highest.rung.slug, "fell_due_at": highest.at}
    return told | ({"also": [one.rung.slug for one in lower]} if lower else {})
