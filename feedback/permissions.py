"""Who may do what: every actor and every right, once; workflow, lists and pages ask here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from accounts.models import Post, Role, User

if TYPE_CHECKING:
    from feedback.workflow import PetitionLife as Petition


@dataclass(frozen=True)
class Holder:
    """Whoever holds a petition's secret: the petitioner without an account."""

    petition_id: int
    name: str = "petitioner"


@dataclass(frozen=True)
class System:
    """The house itself: it proposes, and acts on rules; it never judges."""

    name: str = "system"


SYSTEM = System()
Actor = User | Holder | System
Right = Callable[[Actor, "Petition"], bool]

INTAKE = (Role.FOCAL_POINT, Role.PETITION_OFFICER)


def anyone(actor: Actor, petition: Petition) -> bool:
    """A citizen, signed in or not, or an operator on his behalf."""
    return True


def system(actor: Actor, petition: Petition) -> bool:
    return isinstance(actor, System)


def secret_holder(actor: Actor, petition: Petition) -> bool:
    """Whoever holds the secret, or is the signed-in petitioner."""
    if isinstance(actor, Holder):
        return bool(actor.petition_id == petition.pk)
    return isinstance(actor, User) and actor.pk is not None and petition.petitioner_id == actor.pk


def _over_territory(role: Role) -> Right:
    def right(actor: Actor, petition: Petition) -> bool:
        return isinstance(actor, User) and actor.holds([role], province=petition.territory_id)

    right.__name__ = role.value
    return right


focal_point = _over_territory(Role.FOCAL_POINT)
petition_officer = _over_territory(Role.PETITION_OFFICER)
reviewer = _over_territory(Role.REVIEWER)
supervisor = _over_territory(Role.SUPERVISOR)


def lead_handler(actor: Actor, petition: Petition) -> bool:
    """Handlers and approvers of the lead agency; where the focal point leads, its own people."""
    if not isinstance(actor, User):
        return False
    if petition.lead_id in actor.agencies_as(Role.HANDLER, Role.APPROVER):
        return True
    return petition.led_by_focal_point and actor.holds(INTAKE, province=petition.territory_id)


def lead_approver(actor: Actor, petition: Petition) -> bool:
    """Approvers of the lead agency."""
    return isinstance(actor, User) and petition.lead_id in actor.agencies_as(Role.APPROVER)


def answer_approver(actor: Actor, petition: Petition) -> bool:
    """Who may send the drafted answer: never its drafter; the direct superior where no other is left.

    A reopened petition is always approved by the direct superior (a review of an answer is
    never by its author or his unit).
    """
    if not isinstance(actor, User) or petition.drafted_by_id == actor.pk:
        return False
    if petition.needs_superior:
        return petition.superior_id is not None and petition.superior_id in actor.agencies_as(Role.APPROVER)
    return lead_approver(actor, petition)


def drafter(actor: Actor, petition: Petition) -> bool:
    """Who wrote the answer that waits for approval."""
    return isinstance(actor, User) and actor.pk is not None and petition.drafted_by_id == actor.pk


def can_see_contact(actor: Actor, petition: Petition) -> bool:
    """Name, telephone and address: the petitioner, the intake, and the lead unless they are hidden."""
    if secret_holder(actor, petition) or focal_point(actor, petition) or petition_officer(actor, petition):
        return True
    return not petition.identity_hidden and lead_handler(actor, petition)


def sight(user: User, *, publishable_states: frozenset[str]) -> Q:
    """The petitions that `user` may see, as one condition; lists, pages, files and commands share it.

    Each role widens the sight; a person without a post sees only what he filed himself.
    """
    seen = Q(petitioner_id=user.pk) | Q(entered_by_id=user.pk)
    seen |= Q(lead_id__in=user.agencies_as(Role.HANDLER, Role.APPROVER))
    seen |= _territory(user, Role.FOCAL_POINT, Role.PETITION_OFFICER, Role.SUPERVISOR)
    seen |= _territory(user, Role.AUDITOR, Role.ADMINISTRATOR)
    seen |= _territory(user, Role.REVIEWER) & Q(state__in=publishable_states) & PUBLISHABLE
    superior_of = user.agencies_as(Role.APPROVER)
    if superior_of:
        seen |= Q(state="pending_approval", lead__superior_id__in=superior_of) & awaits_superior()
    return seen


# A suspected complaint or denunciation is never published, nor is a confidential matter.
PUBLISHABLE = ~Q(kind__in=["complaint", "denunciation", "spam"]) & ~Q(subfield__sensitivity="confidential")


def awaits_superior() -> Q:
    """Petitions whose answer only the direct superior may send; the same rule as `needs_superior`."""
    approvers = Post.objects.filter(role=Role.APPROVER, agency=OuterRef("lead_id"), user__is_active=True)
    return Q(round__gt=1) | ~Q(Exists(approvers.exclude(user=OuterRef("drafted_by_id"))))


def _territory(user: User, *roles: Role) -> Q:
    """Petitions in the provinces where `user` holds one of `roles`."""
    provinces = user.provinces_as(*roles)
    if provinces is None:
        return ~Q(pk=None)
    return Q(territory_id__in=provinces) if provinces else Q(pk__in=[])
