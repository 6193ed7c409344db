"""Ways through the rows of competence, and what every answer has to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from routing.assignment import Against, Assignment, Facts, assign, tables
from routing.facts import DEFAULTS, KINDS, ROLES, listed
from routing.models import AgencyType, CompetenceRule, Subfield
from routing.places import Place

OUTCOMES = ("agency", "focal_point", "ask_territory", "redirect_out")
# Of each accused the bodies that must not come near, by what the domain text says of the role.
ACCUSED = {
    "commune-people-committee": ("commune-people-committee", "commune-people-committee-chair"),
    "commune-people-committee-chair": ("commune-people-committee", "commune-people-committee-chair"),
    "commune-economy-office": ("commune-economy-office",),
    "commune-police": ("commune-police",),
}


def failing(found: Assignment, on: dt.date, accused: Iterable[str] = ()) -> str:
    """What is wrong with an answer, "" where nothing is."""
    if found.outcome not in OUTCOMES:
        return f"outcome {found.outcome}"
    if found.outcome == "redirect_out":
        told = found.address or {}
        return "" if told.get("body") and told.get("address") else "no name or address outside"
    if found.lead is None or not tables().stands(found.lead, on):
        return "nobody who is there that day"
    hands = {found.lead.code, *(agency.code for agency in found.coordinators)}
    if found.executing:
        hands.add(found.executing.code)
    if hands & {*accused, *found.excluded}:
        return "the accused leads or helps"
    return "" if found.reason.endswith(".") and found.source and found.deadline_policy else "no reason"


def asked_of(rule: CompetenceRule, place: Place) -> Iterator[tuple[Facts, Against | None]]:
    """Each set of facts that a row asks for, and against whom."""
    asked = {key: listed(value) for key, value in rule.facts.items()}
    for values in product(*asked.values()):
        told: Mapping[str, Any] = dict(zip(asked, values, strict=True))
        facts = Facts(**{key: value for key, value in told.items() if key in DEFAULTS})
        yield facts, _against(told, place)


def _against(told: Mapping[str, Any], place: Place) -> Against | None:
    if "accused_type" not in told and "accused_role" not in told:
        return None
    kind = told.get("accused_type", "commune-pasc")
    level = AgencyType.objects.get(pk=kind).level
    unit = {"commune": place.commune, "central": ""}.get(level, place.province)
    return Against(kind, unit, told.get("accused_role", "unit"))


def ways_of(
    rule: CompetenceRule, subfields: Mapping[str, str], place: Place
) -> Iterator[tuple[str, str, Facts, Against | None]]:
    """(kind, sub-field, facts, against) of all that a row may decide; for a row of all, one sub-field."""
    matter = rule.subfields or [slug for slug, field in subfields.items() if field in rule.fields]
    for kind, slug in product(rule.kinds or KINDS, matter or [next(iter(subfields))]):
        for facts, against in asked_of(rule, place):
            yield kind, slug, facts, against


def fields_by_subfield() -> dict[str, str]:
    return dict(Subfield.objects.values_list("slug", "field_id"))


def of_every_row(place: Place, on: dt.date) -> Iterator[tuple[str, str]]:
    """(row met, what is wrong) for every row of competence in each of its ways."""
    subfields = fields_by_subfield()
    for rule in CompetenceRule.objects.exclude(rung=CompetenceRule.Rung.MINISTRY):
        for kind, slug, facts, against in ways_of(rule, subfields, place):
            found = assign(kind, slug, place, facts=facts, against=against, on=on)
            yield found.rule, failing(found, on)


def of_every_accused(place: Place, on: dt.date, subfields: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(row met, what is wrong) against each accused in each role; who decided hears the first complaint."""
    for slug, (kind, barred), role in product(subfields, ACCUSED.items(), ROLES):
        against = Against(kind, place.commune, role)
        shut = {f"{body}:{place.commune}" for body in barred} if role != "staff" else set()
        for what in ("report", "proposal", "question", "denunciation"):
            found = assign(what, slug, place, against=against, on=on)
            yield found.rule, failing(found, on, shut)
        for instance in (1, 2):
            found = assign("complaint", slug, place, facts=Facts(instance=instance), against=against, on=on)
            yield found.rule, failing(found, on, shut if instance == 2 else ())
