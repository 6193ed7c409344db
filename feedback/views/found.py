"""What an official looked for, as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from accounts.models import User
from feedback import access, inbox
from feedback.access import What
from feedback.finding.looking import find
from feedback.finding.showing import FOR_OFFICIALS, Asked, context, excerpt
from feedback.models import Petition, Reply
from feedback.models.petition import read_clocks
from feedback.redaction import as_seen
from search import Sought

__all__ = ["Asked", "found"]


@dataclass(frozen=True)
class Found:
    """One petition; `text` and `answer` are None where nothing of what was typed stands there."""

    row: inbox.Row
    text: SafeString | None
    answer: SafeString | None


def found(user: User, asked: Asked, now: dt.datetime) -> dict[str, Any]:
    """A page of it; a bad key begins at the top. Raises search.Unavailable."""
    sought = asked.sought()
    try:
        page, petitions = find(user, sought, sort=asked.sort, after=asked.after)
    except ValueError:
        asked = replace(asked, after="")
        page, petitions = find(user, sought, sort=asked.sort)
    if sought.telephone:
        access.kept(user, What.SEARCH, page="feedback:desk", rows=len(petitions))
    told = context(asked, sought, page, FOR_OFFICIALS)
    return told | {"found": list(_rows(petitions, sought, user, now))}


def _rows(petitions: Sequence[Petition], sought: Sought, user: User, now: dt.datetime) -> Iterable[Found]:
    read_clocks([petition for petition in petitions if not petition.is_open])
    sent = Reply.objects.filter(petition__in=petitions, approved_at__isnull=False).order_by("pk")
    answers = dict(sent.values_list("petition", "text"))
    for petition in petitions:
        answer = as_seen(answers.get(petition.pk, ""), petition, user)
        text = excerpt(as_seen(petition.text, petition, user), sought)
        yield Found(inbox.row(petition, now, by=user), text, excerpt(answer, sought))
