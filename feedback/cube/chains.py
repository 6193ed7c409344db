"""What one petition's steps come to in the cube; pure functions of its chain, so that all agree for ever."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from feedback.cube.figures import (
    FLOWS,
    OF_ACTION,
    OPEN_THEN,
    OVERDUE_THEN,
    PROMISED_THEN,
    WAITED,
    Told,
    age_of,
)
from feedback.cube.workdays import Workdays
from feedback.workflow import OPEN, PAUSED, PETITIONS_AT_LAW, State
from routing.calendar import DAY, local
from routing.models.agencies import is_focal_point

# Whoever takes it in leads it then; what is returned is led by whoever gave it back.
LED_BY_INTAKE = frozenset({State.SUBMITTED.value, State.RECEIVED.value})


class Cell(NamedTuple):
    """The key of one count; the columns of `DayCount` but for when it was counted."""

    territory: str
    figure: str
    day: dt.date
    agency: str
    subfield: str
    kind: str
    channel: str
    bucket: str = ""
    party: str = ""


Dated = tuple[Cell, dt.date]  # and the day under which it is written


def territory(chain: Sequence[Told]) -> str:
    """The province whose focal point took it in, as its steps tell: nobody else holds what stands there."""
    return territories(chain)[-1] if chain else ""


def territories(chain: Sequence[Told]) -> list[str]:
    """Behind each step of the chain, the territory in which it stood then."""
    found, where = [], ""
    for step in chain:
        if step.after in LED_BY_INTAKE and is_focal_point(step.lead_agency):
            where = step.lead_agency.partition(":")[2]
        found.append(where)
    return found


Signed = tuple[Cell, int]


def counted(chain: Sequence[Told], workdays: Workdays) -> Iterator[Signed]:
    """What the last step of the chain adds to the cube.

    One for each figure; where the petition came to another territory by it, all that was counted before
    leaves the one and comes to the other.
    """
    return _counted(chain, territories(chain), workdays)


def _counted(chain: Sequence[Told], places: Sequence[str], workdays: Workdays) -> Iterator[Signed]:
    """`places`: the territories of the whole petition, of which the chain may be the beginning."""
    where, before = places[len(chain) - 1], places[len(chain) - 2] if len(chain) > 1 else ""
    for cell in _cells(chain, where, workdays):
        yield cell, 1
    if where != before:
        for length in range(1, len(chain)):
            yield from ((cell, -1) for cell in _cells(chain[:length], before, workdays))
            yield from ((cell, 1) for cell in _cells(chain[:length], where, workdays))


def _cells(chain: Sequence[Told], where: str, workdays: Workdays) -> Iterator[Cell]:
    """The cells of the last step, as of that territory."""
    step = chain[-1]
    for flow in OF_ACTION.get(step.action, ()):
        if flow.holds(chain):
            giver = chain[-2].lead_agency if flow.giver and len(chain) > 1 else step.lead_agency
            for bucket in _buckets(step, flow.has):
                yield _cell(step, where, flow.key, giver, bucket)
    if FLOWS["answered"].holds(chain):
        yield _cell(step, where, WAITED, step.lead_agency, _waited(chain, workdays))


def _buckets(step: Told, has: str) -> Sequence[str]:
    return [""] if not has else ["", *step.facts[has]]


def _waited(chain: Sequence[Told], workdays: Workdays) -> str:
    days = workdays.between(local(chain[0].at).date(), local(chain[-1].at).date())
    return "?" if days is None else str(days)


def _cell(step: Told, where: str, figure: str, agency: str, bucket: str = "") -> Cell:
    told = (agency, step.subfield, step.kind, step.channel, bucket, step.party)
    return Cell(where, figure, local(step.at).date(), *told)


def sum_of(chain: Sequence[Told], waits: Sequence[bool], workdays: Workdays) -> Counter[Cell]:
    """The same of every step of a whole chain that does not wait to be counted."""
    cells: Counter[Cell] = Counter()
    for (cell, _on), n in dated_sum_of(chain, waits, workdays).items():
        cells[cell] += n
    return cells


def dated_sum_of(chain: Sequence[Told], waits: Sequence[bool], workdays: Workdays) -> Counter[Dated]:
    """The same, each under the day of the step by which it counts: what it moves stands under its own."""
    cells: Counter[Dated] = Counter()
    places = territories(chain)
    for index, waiting in enumerate(waits):
        if not waiting:
            on = local(chain[index].at).date()
            for cell, n in _counted(chain[: index + 1], places, workdays):
                cells[cell, on] += n
    return cells


class Standing(NamedTuple):
    """How a petition stood from the end of one day to the end of another, both counted."""

    first: dt.date
    last: dt.date
    chain: Sequence[Told]  # its steps until then

    @property
    def step(self) -> Told:
        return self.chain[-1]


def standings(chain: Sequence[Told], until: dt.date) -> Iterator[Standing]:
    """One for each step that was the last of its day: it stood so at that day's end, and until the next."""
    days = [local(step.at).date() for step in chain]
    for index, day in enumerate(days):
        following = days[index + 1] if index + 1 < len(days) else until + DAY
        last = min(following - DAY, until)
        if day <= last:
            yield Standing(day, last, chain[: index + 1])


def stocks(standing: Standing, since: dt.date) -> Iterator[Cell]:
    """Where it stood at the end of each day from `since` on, while there was anything left to do."""
    step, where = standing.step, territory(standing.chain)
    day = max(standing.first, since)
    if step.after in OPEN:
        due = overdue_from(standing.chain)
        while day <= standing.last:
            yield _stock(step, where, OPEN_THEN, day, step.after)
            if due is not None and due <= day:
                yield _stock(step, where, OVERDUE_THEN, day, f"{step.after}:{age_of((day - due).days)}")
            day += DAY
    elif _is_promised(standing.chain):
        while day <= standing.last:
            yield _stock(step, where, PROMISED_THEN, day)
            day += DAY


def _stock(step: Told, where: str, figure: str, day: dt.date, bucket: str = "") -> Cell:
    told = (step.lead_agency, step.subfield, step.kind, step.channel, bucket, step.party)
    return Cell(where, figure, day, *told)


def overdue_from(chain: Sequence[Told]) -> dt.date | None:
    """The first day at whose end it is overdue as it stands now; None where it is not while it stands so.

    Who waits for the citizen or is suspended is late only if he was so before the waiting began.
    """
    step = chain[-1]
    if step.due_at is None:
        return None
    due = local(step.due_at).date()
    if step.after in PAUSED:
        stopped = next(one.at for one in reversed(chain) if one.after in PAUSED and one.before not in PAUSED)
        of_law = step.kind in PETITIONS_AT_LAW
        late = due < local(stopped).date() if of_law else step.due_at < stopped
        return due if late else None
    return due


def _is_promised(chain: Sequence[Told]) -> bool:
    """Answered with a plan date that nobody has met yet."""
    if chain[-1].after != State.ANSWERED:
        return False
    said = [step for step in chain if step.action in ("draft_reply", "fulfil")]
    return bool(said) and said[-1].action == "draft_reply" and bool(said[-1].facts.get("plan_date"))
