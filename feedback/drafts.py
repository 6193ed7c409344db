"""Answers that are still being written: kept for whoever types, readable by those he answers with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from feedback import facts, workflow
from feedback.models import Petition, ReplyDraft
from feedback.models.reply import Outcome
from feedback.steps import locked, not_now, right_now

WORDS = ("outcome", "text", "evidence", "plan_date")


def keep(petition: Petition, *, by: User, told: Mapping[str, Any], now: dt.datetime) -> ReplyDraft | None:
    """Replace this person's draft; an empty one is none. Raises what a draft of the answer itself would.

    Only while `draft_reply` is open to this person and the words are not erased: a save that comes late must
    not bring back a draft that was handed in, or erased, meanwhile.
    """
    with transaction.atomic():
        fresh = locked(petition.pk)
        right_now(fresh, workflow.ACTIONS["draft_reply"], by=by, now=now)
        if fresh.erased_at:
            raise not_now(fresh)
        words = clean(told)
        if not any(words.values()):
            ReplyDraft.objects.filter(petition=fresh, person=by).delete()
            return None
        kept, _new = ReplyDraft.objects.update_or_create(
            petition=fresh,
            person=by,
            defaults={**words, "agency_id": fresh.lead_id, "updated_at": now},
        )
        return kept


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


def mine(petition: Petition, user: User) -> ReplyDraft | None:
    return petition.drafts.filter(person=user).first()


def of_colleagues(petition: Petition, user: User) -> QuerySet[ReplyDraft]:
    """What others of the agency that leads now have typed: one sees that somebody is at it already."""
    seen = petition.drafts.visible_to(user).filter(agency=petition.lead_id)
    return seen.exclude(person=user).select_related("person").order_by("-updated_at")
