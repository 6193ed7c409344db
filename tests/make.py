"""Plain makers of what tests need; everything goes through the same doors as in life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback.intake import receive
from feedback.models import Attachment, Petition
from feedback.permissions import SYSTEM, Holder
from feedback.steps import take
from feedback.submission import Submission
from tests.walked import once

HAI_CHAU = "commune-people-committee:20242"
CONSTRUCTION = "department-of-construction:48"
FOCAL_POINT = "feedback-focal-point:48"
SIDEWALK = "urban-infrastructure.sidewalk"

_numbers = count(1)

Told = dict[str, Any]


# Who stands in for the lead while a petition walks to its state: made once a test, found by name.
def _standing(role: Role, agency: str, province: str = "") -> User:
    name = f"{role}@{agency}"
    return User.objects.filter(username=name).first() or user(role, agency, province, name)


def user(role: Role | str = Role.CITIZEN, agency: str = "", province: str = "", name: str = "") -> User:
    """A person with one post."""
    return users((role, agency, province), name=name)[0]


def users(*posts: tuple[Role | str, str, str], name: str = "") -> list[User]:
    """People with one post each, (role, agency, province), written in one go."""
    people = [User(username=name or f"nguoi{next(_numbers)}") for _post in posts]
    User.objects.bulk_create(people)
    Post.objects.bulk_create(
        Post(user=person, role=role, agency_id=agency or None, province_id=province or None)
        for person, (role, agency, province) in zip(people, posts, strict=True)
    )
    return people


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


def officer(province: str = "48") -> User:
    return user(Role.PETITION_OFFICER, f"feedback-focal-point:{province}", province)


def petition(
    state: str = "submitted",
    *,
    lead: str = HAI_CHAU,
    subfield: str = SIDEWALK,
    answer: dict[str, Any] | None = None,
    now: dt.datetime | None = None,
    anew: bool = False,
    **fields: Any,
) -> Petition:
    """A petition that walked to `state` by real steps, unread by the machine; each walk is walked once.

    `anew`: walked here and now, for a test of the walking itself.
    """
    told = {"lead": lead, "subfield": subfield, "answer": answer or ANSWER}
    if anew or not all(isinstance(value, str | bool | float) for value in fields.values()):
        return _walk(state, told, now, fields)  # nor is one kept of a person of this test, or with its files
    asked = (state, repr(told), now, repr(sorted(fields.items())))
    return once(asked, lambda: {"it": _walk(state, told, now, fields)})["it"]


def _walk(state: str, told: Told, now: dt.datetime | None, fields: dict[str, Any]) -> Petition:
    filed = receive(submission(**fields), now=now).petition
    Petition.objects.filter(pk=filed.pk).update(commune="20242", province="48")
    for action in WAYS[state].split():
        STEPS_TO[action](filed, told)
    return Petition.objects.get(pk=filed.pk)


def attachment(petition: Petition, name: str = "a.pdf") -> Attachment:
    """A file that hangs on it, put there without the door: who may fetch it is what is asked."""
    return Attachment.objects.create(
        petition=petition,
        file=ContentFile(b"%PDF-", name="a.pdf"),
        name=name,
        media_type="application/pdf",
        size=5,
        created_at=timezone.now(),
    )


def holder(petition: Petition) -> Holder:
    """Whoever holds the secret of this petition."""
    return Holder(petition_id=petition.pk)


ANSWER: dict[str, Any] = {
    "outcome": "resolved",
    "text": "Đã lát lại vỉa hè sáng nay.",
    "evidence": "Biên bản nghiệm thu 12/BB.",
}

IN_PROGRESS = "receive assign accept"
ANSWERED = f"{IN_PROGRESS} draft_reply approve"
WAYS = {
    "submitted": "",
    "needs_info": "ask",
    "rejected": "propose_refusal confirm_refusal",
    "redirected": "redirect",
    "received": "receive",
    "assigned": "receive assign",
    "returned": "receive assign return_",
    "in_progress": IN_PROGRESS,
    "suspended": f"{IN_PROGRESS} suspend",
    "pending_approval": f"{IN_PROGRESS} draft_reply",
    "answered": ANSWERED,
    "reopened": f"{ANSWERED} reopen",
    "closed": f"{ANSWERED} close",
    "withdrawn": "withdraw",
    "merged": f"{IN_PROGRESS} merge",
}


# Every state of WAYS for `parametrize`: these in the minute of `make test`, the others where there is time.
def states(*quick: str) -> list[Any]:
    later = [pytest.param(state, marks=pytest.mark.long) for state in WAYS if state not in quick]
    return [*quick, *later]


STEPS_TO: dict[str, Callable[[Petition, Told], Any]] = {
    "receive": lambda p, told: take(p, "receive", by=SYSTEM, subfield=told["subfield"]),
    "assign": lambda p, told: take(p, "assign", by=SYSTEM, agency=told["lead"]),
    "return_": lambda p, told: take(
        p,
        "return_",
        by=_standing(Role.HANDLER, told["lead"]),
        reason_code="not_competent",
        words="Không phải việc của phường",
        suggested_agency=CONSTRUCTION,
    ),
    "accept": lambda p, told: take(p, "accept", by=_standing(Role.HANDLER, told["lead"])),
    "suspend": lambda p, told: take(
        p, "suspend", by=_standing(Role.APPROVER, told["lead"]), reason="Chờ kết quả giám định"
    ),
    "draft_reply": lambda p, told: take(
        p, "draft_reply", by=_standing(Role.HANDLER, told["lead"]), **told["answer"]
    ),
    "approve": lambda p, told: take(p, "approve", by=_standing(Role.APPROVER, told["lead"])),
    "reopen": lambda p, told: take(p, "reopen", by=holder(p), reason="Gạch lại bong"),
    "close": lambda p, told: take(p, "close", by=SYSTEM, now=timezone.now() + dt.timedelta(days=17)),
    "ask": lambda p, told: take(
        p, "ask", by=_standing(Role.FOCAL_POINT, FOCAL_POINT, "48"), question="Số nhà bao nhiêu?"
    ),
    "propose_refusal": lambda p, told: take(
        p,
        "propose_refusal",
        by=_standing(Role.FOCAL_POINT, FOCAL_POINT, "48"),
        ground="out_of_scope",
        reason="Tranh chấp dân sự",
    ),
    "confirm_refusal": lambda p, told: take(
        p, "confirm_refusal", by=_standing(Role.PETITION_OFFICER, FOCAL_POINT, "48")
    ),
    "redirect": lambda p, told: take(
        p,
        "redirect",
        by=_standing(Role.FOCAL_POINT, FOCAL_POINT, "48"),
        body="Tòa án nhân dân khu vực 1",
        address="374 Núi Thành",
    ),
    "withdraw": lambda p, told: take(p, "withdraw", by=holder(p)),
    "merge": lambda p, told: take(
        p, "merge", by=_standing(Role.FOCAL_POINT, FOCAL_POINT, "48"), main=petition("in_progress").code
    ),
}
