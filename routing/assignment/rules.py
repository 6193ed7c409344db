"""Which row of competence holds, and which of several goes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routing.facts import DEFAULTS, listed
from routing.models import CompetenceRule, Subfield

if TYPE_CHECKING:
    from routing.assignment.case import Case

# Asked like a kind of its own: the rows that tell a field's ministry.
MINISTRY = CompetenceRule.Rung.MINISTRY.value
RUNGS = {rung: number for number, rung in enumerate(CompetenceRule.Rung.values)}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of competence, made ready to be asked thousands of times."""

    rule: CompetenceRule
    since: dt.date
    until: dt.date
    province: str
    commune: str
    facts: tuple[tuple[str, frozenset[object]], ...]
    about: tuple[tuple[str, frozenset[object]], ...]  # of the case itself: who is complained of, what commune

    def holds(self, case: Case) -> bool:
        """On that day, at that place, with those facts; kind and matter were asked before."""
        if not self.since <= case.on <= self.until:
            return False
        if self.province and self.province != case.place.province:
            return False
        if self.commune and self.commune != case.place.commune:
            return False
        for key, values in self.facts:
            if getattr(case.facts, key) not in values:
                return False
        return all(case.told(key) in values for key, values in self.about) if self.about else True


def rows_of(rules: Iterable[CompetenceRule]) -> list[Row]:
    """In the order in which they are tried: by rung, the more specific first."""
    ranked = sorted(rules, key=lambda rule: (RUNGS[rule.rung], [-part for part in rule.rank], rule.slug))
    return [
        Row(
            rule,
            rule.valid_from,
            rule.valid_to or dt.date.max,
            rule.province_id or "",
            rule.commune_id or "",
            *_asked(rule),
        )
        for rule in ranked
    ]


Conditions = tuple[tuple[str, frozenset[object]], ...]


def _asked(rule: CompetenceRule) -> tuple[Conditions, Conditions]:
    """What it asks of the facts, and of the case itself."""
    conditions = [(key, frozenset(listed(value))) for key, value in rule.facts.items()]
    return (
        tuple((key, values) for key, values in conditions if key in DEFAULTS),
        tuple((key, values) for key, values in conditions if key not in DEFAULTS),
    )


def rows_for(rows: Sequence[Row], kind: str, subfield: Subfield | None) -> tuple[Row, ...]:
    """Those that this kind and this sub-field may meet; of kind MINISTRY those that tell the ministry."""
    return tuple(
        row
        for row in rows
        if (row.rule.rung == MINISTRY) == (kind == MINISTRY) and _concerns(row.rule, kind, subfield)
    )


def _concerns(rule: CompetenceRule, kind: str, subfield: Subfield | None) -> bool:
    if rule.kinds and kind not in rule.kinds:
        return False
    if rule.subfields:
        return subfield is not None and subfield.slug in rule.subfields
    return not rule.fields or (subfield is not None and subfield.field_id in rule.fields)
