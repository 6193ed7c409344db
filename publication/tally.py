"""How many petitions stood where at one moment: what the figures are made of, counted from Steps alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from feedback.public import OPEN, PAUSED, PETITIONS_AT_LAW, Kind, Score, State, steps, stopped
from routing.calendar import DAY, Calendar, MissingCalendarError, current_calendar, local, moment
from routing.models import Subfield

# What a person of the office does with a proposal of the machine; the first of them confirms or corrects it.
CONFIRMING = ("receive", "assign", "accept", "return_", "ask")

# Actions that a figure speaks of by name: how many petitions had one at least once.
ACTED = ("return_", "transfer", "grant_extension", "reopen", "contest", "appeal")

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
    acted: Mapping[str, int] = field(default_factory=dict)  # one of ACTED -> petitions
    scores: Mapping[str, int] = field(default_factory=dict)  # score -> petitions whose last rating it is
    waits: Sequence[int] | None = ()  # working days to the answer, sorted; None where no calendar is known

    @property
    def eligible(self) -> int:
        return self.received - self.rejected - self.redirected

    @property
    def rated(self) -> int:
        return sum(self.scores.values())


def tally(filters: Filters, *, as_of: dt.datetime) -> Tally:
    """Count the petitions of `filters` as they stood at `as_of`: four questions to the database."""
    known = steps().filter(at__lte=as_of)
    rows = _standing(known, filters)
    counted = rows.exclude(kind=Kind.SPAM)
    mine = known.filter(petition__in=counted.values("petition"))
    told = _events(mine, known)
    states = _states(rows, as_of)
    states["overdue"] += _late_before_pause(counted, known, as_of)
    return Tally(
        **states,
        answered=told["answered"],
        timed=told["timed"],
        on_time=told["on_time"],
        on_time_original=told["on_time_original"],
        proposed=told["proposed"],
        confirmed=told["confirmed"],
        acted={action: told[action] for action in ACTED},
        scores={score: told[score] for score in Score},
        waits=_waits(mine.filter(FIRST_ANSWER)),
    )


def _standing(known: Steps, filters: Filters) -> Steps:
    """One step a petition, the last one known: the petition as it stood."""
    newest = known.filter(petition=OuterRef("petition")).order_by("-seq").values("pk")[:1]
    submitted = _submitted(known, filters).annotate(newest=Subquery(newest))
    rows = known.filter(pk__in=submitted.values("newest"))
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


def _states(rows: Steps, as_of: dt.datetime) -> dict[str, int]:
    true = ~Q(kind=Kind.SPAM)
    open_ = true & Q(after__in=OPEN)
    return rows.aggregate(
        spam=Count("pk", filter=Q(kind=Kind.SPAM)),
        received=Count("pk", filter=true),
        rejected=Count("pk", filter=true & Q(after=State.REJECTED)),
        redirected=Count("pk", filter=true & Q(after=State.REDIRECTED)),
        open=Count("pk", filter=open_),
        overdue=Count("pk", filter=open_ & _late(as_of) & ~Q(after__in=PAUSED)),
    )


def _late_before_pause(counted: Steps, known: Steps, as_of: dt.datetime) -> int:
    """Of those whose clock stands still, the ones that were overdue already when it was stopped."""
    waiting = counted.filter(_late(as_of), after__in=PAUSED)
    since = Subquery(stopped(known.filter(petition=OuterRef("petition"))).values("at")[:1])
    stopped_late = Q(due_at__lt=F("stopped_at")) & ~Q(AT_LAW, due_at__date__gte=F("stopped_at__date"))
    late: int = waiting.annotate(stopped_at=since).filter(stopped_late).count()
    return late


# A day of the law ends at 24:00, and not when the office closes.
AT_LAW = Q(kind__in=PETITIONS_AT_LAW)


def _late(as_of: dt.datetime) -> Q:
    today = moment(local(as_of).date(), dt.time.min)
    return Q(due_at__lt=as_of) & ~Q(AT_LAW, due_at__gte=today)


def _in_time(due: str) -> Q:
    return Q(at__lte=F(due)) | Q(AT_LAW, **{f"{due}__date__gte": F("at__date")})


# The questions below go by petition and number, which have an index of their own: asked by action as well,
# SQLite would walk through all steps of that action in the country.
FIRST_ANSWER = Q(action="approve") & ~Q(
    Exists(steps().filter(petition=OuterRef("petition"), seq__lt=OuterRef("seq"), action="approve"))
)
# What the machine proposed; a person has not said yes yet.
PROPOSED = Q(action__in=["receive", "assign"], facts__provisional=True)


def _last_rating(known: Steps) -> Q:
    newer = known.filter(petition=OuterRef("petition"), seq__gt=OuterRef("seq"), facts__has_key="score")
    return Q(action="rate") & ~Q(Exists(newer))


def _confirmed(known: Steps) -> Q:
    later = known.filter(petition=OuterRef("petition"), seq__gt=OuterRef("seq"), action__in=CONFIRMING)
    return PROPOSED & Q(Exists(later.exclude(role="system")))


def _events(mine: Steps, known: Steps) -> dict[str, int]:
    """What happened to the petitions counted, each petition once; only the actions that figures speak of."""

    def petitions(which: Q) -> Count:
        return Count("petition", distinct=True, filter=which)

    rating = _last_rating(known)
    said = mine.filter(action__in=["approve", "rate", "receive", "assign", *ACTED])
    return said.aggregate(
        answered=petitions(Q(action="approve")),
        timed=petitions(FIRST_ANSWER & Q(due_at__isnull=False)),
        on_time=petitions(FIRST_ANSWER & _in_time("due_at")),
        on_time_original=petitions(FIRST_ANSWER & _in_time("first_due_at")),
        proposed=petitions(PROPOSED),
        confirmed=petitions(_confirmed(known)),
        **{action: petitions(Q(action=action)) for action in ACTED},
        **{str(score): petitions(rating & Q(facts__score=str(score))) for score in Score},
    )


def _waits(answers: Steps) -> list[int] | None:
    """Working days from submission to answer, sorted. The day of submission is not counted."""
    sent = steps().filter(petition=OuterRef("petition"), seq=1).values("at")[:1]
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
