"""How many petitions stood where at one moment: what the figures are made of, counted from Steps alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from feedback.public import OPEN, Kind, State, steps
from routing.calendar import DAY, Calendar, MissingCalendarError, current_calendar, local, moment
from routing.models import Subfield

# What a person of the office does with a proposal of the machine; the first of them confirms or corrects it.
CONFIRMING = ("receive", "assign", "accept", "return_", "ask")

# Rows of `feedback.public.steps()`; their class is not ours to name.
Steps = QuerySet[Any]


@dataclass(frozen=True)
class Filters:
    """Which petitions are counted; "" and None leave a filter open. Days are local and inclusive."""

    agency: str = ""
    field: str = ""
    province: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def as_json(self) -> dict[str, str | None]:
        return {
            "agency": self.agency or None,
            "field": self.field or None,
            "province": self.province or None,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
        }

    @property
    def sensitive(self) -> bool:
        """True if so narrow, in a matter so delicate, that a small number could point at a person."""
        return bool(self.field and self.agency) and (
            Subfield.objects.filter(field=self.field, sensitivity=Subfield.Sensitivity.CONFIDENTIAL).exists()
        )


@dataclass(frozen=True)
class Tally:
    """Numbers of petitions, as the database counted them; the figures are made of these and no others."""

    spam: int = 0
    received: int = 0
    rejected: int = 0
    redirected: int = 0
    open: int = 0
    overdue: int = 0
    answered: int = 0
    timed: int = 0  # answered, and a due moment stood
    on_time: int = 0
    on_time_original: int = 0
    proposed: int = 0
    confirmed: int = 0
    acted: Mapping[str, int] = field(default_factory=dict)  # action -> petitions that had it at least once
    scores: Mapping[str, int] = field(default_factory=dict)  # score -> petitions whose last rating it is
    waits: Sequence[int] | None = ()  # working days to the answer, sorted; None where no calendar is known

    @property
    def eligible(self) -> int:
        return self.received - self.rejected - self.redirected

    @property
    def rated(self) -> int:
        return sum(self.scores.values())


def tally(filters: Filters, *, as_of: dt.datetime) -> Tally:
    """Count the petitions of `filters` as they stood at `as_of`, in six queries of the database."""
    known = steps().filter(at__lte=as_of)
    rows = _standing(known, filters)
    counted = rows.exclude(kind=Kind.SPAM)
    mine = known.filter(petition__in=counted.values("petition"))
    answers = _first(mine, "approve")
    return Tally(
        **_states(rows, as_of),
        **_answers(answers),
        **_confirmations(mine),
        acted=_pairs(mine.values_list("action").annotate(n=Count("petition", distinct=True))),
        scores=_pairs(_last(mine, known, "rate").values_list("facts__score").annotate(n=Count("pk"))),
        waits=_waits(answers, known),
    )


def _standing(known: Steps, filters: Filters) -> Steps:
    """One step a petition, the last one known: the petition as it stood."""
    later = known.filter(petition=OuterRef("petition"), seq__gt=OuterRef("seq"))
    rows = known.filter(~Exists(later))
    if filters.since or filters.until:
        rows = rows.filter(petition__in=_submitted(known, filters).values("petition"))
    if filters.agency:
        rows = rows.filter(lead_agency=filters.agency)
    if filters.field:
        slugs = Subfield.objects.filter(field=filters.field).values("slug")
        rows = rows.filter(subfield__in=slugs)
    if filters.province:
        # What nobody has located yet waits at the focal point of a province, and counts there.
        waiting = Q(province="", lead_agency=f"feedback-focal-point:{filters.province}")
        rows = rows.filter(Q(province=filters.province) | waiting)
    return rows


def _submitted(known: Steps, filters: Filters) -> Steps:
    rows = known.filter(action="submit")
    if filters.since:
        rows = rows.filter(at__gte=moment(filters.since, dt.time.min))
    if filters.until:
        rows = rows.filter(at__lt=moment(filters.until + DAY, dt.time.min))
    return rows


def _first(rows: Steps, action: str) -> Steps:
    same = steps().filter(petition=OuterRef("petition"), action=action, seq__lt=OuterRef("seq"))
    return rows.filter(~Exists(same), action=action)


def _last(rows: Steps, known: Steps, action: str) -> Steps:
    same = known.filter(petition=OuterRef("petition"), action=action, seq__gt=OuterRef("seq"))
    return rows.filter(~Exists(same), action=action).order_by()


def _states(rows: Steps, as_of: dt.datetime) -> dict[str, int]:
    true = ~Q(kind=Kind.SPAM)
    open_ = true & Q(after__in=OPEN)
    return rows.aggregate(
        spam=Count("pk", filter=Q(kind=Kind.SPAM)),
        received=Count("pk", filter=true),
        rejected=Count("pk", filter=true & Q(after=State.REJECTED)),
        redirected=Count("pk", filter=true & Q(after=State.REDIRECTED)),
        open=Count("pk", filter=open_),
        overdue=Count("pk", filter=open_ & Q(due_at__lt=as_of)),
    )


def _answers(answers: Steps) -> dict[str, int]:
    return answers.aggregate(
        answered=Count("pk"),
        timed=Count("pk", filter=Q(due_at__isnull=False)),
        on_time=Count("pk", filter=Q(at__lte=F("due_at"))),
        on_time_original=Count("pk", filter=Q(at__lte=F("first_due_at"))),
    )


def _confirmations(mine: Steps) -> dict[str, int]:
    by_people = mine.filter(action__in=CONFIRMING).exclude(role="system")
    seen = Count("petition", distinct=True)
    return mine.filter(facts__provisional=True).aggregate(
        proposed=seen,
        confirmed=Count("petition", distinct=True, filter=Q(petition__in=by_people.values("petition"))),
    )


def _pairs(rows: Steps) -> dict[str, int]:
    return dict(rows.order_by())


def _waits(answers: Steps, known: Steps) -> list[int] | None:
    """Working days from submission to answer, sorted. The day of submission is not counted."""
    sent = known.filter(petition=OuterRef("petition"), action="submit").values("at")[:1]
    spans = answers.annotate(sent_at=Subquery(sent)).values_list("sent_at", "at")
    days = [(local(start).date(), local(end).date()) for start, end in spans]
    if not days:
        return []
    try:
        index = _working_index(
            current_calendar(), min(day for day, _end in days), max(day for _start, day in days)
        )
    except MissingCalendarError:
        return None
    return sorted(index[end] - index[start] for start, end in days)


def _working_index(calendar: Calendar, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """Each day from first to last with how many working days there were until its end."""
    index, total, day = {}, 0, first
    while day <= last:
        total += calendar.is_working(day)
        index[day] = total
        day += DAY
    return index
