"""What a supervisor watches: how each agency and field stands with its time, and who was told of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Max, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from feedback import followups
from feedback.cube.figures import AGES, OLDEST
from feedback.cube.forecasting import fields_of
from feedback.cube.reading import is_expected_late, will_be_late
from feedback.inbox import REPORT_OWED
from feedback.models import Heartbeat, Notice, Petition, PetitionQuerySet, Step
from feedback.models.petition import late, soon
from feedback.workflow import OPEN, State
from routing.calendar import DAY, current_calendar, moment

SOON_DAYS = 2  # working days
A_MOMENT = dt.timedelta(minutes=10)
TOLD_BY = ("escalate", "remind", "demand_report")  # steps by which somebody is told that time is short


# --- what stands now ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A list that a supervisor asks for: its name, what it means, and its rows of what he sees."""

    key: str
    name: Any
    meaning: Any
    icon: str
    rows: Callable[[PetitionQuerySet, dt.datetime], PetitionQuerySet]
    tone: str = ""


def _reports(seen: PetitionQuerySet, now: dt.datetime) -> PetitionQuerySet:
    """Merged ones too, while the main is open: nobody merges a demand away."""
    merged = Q(report_due_on__isnull=False, state=State.MERGED, main__state__in=OPEN)
    return seen.filter(REPORT_OWED | merged)


def _open(seen: PetitionQuerySet, now: dt.datetime) -> PetitionQuerySet:
    return seen.open()


def _promised(seen: PetitionQuerySet, now: dt.datetime) -> PetitionQuerySet:
    return seen.promised()


STANDINGS: dict[str, Standing] = {
    one.key: one
    for one in (
        Standing(
            "overdue",
            _l("Quá hạn"),
            _l("Đang mở và đã qua hạn đang có hiệu lực."),
            "triangle-alert",
            lambda seen, now: seen.overdue(now),
            tone="late",
        ),
        Standing(
            "will_be_late",
            _l("Sẽ trễ"),
            _l(
                "Chưa quá hạn, nhưng đơn đã chờ lâu như thế ở cơ quan và lĩnh vực ấy thường được trả lời sau"
                " hạn; tính lúc hết ngày hôm trước."
            ),
            "hourglass",
            will_be_late,
            tone="soon",
        ),
        Standing(
            "soon",
            _l("Sắp đến hạn"),
            _l("Đến hạn trong 2 ngày làm việc tới."),
            "clock",
            lambda seen, now: seen.due_within(SOON_DAYS, now),
            tone="soon",
        ),
        Standing(
            "around",
            _l("Qua từ ba nơi"),
            _l("Đang mở và đã đổi cơ quan chủ trì từ ba lần, nhiều lần nhất trước."),
            "route",
            lambda seen, now: seen.passed_around(),
        ),
        Standing(
            "promised",
            _l("Đã hẹn ngày, chưa xong"),
            _l("Đã trả lời bằng một lời hẹn có ngày mà chưa ai ghi là đã làm xong."),
            "calendar-days",
            _promised,
        ),
        Standing(
            "reports",
            _l("Chưa báo cáo"),
            _l("Người giám sát hay đầu mối đã yêu cầu báo cáo mà chưa có."),
            "file-text",
            _reports,
        ),
        Standing("open", _l("Đang mở"), _l("Chưa trả lời, chưa kết thúc."), "list-checks", _open),
    )
}


TOTALS = ("open", "overdue", "will_be_late", "soon")


@dataclass(frozen=True)
class Cell:
    """Open petitions of one agency, sub-field and stage, told by its field.

    `ages`: how many are overdue of each class of AGES.
    """

    agency: str
    field: str
    state: str
    open: int
    overdue: int
    will_be_late: int
    soon: int
    ages: tuple[int, ...]


_AGES = tuple(f"age_{key}" for key, *_rest in AGES)


