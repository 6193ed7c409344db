"""Whom a petition is given by one click: where it seems to belong, and to whom that is offered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from feedback import matters, permissions
from feedback.accused import asks_who
from feedback.forms.choices import reviewing, routes_of, suggested
from feedback.later_words import is_apart, told_by_petitioner
from feedback.models import Petition
from feedback.workflow import AT_INTAKE, NEVER_PUBLIC


def picks(petition: Petition, user: User) -> list[dict[str, Any]]:
    """Where it may go, as one-click choices, where this person may assign now."""
    if not may_pick(petition, user) or never_by_one_click(petition):
        return []
    return offered(petition)


def offered(petition: Petition) -> list[dict[str, Any]]:
    """Whom somebody names (`named`: how), then where else it would go: as `routes_of`, each with the `key` by
    which it is chosen."""
    read = routes_of(petition) if petition.reading is not None else []
    known = {route["agency"]: {**route, "key": route["subfield"]} for route in reversed(read)}
    back = [
        {**(known.get(code) or _unread(code, name)), "named": _("nơi trả lại đề nghị")}
        for code, name in suggested(petition)
    ]
    over = [
        {**_unread(code, name), "named": _("cấp trên của nơi đã trả lời")}
        for code, name in reviewing(petition)[:1]
        if code not in {one["agency"] for one in back}
    ]
    taken = {one["key"] for one in back}
    return [*back, *over, *({**one, "key": one["subfield"]} for one in read if one["subfield"] not in taken)]


def _unread(code: str, name: str) -> dict[str, Any]:
    """It stays under the sub-field that it is filed under."""
    none = {"subfield": "", "subject": "", "share": None, "reason": ""}
    return {"agency": code, "name": name, "key": code, **none}


def picks_in_list(petition: Petition, user: User) -> list[dict[str, Any]]:
    """Of what tells of several matters none, nor of an appeal: whoever gives it on has read it, and that it
    can be split, or what it is against."""
    if not may_pick(petition, user) or petition.is_appeal:
        return []
    found = picks(petition, user)
    return found if found and matters.told_in(petition.text) is None else []


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
