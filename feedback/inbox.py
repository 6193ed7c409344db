"""The lists of the desk: who has which, what stands in them, and how they are counted and paged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import Role, User
from feedback.models import Petition, PetitionQuerySet
from feedback.timing import Timing, timing
from feedback.workflow import State

PAGE = 50
MOST_COUNTED = 999

OFFICE = (Role.HANDLER, Role.APPROVER)
INTAKE = (Role.FOCAL_POINT, Role.PETITION_OFFICER)
OVERSIGHT = (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
UNDER_WAY = (State.IN_PROGRESS, State.REOPENED, State.SUSPENDED, State.NEEDS_INFO)

Rows = Callable[[PetitionQuerySet, User, dt.datetime], PetitionQuerySet]


@dataclass(frozen=True)
class Drawer:
    """One list: `slug` stands in the address, `rows` narrows what this person may see."""

    slug: str
    name: Any
    icon: str
    roles: tuple[Role, ...]
    rows: Rows
    empty: Any
    tone: str = ""

    def of(self, user: User, now: dt.datetime) -> PetitionQuerySet:
        return self.rows(Petition.objects.visible_to(user), user, now)


DRAWERS = (
    Drawer(
        "dau-moi",
        _l("Chờ phân công"),
        "route",
        INTAKE,
        lambda seen, user, now: seen.at_intake(),
        empty=_l("Không còn đơn nào chờ phân công."),
    ),
    Drawer(
        "can-nhan",
        _l("Cần nhận"),
        "inbox",
        OFFICE,
        lambda seen, user, now: seen.led_by(user).filter(state=State.ASSIGNED),
        empty=_l("Không có đơn nào chờ đơn vị nhận."),
    ),
    Drawer(
        "dang-xu-ly",
        _l("Đang xử lý"),
        "circle-dot",
        OFFICE,
        lambda seen, user, now: seen.led_by(user).filter(state__in=UNDER_WAY),
        empty=_l("Đơn vị không có đơn nào đang xử lý."),
    ),
    Drawer(
        "cho-duyet",
        _l("Chờ duyệt"),
        "user-check",
        OFFICE,
        lambda seen, user, now: seen.filter(state=State.PENDING_APPROVAL),
        empty=_l("Không có dự thảo nào chờ duyệt."),
    ),
    Drawer(
        "cong-khai",
        _l("Chờ công khai"),
        "megaphone",
        (Role.REVIEWER,),
        lambda seen, user, now: seen.filter(
            state__in=[State.ANSWERED, State.CLOSED], published_at__isnull=True
        ),
        empty=_l("Không có câu trả lời nào chờ đăng công khai."),
    ),
    Drawer(
        "qua-han",
        _l("Quá hạn"),
        "triangle-alert",
        (*OFFICE, *INTAKE, *OVERSIGHT),
        lambda seen, user, now: seen.overdue(now),
        tone="late",
        empty=_l("Không có đơn nào quá hạn."),
    ),
    Drawer(
        "dang-mo",
        _l("Tất cả đang mở"),
        "list-checks",
        tuple(role for role in Role if role != Role.CITIZEN),
        lambda seen, user, now: seen.open(),
        empty=_l("Không có đơn nào đang mở."),
    ),
)


@dataclass(frozen=True)
class Row:
    """A petition as one line of a list."""

    petition: Petition
    address: str
    code: str
    line: str
    place: str
    state: str
    clock: Timing


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    after: str  # the key that the next page begins after, "" on the last


def drawers_of(user: User) -> list[Drawer]:
    return [drawer for drawer in DRAWERS if user.has_role(*drawer.roles)]


def counted(rows: PetitionQuerySet) -> str:
    """How many, capped: a list of thousands is not counted to the end for a number in the margin."""
    count = rows.values("pk")[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def page(rows: PetitionQuerySet, *, after: str, now: dt.datetime) -> Page:
    """Fifty rows by deadline, those without one first, beginning after a key that a page gave out."""
    listed = rows.by_due().select_related("lead", "commune", "province")
    found = list(listed.filter(_beyond(after))[: PAGE + 1])
    shown = found[:PAGE]
    return Page(
        rows=[row(petition, now) for petition in shown],
        after=_key(shown[-1]) if len(found) > PAGE else "",
    )


def row(petition: Petition, now: dt.datetime) -> Row:
    place = petition.commune or petition.province
    return Row(
        petition=petition,
        address=petition.get_absolute_url(),
        code=petition.printed_code,
        line=" ".join(petition.text[:400].split())[:160],
        place=place.name if place else petition.place_text or _("chưa rõ nơi"),
        state=petition.get_state_display(),
        clock=timing(petition, now),
    )


def lines(petitions: Iterable[Petition], now: dt.datetime) -> list[Row]:
    return [row(petition, now) for petition in petitions]


def _key(petition: Petition) -> str:
    return f"{petition.due_at.isoformat() if petition.due_at else ''}~{petition.pk}"


def _beyond(key: str) -> Q:
    """Everything after a key in the order of `by_due`; what is no key begins at the top."""
    written, _tilde, number = key.rpartition("~")
    if not number.isdecimal() or len(number) > 18:
        return Q()
    try:
        due_at = parse_datetime(written) if written else None
    except ValueError:
        return Q()
    if due_at is None:
        return Q(due_at__isnull=True, pk__gt=int(number)) | Q(due_at__isnull=False)
    return Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=int(number))
