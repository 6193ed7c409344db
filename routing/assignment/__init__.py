"""Who must answer: the field's row at the place of the event, then the rules, then conflicts of interest.

It always answers; the last rung is the province's focal point. It proposes, an official confirms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from routing.assignment.answer import Assignment, CandidateAssignment
from routing.assignment.at_law import complaint, denunciation, suspected
from routing.assignment.bodies import accused_of, excluded_by, excluded_of
from routing.assignment.case import Case, Tables, tables
from routing.assignment.facts import KINDS, Against, FactError, Facts
from routing.assignment.matters import feedback, redirected_by_rule
from routing.assignment.rules import ACCUSED_AGENCY
from routing.places import Place

__all__ = [
    "ACCUSED_AGENCY",
    "Against",
    "Assignment",
    "CandidateAssignment",
    "FactError",
    "Facts",
    "assign",
    "candidates",
    "excluded_by",
    "tables",
]

NOTHING_ELSE = Facts()


def assign(
    kind: str,
    subfield: str,
    place: Place,
    *,
    facts: Facts = NOTHING_ELSE,
    against: Against | None = None,
    on: dt.date,
) -> Assignment:
    """Who leads, who helps, who may not see it, and why.

    `kind`: one of KINDS; `subfield`: its slug, "" when unsure (the focal point decides). The machine's own
    suspicion of a complaint or denunciation is `facts.suspected`.
    Raises FactError for a kind, subfield, place or accused agency that does not exist.
    """
    case = _case(kind, subfield, place, facts, against, on)
    return (
        suspected(case) or redirected_by_rule(case) or complaint(case) or denunciation(case) or feedback(case)
    )


def candidates(
    reading: Iterable[tuple[str, float]], place: Place, *, kind: str = "report", on: dt.date
) -> list[CandidateAssignment]:
    """For each (subfield, p) of a reading who would answer: what the focal point chooses from."""
    known = tables().subfields
    return [
        CandidateAssignment(subfield, p, assign(kind, subfield, place, on=on))
        for subfield, p in reading
        if subfield in known
    ]


def _case(kind: str, subfield: str, place: Place, facts: Facts, against: Against | None, on: dt.date) -> Case:
    held = tables()
    if kind not in KINDS:
        raise FactError(f"Không có loại {kind!r}; dùng một trong {', '.join(KINDS)}.")
    if subfield and subfield not in held.subfields:
        raise FactError(f"Không có tiểu lĩnh vực {subfield!r}.")
    case = Case(kind, held.subfields.get(subfield), _event_place(place, facts, held), facts, on, tables=held)
    if against is not None:
        case.accused, case.role = accused_of(against), against.role
        case.excluded = excluded_of(case.accused, case.role)
    return case


def _event_place(place: Place, facts: Facts, held: Tables) -> Place:
    """The place of the source decides where smoke or a river crosses a border."""
    commune = facts.source_commune_code or ("" if facts.source_province_code else place.commune)
    province = facts.source_province_code or ("" if commune else place.province)
    if commune:
        if commune not in held.communes:
            raise FactError(f"Không có xã, phường, đặc khu mã {commune!r}.")
        return Place(commune, held.communes[commune][0])
    if province and province not in held.provinces:
        raise FactError(f"Không có tỉnh, thành phố mã {province!r}.")
    return Place("", province)
