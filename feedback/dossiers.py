"""A late dossier lies where its sender says that it lies: no ward has to be known for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.conf import settings

from classifier.dossiers import bodies_named, names_a_commune
from routing.assignment import Facts, assign
from routing.facts import NO_FACTS
from routing.places import Location, Place


def facts_told(text: str) -> Facts:
    """What the words alone tell the tables: the one body named; between several a person chooses."""
    named = bodies_named(text)
    alone = len(named) == 1 and not names_a_commune(text)
    return Facts(dossier_at=next(iter(named))) if alone else NO_FACTS


def needs_no_commune(kind: str, subfield: str, province: str, facts: Facts, on: dt.date) -> bool:
    """Whether the body that is named leads it, where without it a commune would have to be known."""
    if facts.dossier_at == "" or not subfield:
        return False
    there = Place("", province)
    asked = assign(kind, subfield, there, on=on).outcome == "ask_territory"
    return asked and assign(kind, subfield, there, facts=facts, on=on).outcome == "agency"


def placed(found: Location, kind: str, subfield: str, facts: Facts, on: dt.date) -> Location:
    """The same, in the house's own province where none is named, and without communes to choose between,
    where no commune has to be known."""
    province = found.province or settings.HOME_PROVINCE
    if found.unit or not needs_no_commune(kind, subfield, province, facts, on):
        return found
    return replace(found, outcome="province", province=province, choices=())
