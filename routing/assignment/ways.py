"""The ways an answer goes, each with its sentence: by an agency, by the focal point, out of the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from routing.assignment.answer import LEGAL_WORDS, PROPOSAL_SOURCE, Assignment, standing
from routing.assignment.bodies import above, body_of, next_above
from routing.assignment.case import Case, tables
from routing.assignment.leads import Base
from routing.facts import NO_FACTS
from routing.models import Agency, OutsideBody
from routing.models.agencies import FOCAL_POINT, upwards
from routing.models.limits import DEFAULT_POLICY, POLICY_BY_KIND
from routing.names import in_sentence
from routing.places import Place


def led(case: Case, base: Base) -> Assignment:
    where = _where(case)
    if base.rule == "taxonomy":
        reason = f"{base.lead.name} {base.why}{where} theo {base.source}{LEGAL_WORDS['no']}."
    else:
        reason = (
            f"{base.lead.name} phụ trách{where} vì {base.why}, theo {base.source}{LEGAL_WORDS[base.legal]}."
        )
    return Assignment(
        "focal_point" if base.lead.type_id == FOCAL_POINT else "agency",
        lead=base.lead,
        coordinators=tuple(coordinators_of(case, base.lead, base.helpers)),
        accountable=_unless_shut(case, base.accountable),
        executing=_unless_shut(case, base.executing),
        excluded=tuple(sorted(case.excluded)),
        intake="lead",
        deadline_policy=_policy_by_kind(case) or base.policy or policy_of(case),
        rule=base.rule,
        source=base.source,
        legal=base.legal,
        reason=reason,
    )


def _unless_shut(case: Case, agency: Agency | None) -> Agency | None:
    return None if agency is not None and agency.code in case.excluded else agency


def to_focal_point(
    case: Case,
    *,
    rule: str,
    why: str,
    source: str = PROPOSAL_SOURCE,
    legal: str = "no",
    policy: str = "",
    outcome: str = "focal_point",
) -> Assignment:
    focal_point = case.focal_point
    lead = next(upwards(focal_point, lambda one: next_above(case, one), without=case.excluded), None)
    if lead is None and focal_point is not None:
        return beyond_the_province(case, focal_point)
    name = lead.name if lead else "Đầu mối tiếp nhận"
    if focal_point is not None and lead != focal_point:
        why = f"{why}; {focal_point.name} là bên bị phản ánh hoặc đã xử lý trước đó nên không tiếp nhận"
    return Assignment(
        outcome,
        lead=lead,
        excluded=tuple(sorted(case.excluded)),
        intake=intake_of(case),
        deadline_policy=policy or policy_of(case),
        rule=rule,
        source=source,
        legal=legal,
        reason=f"{name} xem xét vì {why}, theo {source}{LEGAL_WORDS[legal]}.",
    )


def intake_of(case: Case) -> str:
    """Where a person looks first: at the focal point, or where that is shut out at the lead itself."""
    barred = case.focal_point is not None and case.focal_point.code in case.excluded
    return "lead" if barred else "focal_point"


def out(
    case: Case,
    outside: str,
    *,
    rule: str,
    source: str,
    legal: str,
    why: str,
    checked: bool = False,
    accused: str = "",
) -> Assignment:
    """To a body outside the house, by its row: with name, address and what to bring."""
    address = _address(case, outside, accused)
    rests_on = f"{source}{standing(legal, checked=checked)}"
    return Assignment(
        "redirect_out",
        excluded=tuple(sorted(case.excluded)),
        intake="focal_point",
        address=address,
        deadline_policy="redirect",
        rule=rule,
        source=source,
        legal=legal,
        reason=f"Hướng dẫn người gửi đến {address['body']} vì {why}, theo {rests_on}.",
    )


def _address(case: Case, outside: str, accused: str) -> dict[str, str]:
    row = case.tables.outside_body(outside, case.place.province) or OutsideBody(slug=outside, name=outside)
    province = case.tables.provinces.get(case.place.province, "")
    names = {"province": in_sentence(province) if province else "cấp tỉnh", "body": accused}
    told = {
        "body": row.name.format(**names),
        "address": row.address.format(**names),
        "phone": row.phone,
        "bring": row.bring,
    }
    agency = case.agency(row.agency_type)
    if agency is not None:
        own = {"address": agency.address or told["address"], "phone": agency.phone or told["phone"]}
        told |= {"code": agency.code, **own}
    return told | {"ask": "" if told["phone"] else ASK_FOR_PHONE}


# No register of telephones has been compared; an invented number would be worse than none.
ASK_FOR_PHONE = "số điện thoại: hỏi tổng đài 1022 (nơi có) hoặc đầu mối tiếp nhận của tỉnh, thành phố"


def outside_bodies(province: str, on: dt.date) -> dict[str, dict[str, str]]:
    """What is known of each body outside the house, by its slug, in the words of that province.

    Those that are named after who is complained of are left out.
    """
    held = tables()
    case = Case("report", None, Place("", province), NO_FACTS, on, tables=held)
    slugs = sorted({slug for slug, _province in held.outside})
    told = {slug: _address(case, slug, "") for slug in slugs if not _named_after_the_accused(case, slug)}
    return {slug: words for slug, words in told.items() if words["body"] and words["address"]}


def _named_after_the_accused(case: Case, slug: str) -> bool:
    row = case.tables.outside_body(slug, case.place.province)
    return row is not None and "{body}" in row.name


def beyond_the_province(case: Case, body: Agency) -> Assignment:
    """Province chairs, ministers and bodies without a superior here: not kept inside this house."""
    governed = body.level == "central" or body_of(body).type_id == "provincial-people-committee"
    outside = "above-the-province" if governed else f"above-{body_of(body).type_id}"
    if case.tables.outside_body(outside, case.place.province) is None:
        outside = "above-a-body"
    return out(
        case,
        outside,
        rule="beyond-the-province",
        source="Luật Tố cáo 2018, Điều 12, 13; Luật Khiếu nại 2011, Điều 23",
        legal="yes" if governed else "partial",
        why=f"cấp trên trực tiếp của {body.name} không nằm trong hệ thống này",
        accused=body.name,
    )


def _policy_by_kind(case: Case) -> str:
    """The limit of what has one by its kind."""
    return POLICY_BY_KIND.get(case.kind, "")


def policy_of(case: Case) -> str:
    """The limit by kind, else the field's own."""
    return _policy_by_kind(case) or (case.subfield.policy_id if case.subfield else DEFAULT_POLICY)


