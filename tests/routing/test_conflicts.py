"""Nobody judges his own matter: held against lines drawn at random, of whatever kind and against whomever."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from routing.assignment import Against, Assignment, Facts, assign
from routing.facts import KINDS, ROLES
from routing.models import Agency, AgencyType, Commune, Subfield
from routing.places import Place

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 26)
LINES = 4000
FACTS = (
    Facts(),
    Facts(formal_petition=True),
    Facts(formal_petition=True, instance=1),
    Facts(formal_petition=True, instance=2),
    Facts(first_decided=True),
    Facts(formal_petition=True, instance=2, previous_handler=("provincial-people-committee-chair",)),
    Facts(previous_handler=("commune-economy-office",)),
    Facts(formal_petition=True, previous_handler=("inspectorate", "commune-people-committee")),
    Facts(road_class="bot"),
    Facts(suspected="complaint"),
)


@dataclass(frozen=True)
class Line:
    """One question, and what was answered."""

    kind: str
    subfield: str
    facts: Facts
    against: Against | None
    found: Assignment

    @property
    def second(self) -> bool:
        return self.facts.instance == 2 or (self.facts.instance == 0 and self.facts.first_decided)


def drawn(count: int) -> Iterator[Line]:
    """The same each time; nine in ten against somebody at the place, or of the centre."""
    dice = random.Random(8)
    subfields = sorted(Subfield.objects.values_list("slug", flat=True))
    communes = sorted(Commune.objects.values_list("code", "province_id"))
    at: dict[str, list[str]] = {}
    rows = Agency.objects.exclude(type__kind=AgencyType.Kind.PLACEHOLDER).order_by("code")
    for code, commune, province in rows.values_list("code", "commune_id", "province_id"):
        at.setdefault(commune or province or "", []).append(code)
    for _number in range(count):
        commune, province = dice.choice(communes)
        kind, _colon, unit = dice.choice(at[dice.choice((commune, commune, province, ""))]).partition(":")
        against = Against(kind, unit, dice.choice(ROLES)) if dice.random() < 0.9 else None
        sort, subfield = dice.choice((*KINDS, "complaint", "complaint")), dice.choice(subfields)
        facts = dice.choice(FACTS)
        found = assign(sort, subfield, Place(commune, province), facts=facts, against=against, on=ON)
        yield Line(sort, subfield, facts, against, found)


def decides_by_law(line: Line, headed: set[str]) -> bool:
    """The author of the first complaint; over a clerk the head, or a body whose head has no office here."""
    assert line.against is not None
    first = line.kind == "complaint" and not line.second and line.found.outcome == "agency"
    return first or (line.against.role == "staff" and line.against.code not in headed)


@pytest.mark.long
def test_whoever_is_accused_is_shut_out_and_nobody_shut_out_has_a_hand_in_it() -> None:
    offices = Agency.objects.filter(type__kind=AgencyType.Kind.OFFICE)
    headed = set(offices.values_list("superior_id", flat=True))
    asked = shut = 0
    for line in drawn(LINES):
        found = line.found
        hands = {
            one.code for one in (found.lead, found.accountable, found.executing, *found.coordinators) if one
        }
        assert not hands & set(found.excluded), line
        if line.against is None or line.kind == "praise":
            continue
        asked += 1
        if not decides_by_law(line, headed):
            shut += 1
            assert line.against.code in found.excluded, line
    assert asked > LINES / 2
    assert shut > asked / 2
