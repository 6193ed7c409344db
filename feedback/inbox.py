"""The lists of the desk: who has which, what stands in them, and how they are counted and paged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.fields.tuple_lookups import Tuple
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from accounts.models import Role, User
from feedback.heading import heading
from feedback.models import (
    Coordination,
    Objection,
    Petition,
    PetitionQuerySet,
    PublicPetition,
    Step,
    Withheld,
)
from feedback.models.petition import read_clocks, read_exclusions
from feedback.models.reply import Outcome
from feedback.models.sight import asked_of, told_by_number
from feedback.models.words import Moment, When, day_of, filled, kept_for, planned_for_its_values, planned_once
from feedback.permissions import INTAKE, SEES_BOARD, WATCHING, WORKERS, bodies_of
from feedback.redaction import as_seen, place_as_seen
from feedback.timing import Timing, timing
from feedback.workflow import FINAL, OPEN, PETITIONS_AT_LAW, REFUSABLE, State
from feedback.workflow.conditions import OFFER_STANDS
from routing.kept import commune_names, province_names
from routing.succession import successions

PAGE = 50
APPROVALS = "cho-duyet"
# In the margin: of the list that is looked at, and of those beside it.
MOST_COUNTED, MOST_BESIDE = 999, 99

Rows = Callable[[PetitionQuerySet, User, When], PetitionQuerySet]


class Order(Enum):
    """Which petition of a list stands first: the nearest due, the newest of what is over or is not, the one
    most passed around."""

    DUE = "due"
    LATEST = "latest"
    NEWEST = "newest"
    HOPS = "hops"


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
        return asked if self.over or self.latest else _going_on(asked)


def _going_on(asked: Collection[int]) -> Collection[int]:
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
PART = Exists(Step.objects.filter(action="split", petition=OuterRef("origin"), at=OuterRef("submitted_at")))
A_PART_IN_DOUBT = Exists(Petition.objects.filter(PART, origin=OuterRef("pk"), law_doubt_at__isnull=False))
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
        lambda seen, user, now: seen.led_by(user).filter(
            state=State.ANSWERED, commitment_due__isnull=False, commitment_met_at__isnull=True
        ),
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
    key: str


@dataclass(frozen=True)
class Page:
    """One page of a list of the desk."""

    rows: list[Row]
    after: str  # the key that the next page begins after, "" on the last
    length: int | None = None  # of the whole list, up to one more than MOST_COUNTED; None: not asked for


def drawers_of(user: User) -> list[Drawer]:
    return [drawer for drawer in DRAWERS if user.has_role(*drawer.roles)]


def by_need(user: User) -> list[Drawer]:
    """His lists in the order in which one is opened: an approver's first is what waits for his word."""
    approves = user.has_role(Role.APPROVER)
    first = sorted(drawers_of(user), key=lambda drawer: not (approves and drawer.slug == APPROVALS))
    return sorted(first, key=lambda drawer: drawer.latest)


def opening(seen: PetitionQuerySet, user: User, now: dt.datetime, counts: Mapping[str, int]) -> Drawer:
    """The list to begin with: the first that holds anything.

    What is over was not counted and is asked for only where nothing else is left.
    """
    filled = (
        drawer
        for drawer in by_need(user)
        if counts.get(drawer.slug) or (drawer.latest and drawer.of(seen, user, now).exists())
    )
    return next(filled, drawers_of(user)[0])


def tally(
    user: User, now: dt.datetime, asked: Collection[int] | None = None, *, current: str = ""
) -> dict[str, int]:
    """How many each list of this person holds, by its slug, asked in one statement.

    Up to one more than MOST_COUNTED of the one that is looked at, `current`, and than MOST_BESIDE of the
    others; what is over is not counted. `asked`: where he is asked to help, by number, if that is known.
    """
    known = asked_of(user) if asked is None else asked
    today = timezone.localdate(now)
    what = ("lists", told_by_number(known), told_by_number(_going_on(known)), today)
    lists = kept_for(user, what, lambda: _lists_in_words(user, known, today))
    told = [
        value
        for slug, _length, params in lists
        if params is not None
        for value in (*filled(params, now), most_counted(slug == current) + 1)
    ]
    sql = "SELECT " + ", ".join(length for _slug, length, _params in lists)
    return dict(zip((slug for slug, _length, _params in lists), _numbers(sql, told), strict=True))