def _where(case: Case) -> str:
    if case.place.commune:
        return f" tại {case.tables.communes[case.place.commune].name}"
    return f" tại {in_sentence(case.tables.provinces[case.place.province])}" if case.place.province else ""


def coordinators_of(case: Case, lead: Agency, helpers: Sequence[str] = ()) -> Iterator[Agency]:
    """The row's and the field's coordinators at the place, real agencies, without lead and excluded."""
    slugs = [*helpers, *(case.subfield.coordinate_with if case.subfield else ())]
    if case.facts.cross_province and case.subfield:
        # A proposal: what crosses a province's border is held together by the ministry of the field.
        slugs.append(case.subfield.agencies.get("central") or case.ministry)
    told = {lead.code, *case.excluded}
    for slug in slugs:
        agency = _filled(case, slug, lead)
        if agency is not None and agency.code not in told:
            told.add(agency.code)
            yield agency


def _filled(case: Case, slug: str, lead: Agency) -> Agency | None:
    """The real agency in the place of a placeholder; None where nobody can say."""
    if slug == "superior-of-agency":
        return above(case.accused or lead, case)
    if slug == "handling-agency":
        return next((a for a in map(case.agency, case.facts.previous_handler) if a), None)
    if slug == "issuing-agency":
        own = {"commune": "commune-people-committee", "province": "provincial-people-committee"}
        return case.agency(own.get(case.facts.issuer_level, ""))
    return case.agency(slug)
