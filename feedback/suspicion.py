"""What a citizen says later may be a complaint or denunciation too: then the intake is asked."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from classifier import read
from feedback import locking
from feedback.followups import Write, after
from feedback.later_words import said_in
from feedback.models import Step
from feedback.models.step import LATER_WORDS
from feedback.workflow import PETITIONS_AT_LAW, Kind
from feedback.workflow.states import SEALABLE

# Whoever contests or reopens says that he does not agree, which in any other place would be a complaint.
SUSPECTS: Mapping[str, frozenset[Kind]] = {
    "inform": PETITIONS_AT_LAW,
    "contest": frozenset({Kind.DENUNCIATION}),
    "reopen": frozenset({Kind.DENUNCIATION}),
}


@after(*LATER_WORDS)
def hear_suspicion(step: Step) -> Write | None:
    """Read the words of this step alone, outside any transaction; what is surely one is asked about.

    Twice: it is asked about already. Never: its lead reads the words, which were sent to him.
    """
    said = said_in(step)
    if (
        not said
        or not settings.READS
        or read(said, home=step.petition.territory_id).kind not in SUSPECTS[step.action]
    ):
        return None
    return lambda: _ask(step)


def _ask(step: Step) -> None:
    """Also where it was answered before: these words are others. Nothing that is sealed is asked about."""
    petition = locking.held(step)
    if petition.is_sealed_or_at_law or petition.erased_at or petition.state not in SEALABLE:
        return
    petition.law_doubt_at = petition.law_doubt_at or step.at
    petition.save_changes()