def most_counted(is_current: bool) -> int:
    """How far a list is counted for the margin."""
    return MOST_COUNTED if is_current else MOST_BESIDE


# Of each list its slug, and its length in words: with what it is asked before the most that is counted.
InWords = list[tuple[str, str, tuple[Any, ...] | None]]


def _lists_in_words(user: User, asked: Collection[int], today: dt.date) -> InWords:
    drawers = [drawer for drawer in drawers_of(user) if not drawer.latest]
    rows = [seen_in(drawer, user, asked, Moment(today)) for drawer in drawers]
    return [(drawer.slug, *_length(of_it, " LIMIT %s")) for drawer, of_it in zip(drawers, rows, strict=True)]


def seen_in(drawer: Drawer, user: User, asked: Collection[int], now: When) -> PetitionQuerySet:
    """The rows of a list that this person sees; `asked`: where he is asked to help, as `asked_of` told it."""
    return drawer.of(Petition.objects.visible_now(user, drawer.among(asked)), user, now)


def lengths(lists: Sequence[PetitionQuerySet]) -> Sequence[int]:
    """How many are in each of these; in one statement."""
    asked = [_length(rows) for rows in lists]
    sql = ", ".join(length for length, _params in asked)
    told = [value for _length, params in asked for value in params or ()]
    return _numbers(f"SELECT {sql}", told)


def _length(rows: PetitionQuerySet, cut: str = "") -> tuple[str, tuple[Any, ...] | None]:
    """In words, and with what they are asked; None where nothing can be in it, and no database is asked."""
    try:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", None
    return f"(SELECT COUNT(*) FROM ({sql}{cut}) AS cut)", params  # noqa: S608 - Django's own words


def _numbers(sql: str, params: Sequence[Any]) -> Sequence[int]:
    with planned_once().cursor() as cursor:
        cursor.execute(sql, params)
        numbers: Sequence[int] = cursor.fetchone()
    return numbers


def length(rows: PetitionQuerySet) -> int:
    """How many, up to one more than MOST_COUNTED: thousands are not counted to the end for a margin."""
    return rows.values("pk")[: MOST_COUNTED + 1].count()


def counted(rows: PetitionQuerySet) -> str:
    """The same as it stands there."""
    return shown(length(rows))


def shown(count: int, most: int = MOST_COUNTED) -> str:
    """A count as it stands in the margin."""
    return f"{most}+" if count > most else str(count)


# What a line says, and who may read it, is said by these columns; another would be read when it is asked for.
LISTED = (
    *("code", "state", "kind", "text", "sealed", "urgent", "round", "hops", "proposed_ground", "place_text"),
    *("due_at", "paused_at", "legal_due_on", "territory", "petitioner", "subfield", "main"),
    *("lead", "commune", "province"),
    *(
        f"contact__{name}"
        for name in ("petition", "hidden", "anonymous", "name", "organisation", "phone", "email", "residence")
    ),
)


def page(
    rows: PetitionQuerySet,
    *,
    by: User,
    after: str,
    now: dt.datetime,
    order: Order = Order.DUE,
    most: int = PAGE,
    columns: Sequence[str] = (),
    counted: bool = False,
) -> Page:
    """Fifty rows (`most`), by deadline those without one first, beginning after a key that a page gave out.

    `columns`: LISTED where nothing but lines is shown; without it all are read. `counted`: the list is also
    counted, in the same statement where it begins here: for what takes long to find.
    """
    at_once = counted and not after
    # Which rows they are is found first: of a long list not every row is read with what hangs on it. Whether
    # they may be seen is asked again with what is read.
    with planned_for_its_values():
        far = 1 + (max(most, MOST_COUNTED) if at_once else most)
        numbers = list(_ordered(rows, after, order).values_list("pk", flat=True)[:far])
    listed = rows.filter(pk__in=numbers[:most])
    listed = listed.only(*columns) if columns else listed.select_related("lead")
    of_number = {one.pk: one for one in listed.select_related("contact")}
    found = [of_number[number] for number in numbers[:most] if number in of_number]
    read_exclusions(found)
    commune_names([petition.commune_id for petition in found if petition.commune_id])  # in one statement
    read_clocks([petition for petition in found if not petition.is_open])
    return Page(
        rows=[row(petition, now, by=by) for petition in found],
        after=_key(found[-1]) if found and len(numbers) > most else "",
        length=len(numbers) if at_once else length(rows) if counted else None,
    )


