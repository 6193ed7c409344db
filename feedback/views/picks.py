"""The machine's candidates, each given a petition by one click: of what, and to whom it is offered."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from feedback import matters, permissions
from feedback.accused import asks_who
from feedback.forms.choices import routes_of
from feedback.later_words import is_apart, told_by_petitioner
from feedback.models import Petition
from feedback.workflow import AT_INTAKE, NEVER_PUBLIC

NEVER_ONE_CLICK = NEVER_PUBLIC  # it might go to the very people complained of


def picks(petition: Petition, user: User) -> list[dict[str, Any]]:
    """The machine's candidates as one-click choices, where this person may assign now."""
    if not may_pick(petition, user) or asks_who_first(petition) or is_left_of_a_split(petition):
        return []
    return routes_of(petition)


def picks_in_list(petition: Petition, user: User) -> list[dict[str, Any]]:
    """Of what tells of several matters none: whoever gives it on has read it, and that it can be split."""
    offered = picks(petition, user)
    return offered if offered and matters.told_in(petition.text) is None else []


def is_left_of_a_split(petition: Petition) -> bool:
    """What was read of the whole may be what was split off."""
    return matters.told_in(petition.text) is not None and matters.is_split(petition)


def asks_who_first(petition: Petition) -> bool:
    """It may complain of the very body that one click would give it to."""
    subfields = {route["subfield"] for route in (petition.reading.routes if petition.reading else ())}
    if is_apart(petition):
        return True
    return bool(subfields) and asks_who(petition.kind, subfields, told_by_petitioner(petition))


def may_pick(petition: Petition, user: User) -> bool:
    return may_give(petition, user) and not petition.proposed_ground and petition.kind not in NEVER_ONE_CLICK


def may_give(petition: Petition, user: User) -> bool:
    """Whoever takes it in has it, and chooses who gets it."""
    waits = petition.state in AT_INTAKE
    may = permissions.focal_point(user, petition) or permissions.petition_officer(user, petition)
    return waits and may
