"""`manage.py route --json`: who must answer, who helps, who may not see it, and why."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from classifier.places import shipped
from routing.assignment import Against, Assignment, Facts, assign_explained
from routing.jsonlines import Line, LineError, ReferenceLinesCommand, day_of, value_of
from routing.models import Agency
from routing.places import Place, locate


class Command(ReferenceLinesCommand):
    help = "Phân công: cơ quan chủ trì, phối hợp, bị loại trừ, hướng dẫn ra ngoài; kèm lý do và nguồn."

    def answer(self, line: Line) -> Line:
        facts, ignored = Facts.read(value_of(line, "facts", dict, {}))
        on = day_of(line, "on")
        assignment, explained = assign_explained(
            value_of(line, "kind", str, "report"),
            value_of(line, "subfield", str, ""),
            place_of(
                value_of(line, "commune_code", str, ""), value_of(line, "province_code", str, ""), facts, on
            ),
            facts=facts,
            against=_against(line),
            on=on,
        )
        return told(assignment) | {"explained": explained, "ignored": ignored}


def place_of(commune: str, province: str, facts: Facts, on: dt.date) -> Place:
    """Where it happened: the commune that is named, else what the facts tell of places old and new."""
    said = (facts.picked_commune_code, facts.text_place, facts.old_ward_code, facts.old_district_code)
    if commune or not any((*said, facts.old_province_code, facts.home_commune_code)):
        return Place(commune, province)
    home = province or settings.HOME_PROVINCE
    location = locate(
        shipped().find(facts.text_place, home=home),
        picked=facts.picked_commune_code,
        old_unit=facts.old_ward_code or facts.old_district_code or facts.old_province_code,
        reporter=facts.home_commune_code,
        home=home,
        on=on,
    )
    return Place(location.unit, location.province or province)


def _against(line: Line) -> Against | None:
    given = value_of(line, "against", dict, {})
    if not given:
        return None
    kind = value_of(given, "agency_type", str, "")
    if not kind:
        raise LineError("Trường 'against' phải có agency_type.")
    return Against(kind, value_of(given, "unit_code", str, ""), value_of(given, "role", str, "unit"))


def told(assignment: Assignment) -> Line:
    return {
        "outcome": assignment.outcome,
        "lead": _agency(assignment.lead),
        "coordinators": [agency.code for agency in assignment.coordinators],
        "accountable": assignment.accountable.code if assignment.accountable else None,
        "executing": assignment.executing.code if assignment.executing else None,
        "excluded": list(assignment.excluded),
        "intake": assignment.intake,
        "address": dict(assignment.address) if assignment.address else None,
        "deadline_policy": assignment.deadline_policy,
        "rule": assignment.rule,
        "source": assignment.source,
        "legal": assignment.legal,
        "reason": assignment.reason,
    }


def _agency(agency: Agency | None) -> Line | None:
    if agency is None:
        return None
    return {
        "agency_type": agency.type_id,
        "unit_code": agency.unit_code,
        "code": agency.code,
        "name": agency.name,
    }
