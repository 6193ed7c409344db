"""Which petitions a person may see, as one condition; lists, pages, files and commands share it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.models import Post, Role, User
from feedback.models.involvement import Coordination, Exclusion
from feedback.workflow import PUBLISH_FROM

# A suspected complaint or denunciation is never published, nor is a confidential matter.
PUBLISHABLE = (
    Q(sealed=False)
    & ~Q(kind__in=["complaint", "denunciation", "spam"])
    & ~Q(subfield__sensitivity="confidential")
)


def sight(user: User) -> Q:
    """Each role widens the sight; a person without a post sees nothing here.

    What one filed oneself is seen as its petitioner (`owned_by`), never from behind the desk. The body
    complained about sees nothing, whatever the role; what is sealed is seen by those alone who work on
    it or watch over it.
    """
    agencies = user.agencies_as(Role.HANDLER, Role.APPROVER)
    seen = Q(lead_id__in=agencies)
    seen |= _territory(user, Role.FOCAL_POINT, Role.PETITION_OFFICER, Role.SUPERVISOR, Role.AUDITOR)
    if user.has_role(Role.OPERATOR):
        seen |= Q(entered_by_id=user.pk)
    seen |= _territory(user, Role.ADMINISTRATOR, Role.OPERATOR) & Q(sealed=False)
    seen |= _territory(user, Role.REVIEWER) & Q(state__in=PUBLISH_FROM) & PUBLISHABLE
    if agencies:
        seen |= Q(Exists(Coordination.objects.filter(petition=OuterRef("pk"), agency_id__in=agencies)))
    superior_of = user.agencies_as(Role.APPROVER)
    if superior_of:
        seen |= Q(state="pending_approval", lead__superior_id__in=superior_of) & awaits_superior()
    barred = user.agencies_as(*Role)
    if barred:
        seen &= ~Q(Exists(Exclusion.objects.filter(petition=OuterRef("pk"), agency_id__in=barred)))
    return seen & (Q(petitioner__isnull=True) | ~Q(petitioner_id=user.pk))


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
