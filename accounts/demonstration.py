"""The demonstration's people: one table, made on a loopback house only."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Post, Role, User

PASSWORD = "hoiam-demo-2026"  # noqa: S105 - public on purpose, and refused off loopback

PROVINCE = "48"
FOCAL_POINT = "feedback-focal-point:48"
COMMITTEE = "provincial-people-committee:48"
CHAIR = "provincial-people-committee-chair:48"
HAI_CHAU = "commune-people-committee:20242"
CONSTRUCTION = "department-of-construction:48"
ELSEWHERE = "commune-people-committee:00367"

# username, name, posts as (role, agency, province)
PEOPLE: tuple[tuple[str, str, tuple[tuple[Role, str, str], ...]], ...] = (
    ("nguoidan", "Người dân", ((Role.CITIZEN, "", ""),)),
    ("tongdai", "Tổng đài viên", ((Role.OPERATOR, FOCAL_POINT, PROVINCE),)),
    ("daumoi", "Cán bộ đầu mối", ((Role.FOCAL_POINT, FOCAL_POINT, PROVINCE),)),
    ("daumoi2", "Cán bộ đầu mối thứ hai", ((Role.FOCAL_POINT, FOCAL_POINT, PROVINCE),)),
    ("duyet.daumoi", "Lãnh đạo đầu mối", ((Role.APPROVER, FOCAL_POINT, ""),)),
    (
        "duyet.ubnd",
        "Lãnh đạo UBND thành phố",
        ((Role.APPROVER, COMMITTEE, ""), (Role.APPROVER, CHAIR, "")),
    ),
    ("donthu", "Cán bộ xử lý đơn", ((Role.PETITION_OFFICER, FOCAL_POINT, PROVINCE),)),
    ("congkhai", "Cán bộ công khai", ((Role.REVIEWER, FOCAL_POINT, PROVINCE),)),
    ("xuly.haichau", "Cán bộ phường Hải Châu", ((Role.HANDLER, HAI_CHAU, ""),)),
    ("duyet.haichau", "Lãnh đạo phường Hải Châu", ((Role.APPROVER, HAI_CHAU, ""),)),
    ("xuly.xaydung", "Cán bộ Sở Xây dựng", ((Role.HANDLER, CONSTRUCTION, ""),)),
    ("duyet.xaydung", "Lãnh đạo Sở Xây dựng", ((Role.APPROVER, CONSTRUCTION, ""),)),
    ("giamsat", "Giám sát", ((Role.SUPERVISOR, "", PROVINCE),)),
    ("thanhtra", "Thanh tra", ((Role.AUDITOR, "", ""),)),
    ("quantri", "Quản trị", ((Role.ADMINISTRATOR, "", ""),)),
    ("nguoila", "Cán bộ nơi khác", ((Role.HANDLER, ELSEWHERE, ""),)),
)


@transaction.atomic
def create() -> list[User]:
    """Make every account and post that is missing; what is there, a changed password too, stays."""
    password = make_password(PASSWORD)  # once: hashing is made to be slow
    return [_person(username, name, password, posts) for username, name, posts in PEOPLE]


def _person(username: str, name: str, password: str, posts: tuple[tuple[Role, str, str], ...]) -> User:
    is_administrator = any(role == Role.ADMINISTRATOR for role, _agency, _province in posts)
    user, _created = User.objects.get_or_create(
        username=username,
        defaults={
            "first_name": name,
            "password": password,
            "is_staff": is_administrator,
            "is_superuser": is_administrator,
        },
    )
    for role, agency, province in posts:
        Post.objects.get_or_create(
            user=user, role=role, agency_id=agency or None, province_id=province or None
        )
    return user


def staff(agency: str) -> tuple[list[User], list[User]]:
    """Two handlers and an approver of an agency that has to act; nobody can sign in as one of them."""
    handlers = [_nameless(f"xuly{number}@{agency}", Role.HANDLER, agency=agency) for number in (1, 2)]
    return handlers, [_nameless(f"duyet@{agency}", Role.APPROVER, agency=agency)]


def colleague(username: str, province: str) -> User:
    """Who does in another province what this account does in its own."""
    posts = next(posts for name, _shown, posts in PEOPLE if name == username)
    return _nameless(f"{username}@{province}", posts[0][0], province=province)


def _nameless(username: str, role: Role, *, agency: str = "", province: str = "") -> User:
    nobody = {"first_name": role.label, "password": make_password(None)}
    user, _created = User.objects.get_or_create(username=username, defaults=nobody)
    Post.objects.get_or_create(user=user, role=role, agency_id=agency or None, province_id=province or None)
    return user
