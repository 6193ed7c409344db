"""What a supervisor watches: how each agency and field stands with its time, and who was told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min

from feedback import followups
from feedback.models import Heartbeat, Notice, Petition, PetitionQuerySet, Step
from feedback.models.petition import late, soon
from routing.models import name_column

SOON_DAYS = 2  # working days
MOST_GROUPS = 60
TOLD_BY = ("escalate", "remind", "demand_report")  # steps by which somebody is told that time is short


@dataclass(frozen=True)
class Group:
    """The open petitions of one agency or field: all of them, the late ones, those due soon."""

    key: str
    name: str
    open: int
    overdue: int
    soon: int
    oldest: dt.datetime | None

    @property
    def late_share(self) -> float:
        return 100 * self.overdue / self.open

    @property
    def soon_share(self) -> float:
        return 100 * self.soon / self.open


SILENT_FOR = dt.timedelta(minutes=5)  # the round is gone once a minute


@dataclass(frozen=True)
class Rounds:
    """When all deadlines were last gone round; `stopped`: so long ago that nobody is being reminded."""

    last: dt.datetime | None
    stopped: bool


def rounds(now: dt.datetime) -> Rounds:
    last = Heartbeat.objects.filter(name=followups.SWEEP).values_list("at", flat=True).first()
    return Rounds(last, stopped=last is None or now - last > SILENT_FOR)


@dataclass(frozen=True)
class Reminded:
    """How often somebody was told of one petition, and when last."""

    times: int
    last: dt.datetime


def by_agency(rows: PetitionQuerySet, now: dt.datetime) -> list[Group]:
    """One row an agency that holds something open, the most overdue first."""
    return _groups(rows, "lead_id", "lead__name", now)


def by_field(rows: PetitionQuerySet, now: dt.datetime) -> list[Group]:
    """One row a field; what has none yet stands under an empty name."""
    return _groups(rows, "subfield__field_id", f"subfield__field__{name_column()}", now)


def _groups(rows: PetitionQuerySet, key: str, name: str, now: dt.datetime) -> list[Group]:
    counted = (
        rows.open()
        .order_by()
        .values(key=F(key), name=F(name))
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=late(now)),
            soon=Count("pk", filter=soon(SOON_DAYS, now)),
            oldest=Min("due_at", filter=late(now)),
        )
        .order_by("-overdue", "-open", "name")
    )
    return [Group(**row | {"key": row["key"] or "", "name": row["name"] or ""}) for row in counted]


def reminders(petitions: Iterable[Petition]) -> dict[int, Reminded]:
    """For the petitions of one page, by primary key; who was never told of stands nowhere."""
    found: dict[int, Reminded] = {}
    steps = Step.objects.filter(petition__in=list(petitions), action__in=TOLD_BY)
    for petition, at in steps.order_by("at").values_list("petition_id", "at"):
        found[petition] = Reminded(times=found[petition].times + 1 if petition in found else 1, last=at)
    return found


def told(petition: Petition) -> list[Notice]:
    """Who was told that time is short, newest first: each message with its person and moment."""
    notices = Notice.objects.filter(step__petition=petition, step__action__in=TOLD_BY, user__isnull=False)
    return list(notices.select_related("user", "step").order_by("-created_at", "-pk")[:20])


def total(groups: Iterable[Group]) -> dict[str, Any]:
    """The sums that stand on top of the board."""
    kept = list(groups)
    return {name: sum(getattr(group, name) for group in kept) for name in ("open", "overdue", "soon")}
