"""What a citizen says later is read for danger too: whoever is on duty hears of it at once."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from classifier import read
from feedback import locking, voice
from feedback.followups import Write, after, waited_for
from feedback.later_words import said_in
from feedback.models import Petition, Step
from feedback.models.step import LATER_WORDS
from feedback.workflow import State
from feedback.workflow.states import ANSWERED_OR_CLOSED

MOMENT = dt.timedelta(microseconds=1)  # what is read in the moment in which it was said is urgent as well


@waited_for
@after(*LATER_WORDS)
def hear_danger(step: Step) -> Write | None:
    """Read the words of this step alone, outside any transaction.

    Twice: it was told a moment ago. Never: its lead reads the words, which were sent to him.
    """
    return (lambda: raise_alarm(locking.held(step), step.at)) if is_told_in(step) else None


# A word or two tell the learnt head little: where none of them names a danger, it has to be surer by far.
SURE_ALONE = 0.5


def is_told_in(step: Step) -> bool:
    """Whether the words of one of these steps speak of danger."""
    said = said_in(step)
    if not said or not settings.READS:
        return False
    reading = read(said, home=step.petition.territory_id)
    return reading.urgent and (bool(reading.urgent_words) or reading.urgency >= SURE_ALONE)


# Whoever goes on telling of the same danger within this time rings no second bell.
RINGS_ONCE_IN = dt.timedelta(hours=12)


def raise_alarm(petition: Petition, said_at: dt.datetime | None = None) -> None:
    """On the petition, or on the one that speaks for it, told at once.

    `said_at`: of a later word, told anew although the petition was urgent before, and told after an answer
    too, which does not become urgent again; None of its first words.
    """
    where = ""
    if petition.state == State.MERGED and petition.main_id:
        where, petition = petition.code, locking.locked(petition.main_id)
    if petition.erased_at or not _is_heard(petition, said_at) or _is_told(petition, said_at):
        return
    now = max(timezone.now(), petition.last_step().at)
    petition.urgent = petition.urgent or petition.is_open
    petition.danger_at = said_at or petition.danger_at
    if fallen := voice.unsaid(petition, now + MOMENT):
        voice.say(petition, fallen, now=now, said_in=where)
    else:
        petition.save_changes()


def _is_heard(petition: Petition, said_at: dt.datetime | None) -> bool:
    return petition.is_open or (said_at is not None and petition.state in ANSWERED_OR_CLOSED)


def _is_told(petition: Petition, said_at: dt.datetime | None) -> bool:
    if said_at is None:
        return petition.urgent
    return petition.danger_at is not None and said_at - petition.danger_at < RINGS_ONCE_IN