def row(petition: Petition, now: dt.datetime, *, by: User) -> Row:
    """One line of the list, as this person may read it."""
    return Row(
        petition=petition,
        address=petition.get_absolute_url(),
        code=petition.printed_code,
        line=heading(as_seen(petition.text, petition, by))[:160],
        place=_unit(petition) or place_as_seen(petition, by) or _("chưa rõ nơi"),
        state=str(State(petition.state).label),
        clock=timing(petition, now),
        key=_key(petition),
    )


def _unit(petition: Petition) -> str:
    """The commune that it is about, else the province, by name; "" where neither is known."""
    if petition.commune_id:
        return commune_names([petition.commune_id]).get(petition.commune_id, "")
    return province_names().get(petition.province_id or "", "")


@dataclass(frozen=True)
class Whence:
    """From which list, and from where in it, a petition was opened; told in the address as `tu`."""

    drawer: Drawer
    key: str

    def __str__(self) -> str:
        return f"{self.drawer.slug}~{self.key}"

    def at(self, petition: Petition) -> Whence:
        return Whence(self.drawer, _key(petition))

    def following(
        self, code: str, seen: PetitionQuerySet, user: User, now: dt.datetime
    ) -> tuple[Petition | None, bool]:
        """The next of the list, and whether the list begins anew with it; the petition itself is never next.

        The place is the one that it had when it was opened: what is done may move its deadline.
        """
        listed = self.drawer.of(seen, user, now).exclude(code=code)
        with planned_for_its_values():
            behind = _ordered(listed, self.key, self.drawer.order).first()
            first = behind or _ordered(listed, "", self.drawer.order).first()
        return first, behind is None and bool(self.key)


def whence(told: str, user: User) -> Whence | None:
    """Where somebody came from, if it is a list of his; anything else is nowhere."""
    slug, _tilde, key = told[:120].partition("~")
    drawer = next((drawer for drawer in drawers_of(user) if drawer.slug == slug), None)
    return Whence(drawer, key) if drawer else None


def _ordered(rows: PetitionQuerySet, after: str, order: Order) -> PetitionQuerySet:
    number = _number(after)
    if order in (Order.LATEST, Order.NEWEST):
        further = Q(pk__lt=number) if number else Q()
    elif order is Order.HOPS:
        further = _fewer_hops(rows, number) if number else Q()
    else:
        further = _beyond(after)
    return _sorted(rows.filter(further), order)


def _sorted(rows: PetitionQuerySet, order: Order) -> PetitionQuerySet:
    if order in (Order.LATEST, Order.NEWEST):
        return rows.order_by("-pk")
    return rows.order_by("-hops", "-pk") if order is Order.HOPS else rows.by_due()


def _fewer_hops(rows: PetitionQuerySet, number: int) -> Q:
    """Everything after this petition in the order of hops; all where it is not among `rows`, or no longer."""
    hops = rows.filter(pk=number).values_list("hops", flat=True).first()
    return Q() if hops is None else Q(hops__lt=hops) | Q(hops=hops, pk__lt=number)


def _number(key: str) -> int:
    """The petition's own number in a key, 0 in what is none."""
    number = key.rpartition("~")[2]
    return int(number) if number.isdecimal() and len(number) <= 18 else 0


def _key(petition: Petition) -> str:
    return f"{petition.due_at.isoformat() if petition.due_at else ''}~{petition.pk}"


def _beyond(key: str) -> Q:
    """Everything after a key in the order of `by_due`; what is no key begins at the top."""
    written, number = key.rpartition("~")[0], _number(key)
    if not number:
        return Q()
    try:
        due_at = parse_datetime(written) if written else None
    except ValueError:
        return Q()
    if written and (due_at is None or due_at.tzinfo is None or not 1900 < due_at.year < 3000):
        return Q()
    if due_at is None:
        return Q(due_at__isnull=True, pk__gt=number) | Q(due_at__isnull=False)
    # As a pair: PostgreSQL begins in its index there, where of "later, or then and of a larger number" it
    # would read and sort all that is later.
    behind = Tuple(Value(due_at, DateTimeField()), Value(number, BigIntegerField()))
    return Q(GreaterThan(Tuple(F("due_at"), F("pk")), behind))
