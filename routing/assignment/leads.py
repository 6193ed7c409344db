"""Who leads by a row of competence or by the field's own row, before conflicts of interest are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.assignment.answer import PROPOSAL_SOURCE
from routing.assignment.bodies import body_of, head_of
from routing.assignment.case import Case
from routing.facts import ACCUSED_AGENCY
from routing.models import Agency, CompetenceRule


@dataclass(frozen=True)
class Base:
    """Who leads, with which right, and who owns the matter and does the work."""

    lead: Agency
    rule: str
    source: str
    legal: str
    why: str
    accountable: Agency | None = None
    executing: Agency | None = None
    policy: str = ""
    helpers: Sequence[str] = ()


def base_lead(case: Case) -> Agency | None:
    base = base_of(case)
    return base.lead if base else None


def base_of(case: Case) -> Base | None:
    """By the row that holds, else by the field's row; None where the place or the agency is open."""
    return _by_rule(case, case.rule) if case.rule else _by_taxonomy(case)


def _by_rule(case: Case, rule: CompetenceRule) -> Base | None:
    lead = _accused_lead(case) if rule.lead == ACCUSED_AGENCY else case.agency(rule.lead)
    if lead is None:
        return None
    accountable, executing = case.agency(rule.accountable), case.agency(rule.executing)
    owner, worker = _owner_and_worker(case, lead)
    return Base(
        lead,
        rule.slug,
        rule.source,
        rule.legal,
        rule.reason,
        accountable or owner,
        executing or worker,
        rule.policy_id or "",
        rule.coordinators,
    )


def _accused_lead(case: Case) -> Agency | None:
    """The accused body; where it is a clerk of it, its head."""
    if case.accused is None or (case.gone and case.role == "staff"):
        return None  # of a body that is no more its superior is known, its head is not
    body = body_of(case.accused)
    return head_of(body, case.tables) if case.role == "staff" else body


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
