"""What a citizen says later is read for danger too: whoever is on duty hears of it at once."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from classifier import read
from feedback import steps, story, voice
from feedback.followups import Write, after
from feedback.models import Petition, Step
from feedback.workflow import OPEN, State

MOMENT = dt.timedelta(microseconds=1)  # what is said in the very moment of its step is urgent as well


@after("inform", "contest", "reopen")
def hear_danger(step: Step) -> Write | None:
    """Read the words of this step alone, outside any transaction.

    Twice: it is urgent already. Never: its lead reads the words, which were sent to him.
    """
    told = story.words(step)
    said = str(told.get("text") or told.get("reason") or "")
    if not settings.READS or not said or not read(said, home=step.petition.territory_id).urgent:
        return None
    return lambda: _raise_alarm(steps.held(step))


def _raise_alarm(petition: Petition) -> None:
    """On the petition, or on the one that speaks for it."""
    if petition.state == State.MERGED and petition.main_id:
        petition = steps.locked(petition.main_id)
    if petition.urgent or petition.erased_at or petition.state not in OPEN:
        return
    now = max(timezone.now(), petition.last_step().at)
    petition.urgent = True
    if fallen := voice.unsaid(petition, now + MOMENT):
        voice.say(petition, fallen, now=now)
    else:
        petition.save_changes()