def open_now(
    rows: PetitionQuerySet, now: dt.datetime, among: Q | None = None
) -> tuple[list[Cell], list[Group]]:
    """Everything that the tables of the board add up of what is open, read once.

    By agency, field and stage; and by commune those `among` them, one row for each that holds something.
    """
    fields = fields_of()
    cells, communes = [], []
    for commune, lead, subfield, state, *counts in _counted(rows, now, Q() if among is None else among):
        told = dict(zip((*TOTALS, *_AGES), counts, strict=True))
        totals = {name: told[name] for name in TOTALS}
        if commune is None:
            ages = tuple(told[name] for name in _AGES)
            cells.append(Cell(lead or "", fields.get(subfield or "", ""), state, **totals, ages=ages))
        else:
            communes.append(Group(commune, **totals))
    return cells, sorted(communes, key=_the_worst_first)


def _counted(rows: PetitionQuerySet, now: dt.datetime, among: Q) -> list[tuple[Any, ...]]:
    """Commune, lead, sub-field, state, and the counts: the first is None, or the three behind it."""
    try:
        read, params = _marked(rows.open().order_by(), now, among).query.sql_with_params()
    except EmptyResultSet:
        return []
    counts = ", ".join(["COUNT(*)", *(f"SUM({name})" for name in (*TOTALS[1:], *_AGES))])
    narrowed = "WHERE here = 1" if among else ""
    sql = f"""
        WITH marked AS ({read})
        SELECT NULL, lead_id, subfield_id, state, {counts} FROM marked GROUP BY lead_id, subfield_id, state
        UNION ALL
        SELECT COALESCE(commune_id, ''), NULL, NULL, NULL, {counts} FROM marked {narrowed}
        GROUP BY commune_id"""  # noqa: S608 - Django's words and our own
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _marked(rows: PetitionQuerySet, now: dt.datetime, among: Q) -> Any:
    """Of each row what it is counted by, and in which counts it is, each 1 or 0."""
    is_late = late(now)
    counted_in = {
        "overdue": is_late,
        "will_be_late": is_expected_late(now),
        "soon": soon(SOON_DAYS, now),
        **({"here": among} if among else {}),
        **{name: is_late & of_age(key, now) for name, (key, *_rest) in zip(_AGES, AGES, strict=True)},
    }
    marks = {name: Case(When(condition, then=1), default=0) for name, condition in counted_in.items()}
    return rows.values("lead_id", "subfield_id", "state", "commune_id").annotate(**marks)


def of_age(key: str, now: dt.datetime) -> Q:
    """Due so many local days ago as this class of AGES says; of overdue petitions. Raises KeyError."""
    mosts = {name: most for name, most, _label in AGES}
    younger = max((most for most in mosts.values() if most < mosts[key]), default=-1)
    today = timezone.localdate(now)
    since = Q(due_at__gte=moment(today - mosts[key] * DAY, dt.time.min)) if mosts[key] < OLDEST else Q()
    return since & Q(due_at__lt=moment(today - younger * DAY, dt.time.min))


@dataclass(frozen=True)
class Group:
    """The open petitions of one agency or field: all of them, the late ones, those due soon."""

    key: str
    open: int
    overdue: int
    will_be_late: int
    soon: int

    @property
    def late_share(self) -> float:
        """Per cent of the open ones."""
        return 100 * self.overdue / self.open

    @property
    def soon_share(self) -> float:
        """Per cent of the open ones that are expected to be late."""
        return 100 * self.will_be_late / self.open


