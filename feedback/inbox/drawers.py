"""The lists of the desk: who has which, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from accounts.models import Role, User
from feedback.inbox.order import Order
from feedback.models import (
    Coordination,
    Objection,
    PetitionQuerySet,
    PublicPetition,
    Withheld,
)
from feedback.models.reply import Outcome
from feedback.models.sight import split_off
from feedback.models.words import When, day_of
from feedback.permissions import INTAKE, SEES_BOARD, WATCHING, WORKERS, bodies_of
from feedback.workflow import FINAL, OPEN, PETITIONS_AT_LAW, REFUSABLE, State
from feedback.workflow.conditions import OFFER_STANDS
from routing.succession import successions

APPROVALS = "cho-duyet"

Rows = Callable[[PetitionQuerySet, User, When], PetitionQuerySet]


@dataclass(frozen=True)
class Drawer:
    """One list: `slug` stands in the address, `rows` narrows what this person may see.

    `over`: what is over may stand in it too, as in those of the latest.
    """

    slug: str
    name: Any
    icon: str
    roles: tuple[Role, ...]
    rows: Rows
    empty: Any
    tone: str = ""
    order: Order = Order.DUE
    over: bool = False

    @property
    def latest(self) -> bool:
        """What is over: not counted."""
        return self.order is Order.LATEST

    def of(self, seen: PetitionQuerySet, user: User, now: When) -> PetitionQuerySet:
        """Its rows among those that this person may see."""
        return self.rows(seen, user, now)

    def among(self, asked: Collection[int]) -> Collection[int]:
        """Of the petitions on which somebody is asked to help those that may stand in it; few are not over.

        `asked`: with the state of each, where that is known.
        """
        return asked if self.over or self.latest else going_on(asked)


def going_on(asked: Collection[int]) -> Collection[int]:
    """Without those that are over; all where their states are not known.

    What is sealed stays: whoever is asked to help on a sealed part sees the whole as well, which goes on.
    """
    if not isinstance(asked, Mapping):
        return asked
    return [number for number, one in asked.items() if one.sealed or one.state in GOES_ON]


SUSPECTED = Q(kind__in=PETITIONS_AT_LAW, sealed=False)
SEALED = Q(sealed=True)
RETURNED = Q(state=State.RETURNED)
PROPOSED = ~Q(proposed_ground="")
KEPT_BACK = Q(Exists(Withheld.objects.filter(petition=OuterRef("pk"), over_at__isnull=True)))
OBJECTED_TO = Q(Exists(Objection.objects.open().filter(petition=OuterRef("pk"))))
LOOK_AGAIN = Q(pk__in=PublicPetition.objects.filter(look_again_at__isnull=False).values("petition"))
NOW_UNTOLD = Q(pk__in=PublicPetition.objects.untold().values("petition"))
# Worked on, or answered a moment ago: the word of whoever is asked may still change who handles it.
GOES_ON = [*OPEN, State.ANSWERED]
REPORT_OWED = Q(report_due_on__isnull=False, state__in=GOES_ON)
# Split off, and its words stand in the whole's text as well, which waits with it: `petition.doubted_parts`.
A_PART_IN_DOUBT = Exists(split_off().filter(origin=OuterRef("pk"), law_doubt_at__isnull=False))
CONTESTED = Q(state=State.SUBMITTED, contested_at__isnull=False)


# NĐ 20/2008/NĐ-CP, Điều 14: parked, or answered that it is kept to be looked at with others.
POOLED = Q(pooled=True) | Q(outcome=Outcome.POOL, state__in=[State.ANSWERED, State.CLOSED])


def _asked_of(user: User) -> Q:
    """Petitions on which the user's agencies were asked to help and have not answered."""
    mine = user.agencies_as(*WORKERS)
    open_questions = Coordination.objects.filter(agency_id__in=mine, contributed_at__isnull=True)
    return Q(pk__in=open_questions.values("petition"))


def in_doubt(user: User) -> Q:
    """Where the user is asked whether it is a complaint: `is_asked_about_doubt`, of what he may see."""
    provinces = user.provinces_as(*INTAKE)
    theirs = Q() if provinces is None else Q(territory_id__in=provinces)
    return Q(law_doubt_at__isnull=False) & theirs & ~Q(lead_id__in=bodies_of(user))


def _shown_to_petitioner(now: When) -> Q:
    """What will be public waits for the sender's word: the opposite of `conditions.petitioner_has_looked`."""
    return Q(offered_at__isnull=False, offered_at__gt=now - OFFER_STANDS)


def _of_the_closed(now: When) -> Q:
    """Led by an agency that is no more: whoever held it may have left, and it waits for a new hand."""
    return Q(lead_id__in=successions().closed(day_of(now)))


