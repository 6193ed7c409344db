"""Answers that are still being written: kept for whoever types, readable by those he answers with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from feedback import facts, workflow
from feedback.locking import locked
from feedback.models import Petition, ReplyDraft
from feedback.models.draft import WINDOW, a_window
from feedback.models.reply import DRAFTED, Outcome
from feedback.permissions import WORKERS
from feedback.steps import not_now, right_now


@dataclass(frozen=True)
class Window:
    """A page that an answer is typed on: its name, the draft it began with, and all it showed beside it."""

    name: str
    began: str = ""
    shown: frozenset[str] = frozenset()

    @classmethod
    def new(cls, rows: Sequence[ReplyDraft] = ()) -> Window:
        """One to be sent out; `rows` as `of` gives them."""
        versions = [row.version for row in rows]
        return cls(a_window(), next(iter(versions), ""), frozenset(versions))

    @classmethod
    def told(cls, posted: Mapping[str, Any]) -> Window:
        """As it comes back; one that does not say its name is a new one."""
        name = str(posted.get("window", ""))
        named = name if len(name) == WINDOW and name.isalnum() else a_window()
        return cls(named, str(posted.get("began", "")), frozenset(str(posted.get("shown", "")).split()))


def keep(
    petition: Petition, *, by: User, told: Mapping[str, Any], now: dt.datetime, window: Window | None = None
) -> ReplyDraft | None:
    """Replace what this window kept before; an empty draft is none. Raises what one of the answer would.

    A window that began with words which another has changed since goes on in a draft of its own: neither
    replaces the other. Only while `draft_reply` is open to this person and the words are not erased: a save
    that comes late must not bring back a draft that was handed in, or erased, meanwhile.
    """
    window = window or Window.new()
    with transaction.atomic():
        fresh = locked(petition.pk)
        right_now(fresh, workflow.ACTIONS["draft_reply"], by=by, now=now)
        if fresh.erased_at:
            raise not_now(fresh)
        words = clean(told)
        kept = _of_window(of(fresh, by), window, words)
        if not any(words.values()):
            if kept:
                kept.delete()
            return None
        kept = kept or ReplyDraft(petition=fresh, person=by)
        told_by = {"agency_id": fresh.lead_id, "updated_at": now, "window": window.name}
        for name, value in {**words, **told_by, "saves": kept.saves + 1}.items():
            setattr(kept, name, value)
        kept.save()
        return kept


def _of_window(rows: list[ReplyDraft], window: Window, words: Mapping[str, Any]) -> ReplyDraft | None:
    """The one it has saved before, or began with and nobody has changed since, or that says just the same."""
    ours = [row for row in rows if row.window == window.name]
    begun = [row for row in rows if row.version == window.began]
    same = [row for row in rows if all(getattr(row, name) == words[name] for name in DRAFTED)]
    return next(iter(ours or begun or same), None)


def clean(told: Mapping[str, Any]) -> dict[str, Any]:
    """The four fields of an answer as far as they are typed; wrong ones are told by name."""
    cleaners = {"text": facts.words, "evidence": facts.words, "plan_date": facts.day}
    errors: dict[str, Any] = {}
    words: dict[str, Any] = {"outcome": str(told.get("outcome") or "")}
    if words["outcome"] not in Outcome.values:
        words["outcome"] = ""
    for name, cleaner in cleaners.items():
        try:
            words[name] = cleaner(told.get(name))
        except ValidationError as wrong:
            errors[name] = wrong.messages
    if errors:
        raise ValidationError(errors)
    return words


def of(petition: Petition, user: User) -> list[ReplyDraft]:
    """One's own, the one saved last first: it stands in the form, and every other beside it."""
    own = (row for row in petition.drafts.all() if row.person_id == user.pk)
    return sorted(own, key=lambda row: (row.updated_at, row.pk), reverse=True)


def unseen(petition: Petition, user: User, window: Window) -> bool:
    """Whether there is a draft of one's own that this window has neither written nor shown."""
    told = {window.began, *window.shown}
    return any(row.window != window.name and row.version not in told for row in of(petition, user))


def prefer(petition: Petition, pk: str, *, by: User, now: dt.datetime) -> None:
    """Put this one in the form; what is not there, or another's, is passed over."""
    _chosen(petition, pk, by).update(updated_at=now)


def drop(petition: Petition, pk: str, *, by: User) -> None:
    """Throw this one away, at the wish of whoever typed it."""
    _chosen(petition, pk, by).delete()


def _chosen(petition: Petition, pk: str, by: User) -> QuerySet[ReplyDraft]:
    rows = petition.drafts.filter(person=by)
    return rows.filter(pk=int(pk)) if pk.isdecimal() and len(pk) < 19 else rows.none()


def of_colleagues(petition: Petition, user: User) -> list[ReplyDraft]:
    """What others of the agency that leads now have typed: one sees that somebody is at it already.

    `petition`: one that this person sees, as `ReplyDraft.objects.visible_to` asks row by row.
    """
    if petition.lead_id not in user.agencies_as(*WORKERS):
        return []
    theirs = (row for row in petition.drafts.all() if row.person_id != user.pk)
    of_lead = (row for row in theirs if row.agency_id == petition.lead_id)
    return sorted(of_lead, key=lambda row: row.updated_at, reverse=True)
