"""Who leads by rule or by the field's row, before anyone is accused."""

from __future__ import annotations

from dataclasses import dataclass

from routing.assignment.answer import PROPOSAL_SOURCE
from routing.assignment.bodies import body_of
from routing.assignment.case import Case
from routing.assignment.rules import ACCUSED_AGENCY, rule_of
from routing.models import Agency, CompetenceRule


@dataclass(frozen=True)
class Base:
    """Who leads by rule or by the field's row, before anyone is accused."""

    lead: Agency
    rule: str
    source: str
    legal: str
    why: str
    accountable: Agency | None = None
    executing: Agency | None = None


def base_lead(case: Case) -> Agency | None:
    base = base_of(case)
    return base.lead if base else None


def base_of(case: Case) -> Base | None:
    """By the first rule that holds, else by the field's row; None where the place or the agency is open."""
    rule = rule_of(case)
    return _by_rule(case, rule) if rule else _by_taxonomy(case)


def _by_rule(case: Case, rule: CompetenceRule) -> Base | None:
    if rule.lead == ACCUSED_AGENCY:
        lead = body_of(case.accused) if case.accused else None
    else:
        lead = case.agency(rule.lead)
    if lead is None:
        return None
    accountable, executing = case.agency(rule.accountable), case.agency(rule.executing)
    owner, worker = _owner_and_worker(case, lead)
    return Base(
        lead, rule.slug, rule.source, rule.legal, rule.reason, accountable or owner, executing or worker
    )


def _by_taxonomy(case: Case) -> Base | None:
    row = case.subfield
    if row is None:
        return None
    lead = case.agency(row.agencies[row.lead_level])
    if lead is None:
        return None
    accountable, executing = _owner_and_worker(case, lead)
    why = f"phụ trách “{row.name_vi}”"
    return Base(lead, "taxonomy", PROPOSAL_SOURCE, "no", why, accountable, executing)


def _owner_and_worker(case: Case, lead: Agency) -> tuple[Agency | None, Agency | None]:
    """Where a company does the work: who owns the matter, and the company."""
    slug = case.subfield.agencies.get("enterprise", "") if case.subfield else ""
    company = case.agency(slug)
    if company is None:
        return None, None
    if lead.code != company.code:
        return lead, company
    owner = case.agency(case.subfield.agencies.get("province", "")) if case.subfield else None
    return owner or company.superior, company