# What a person has to act on, then what waits for others, then the wide lists.
DRAWERS = (
    Drawer(
        "niem-phong",
        _l("Khiếu nại, tố cáo"),
        "lock",
        (Role.PETITION_OFFICER,),
        lambda seen, user, now: seen.open().filter(SEALED),
        empty=_l("Không có khiếu nại, tố cáo nào đang mở."),
    ),
    Drawer(
        "dau-moi",
        _l("Chờ phân công"),
        "route",
        INTAKE,
        lambda seen, user, now: seen.at_intake().exclude(
            SUSPECTED | SEALED | PROPOSED | CONTESTED | RETURNED
        ),
        empty=_l("Không còn đơn nào chờ phân công."),
    ),
    Drawer(
        "nghi-don-thu",
        _l("Nghi khiếu nại, tố cáo"),
        "scale",
        INTAKE,
        lambda seen, user, now: seen.at_intake().filter(SUSPECTED),
        empty=_l("Không có đơn nào bị nghi là khiếu nại, tố cáo."),
    ),
    Drawer(
        "co-the-don-thu",
        _l("Có thể là khiếu nại, tố cáo"),
        "circle-question-mark",
        INTAKE,
        lambda seen, user, now: seen.filter(in_doubt(user), state__in=GOES_ON),
        order=Order.NEWEST,
        empty=_l("Máy không còn hỏi đơn nào có phải khiếu nại, tố cáo không."),
    ),
    Drawer(
        "tra-lai",
        _l("Bị trả lại"),
        "undo-2",
        INTAKE,
        lambda seen, user, now: seen.filter(RETURNED),
        empty=_l("Không có đơn nào bị trả lại."),
    ),
    Drawer(
        "giai-the",
        _l("Cơ quan đã giải thể"),
        "route",
        WATCHING,
        lambda seen, user, now: seen.open().filter(_of_the_closed(now)),
        empty=_l("Không có đơn nào còn ở cơ quan đã giải thể."),
    ),
    Drawer(
        "nguoi-thu-hai",
        _l("Chờ người thứ hai từ chối"),
        "ban",
        WATCHING,
        lambda seen, user, now: seen.filter(PROPOSED, state__in=REFUSABLE).exclude(proposed_by=user),
        empty=_l("Không có đề nghị từ chối nào của người khác đang chờ."),
    ),
    Drawer(
        "khong-dong-y",
        _l("Không đồng ý bị từ chối"),
        "user",
        INTAKE,
        lambda seen, user, now: seen.filter(CONTESTED),
        empty=_l("Không ai đang đề nghị xem lại việc từ chối."),
    ),
    Drawer(
        "can-nhan",
        _l("Cần nhận"),
        "inbox",
        WORKERS,
        lambda seen, user, now: seen.led_by(user).filter(state=State.ASSIGNED),
        empty=_l("Không có đơn nào chờ cơ quan nhận."),
    ),
    Drawer(
        "dang-xu-ly",
        _l("Đang xử lý"),
        "circle-dot",
        WORKERS,
        lambda seen, user, now: seen.led_by(user).filter(state=State.IN_PROGRESS),
        empty=_l("Cơ quan không có đơn nào đang xử lý."),
    ),
    Drawer(
        APPROVALS,
        _l("Chờ duyệt"),
        "user-check",
        WORKERS,
        lambda seen, user, now: seen.filter(state=State.PENDING_APPROVAL),
        empty=_l("Không có dự thảo nào chờ duyệt."),
    ),
    Drawer(
        "xin-them-han",
        pgettext_lazy("danh sách", "Xin gia hạn"),
        "history",
        (Role.APPROVER,),
        lambda seen, user, now: seen.led_by(user).filter(state=State.IN_PROGRESS, extension_asked=True),
        empty=_l("Không ai đang xin gia hạn."),
    ),
    Drawer(
        "phoi-hop",
        _l("Được hỏi ý kiến"),
        "users",
        WORKERS,
        lambda seen, user, now: seen.filter(_asked_of(user)),
        over=True,
        empty=_l("Không cơ quan nào đang hỏi ý kiến."),
    ),
    Drawer(
        "bao-cao",
        _l("Phải báo cáo"),
        "file-text",
        WORKERS,
        lambda seen, user, now: seen.led_by(user).filter(REPORT_OWED),
        empty=_l("Không ai đang chờ báo cáo của cơ quan bạn."),
    ),
    Drawer(
        "mo-lai",
        _l("Mở lại"),
        "history",
        (*WORKERS, *SEES_BOARD),
        lambda seen, user, now: seen.filter(state=State.REOPENED),
        empty=_l("Không có đơn nào được mở lại."),
    ),
    Drawer(
        "cho-dan",
        _l("Chờ người gửi"),
        "hourglass",
        (*WORKERS, *INTAKE),
        lambda seen, user, now: seen.filter(state=State.NEEDS_INFO),
        empty=_l("Không chờ người gửi nào."),
    ),
    Drawer(
        "tam-dung",
        _l("Tạm dừng"),
        "pause",
        (*WORKERS, *SEES_BOARD),
        lambda seen, user, now: seen.filter(state=State.SUSPENDED),
        empty=_l("Không có đơn nào tạm dừng."),
    ),
    Drawer(
        "tap-hop",
        _l("Tiếp tục tập hợp"),
        "copy",
        (*WORKERS, *INTAKE),
        lambda seen, user, now: seen.filter(POOLED),
        order=Order.LATEST,
        empty=_l("Chưa có kiến nghị nào về quy định được tập hợp để xem chung."),
    ),
    Drawer(
        "hen",
        _l("Đã hẹn ngày, chưa xong"),
        "calendar-days",
        WORKERS,
        lambda seen, user, now: seen.led_by(user).promised(),
        empty=_l("Không còn lời hẹn nào chưa xong."),
    ),
    Drawer(
        "cong-khai",
        _l("Chờ công khai"),
        "megaphone",
        (Role.REVIEWER,),
        lambda seen, user, now: seen.filter(
            ~KEPT_BACK,
            ~A_PART_IN_DOUBT,
            ~_shown_to_petitioner(now),
            state__in=[State.ANSWERED, State.CLOSED],
            published_at__isnull=True,
            erased_at__isnull=True,
            law_doubt_at__isnull=True,
        ).exclude(publication_refused="all"),
        over=True,
        empty=_l("Không có câu trả lời nào chờ đăng công khai."),
    ),
    Drawer(
        "bi-bao",
        _l("Bị báo không nên công khai"),
        "triangle-alert",
        (Role.REVIEWER, Role.PETITION_OFFICER),
        lambda seen, user, now: seen.filter(OBJECTED_TO, published_at__isnull=False),
        tone="late",
        over=True,
        empty=_l("Không có bản công khai nào bị báo."),
    ),
    Drawer(
        "xem-lai",
        _l("Công khai: xem lại"),
        "pen-line",
        (Role.REVIEWER,),
        lambda seen, user, now: seen.filter(LOOK_AGAIN | NOW_UNTOLD, published_at__isnull=False),
        over=True,
        empty=_l("Không có bản công khai nào cần xem lại."),
    ),
    Drawer(
        "cho-xem-truoc",
        _l("Người gửi đang xem bản công khai"),
        "eye",
        (Role.REVIEWER,),
        lambda seen, user, now: seen.filter(_shown_to_petitioner(now)),
        over=True,
        empty=_l("Không có bản công khai nào người gửi đang xem trước."),
    ),
    Drawer(
        "khong-dang",
        _l("Giữ lại, không đăng"),
        "eye-off",
        (Role.REVIEWER,),
        lambda seen, user, now: seen.filter(KEPT_BACK),
        over=True,
        empty=_l("Không có câu trả lời nào bị giữ lại."),
    ),
    Drawer(
        "qua-han",
        _l("Quá hạn"),
        "triangle-alert",
        (*WORKERS, *SEES_BOARD),
        lambda seen, user, now: seen.overdue(now),
        tone="late",
        empty=_l("Không có đơn nào quá hạn."),
    ),
    Drawer(
        "qua-nhieu-noi",
        _l("Qua từ ba nơi"),
        "route",
        SEES_BOARD,
        lambda seen, user, now: seen.passed_around(),
        order=Order.HOPS,
        empty=_l("Không có đơn nào bị chuyển từ ba lần."),
    ),
    Drawer(
        "dang-mo",
        _l("Tất cả đang mở"),
        "list-checks",
        tuple(role for role in Role if role != Role.CITIZEN),
        lambda seen, user, now: seen.open(),
        empty=_l("Không có đơn nào đang mở."),
    ),
    Drawer(
        "da-tra-loi",
        _l("Đã trả lời"),
        "circle-check",
        (*WORKERS, *SEES_BOARD),
        lambda seen, user, now: seen.filter(state=State.ANSWERED),
        order=Order.LATEST,
        empty=_l("Chưa có đơn nào được trả lời."),
    ),
    Drawer(
        "co-the-don-thu-da-xong",
        _l("Có thể là khiếu nại, tố cáo, đã xong"),
        "circle-question-mark",
        INTAKE,
        lambda seen, user, now: seen.filter(in_doubt(user)).exclude(state__in=GOES_ON),
        order=Order.LATEST,
        empty=_l("Máy không còn hỏi đơn nào đã xong có phải khiếu nại, tố cáo không."),
    ),
    Drawer(
        "da-xong",
        _l("Đã đóng, kết thúc"),
        "file-text",
        (*WORKERS, *SEES_BOARD),
        lambda seen, user, now: seen.filter(state__in=FINAL),
        order=Order.LATEST,
        empty=_l("Chưa có đơn nào kết thúc."),
    ),
)

# These stand in the margin even when empty: what a person looks at first.
ALWAYS = frozenset(
    {"niem-phong", "dau-moi", "can-nhan", "dang-xu-ly", "cho-duyet", "cong-khai", "qua-han", "dang-mo"}
)


def drawers_of(user: User) -> list[Drawer]:
    return [drawer for drawer in DRAWERS if user.has_role(*drawer.roles)]


def by_need(user: User) -> list[Drawer]:
    """His lists in the order in which one is opened: an approver's first is what waits for his word."""
    approves = user.has_role(Role.APPROVER)
    first = sorted(drawers_of(user), key=lambda drawer: not (approves and drawer.slug == APPROVALS))
    return sorted(first, key=lambda drawer: drawer.latest)
