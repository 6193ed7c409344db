"""`feedback.models.sight` as a rule over the facts of a document: what an engine asks inside its query.

What hangs on posts, on other petitions or on their steps is asked of the database and put in by number, so
that the two never differ by more than what the index has not heard of yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from accounts.models import Role, User
from feedback.finding import marks
from feedback.models import Petition
from feedback.models.sight import (
    ALL_OF_TERRITORY,
    awaiting_superior,
    ways,
    wholes_of_what_is_sealed_from,
)
from feedback.permissions import WORKERS, answers_for, headed_by
from feedback.workflow import NEVER_PUBLIC, PUBLISH_FROM
from routing.kept import every_subfield
from search.rules import EVERYTHING, NOTHING, All, Any, Has, Not, Rule

UNSEALED = Has("seers", {marks.UNSEALED})


def rule(user: User) -> Rule:
    """What this person may see as an official, as `Petition.objects.visible_to`."""
    seen = list(_ways(user)) if user.is_active else []
    if not seen:
        return NOTHING
    kept_whole = wholes_of_what_is_sealed_from(ways(user)).values_list("origin_id", flat=True)
    return All(
        Any(*seen),
        Not(_barred(user)),
        Not(Has("petition", set(kept_whole))),
        Not(Has("petitioner", {str(user.pk)})),
    )


def knows_contact(user: User) -> Rule:
    """Of what he sees: where he may know who sent it, as `permissions.can_see_contact`."""
    own = user.agencies_as(*WORKERS)
    return Any(
        _territory(user, Role.PETITION_OFFICER),
        All(_territory(user, Role.FOCAL_POINT), UNSEALED, Not(Has("seers", {marks.DENOUNCES}))),
        All(Has("agency", own), UNSEALED, Has("seers", {marks.NAMED})),
    )


def _ways(user: User) -> Iterator[Rule]:
    """One rule for each way that this person's posts open, in the order of `sight`."""
    if agencies := user.agencies_as(*WORKERS):
        yield Has("agency", agencies)
        yield Has("seers", set(map(marks.asked, agencies)))
    if user.has_role(*ALL_OF_TERRITORY):
        yield _territory(user, *ALL_OF_TERRITORY)
    if user.has_role(Role.OPERATOR):
        yield Has("seers", {marks.entered(user.pk)})
    if user.has_role(Role.ADMINISTRATOR, Role.OPERATOR):
        yield All(_territory(user, Role.ADMINISTRATOR, Role.OPERATOR), UNSEALED)
    if user.has_role(Role.REVIEWER):
        yield All(_territory(user, Role.REVIEWER), Has("state", PUBLISH_FROM), _publishable())
    waiting = awaiting_superior(user)
    if waiting is not None:
        yield Has("petition", set(Petition.objects.filter(waiting).values_list("pk", flat=True)))


def _publishable() -> Rule:
    confidential = {slug for slug, one in every_subfield().items() if one.sensitivity == "confidential"}
    return All(UNSEALED, Not(Has("kind", NEVER_PUBLIC)), Not(Has("subfield", confidential)))


def _territory(user: User, *roles: Role) -> Rule:
    provinces = user.provinces_as(*roles) if user.has_role(*roles) else set[str]()
    return EVERYTHING if provinces is None else Has("seers", set(map(marks.territory, provinces)))


def _barred(user: User) -> Rule:
    """As `sight.barred`: it complains about a body of this person, and his is not the office that decides."""
    own = answers_for(user)
    return All(Has("shut", own), *(_not_decided_by(*one, own) for one in headed_by(user).items()))


def _not_decided_by(office: str, headed: Collection[str], own: Collection[str]) -> Rule:
    others = Has("shut", {office, *(set(own) - set(headed))})
    return Not(All(Has("agency", {office}), Not(others)))
