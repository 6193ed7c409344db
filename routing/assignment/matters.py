"""Reports, proposals, questions, praise; what a rule sends elsewhere; nobody judges his own matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routing.assignment.answer import CONFLICT_SOURCE, Assignment, standing
from routing.assignment.bodies import above, body_of, next_above
from routing.assignment.case import Case
from routing.assignment.leads import Base, base_of
from routing.assignment.ways import beyond_the_province, led, out, to_focal_point
from routing.models import Agency, AgencyType
from routing.models.agencies import FOCAL_POINT, upwards


def redirected_by_rule(case: Case) -> Assignment | None:
    rule = case.rule
    if rule is None or rule.outcome != rule.Outcome.REDIRECT_OUT:
        return None
    return out(
        case,
        rule.outside,
        rule=rule.slug,
        source=rule.source,
        legal=rule.legal,
        why=rule.reason,
        checked=rule.checked,
    )


def feedback(case: Case) -> Assignment:
    if case.kind == "spam":
        return to_focal_point(case, rule="spam", why="nội dung có vẻ là tin rác", policy="redirect")
    if case.kind == "praise":
        case.excluded = set()
        return to_focal_point(case, rule="praise", why="lời khen do đầu mối chuyển đến đơn vị được khen")
    if case.facts.already_answered_by:
        return _already_answered(case)
    accused = body_of(case.accused) if case.accused and case.role != "staff" else None
    if accused is not None and above(accused, case) is None:
        return beyond_the_province(case, accused)
    base = base_of(case)
    if base is None:
        return _nobody_by_rule(case)
    if base.lead.type_id == FOCAL_POINT and base.lead.code not in case.excluded:
        return to_focal_point(case, rule=base.rule, why="loại việc này do đầu mối tự xử lý")
    return _without_conflict(case, base)


def _already_answered(case: Case) -> Assignment:
    """The same once more: a person decides whether there is something new in it, or refuses."""
    return to_focal_point(
        case,
        rule="already-answered",
        why="nội dung đã được trả lời, phải xem có tình tiết mới không",
        source="Nghị định 154/2026/NĐ-CP, Điều 4",
        legal="yes",
    )


def _nobody_by_rule(case: Case) -> Assignment:
    """No field, no place, or a placeholder: the focal point decides, or the citizen is asked where."""
    if case.subfield is None:
        return to_focal_point(case, rule="focal-point", why="nội dung chưa xếp được vào lĩnh vực nào")
    if case.closed:
        why = f"{case.closed} đã sáp nhập hoặc giải thể, cần biết nơi xảy ra thuộc đơn vị nào ngày nay"
        if case.heirs:
            why += f" ({', '.join(case.tables.communes[code].name for code in case.heirs)})"
        return to_focal_point(case, rule="closed-unit", why=why, outcome="ask_territory")
    if _needs_territory(case):
        return to_focal_point(
            case, rule="ask-territory", why="chưa rõ việc xảy ra ở đâu", outcome="ask_territory"
        )
    if case.gone:
        why = f"{case.gone} đã giải thể, chưa rõ cơ quan nào tiếp nhận việc của nơi đó"
        return to_focal_point(case, rule="closed-agency", why=why)
    return to_focal_point(case, rule="focal-point", why="chưa xác định được cơ quan phụ trách")


def _needs_territory(case: Case) -> bool:
    """Whether knowing the commune, or the province, would name the lead."""
    if not case.place.province:
        return True
    if case.place.commune or case.subfield is None:
        return False
    slug = case.rule.lead if case.rule else case.subfield.agencies[case.subfield.lead_level]
    return slug in case.tables.types and case.tables.types[slug].level == AgencyType.Level.COMMUNE


def _without_conflict(case: Case, base: Base) -> Assignment:
    """If the lead is the body complained about, its head, or who handled it before: one level up."""
    *passed, last = _up_to_the_first_open(case, base.lead)
    if last.code in case.excluded:
        return beyond_the_province(case, last)
    return _raised(case, base, last, _why_raised(case, base.lead)) if passed else led(case, base)


def _up_to_the_first_open(case: Case, lead: Agency) -> Iterator[Agency]:
    """The lead and whoever is above, up to the first who is not shut out."""
    for one in upwards(lead, lambda one: next_above(case, one)):
        yield one
        if one.code not in case.excluded:
            return


def _why_raised(case: Case, lead: Agency) -> str:
    if case.accused is None or lead.type_id in case.facts.previous_handler:
        return f"{lead.name} đã xử lý trước đó"
    name = body_of(case.accused).name
    return f"cán bộ của {name} là người bị phản ánh" if case.role == "staff" else f"{name} là bên bị phản ánh"


def _raised(case: Case, base: Base, lead: Agency, why: str) -> Assignment:
    department = case.agency(case.subfield.agencies.get("province", "")) if case.subfield else None
    told = led(case, replace(base, lead=lead, rule="conflict-of-interest", accountable=None, executing=None))
    helpers = [*told.coordinators]
    if department and department.code not in {lead.code, *case.excluded, *(h.code for h in helpers)}:
        helpers.append(department)
    higher = "giao người đứng đầu" if lead.type.kind == "office" else "chuyển lên cấp trên trực tiếp"
    return replace(
        told,
        coordinators=tuple(helpers),
        source=CONFLICT_SOURCE,
        legal="no",
        reason=f"{lead.name} chủ trì vì {why}: {higher}, theo {CONFLICT_SOURCE}{standing('no')}.",
    )
