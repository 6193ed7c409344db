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


def picks(petition: Petition, user: User) -> list[dict[str, Any]]:
    """Where what the machine has read may go, as one-click choices, where this person may assign now."""
    if petition.reading is None or not may_pick(petition, user) or never_by_one_click(petition):
        return []
    return routes_of(petition)


def picks_in_list(petition: Petition, user: User) -> list[dict[str, Any]]:
    """Of what tells of several matters none: whoever gives it on has read it, and that it can be split."""
    offered = picks(petition, user)
    return offered if offered and matters.told_in(petition.text) is None else []


def never_by_one_click(petition: Petition) -> bool:
    """It might go to the very people complained of, or as what was split off from it."""
    return petition.kind in NEVER_PUBLIC or asks_who_first(petition) or petition.is_split()


def asks_who_first(petition: Petition) -> bool:
    """It may complain of the very body that one click would give it to."""
    subfields = {route["subfield"] for route in (petition.reading.routes if petition.reading else ())}
    subfields |= {petition.subfield_id} if petition.subfield_id else set()
    if is_apart(petition):
        return True
    return bool(subfields) and asks_who(petition.kind, subfields, told_by_petitioner(petition))


def may_pick(petition: Petition, user: User) -> bool:
    return may_give(petition, user) and not petition.proposed_ground and petition.kind not in NEVER_PUBLIC


def may_give(petition: Petition, user: User) -> bool:
    """Whoever takes it in has it, and chooses who gets it."""
    waits = petition.state in AT_INTAKE
    may = permissions.focal_point(user, petition) or permissions.petition_officer(user, petition)
    return waits and may
