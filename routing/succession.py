"""Who goes on with what a closed unit did, day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from routing.kept import Kept
from routing.models import Agency, AgencySuccessor, AgencyType, CommuneSuccessor


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit that goes on with the work of another, on which days."""

    code: str
    since: dt.date
    until: dt.date


Rows = Mapping[str, tuple[Heir, ...]]  # closed unit -> who goes on with its work


@dataclass(frozen=True)
class Successions:
    """Every row of succession, of communes and of agencies."""

    communes: Rows
    agencies: Rows
    ended: Mapping[str, dt.date]  # last days of agencies: their own, their commune's, or their body's

    def of_agency(self, code: str, on: dt.date) -> list[str]:
        """Codes of those next in turn: by the agency's own rows, its commune's, or those of its body."""
        kind, _colon, unit = code.partition(":")
        own = _on(self.agencies, code, on)
        return own or [
            f"{kind}:{heir}" for rows in (self.communes, self.agencies) for heir in _on(rows, unit, on)
        ]

    def closed(self, on: dt.date) -> set[str]:
        """Codes of the agencies that are no more on that day."""
        return {code for code, last in self.ended.items() if last < on}

    def with_former(self, codes: Iterable[str], on: dt.date) -> set[str]:
        """The agencies themselves, and all whose work they have taken over by that day."""
        held = set(codes)
        waiting = self.closed(on) - held if held else set()
        while took := {code for code in waiting if not held.isdisjoint(self.of_agency(code, on))}:
            held |= took
            waiting -= took
        return held

    def with_heirs(self, codes: Iterable[str], on: dt.date) -> set[str]:
        """The agencies themselves, and all that have taken over their work by that day."""
        held = set(codes)
        closed = self.closed(on) if held else set()
        waiting = held & closed
        while waiting:
            took = {heir for code in waiting for heir in self.of_agency(code, on)} - held
            held |= took
            waiting = took & closed
        return held

    def of_commune(self, code: str, on: dt.date) -> list[str]:
        return _on(self.communes, code, on)


NOTHING_ENDED = Successions({}, {}, {})


def _on(rows: Rows, code: str, on: dt.date) -> list[str]:
    return [heir.code for heir in rows.get(code, ()) if heir.since <= on <= heir.until]


def _load() -> Successions:
    return Successions(_rows(CommuneSuccessor), _rows(AgencySuccessor), _ended())


def _ended() -> dict[str, dt.date]:
    by_body = Q(type__kind=AgencyType.Kind.OFFICE, superior__valid_to__isnull=False)
    rows = Agency.objects.filter(
        by_body | Q(valid_to__isnull=False) | Q(commune__valid_to__isnull=False)
    ).values_list("code", "type__kind", "valid_to", "commune__valid_to", "superior__valid_to")
    return {
        code: min(day for day in (own, commune, body if kind == AgencyType.Kind.OFFICE else None) if day)
        for code, kind, own, commune, body in rows
    }


def _rows(model: type[CommuneSuccessor | AgencySuccessor]) -> Rows:
    held: dict[str, list[Heir]] = defaultdict(list)
    rows = model._default_manager.order_by("former_id", "successor_id")
    for former, successor, since, until in rows.values_list(
        "former_id", "successor_id", "valid_from", "valid_to"
    ):
        held[former].append(Heir(successor, since, until or dt.date.max))
    return {former: tuple(heirs) for former, heirs in held.items()}


successions = Kept(_load)


def follow(
    code: str, next_of: Callable[[str], Iterable[str]], stands: Callable[[str], bool]
) -> tuple[str, ...]:
    """Who goes on with its work and stands, through any number of closures; () where nobody is known."""
    found: list[str] = []
    seen, waiting = {code}, [code]
    while waiting:
        for heir in next_of(waiting.pop(0)):
            if heir not in seen:
                seen.add(heir)
                (found if stands(heir) else waiting).append(heir)
    return tuple(found)
