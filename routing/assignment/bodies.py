"""Bodies, their heads and their superiors; whom a complaint shuts out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from routing.assignment.case import Case, Tables, tables
from routing.facts import ROLES, Against, FactError
from routing.models import Agency, AgencyType
from routing.models.agencies import FOCAL_POINT, LADDER

# Who took the decision that a complaint is about; a deputy or a clerk acts under his head.
AUTHORS = ("unit", "head")


def accused_of(against: Against, known: Tables) -> Agency:
    """The agency that is complained of; raises FactError where there is none, or no such role."""
    if against.role not in ROLES:
        raise FactError(f"Vai trò {against.role!r} phải là một trong {', '.join(ROLES)}.")
    found = known.agency(against.code)
    if found is None:
        raise FactError(f"Không có cơ quan {against.code!r}.")
    return found


def excluded_by(against: Against, on: dt.date | None = None, *, first_complaint: bool = False) -> set[str]:
    """Codes of the agencies that may neither lead, coordinate nor read, by who is complained about.

    With `on` also those that have taken over from it by that day. `first_complaint`: by the law its author
    decides. Raises FactError when there is no such agency.
    """
    known = tables()
    accused = accused_of(against, known)
    shut_out = excluded_of_first if first_complaint else excluded_of
    shut = shut_out(accused, against.role, known)
    if on is None or known.stands(accused, on):
        return shut
    return shut.union(*(shut_out(heir, against.role, known) for heir in known.heirs(accused, on)))


def over_body(lead: Agency, known: Tables) -> Iterator[Agency]:
    """Whoever is over a body or an office, the nearest first: its head, then each superior and its head."""
    body = body_of(lead)
    for one in (body, *body.superiors()):
        yield one
        yield head_of(one, known)


def head_over(against: Against) -> str:
    """The code of who decides for the body complained of, itself where it has no head's office here."""
    known = tables()
    return head_of(body_of(accused_of(against, known)), known).code


def heirs_of(code: str, on: dt.date) -> tuple[Agency, ...]:
    """Who goes on with the work of a closed agency on that day; () where no row says it."""
    known = tables()
    agency = known.agency(code)
    return known.heirs(agency, on) if agency else ()


def excluded_of(accused: Agency, role: str, known: Tables) -> set[str]:
    """Who may not touch it: of a clerk his own unit, but for its head; of all others the whole body.

    Where a body's head has no office of his own in this house, the body itself judges its clerk.
    """
    body = body_of(accused)
    if role == "staff":
        return {accused.code, body.code} - {head_of(body, known).code}
    own = {head_code(body)}
    if body.superior is not None:
        # Its own offices go with it; what stands under a province's committee goes on working.
        own |= {row.code for row in known.under(body) if row.level == body.level}
    return {accused.code, body.code, *(code for code in own if known.agency(code))}


def excluded_of_first(accused: Agency, role: str, known: Tables) -> set[str]:
    """Of a first complaint: nobody where its author is complained of, for he decides it himself.

    Of a deputy or a clerk the body, but not its head (Luật Khiếu nại 2011, Điều 17 đến 23).
    """
    if role in AUTHORS:
        return set()
    return excluded_of(accused, role, known) - {head_of(body_of(accused), known).code}


def body_of(agency: Agency) -> Agency:
    """The body of an office, or the body itself."""
    if agency.type.kind == "office" and agency.superior is not None:
        return agency.superior
    return agency


def head_code(body: Agency) -> str:
    """The code of the office of that body's head, by rule; there need not be such a row."""
    if body.type_id in ("commune-people-committee", "provincial-people-committee"):
        return f"{body.type_id}-chair:{body.unit_code}"
    return f"{'minister' if body.level == 'central' else 'department-head'}:{body.code}"


def is_below(one: Agency, lead: Agency) -> bool:
    """Of a lower level than the lead, or what answers to it; the office of its own head is not."""
    if one.level != lead.level and {one.level, lead.level} <= set(LADDER):
        return LADDER.index(AgencyType.Level(one.level)) < LADDER.index(AgencyType.Level(lead.level))
    body = body_of(lead)
    if one.code == head_code(body):
        return False
    return (lead.code != body.code and one.code == body.code) or body in one.superiors()


def head_of(body: Agency, known: Tables) -> Agency:
    """Who decides for a body: its head's office, or itself.

    For a commune's offices the commune's chair, for the focal point the province's: it is a part of his.
    """
    of_another = body.type_id == FOCAL_POINT or (
        body.level == "commune" and body.superior is not None and body.superior.level == "commune"
    )
    if of_another and body.superior is not None:
        body = body.superior
    return known.agency(head_code(body)) or body


def above(agency: Agency, case: Case) -> Agency | None:
    """The direct superior body that stands on that day; None above the province and the ministries."""
    return next(filter(None, map(case.today, body_of(agency).superiors())), None)


def next_above(case: Case, lead: Agency) -> Agency | None:
    """Of a clerk's own unit its head; else the direct superior."""
    if case.role == "staff" and case.accused is not None and lead.code == body_of(case.accused).code:
        head = head_of(lead, case.tables)
        if head.code not in case.excluded:
            return head
    return above(lead, case)


def head_above(agency: Agency, case: Case) -> Agency | None:
    """The head of the direct superior; None above the province and the ministries."""
    body = above(agency, case)
    return None if body is None else head_of(body, case.tables)


def minister_of(case: Case) -> Agency | None:
    """The minister of the field, second after a province's chair (Luật Khiếu nại 2011, Điều 23)."""
    ministry = case.ministry or (case.subfield.agencies.get("central", "") if case.subfield else "")
    return case.tables.agency(f"minister:{ministry}") if ministry else None


def is_government(body: Agency) -> bool:
    """A ministry or a body of its rank: over its own decisions there is no other instance."""
    return body.level == "central" and body.superior is None
