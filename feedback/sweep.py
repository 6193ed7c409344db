"""The clock's round: a changed calendar is followed, what fell due is said once, what is over is closed,
what a rule lets go is erased.

Deadlines are never queued ahead: each round asks the rows what is due now, so that a round missed, run
twice, or run by two at once says nothing twice. (Once all have heard of one late duty the next round speaks
of another, if there is one.)
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from feedback import clocks, followups, retention, voice
from feedback.erasing import forget_copies, throw_away, wipe_log
from feedback.facts import ON_REQUEST
from feedback.ladder import LADDER
from feedback.locking import locked
from feedback.models import Petition, RetentionRule, Step
from feedback.models.petition import PROMISED
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take, take_held
from feedback.workflow import State
from routing.calendar import DeadlineError
from routing.kept import one_version

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """One rung of one petition and the people whom the message about it went to.

    A petition that climbed several rungs unseen sends one message, about the highest: the lower ones are
    said by it and go to nobody else.
    """

    code: str
    rung: str
    fell_due_at: dt.datetime
    sent_to: tuple[str, ...]


def sweep(*, now: dt.datetime | None = None) -> list[Said]:
    """One round; gives back the reminders of this round alone."""
    now = now or timezone.now()
    for pk in list(clocks.stale().values_list("petition_id", flat=True).distinct()):
        _alone(_recount, pk, now)
    said = [one for pk in _may_have_fallen(now) for one in _alone(_speak, pk, now) or ()]
    for petition in _windows_over(now):
        _take_quietly(petition, "close", now)
    for petition, rule in (*_let_go(now), *_said_since_erased()):
        _take_quietly(petition, "erase", now, rule=rule)
    throw_away()  # files whose petition was erased when the process died, or the disk did not answer
    forget_copies()
    wipe_log()  # also what was erased while a reader was in the way
    followups.beat(followups.SWEEP)
    return said


def _may_have_fallen(now: dt.datetime) -> list[int]:
    """Petitions of which something may be to be said: one question a rung, however many there are."""
    found = {
        pk: due_at
        for rung in LADDER
        for pk, due_at in Petition.objects.filter(rung.question(now)).values_list("pk", "due_at")
    }
    return sorted(found, key=lambda pk: (found[pk] is None, found[pk] or now, pk))


def _alone(work: Callable[[Petition, dt.datetime], T], pk: int, now: dt.datetime) -> T | None:
    """One petition in a transaction of its own, its row locked: one that fails holds up no other."""
    try:
        with transaction.atomic(), one_version():
            held = locked(pk)
            return work(held, max(now, held.last_step().at))
    except (IntegrityError, NotNow, DeadlineError, Petition.DoesNotExist):
        return None  # another round was first, it was answered meanwhile, or its year is not known
    except Exception:
        log.exception("a petition could not be gone round")
        return None


def _recount(held: Petition, now: dt.datetime) -> None:
    """A step where a due moment moves; else its clocks just name the calendar as it is."""
    if clocks.would_move(held):
        take_held(held, "recount", by=SYSTEM, now=now, told={})
    else:
        clocks.recompute(held)
        clocks.note_calendar(held)


def _speak(held: Petition, now: dt.datetime) -> list[Said]:
    fallen = voice.unsaid(held, now)
    if not fallen:
        return []
    sent_to = tuple(voice.say(held, fallen, now=now).facts.get("sent_to", ()))
    return [
        Said(held.code, one.rung.slug, one.at, sent_to if one is fallen[-1] else ())
        for one in reversed(fallen)
    ]


def _windows_over(now: dt.datetime) -> QuerySet[Petition]:
    """Answered, the window passed, no promise still open: the citizen's silence closes it."""
    answered = Petition.objects.filter(~PROMISED, state=State.ANSWERED, window_ends_at__lte=now)
    return answered.order_by("pk")


def _let_go(now: dt.datetime) -> Iterator[tuple[Petition, str]]:
    """Finished petitions whose words have been kept as long as their rule says; the first rule counts."""
    for rule in RetentionRule.objects.filter(active=True).order_by("keep_days"):
        for petition in retention.kept_long_enough(rule, now):
            yield petition, rule.slug


def _said_since_erased() -> Iterator[tuple[Petition, str]]:
    """Erased on request while it was open, and ended since: what was said in between goes at once."""
    asked = Step.objects.filter(petition=OuterRef("pk"), action="erase", facts__rule=ON_REQUEST)
    ended = Petition.objects.filter(retention.ENDED, retention.WORDS_LEFT, erased_at__isnull=False)
    for petition in ended.filter(Exists(asked)).order_by("pk"):
        yield petition, ON_REQUEST


def _take_quietly(petition: Petition, action: str, now: dt.datetime, **told: Any) -> None:
    """Another round may have been first, or the petitioner: then it is no longer ours to do."""
    try:
        take(petition, action, by=SYSTEM, now=now, **told)
    except NotNow:
        return
