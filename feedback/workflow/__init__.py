"""The life of a petition as one table: which action, from where, to where, by whom, with which needs.

Pages, commands and the database's guards ask here; there is no second list of rights. The states stand in
`states`, the shape of a row in `table`, what limits it in `conditions`, and the rows themselves in `life`.
"""

from __future__ import annotations

import datetime as dt

from django_fsm import can_proceed

from feedback.permissions import Actor
from feedback.workflow.life import PetitionLife
from feedback.workflow.states import (
    APPEALS,
    AT_INTAKE,
    BEFORE_ACCEPTANCE,
    FINAL,
    KEEPS_PROPOSAL,
    NEVER_PUBLIC,
    OF_RULES,
    OPEN,
    PAKN_BY_HAND,
    PAUSED,
    PETITIONS_AT_LAW,
    PUBLIC_STATES,
    PUBLISH_FROM,
    QUIET,
    REFUSABLE,
    Kind,
    PaknClass,
    State,
    law_of,
)
from feedback.workflow.table import ACTIONS, Action, May
from routing.calendar import DeadlineError

__all__ = [
    "ACTIONS",
    "APPEALS",
    "AT_INTAKE",
    "BEFORE_ACCEPTANCE",
    "FINAL",
    "KEEPS_PROPOSAL",
    "NEVER_PUBLIC",
    "OF_RULES",
    "OPEN",
    "PAKN_BY_HAND",
    "PAUSED",
    "PETITIONS_AT_LAW",
    "PUBLIC_STATES",
    "PUBLISH_FROM",
    "QUIET",
    "REFUSABLE",
    "Action",
    "Kind",
    "May",
    "PaknClass",
    "PetitionLife",
    "State",
    "available",
    "can_take",
    "law_of",
    "legal_changes",
]


def can_take(petition: PetitionLife, name: str, *, now: dt.datetime | None = None) -> bool:
    """True if the state, and every condition of time and number, lets the action happen then."""
    petition._moment = now
    return can_proceed(getattr(petition, ACTIONS[name].name))


def available(petition: PetitionLife, actor: Actor, *, now: dt.datetime | None = None) -> list[str]:
    """The actions that this actor may take on this petition now, in the order of the table.

    One whose time cannot be told, because nobody has entered the days off of a year, is not offered.
    """
    offered = (row for row in ACTIONS.values() if row.name != "submit")
    return [row.name for row in offered if _is_available(row, petition, actor, now)]


def _is_available(row: Action, petition: PetitionLife, actor: Actor, now: dt.datetime | None) -> bool:
    try:
        return can_take(petition, row.name, now=now) and bool(row.right_of(actor, petition))
    except DeadlineError:
        return False


def legal_changes() -> list[tuple[str, str]]:
    """Every (before, after) that some action makes, unchanged ones left out: the guards are made of it."""
    pairs = {pair for row in ACTIONS.values() for pair in row.pairs()}
    return sorted((str(before), str(after)) for before, after in pairs if before != after)
