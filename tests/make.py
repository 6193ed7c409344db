"""Plain makers of what tests need; everything goes through the same doors as in life."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import Post, Role, User
from feedback.intake import receive
from feedback.models import Petition
from feedback.permissions import SYSTEM, Holder
from feedback.steps import take
from feedback.submission import Submission

HAI_CHAU = "commune-people-committee:20242"
CONSTRUCTION = "department-of-construction:48"
FOCAL_POINT = "feedback-focal-point:48"
SIDEWALK = "urban-infrastructure.sidewalk"

_numbers = count(1)


def user(role: Role | str = Role.CITIZEN, agency: str = "", province: str = "", name: str = "") -> User:
    """A person with one post."""
    person = User.objects.create(username=name or f"nguoi{next(_numbers)}")
    Post.objects.create(user=person, role=role, agency_id=agency or None, province_id=province or None)
    return person


def handler(agency: str = HAI_CHAU) -> User:
    return user(Role.HANDLER, agency)


def approver(agency: str = HAI_CHAU) -> User:
    return user(Role.APPROVER, agency)


def focal_point(province: str = "48") -> User:
    return user(Role.FOCAL_POINT, f"feedback-focal-point:{province}", province)


def reviewer(province: str = "48") -> User:
    return user(Role.REVIEWER, f"feedback-focal-point:{province}", province)


def submission(**fields: Any) -> Submission:
    return Submission(
        **{"text": "Gạch vỉa hè trước trường bị bong, cụ già vấp ngã.", "commune": "20242"} | fields
    )


def petition(
    state: str = "submitted", *, lead: str = HAI_CHAU, subfield: str = SIDEWALK, **fields: Any
) -> Petition:
    """A petition that walked to `state` by real steps, unread by the machine."""
    filed = receive(submission(**fields)).petition
    Petition.objects.filter(pk=filed.pk).update(commune="20242", province="48")
    for action, told in WAY[: STOPS[state]]:
        by = PEOPLE[action](lead) if action in PEOPLE else SYSTEM
        extra: dict[str, Any] = {"subfield": subfield} if action == "receive" else {}
        extra |= {"agency": lead} if action == "assign" else {}
        take(filed, action, by=by, **told, **extra)
    return Petition.objects.get(pk=filed.pk)


def holder(petition: Petition) -> Holder:
    """Whoever holds the secret of this petition."""
    return Holder(petition_id=petition.pk)


ANSWER: dict[str, Any] = {
    "outcome": "resolved",
    "text": "Đã lát lại vỉa hè sáng nay.",
    "evidence": "Biên bản nghiệm thu 12/BB.",
}

WAY: list[tuple[str, dict[str, Any]]] = [
    ("receive", {}),
    ("assign", {}),
    ("accept", {}),
    ("draft_reply", ANSWER),
    ("approve", {}),
]
STOPS = {"submitted": 0, "received": 1, "assigned": 2, "in_progress": 3, "pending_approval": 4, "answered": 5}
PEOPLE = {"accept": handler, "draft_reply": handler, "approve": approver}
