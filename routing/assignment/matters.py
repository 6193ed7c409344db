"""Reports, proposals, questions, praise; what a rule sends elsewhere; nobody judges his own matter."""

from __future__ import annotations

from dataclasses import replace

from routing.assignment.answer import Assignment
from routing.assignment.bodies import body_of
from routing.assignment.case import FOCAL_POINT, Case
from routing.assignment.leads import Base, base_of
from routing.assignment.rules import rule_of
from routing.assignment.ways import beyond_the_province, coordinators_of, led, out, to_focal_point
from routing.models import Agency
from routing.names import in_sentence


def redirected_by_rule(case: Case) -> Assignment | None:
    rule = rule_of(case)
    if rule is None or rule.outcome != "redirect_out":
        return None
    province = in_sentence(case.tables.provinces.get(case.place.province, "")) or "cấp tỉnh"
    address = {key: str(value).format(province=province) for key, value in rule.address.items()}
    body = case.agency(address.pop("agency", ""))
    address |= {"phone": body.phone, "address": body.address, "code": body.code} if body else {}
    return out(case, rule.slug, rule.source, rule.legal, rule.reason, address)


def feedback(case: Case) -> Assignment:
    if case.kind == "spam":
        return to_focal_point(case, rule="spam", why="nội dung có vẻ là tin rác", policy="redirect")
    if case.kind == "praise":
        case.excluded = set()
        return to_focal_point(case, rule="praise", why="lời khen do đầu mối chuyển đến đơn vị được khen")
    accused = body_of(case.accused) if case.accused and case.role != "staff" else None
    if accused is not None and accused.superior is None:
        return beyond_the_province(case, accused)
    base = base_of(case)
    if base is None:
        return _nobody_by_rule(case)
    if base.lead.type_id == FOCAL_POINT and not case.excluded:
        return to_focal_point(case, rule=base.rule, why="loại việc này do đầu mối tự xử lý")
    return _without_conflict(case, base)


def _nobody_by_rule(case: Case) -> Assignment:
    """No field, no place, or a placeholder: the focal point decides, or the citizen is asked where."""
    if case.subfield is None:
        return to_focal_point(case, rule="focal-point", why="chưa đủ chắc nội dung thuộc lĩnh vực nào")
    if _needs_territory(case):
        return to_focal_point(
            case, rule="ask-territory", why="chưa rõ việc xảy ra ở đâu", outcome="ask_territory"
        )
    return to_focal_point(case, rule="focal-point", why="chưa xác định được cơ quan phụ trách")


def _needs_territory(case: Case) -> bool:
    """Whether knowing the commune, or the province, would name the lead."""
    if not case.place.province:
        return True
    if case.place.commune or case.subfield is None:
        return False
    rule = rule_of(case)
    slug = rule.lead if rule and rule.lead else case.subfield.agencies[case.subfield.lead_level]
    return Agency.objects.filter(type_id=slug, commune__isnull=False).exists()


def _without_conflict(case: Case, base: Base) -> Assignment:
    """If the lead is the body complained about, its head, or who handled it before: one level up."""
    shut = set(case.excluded)
    repeated = {*case.facts.previous_handler, *case.facts.already_answered_by}
    lead, why = base.lead, ""
    while lead.code in shut or lead.type_id in repeated:
        shut.add(lead.code)
        why = _why_raised(case, lead)
        above = body_of(lead).superior
        if above is None:
            return beyond_the_province(replace(case, excluded=shut), lead)
        lead = above
    if why:
        return _raised(replace(case, excluded=shut), base, lead, why)
    return led(replace(case, excluded=shut), base)


def _why_raised(case: Case, lead: Agency) -> str:
    if case.accused is not None and lead.code in case.excluded:
        return f"{body_of(case.accused).name} là bên bị phản ánh"
    return f"{lead.name} đã xử lý trước đó"


def _raised(case: Case, base: Base, lead: Agency, why: str) -> Assignment:
    department = case.agency(case.subfield.agencies.get("province", "")) if case.subfield else None
    helpers = [*coordinators_of(case, lead)]
    if department and department.code not in {lead.code, *case.excluded, *(h.code for h in helpers)}:
        helpers.append(department)
    return replace(
        led(case, replace(base, lead=lead, rule="conflict-of-interest", accountable=None, executing=None)),
        coordinators=tuple(helpers),
        reason=f"{lead.name} chủ trì vì {why}: chuyển lên cấp trên trực tiếp, theo nguyên tắc không tự xử lý"
        " phản ánh về mình.",
    )
