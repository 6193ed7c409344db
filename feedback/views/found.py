"""What an official looked for, as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

import search
from accounts.models import User
from feedback import access, inbox
from feedback.access import What
from feedback.finding.looking import find, knows_senders, read, understood
from feedback.finding.showing import FOR_OFFICIALS, Asked, context, excerpt
from feedback.models import Petition, Reply
from feedback.models.petition import read_clocks
from feedback.redaction import as_seen, place_as_seen
from routing.kept import every_subfield
from routing.models import Subfield
from search import Page, Sought

__all__ = ["Asked", "found", "stands_somewhere"]


@dataclass(frozen=True)
class Found:
    """One petition; what was typed is marked where it stands first, in its text, answer or place.

    `topic` says why it was found where its field is what was typed.
    """

    row: inbox.Row
    topic: Subfield | None
    text: SafeString | None
    answer: SafeString | None
    place: SafeString | None


def found(user: User, asked: Asked, now: dt.datetime) -> dict[str, Any]:
    """A page of it; a bad key, or one past the end, begins at the top. Raises search.Unavailable."""
    sought = understood(user, asked.sought())
    page, petitions = _after(user, sought, asked) if asked.after else (None, [])
    if page is None or not petitions:
        asked = replace(asked, after="")
        page, petitions = find(user, sought, sort=asked.sort)
    if sought.telephone:
        access.kept(user, What.SEARCH, page="feedback:desk", rows=len(petitions))
    if sought.phone:
        access.kept_who_sent(user, petitions, page="feedback:desk")
    told = context(asked, sought, page, FOR_OFFICIALS)
    told["asks_for_senders"] = bool(sought.telephone) and not knows_senders(user)
    return told | {"found": list(_rows(petitions, sought, user, now))}


def _after(user: User, sought: Sought, asked: Asked) -> tuple[Page | None, list[Petition]]:
    with suppress(ValueError):
        return find(user, sought, sort=asked.sort, after=asked.after)
    return None, []


def stands_somewhere(user: User, typed: str) -> bool:
    """Whether anything is found by it; where nobody can look, nothing is."""
    with suppress(search.Unavailable):
        return bool(find(user, read(typed), size=1)[0].total)
    return False


def _rows(petitions: Sequence[Petition], sought: Sought, user: User, now: dt.datetime) -> Iterable[Found]:
    read_clocks([petition for petition in petitions if not petition.is_open])
    answers = Reply.objects.sent().filter(petition__in=petitions).texts()
    for petition in petitions:
        said = {
            "text": as_seen(petition.text, petition, user),
            "answer": as_seen(answers.get(petition.pk, ""), petition, user),
            "place": place_as_seen(petition, user),
        }
        topic = every_subfield().get(petition.subfield_id or "")
        yield Found(inbox.row(petition, now, by=user), topic, *_first_marked(said, sought))


def _first_marked(said: dict[str, str], sought: Sought) -> list[SafeString | None]:
    """Where it stands first; what says no more than that stays away, for a row is short."""
    marked: list[SafeString | None] = []
    for words in said.values():
        marked.append(None if any(marked) else excerpt(words, sought))
    return marked
