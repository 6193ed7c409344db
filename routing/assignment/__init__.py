"""Who must answer: the field's row at the place of the event, then the rules, then conflicts of interest.

It always answers; the last rung is the province's focal point. It proposes, an official confirms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from routing.assignment.answer import MERELY_PROPOSED, Assignment, CandidateAssignment
from routing.assignment.at_law import complaint, denunciation, suspected
from routing.assignment.bodies import (
    AUTHORS,
    accused_of,
    excluded_by,
    excluded_of,
    head_over,
    heirs_of,
    is_below,
    minister_of,
    over_body,
)
from routing.assignment.case import Case, Tables, tables
from routing.assignment.explaining import explained, own_clerk
from routing.assignment.matters import feedback, redirected_by_rule
from routing.assignment.rules import rows_of
from routing.assignment.ways import outside_bodies
from routing.facts import ACCUSED_AGENCY, KINDS, NO_FACTS, Against, FactError, Facts
from routing.models import Agency, AgencyType, CompetenceRule
from routing.places import Place

__all__ = [
    "ACCUSED_AGENCY",
    "AUTHORS",
    "MERELY_PROPOSED",
    "Against",
    "Assignment",
    "CandidateAssignment",
    "FactError",
    "Facts",
    "Tables",
    "assign",
    "assign_explained",
    "candidates",
    "excluded_by",
    "head_over",
    "heirs_of",
    "is_below",
    "outside_bodies",
    "superiors_of",
    "tables",
    "tables_with",
    "turns_on_accused",
]

MOST_KEPT = 20_000  # answers to plain questions: a list of the focal point asks some hundred of them again


def assign(
    kind: str,
    subfield: str,
    place: Place,
    *,
    facts: Facts = NO_FACTS,
    against: Against | None = None,
    on: dt.date,
    known: Tables | None = None,
) -> Assignment:
    """Who leads, who helps, who may not see it, and why.

    `kind`: one of KINDS; `subfield`: its slug, "" when unsure (the focal point decides). The machine's own
    suspicion of a complaint or denunciation is `facts.suspected`. `known`: other tables than those of now.
    Raises FactError for a kind, subfield, place or accused agency that does not exist.
    """
    held = known or tables()
    if facts != NO_FACTS or against is not None:
        return _told(_case(kind, subfield, place, facts, against, on, held))
    key = (kind, subfield, place, on)
    told = held.plain.get(key)
    if told is None:
        told = _told(_case(kind, subfield, place, facts, against, on, held))
        if len(held.plain) >= MOST_KEPT:
            held.plain.clear()
        held.plain[key] = told
    return told


def turns_on_accused(kind: str, subfield: str) -> bool:
    """Whether a row sends such a matter by who is complained of: while nobody says who, a person asks."""
    known = tables()
    rows = known.rows_for(kind, known.subfields.get(subfield))
    return any(row.rule.rung == CompetenceRule.Rung.ACCUSED and row.rule.subfields for row in rows)


def assign_explained(
    kind: str,
    subfield: str,
    place: Place,
    *,
    facts: Facts = NO_FACTS,
    against: Against | None = None,
    on: dt.date,
) -> tuple[Assignment, str]:
    """The same, and for officials in one to three Vietnamese sentences which row decided and why that one."""
    case = _case(kind, subfield, place, facts, against, on, tables())
    told = _told(case)
    return told, explained(case, told)


def _told(case: Case) -> Assignment:
    told = (
        suspected(case) or redirected_by_rule(case) or complaint(case) or denunciation(case) or feedback(case)
    )
    more = "; ".join(filter(None, (case.since, own_clerk(case, told))))
    return replace(told, reason=f"{told.reason.removesuffix('.')}; {more}.") if more else told


def candidates(
    reading: Iterable[tuple[str, float]],
    place: Place,
    *,
    kind: str = "report",
    facts: Facts = NO_FACTS,
    on: dt.date,
) -> list[CandidateAssignment]:
    """For each (subfield, p) of a reading who would answer: what the focal point chooses from."""
    known = tables().subfields
    return [
        CandidateAssignment(subfield, p, assign(kind, subfield, place, facts=facts, on=on))
        for subfield, p in reading
        if subfield in known
    ]


def superiors_of(code: str, subfield: str, place: Place, *, on: dt.date) -> list[Agency]:
    """Whoever is over an agency that day, the nearest first: its head, each superior and its head; over
    the bodies of a province also the minister of the field. [] where there is no such agency."""
    case = _case("report", subfield, place, NO_FACTS, None, on, tables())
    lead = case.tables.agency(code)
    if lead is None:
        return []
    minister = minister_of(case) if lead.level == AgencyType.Level.PROVINCE else None
    found = dict.fromkeys(filter(None, (*over_body(lead, case.tables), minister)))
    return [one for one in found if one != lead and case.stands(one)]


def tables_with(rule: CompetenceRule) -> Tables:
    """The tables of now with this row, saved or not, in the place of the one of its slug."""
    held = tables()
    others = [row.rule for row in held.rows if row.rule.slug != rule.slug]
    return replace(held, rows=rows_of([*others, rule]), chosen={}, plain={})


def _case(
    kind: str,
    subfield: str,
    place: Place,
    facts: Facts,
    against: Against | None,
    on: dt.date,
    held: Tables,
) -> Case:
    if kind not in KINDS:
        raise FactError(f"Không có loại {kind!r}; dùng một trong {', '.join(KINDS)}.")
    if subfield and subfield not in held.subfields:
        raise FactError(f"Không có tiểu lĩnh vực {subfield!r}.")
    place = _event_place(place, facts, held)
    case = Case(kind, held.subfields.get(subfield), place, facts, on, tables=held)
    if place.commune:
        _move_on(case)
    if against is not None:
        case.accused, case.role = accused_of(against, held), against.role
        case.excluded = excluded_of(case.accused, case.role, held)
        if not case.stands(case.accused):
            _answer_for(case, case.accused)
    # Whoever handled it before does not judge how he did.
    handlers = {agency.code for agency in map(case.agency, facts.previous_handler) if agency}
    case.handled = handlers - case.excluded
    case.excluded |= handlers
    return case


def _event_place(place: Place, facts: Facts, held: Tables) -> Place:
    """Where smoke or a river crosses a border, the place of the source."""
    commune = facts.source_commune_code or ("" if facts.source_province_code else place.commune)
    province = facts.source_province_code or ("" if commune else place.province)
    if commune:
        if commune not in held.communes:
            raise FactError(f"Không có xã, phường, đặc khu mã {commune!r}.")
        return Place(commune, held.communes[commune].province)
    if province and province not in held.provinces:
        raise FactError(f"Không có tỉnh, thành phố mã {province!r}.")
    return Place("", province)


def _move_on(case: Case) -> None:
    """A commune that was closed leads nothing: its one successor stands for it, else only the province."""
    held, code = case.tables, case.place.commune
    unit = held.communes[code]
    if unit.valid_to is None or unit.valid_to >= case.on:
        return
    heirs = held.heirs_of_commune(code, case.on)
    if len(heirs) == 1:
        heir = held.communes[heirs[0]]
        case.place = Place(heirs[0], heir.province)
        case.since = f"{unit.name} nay thuộc {heir.name}"
        return
    case.place = Place("", unit.province)
    case.closed, case.heirs = unit.name, heirs


def _answer_for(case: Case, accused: Agency) -> None:
    """Who took over from a closed body answers for it, and may see as little as it."""
    heirs = case.tables.heirs(accused, case.on)
    for heir in heirs:
        case.excluded |= excluded_of(heir, case.role, case.tables)
    if len(heirs) != 1:
        case.gone = accused.name
        return
    case.accused = heirs[0]
    taken_over = f"việc của {accused.name} nay do {heirs[0].name} tiếp nhận"
    case.since = "; ".join(filter(None, (case.since, taken_over)))
