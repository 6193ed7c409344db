"""Bodies, their heads and their superiors; whom a complaint shuts out."""

from __future__ import annotations

from routing.assignment.case import Case
from routing.assignment.facts import ROLES, Against, FactError
from routing.models import Agency


def accused_of(against: Against) -> Agency:
    if against.role not in ROLES:
        raise FactError(f"Vai trò {against.role!r} phải là một trong {', '.join(ROLES)}.")
    code = f"{against.agency_type}:{against.unit_code}" if against.unit_code else against.agency_type
    row: Agency | None = Agency.objects.filter(code=code).first()
    if row is None:
        raise FactError(f"Không có cơ quan {code!r}.")
    return row


def excluded_by(against: Against) -> set[str]:
    """Codes of the agencies that may neither lead, coordinate nor read, by who is complained about.

    Raises FactError when there is no such agency.
    """
    return excluded_of(accused_of(against), against.role)


def excluded_of(accused: Agency, role: str) -> set[str]:
    """Who may not touch it: for one official nobody but, in a denunciation, the unit; else the whole unit."""
    if role == "staff":
        return set()
    body = body_of(accused)
    below = {_head_code(body)}
    if body.superior is not None:
        # Its own offices go with it; what stands under a province's committee goes on working.
        below |= set(Agency.objects.filter(superior=body, level=body.level).values_list("code", flat=True))
    known = Agency.objects.filter(code__in=below).values_list("code", flat=True)
    return {accused.code, body.code, *known}


def body_of(agency: Agency) -> Agency:
    """The body of an office, or the body itself."""
    if agency.type.kind == "office" and agency.superior is not None:
        return agency.superior
    return agency


def _head_code(body: Agency) -> str:
    """The code of the office of that body's head, by rule; there need not be such a row."""
    if body.type_id in ("commune-people-committee", "provincial-people-committee"):
        return f"{body.type_id}-chair:{body.unit_code}"
    return f"{'minister' if body.level == 'central' else 'department-head'}:{body.code}"


def head_of(body: Agency) -> Agency:
    """Who decides for a body: its head's office, the commune's chair for a commune's offices, or itself."""
    if body.level == "commune" and body.superior is not None and body.superior.level == "commune":
        body = body.superior
    row: Agency | None = Agency.objects.filter(code=_head_code(body)).first()
    return row or body


def head_above(agency: Agency) -> Agency | None:
    """The head of the direct superior; None above the province and the ministries."""
    above = body_of(agency).superior
    return None if above is None else head_of(above)


def minister_of(case: Case) -> Agency | None:
    """The minister of the field, second after a province's chair (Luật Khiếu nại 2011, Điều 23)."""
    ministry = case.subfield.agencies.get("central", "") if case.subfield else ""
    row: Agency | None = Agency.objects.filter(code=f"minister:{ministry}").first()
    return row
