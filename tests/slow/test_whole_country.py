"""The whole country: every written case, and every commune with every sub-field and kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from routing.assignment import assign
from routing.facts import KINDS
from routing.kept import one_version
from routing.loading import load
from routing.models import Commune, Subfield
from routing.places import Place
from tests.routing.paths import failing, of_every_accused, of_every_row
from tests.routing.test_cases import CASES, wrong

pytestmark = pytest.mark.slow

ON = dt.date(2026, 11, 26)

FEW = ("urban-order.noise", "admin-services.staff-attitude", "integrity-petitions.denunciation-official")


@pytest.fixture
def places(db: None) -> list[Place]:
    """Every commune with its province; the tests' own database knows three provinces only."""
    load()
    return [Place(*row) for row in Commune.objects.values_list("code", "province_id")]


def test_every_written_case_is_answered_as_written(places: list[Place]) -> None:
    assert len(CASES) >= 250
    assert list(wrong(CASES)) == []


def test_every_commune_subfield_and_kind_ends_at_somebody_who_is_there(places: list[Place]) -> None:
    """2.9 million answers; a few minutes."""
    subfields = list(Subfield.objects.values_list("slug", flat=True))
    failed: Counter[str] = Counter()
    asked = 0
    with one_version():
        for place in places:
            for slug in subfields:
                for kind in KINDS:
                    asked += 1
                    if said := failing(assign(kind, slug, place, on=ON), ON):
                        failed[f"{kind} {slug}: {said}"] += 1
    assert asked == 3321 * 124 * 7
    assert failed == Counter()


def test_in_every_commune_every_row_and_every_accused_ends_at_somebody_else(places: list[Place]) -> None:
    """All rows in one commune of each province and sort; every accused in every commune, in three fields."""
    of_sort = {(place.province, sort): place for place, sort in zip(places, _sorts(), strict=True)}
    with one_version():
        wrong = [way for place in of_sort.values() for way in of_every_row(place, ON) if way[1]]
        few = (
            "urban-order.noise",
            "admin-services.staff-attitude",
            "integrity-petitions.denunciation-official",
        )
        wrong += [way for place in places for way in of_every_accused(place, ON, few) if way[1]]
    assert wrong == []


def _sorts() -> list[str]:
    return list(Commune.objects.values_list("type", flat=True))