def grouped(counted: Iterable[Cell], by: str) -> list[Group]:
    """One row an "agency" or "field" that holds something open, the most overdue first; "" is unknown."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in counted:
        sums[getattr(cell, by)].update({name: getattr(cell, name) for name in TOTALS})
    groups = [Group(key, n["open"], n["overdue"], n["will_be_late"], n["soon"]) for key, n in sums.items()]
    return sorted(groups, key=_the_worst_first)


def _the_worst_first(group: Group) -> tuple[int, int, str]:
    return -group.overdue, -group.open, group.key


def total(counted: Iterable[Cell]) -> dict[str, int]:
    """The sums that stand on top of the board."""
    kept = list(counted)
    return {name: sum(getattr(cell, name) for cell in kept) for name in TOTALS}


@dataclass(frozen=True)
class Stage:
    """The open petitions that stand at one stage, and how long the late ones among them are overdue."""

    state: State
    open: int
    ages: list[int]


def stages(counted: Iterable[Cell]) -> list[Stage]:
    """In the order of a petition's life; a stage where nothing stands is left out."""
    sums: dict[str, list[int]] = {}
    for cell in counted:
        kept = sums.setdefault(cell.state, [0] * (1 + len(AGES)))
        for number, n in enumerate((cell.open, *cell.ages)):
            kept[number] += n
    return [Stage(state, sums[state][0], sums[state][1:]) for state in State if state in sums]


# --- who was told -------------------------------------------------------------------------------------------

SILENT_FOR = dt.timedelta(minutes=5)  # the round is gone once a minute


@dataclass(frozen=True)
class Rounds:
    """When all deadlines were last gone round; `stopped`: so long ago that nobody is being reminded."""

    last: dt.datetime | None
    stopped: bool


def rounds(now: dt.datetime) -> Rounds:
    last = Heartbeat.objects.filter(name=followups.SWEEP).values_list("at", flat=True).first()
    return Rounds(last, stopped=last is None or now - last > SILENT_FOR)


# Longer than nearly every limit runs; the Government tells the days off of a year weeks before it begins.
CALENDAR_AHEAD = dt.timedelta(days=90)


def calendar_ends(now: dt.datetime) -> dt.date | None:
    """The last day whose office days are known where that is near: what falls due later has no date."""
    today = timezone.localdate(now)
    until = current_calendar().known_until(today)
    return until if until - today < CALENDAR_AHEAD else None


@dataclass(frozen=True)
class Reminded:
    """How often somebody was told of one petition, and when last."""

    times: int
    last: dt.datetime


def reminders(petitions: Iterable[Petition]) -> dict[int, Reminded]:
    """For the petitions of one page, by primary key; who was never told of stands nowhere."""
    found: dict[int, Reminded] = {}
    steps = Step.objects.filter(petition__in=list(petitions), action__in=TOLD_BY)
    for petition, at in steps.order_by("at").values_list("petition_id", "at"):
        found[petition] = Reminded(times=found[petition].times + 1 if petition in found else 1, last=at)
    return found


def just_reminded(petition: Petition, now: dt.datetime) -> dt.datetime | None:
    """When somebody pressed for it a moment ago: from another page, or two at once, it is no second word."""
    lately = petition.steps.filter(action="remind", at__gt=now - A_MOMENT)
    return lately.values_list("at", flat=True).last()


def last_steps(petitions: Iterable[Petition]) -> dict[int, int]:
    """The number of the last step of each, by primary key."""
    steps = Step.objects.filter(petition__in=list(petitions)).order_by()
    return dict(steps.values_list("petition_id").annotate(Max("seq")))


TOLD = ("id", "user_id", "channel", "created_at", "sent_at", "refused_at")  # what is shown of a message


def told_of(petition: Any) -> QuerySet[Notice]:
    """The last messages by which somebody was told that time of this petition is short."""
    notices = Notice.objects.filter(step__petition=petition, step__action__in=TOLD_BY, user__isnull=False)
    return notices.order_by("-created_at", "-pk")[:20]


def told(petition: Petition) -> list[Notice]:
    """The same, newest first: each message with its person and moment."""
    along = petition.told_along.get("told")
    found = told_of(petition).select_related("user") if along is None else along
    return sorted(found, key=lambda one: (one.created_at, one.pk), reverse=True)
