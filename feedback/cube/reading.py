"""The sums of the cube for whoever watches over a territory, and the petitions behind each of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import User
from feedback.cube import settled
from feedback.cube.chains import Cell, standings, stocks, sum_of
from feedback.cube.counting import told_chains
from feedback.cube.figures import FLOWS, OPEN_THEN, WAITED, Flow, Told
from feedback.cube.forecasting import WINDOW, fields_of
from feedback.cube.workdays import Workdays
from feedback.models import CountedDay, DayCount, Exclusion, Forecast, Petition, PetitionQuerySet, Step
from feedback.models.petition import late
from feedback.models.sight import ALL_OF_TERRITORY
from feedback.permissions import answers_for
from feedback.workflow import OPEN, Kind
from routing.calendar import DAY, moment

# What is counted under spam is no petition.
COUNTS = Q(kind__in=[kind for kind in Kind if kind != Kind.SPAM])


UNKNOWN = "-"


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    since: dt.date
    until: dt.date

    def a_year_before(self) -> Period:
        return Period(_year_before(self.since), _year_before(self.until))

    @property
    def at(self) -> Q:
        """Of steps."""
        return Q(at__gte=moment(self.since, dt.time.min), at__lt=moment(self.until + DAY, dt.time.min))


def _year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class Scope:
    """What is counted for whom: a person's territory, less what he may not know of, narrowed by filters.

    `agency` and `field` are codes, "" leaves them open; UNKNOWN asks for what has none.
    """

    user: User
    agency: str = ""
    field: str = ""

    @property
    def counts(self) -> bool:
        """Whether this person watches over all of a territory, so that its numbers are his."""
        return self.user.has_role(*ALL_OF_TERRITORY)

    @property
    def territories(self) -> set[str] | None:
        """None: the whole country."""
        return self.user.provinces_as(*ALL_OF_TERRITORY)

    @property
    def leader(self) -> str:
        """As it stands in the cube."""
        return "" if self.agency == UNKNOWN else self.agency

    @cached_property
    def last(self) -> CountedDay | None:
        """The last day whose end was counted; None before the first."""
        return CountedDay.objects.last()

    @cached_property
    def subfields(self) -> frozenset[str]:
        if self.field == UNKNOWN:
            return frozenset({""})
        return frozenset(slug for slug, field in fields_of().items() if field == self.field)

    @cached_property
    def kept(self) -> set[int]:
        """The petitions of his territory that are kept from him."""
        return _kept_from(self.user, self.territories)

    @cached_property
    def hidden_chains(self) -> list[tuple[Sequence[Told], Sequence[bool]]]:
        """The steps of the petitions of his territory that are kept from him, and which of them wait."""
        return list(told_chains(Step.objects.filter(petition__in=self.kept))) if self.kept else []

    @cached_property
    def hidden(self) -> Mapping[Cell, int]:
        """What these were counted as: a number would tell of them."""
        workdays, cells = Workdays(), Counter[Cell]()
        for chain, waits in self.hidden_chains:
            cells.update(sum_of(chain, waits, workdays))
        return cells

    def rows(self) -> QuerySet[DayCount]:
        rows = DayCount.objects.filter(COUNTS)
        if self.territories is not None:
            rows = rows.filter(territory__in=self.territories)
        if self.agency:
            rows = rows.filter(agency=self.leader)
        if self.field:
            rows = rows.filter(subfield__in=self.subfields)
        return rows

    def forecasts(self) -> QuerySet[Forecast]:
        """The same of what was expected to be late, less what is kept from him."""
        made = Forecast.objects.exclude(petition__in=self.kept)
        if self.territories is not None:
            made = made.filter(territory__in=self.territories)
        if self.agency:
            made = made.filter(agency=self.leader)
        if self.field:
            made = made.filter(subfield__in=self.subfields)
        return made

    def holds(self, cell: Cell) -> bool:
        """The same of one cell."""
        return (
            cell.kind != Kind.SPAM
            and (self.territories is None or cell.territory in self.territories)
            and (not self.agency or cell.agency == self.leader)
            and (not self.field or cell.subfield in self.subfields)
        )

    def is_of(self, cell: Cell, period: Period, figures: Collection[str]) -> bool:
        """Whether it is a flow of these, in the period, and asked for."""
        within = period.since <= cell.day <= period.until and cell.figure in figures and not cell.bucket
        return within and self.holds(cell)


def _kept_from(user: User, territories: set[str] | None) -> set[int]:
    """Petitions of his territory that he does not see; few: his own, and what complains of his bodies.

    Each sort by an index of its own, and which of them he sees after all is asked of these alone: asked for
    as one condition, every petition of the territory would be looked at.
    """
    barred = Exclusion.objects.filter(agency_id__in=answers_for(user)).values("petition")
    own = Petition.objects.filter(petitioner=user).values("pk")
    whole = Petition.objects.filter(sealed=True, origin__isnull=False).values("origin")
    suspects = Petition.objects.filter(pk__in=barred.union(own, whole))
    if territories is not None:
        suspects = suspects.filter(territory__in=territories)
    found = set(suspects.values_list("pk", flat=True))
    seen = Petition.objects.visible_to(user).filter(pk__in=found).values_list("pk", flat=True)
    return found - set(seen if found else ())


Sums = dict[str, Counter[str]]  # agency or sub-field -> figure -> number


def flows(scope: Scope, period: Period, *, by: str, figures: Collection[str] = tuple(FLOWS)) -> Sums:
    """How often each happened in the period, by "agency" or "subfield"."""
    rows = scope.rows().filter(figure__in=figures, day__gte=period.since, day__lte=period.until, bucket="")
    found: Sums = defaultdict(Counter)
    for (key, figure), n in settled.sums(rows, (by, "figure"), scope.last).items():
        found[key][figure] += n
    for cell, n in scope.hidden.items():
        if scope.is_of(cell, period, figures):
            found[getattr(cell, by)][cell.figure] -= n
    return found


def totals(sums: Sums) -> Counter[str]:
    total: Counter[str] = Counter()
    for counted in sums.values():
        total.update(counted)
    return total


def by_field(sums: Sums) -> Sums:
    """Sums of sub-fields as sums of their fields; what has none yet stands under ""."""
    fields = fields_of()
    found: Sums = defaultdict(Counter)
    for subfield, counted in sums.items():
        found[fields.get(subfield, "")].update(counted)
    return found


def median_wait(scope: Scope, period: Period) -> int | None:
    """Working days to the first answer, half of them took no longer; None where there was none."""
    rows = scope.rows().filter(figure=WAITED, day__gte=period.since, day__lte=period.until)
    days = Counter({bucket: n for (bucket,), n in settled.sums(rows, ("bucket",), scope.last).items()})
    for cell, n in scope.hidden.items():
        if cell.figure == WAITED and period.since <= cell.day <= period.until and scope.holds(cell):
            days[cell.bucket] -= n
    del days["?"]
    return _middle({int(bucket): n for bucket, n in days.items() if n > 0})


def _middle(counted: Mapping[int, int]) -> int | None:
    """The lower of the two in the middle, of numbers that each came so often."""
    left = (sum(counted.values()) + 1) // 2
    for number in sorted(counted):
        left -= counted[number]
        if left <= 0:
            return number
    return None


def open_at_end_of(scope: Scope, day: dt.date) -> int | None:
    """How many stood open when that day was over; None where it was not counted."""
    if not CountedDay.objects.filter(day=day).exists():
        return None
    counted: int = scope.rows().filter(figure=OPEN_THEN, day=day).aggregate(n=Sum("n"))["n"] or 0
    hidden_chains = (chain for chain, _waits in scope.hidden_chains)
    hidden = (cell for cell in _stood_open(hidden_chains, day) if scope.holds(cell))
    return counted - sum(1 for _cell in hidden)


def _stood_open(of: Iterable[Sequence[Told]], day: dt.date) -> Iterator[Cell]:
    for chain in of:
        for standing in standings(chain, day):
            yield from (cell for cell in stocks(standing, day) if cell.figure == OPEN_THEN)


# --- the petitions behind a number --------------------------------------------------------------------------


def behind(flow: Flow, scope: Scope, period: Period) -> PetitionQuerySet:
    """The petitions that were counted, each once however often it was."""
    seen = Petition.objects.visible_to(scope.user)
    if scope.territories is not None:
        seen = seen.filter(territory__in=scope.territories)
    return seen.filter(pk__in=_steps(flow, scope, period).values("petition"))


def times(flow: Flow, scope: Scope, period: Period) -> int:
    """How often it happened: the number of the board."""
    return totals(flows(scope, period, by="agency", figures=(flow.key,)))[flow.key]


def _steps(flow: Flow, scope: Scope, period: Period) -> QuerySet[Step]:
    steps = flow.charged_to(scope.leader) if scope.agency else flow.steps()
    steps = steps.filter(COUNTS, period.at)
    return steps.filter(subfield__in=scope.subfields) if scope.field else steps


# --- what will be late --------------------------------------------------------------------------------------


def will_be_late(seen: PetitionQuerySet, now: dt.datetime) -> PetitionQuerySet:
    """Open, not overdue yet, and expected at the end of the last counted day to be answered too late."""
    return seen.open().filter(is_expected_late(now))


def is_expected_late(now: dt.datetime) -> Q:
    """The same of open petitions, as a condition."""
    last = CountedDay.objects.order_by("-day").values("day")[:1]
    expected = Forecast.objects.filter(petition=OuterRef("pk"), round=OuterRef("round"), held_on=last)
    return Q(Exists(expected), paused_at__isnull=True) & ~late(now)


@dataclass(frozen=True)
class HitRate:
    """Of what was expected to be late in a quarter: how many are decided, and how many of these were late;
    and how many were late in all, expected or not: None where a board is narrowed, for a petition that went
    on is late with whoever has it, and was expected of whoever had it."""

    decided: int
    late: int
    late_in_all: int | None = None

    @property
    def share(self) -> float | None:
        return self.late / self.decided if self.decided else None


def hit_rate(scope: Scope, seen: PetitionQuerySet, now: dt.datetime) -> HitRate | None:
    """Of the ninety days until the last counted one, by whom it was expected of; None before the first.

    `seen`: what of the same this person sees now; of these are those that wait still.
    """
    if scope.last is None:
        return None
    quarter = Period(scope.last.day - WINDOW + DAY, scope.last.day)
    made = scope.forecasts().filter(made_on__gte=quarter.since)
    told = made.aggregate(
        decided=Count("pk", filter=Q(came_late__isnull=False)), late=Count("pk", filter=Q(came_late=True))
    )
    if scope.agency or scope.field:
        return HitRate(**told)
    answered = totals(flows(scope, quarter, by="agency", figures=("late",)))["late"]
    waiting = seen.overdue(now).filter(due_at__gte=moment(quarter.since, dt.time.min)).count()
    return HitRate(**told, late_in_all=answered + waiting + _ended(made, now).count())


def _ended(made: QuerySet[Forecast], now: dt.datetime) -> QuerySet[Forecast]:
    """What came late as expected and ended without an answer: withdrawn, merged, sealed and begun anew."""
    of = Petition.objects.filter(pk=OuterRef("petition"), round=OuterRef("round"))
    over = ~Q(state__in=OPEN) & Q(answered_at__isnull=True)
    begun_anew = Q(state__in=OPEN) & ~late(now)
    return made.filter(Exists(of.filter(over | begun_anew)), came_late=True)
