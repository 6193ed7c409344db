"""Through whose hands a petition went: who had it, since when, who gave it to them and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from feedback import story
from feedback.models import Petition, Step
from feedback.redaction import as_seen
from routing.called import called
from routing.kept import agencies_by_code
from routing.telling import moment


@dataclass(frozen=True)
class Hand:
    """One agency that had it; `why` in the words of whoever moved it, "" where none were said."""

    agency: str
    since: str
    by: str
    why: str


def hands(petition: Petition, by: User) -> list[Hand]:
    """Oldest first, each agency with the step that brought it there, as `by` may read it."""
    moves = list(_moves(petition))
    agencies = agencies_by_code({step.lead_agency for step in moves})
    return [
        Hand(
            agency=called(agencies[step.lead_agency], step.at),
            since=moment(step.at),
            by=story.who(step),
            why=as_seen(step.why, petition, by),
        )
        for step in moves
        if step.lead_agency in agencies
    ]


def _moves(petition: Petition) -> Iterator[Step]:
    """The first step, and each after which another leads."""
    lead = ""
    for step in petition.history():
        if step.lead_agency and step.lead_agency != lead:
            lead = step.lead_agency
            yield step
