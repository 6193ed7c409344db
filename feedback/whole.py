"""A petition as its page tells it: most of what hangs on it comes in the statement that reads it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import OuterRef

from accounts.models import Role, User
from feedback import watch
from feedback.models import (
    Attachment,
    Clock,
    Coordination,
    Exclusion,
    Objection,
    Petition,
    PetitionQuerySet,
    Prediction,
    Reply,
    ReplyDraft,
    Step,
    Withheld,
)
from feedback.models.along import Along
from feedback.models.petition import approvers_of
from feedback.models.sight import still_asked_of
from feedback.permissions import SEES_BOARD
from routing.kept import agencies_by_code

NAMED = ("id", "username", "first_name", "last_name")
OF = {"petition": OuterRef("pk")}


def _person(relation: str) -> tuple[str, ...]:
    return tuple(f"{relation}__{name}" for name in NAMED)


@cache
def _of_all() -> dict[str, Along]:
    """By the name under which the petition knows them."""
    return {
        "steps": Along.whole(
            Step.objects.filter(**OF),
            *("words__id", "words__step_id", "words__salt", "words__text"),
            *_person("by"),
            without=["record"],  # only proof needs it
        ),
        "clocks": Along.whole(Clock.objects.filter(**OF)),
        "predictions": Along.whole(Prediction.objects.filter(**OF).order_by("-pk")[:1]),
        "replies": Along.whole(Reply.objects.filter(**OF).order_by("-pk")[:1]),
        "exclusions": Along.whole(Exclusion.objects.filter(**OF)),
        "coordinations": Along.whole(Coordination.objects.filter(**OF)),
        "attachments": Along.whole(Attachment.objects.filter(**OF)),
        "drafts": Along.whole(ReplyDraft.objects.filter(**OF), *_person("person")),
        "approvers": Along(approvers_of(OuterRef("lead_id")), ("id", "user_id")),
        "withheld": Along.whole(Withheld.objects.filter(over_at__isnull=True, **OF), *_person("by")),
    }


@cache
def _of_reviewers() -> dict[str, Along]:
    return {"objections": Along.whole(Objection.objects.open().filter(**OF))}


@cache
def _of_watchers() -> dict[str, Along]:
    return {"told": Along(watch.told_of(OuterRef("pk")), (*watch.TOLD, *_person("user")))}


def _along(user: User) -> dict[str, Along]:
    """What this person's page tells."""
    found = dict(_of_all())
    if user.has_role(Role.REVIEWER, Role.PETITION_OFFICER):
        found |= _of_reviewers()
    if user.has_role(*SEES_BOARD):
        found |= _of_watchers()
    if not asks_first(user) and (asked := still_asked_of(user)) is not None:
        found["asked"] = Along(asked, ("id", "petition_id"))
    return found


def asks_first(user: User) -> bool:
    """Whether he asks before it where he is to help: within, its plan costs more than its answer.

    An approver's page asks for one thing more than others already.
    """
    return not user.has_role(Role.APPROVER)


def with_all(rows: PetitionQuerySet, user: User) -> PetitionQuerySet:
    """These with what `unpack` takes out; for a page that only shows: it is as it stood when it was read."""
    return rows.annotate(**{f"packed_{name}": one.packed(Petition) for name, one in _along(user).items()})


def unpack(petition: Any, user: User) -> None:
    """Put what came along where everybody asks for it."""
    along = _along(user)
    told = {name: one.unpacked(petition.__dict__.pop(f"packed_{name}")) for name, one in along.items()}
    petition.hold_history(told.pop("steps"))
    petition.hold_clocks(told.pop("clocks"))
    petition.reading = next(iter(told.pop("predictions")), None)
    petition.last_reply = reply = next(iter(told.pop("replies")), None)
    if reply:
        reply.drafted = next(step for step in petition.history() if step.pk == reply.drafted_id)
        reply.drafted_by = reply.drafted.by if reply.drafted_by_id else None
    agencies = agencies_by_code({one.agency_id for one in told["coordinations"]})
    for one in told["coordinations"]:
        one.agency = agencies[one.agency_id]
    for name in told.keys() - NO_ROWS_OF_ITS_OWN:
        _hold(petition, name, told[name])
    petition.told_along = {name: told[name] for name in told.keys() & NO_ROWS_OF_ITS_OWN}


NO_ROWS_OF_ITS_OWN = frozenset({"told", "asked", "approvers"})


def _hold(petition: Petition, name: str, rows: list[Any]) -> None:
    """As a prefetch does."""
    for one in rows:
        one.petition = petition
    held = getattr(petition, name).all()
    held._result_cache, held._prefetch_done = rows, True
    petition.__dict__.setdefault("_prefetched_objects_cache", {})[name] = held
