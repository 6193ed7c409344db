"""Which row of competence holds."""

from __future__ import annotations

import datetime as dt

from routing.assignment.case import Case
from routing.models import CompetenceRule

# In a rule's `lead`: the body that is complained of.
ACCUSED_AGENCY = "accused-agency"


def rule_of(case: Case) -> CompetenceRule | None:
    return next((rule for rule in case.tables.rules if _in_force(rule, case.on) and _holds(rule, case)), None)


def _in_force(rule: CompetenceRule, on: dt.date) -> bool:
    return rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)


def _holds(rule: CompetenceRule, case: Case) -> bool:
    own = {
        "kinds": case.kind,
        "subfields": case.subfield.slug if case.subfield else "",
        "fields": case.subfield.field_id if case.subfield else "",
        "accused_role": case.role,
    }
    for key, wanted in rule.conditions.items():
        value = own[key] if key in own else getattr(case.facts, key)
        if value not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    return True
