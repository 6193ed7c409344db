"""Letters to be printed and signed: forms as rows of data, filled from a petition, drawn as PDF or DOCX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from feedback import permissions
from feedback.models import Clock, Petition
from feedback.papers import as_docx, as_pdf
from feedback.papers.filling import Case
from feedback.papers.letter import Letter, write
from feedback.papers.rows import Paper, papers
from feedback.permissions import Actor
from feedback.workflow import State, law_of
from feedback.workflow.conditions import is_tip

__all__ = ["DRAWN", "Case", "Letter", "Paper", "file_name", "offered", "papers", "write"]

Drawing = Callable[[Letter], bytes]

# ending -> how it is drawn, and its media type
DRAWN: Mapping[str, tuple[Drawing, str]] = {
    "pdf": (as_pdf.draw, "application/pdf"),
    "docx": (
        as_docx.draw,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}

WRITERS: Mapping[str, Callable[[Actor, Petition], bool]] = {
    "lead": permissions.lead_handler,
    "officer": permissions.petition_officer,
    "intake": lambda by, petition: (
        permissions.focal_point(by, petition) or permissions.petition_officer(by, petition)
    ),
}

# What a letter rests on, as it is now and not as it once was.
HOLDS: Mapping[str, Callable[[Petition], bool]] = {
    "accepted": lambda petition: petition.accepted_for_handling_at is not None,
    "extended": lambda petition: petition.is_open and bool(petition.extended_at(law_of(petition.kind))),
    "elsewhere": lambda petition: not petition.led_by_focal_point or petition.state == State.REDIRECTED,
    "unsigned": is_tip,
}


def offered(petition: Petition, by: Actor, now: dt.datetime) -> list[Paper]:
    """The forms that this person may write for this petition as it stands, in the order of the rows."""
    taken = {step.action for step in petition.history()}
    return [
        paper
        for paper in papers().forms.values()
        if _fits(paper, petition, taken, now) and any(WRITERS[who](by, petition) for who in paper.who)
    ]


def _fits(paper: Paper, petition: Petition, taken: set[str], now: dt.datetime) -> bool:
    return (
        (not paper.kinds or petition.kind in paper.kinds)
        and (not paper.states or petition.state in paper.states)
        and (not paper.after or not paper.after.isdisjoint(taken))
        and all(HOLDS[name](petition) for name in paper.holds)
        and (not paper.late or _is_late(petition, now))
    )


def _is_late(petition: Petition, now: dt.datetime) -> bool:
    """Its time has run out, or had when it was answered."""
    answers = (one for one in petition.all_clocks() if one.is_resolve and one.round == petition.round)
    return petition.is_overdue(now) or any(one.result == Clock.Result.LATE for one in answers)


def file_name(paper: Paper, petition: Petition, ending: str) -> str:
    """By form and code alone: a file's name travels further than the file."""
    return f"{paper.slug}-{petition.code}.{ending}"
