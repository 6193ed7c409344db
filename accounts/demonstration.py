"""The demonstration's people: one table, made on a loopback house only; their password opens nothing else."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Post, Role, User
from routing.models.agencies import focal_point_of

PASSWORD = "hoiam-demo-2026"  # noqa: S105 - public on purpose, and refused off loopback

PROVINCE = "48"
FOCAL_POINT = focal_point_of(PROVINCE)
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


NAMES = [username for username, _name, _posts in PEOPLE]


def mark() -> None:
    """From now on every page says that nothing is real; there is no way back but an empty house."""
    _sign().write_text("Dữ liệu trình diễn, không có thật.\n", encoding="utf-8")


def unmark() -> None:
    """What was refused after all leaves no sign behind."""
    _sign().unlink(missing_ok=True)


def marked() -> bool:
    return _sign().exists()


def _sign() -> Path:
    return Path(settings.VAR) / "demonstration.txt"


def opens_here(password: str | None) -> bool:
    """False for the public password where anything may be real: off loopback, or in a house without the mark.

    Whoever once made the demonstration's accounts where the real house lies has not opened it by that.
    """
    return password != PASSWORD or (settings.SITE.loopback and marked())


def with_the_public_password() -> list[str]:
    """Names out of the table that open with it, also where it is refused."""
    opens: dict[str, bool] = {}  # all were given the same hash: it is tried once
    found = []
    active = User.objects.filter(username__in=NAMES, is_active=True).order_by("pk")
    for username, encoded in active.values_list("username", "password"):
        if encoded not in opens:
            opens[encoded] = check_password(PASSWORD, encoded)
        if opens[encoded]:
            found.append(username)
    return found


def somebody_else() -> bool:
    """Anybody works here who is none of the demonstration's people as they were made."""
    ours = with_the_public_password()
    return User.objects.exclude(username__in=ours).exists()


class NotThePublicPassword:
    """A validator: nobody chooses the word that opens nothing in a real house."""

    def validate(self, password: str, user: object = None) -> None:
        if password == PASSWORD:
            raise ValidationError(_("Đây là mật khẩu công khai của dữ liệu trình diễn."))

    def get_help_text(self) -> str:
        return ""


@transaction.atomic
def create() -> list[User]:
    """Make every account that is missing, with its posts; what is there stays as it is, whoever it is."""
    password = make_password(PASSWORD)  # once: hashing is made to be slow
    return [_person(username, name, password, posts) for username, name, posts in PEOPLE]


def _person(username: str, name: str, password: str, posts: tuple[tuple[Role, str, str], ...]) -> User:
    is_administrator = any(role == Role.ADMINISTRATOR for role, _agency, _province in posts)
    is_new = {
        "first_name": name,
        "password": password,
        "is_staff": is_administrator,
        "is_superuser": is_administrator,
    }
    user, created = User.objects.get_or_create(username=username, defaults=is_new)
    if created:
        for role, agency, province in posts:
            _post(user, role, agency, province)
    return user


def _post(user: User, role: Role, agency: str, province: str) -> None:
    Post.objects.create(user=user, role=role, agency_id=agency or None, province_id=province or None)


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
    user, created = User.objects.get_or_create(username=username, defaults=nobody)
    if created:
        _post(user, role, agency, province)
    return user
