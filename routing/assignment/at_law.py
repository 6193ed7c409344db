"""Complaints and denunciations, formal ones and suspected ones."""

from __future__ import annotations

from collections.abc import Container

from routing.assignment.answer import Assignment, standing
from routing.assignment.bodies import (
    AUTHORS,
    body_of,
    excluded_of,
    head_above,
    head_code,
    head_of,
    is_government,
    minister_of,
)
from routing.assignment.case import Case
from routing.assignment.leads import base_lead
from routing.assignment.ways import (
    beyond_the_province,
    coordinators_of,
    intake_of,
    out,
    policy_of,
    to_focal_point,
)
from routing.models import Agency, CompetenceRule
from routing.models.agencies import upwards
from routing.models.limits import POLICY_AT_LAW

INTEGRITY = "integrity-petitions"
AT_LAW = ("complaint", "denunciation")


def suspected(case: Case) -> Assignment | None:
    """What may be a complaint or denunciation waits for a person, whoever it is against."""
    suspicion = case.facts.suspected or _suspected_by_field(case)
    if not suspicion:
        return None
    name = {"complaint": "khiếu nại", "denunciation": "tố cáo"}[suspicion]
    if case.accused is not None:
        case.excluded |= {case.accused.code}
    return to_focal_point(
        case,
        rule=f"suspected-{suspicion}",
        why=f"nội dung có dấu hiệu {name}, phải có người xem trước",
        source="Nghị định 20/2008/NĐ-CP, Điều 1; Nghị định 154/2026/NĐ-CP, Điều 14",
        legal="partial",
        policy=POLICY_AT_LAW[suspicion],
    )


def _suspected_by_field(case: Case) -> str:
    """What the field or the form alone gives away, as long as no person has told what it is."""
    if case.facts.formal_petition or _known_to_a_person(case):
        return ""
    if case.kind == "denunciation" and case.facts.online:
        # Luật Tố cáo 2018, Điều 22, 23: by petition or in person; an online text is none yet.
        return "denunciation"
    if case.subfield is None or case.subfield.field_id != INTEGRITY or case.kind in AT_LAW:
        return ""
    return "complaint" if "complaint" in case.subfield.slug else "denunciation"


def _known_to_a_person(case: Case) -> bool:
    """Somebody has looked: that a court has it, or that it is the Party's, no machine tells."""
    return case.facts.court_accepted or case.facts.party_matter


def complaint(case: Case) -> Assignment | None:
    """Luật Khiếu nại 2011, Điều 17 đến 23: first whoever decided, then the superior's head."""
    if case.kind != "complaint":
        return None
    decider = case.accused or base_lead(case)
    if decider is None or decider.level == "enterprise":
        # A company makes no administrative decision (Luật Khiếu nại 2011, Điều 3).
        return _unknown_accused(case, "chưa rõ quyết định bị khiếu nại là của cơ quan hành chính nào")
    first = head_of(body_of(decider), case.tables)
    if _is_second(case):
        return _second_complaint(case, first)
    # It stays with whoever decided; the deputy or clerk whose act it is does not read it.
    case.excluded = set() if case.role in ("", *AUTHORS) else case.excluded - {first.code}
    if case.gone:
        return _gone(case)
    return _petition(case, first, "complaint-first-instance", "Luật Khiếu nại 2011, Điều 17 đến 23",
                     "giải quyết khiếu nại lần đầu đối với quyết định, hành vi của mình")  # fmt: skip


def _is_second(case: Case) -> bool:
    facts = case.facts
    return facts.instance == 2 or (facts.instance == 0 and (facts.first_decided or facts.first_expired))


def _second_complaint(case: Case, first: Agency) -> Assignment:
    """By whoever stands over those who decided and over those complained of; of these nobody reads it."""
    body = body_of(first)
    shut_out = case.excluded - case.handled
    for one in (body, *case.tables.heirs(body, case.on)):
        shut_out |= excluded_of(one, "unit", case.tables)
    case.excluded |= shut_out
    second = _head_over(case, first, shut_out)
    if second is not None:
        case.excluded -= {second.code}  # by the law he decides it, even where he handled it before
        return _petition(case, second, "complaint-second-instance", "Luật Khiếu nại 2011, Điều 18 đến 23",
                         f"giải quyết khiếu nại lần hai sau {first.name}")  # fmt: skip
    return _to_the_court(case, first) if is_government(body) else beyond_the_province(case, first)


def _head_over(case: Case, first: Agency, shut_out: Container[str]) -> Agency | None:
    """The head of the nearest superior who is not complained of; over a province's chair a minister."""
    head = _not_shut_out(case, head_above(first, case), shut_out)
    if head is None and body_of(first).type_id == "provincial-people-committee":
        return minister_of(case)
    return head


def _not_shut_out(case: Case, head: Agency | None, shut_out: Container[str]) -> Agency | None:
    """The head himself, else the nearest above him; None where all are shut out."""
    return next(upwards(head, lambda one: head_above(one, case), without=shut_out), None)


def _to_the_court(case: Case, first: Agency) -> Assignment:
    """Over a minister's own decision nobody decides a second complaint."""
    return out(
        case,
        "administrative-court",
        rule="after-the-minister",
        source="Luật Khiếu nại 2011, Điều 7, 23",
        legal="yes",
        why=f"sau {first.name} không còn cấp giải quyết khiếu nại lần hai, chỉ còn quyền khởi kiện",
    )


def denunciation(case: Case) -> Assignment | None:
    """Luật Tố cáo 2018, Điều 12, 13: the head of the body; of head or deputy the superior's head."""
    if case.kind != "denunciation":
        return None
    if case.rule is not None and case.rule.rung == CompetenceRule.Rung.CRIME:
        lead = case.agency(case.rule.lead)
        if lead is not None and lead.code not in case.excluded:
            rule = case.rule
            return _petition(case, lead, rule.slug, rule.source, rule.reason, policy=rule.policy_id or "")
    if case.accused is None:
        return _denunciation_without_name(case)
    body = body_of(case.accused)
    if case.role == "staff":
        if case.gone:
            return _gone(case)
        # The clerk's own unit does not see it; the head decides under sealed access.
        head = _not_shut_out(case, head_of(body, case.tables), case.excluded)
        if head is None:
            return beyond_the_province(case, body)
        return _petition(case, head, "denunciation-of-staff", "Luật Tố cáo 2018, Điều 12, 13",
                         f"giải quyết tố cáo đối với cán bộ thuộc {body.name}")  # fmt: skip
    higher = _not_shut_out(case, head_above(body, case), case.excluded - case.handled)
    if higher is None:
        return beyond_the_province(case, body)
    case.excluded -= {higher.code}  # the same of a denunciation: the law names one head alone
    return _petition(
        case,
        higher,
        "denunciation-of-head",
        "Luật Tố cáo 2018, Điều 12, 13",
        f"giải quyết tố cáo đối với {_whom(case, body)} với tư cách cấp trên trực tiếp",
    )


def _whom(case: Case, body: Agency) -> str:
    """Who is denounced, as a clause names him: the body, or who is at its head."""
    if case.accused is not None and case.accused.type.kind == "office":
        return case.accused.name
    if case.role == "unit":
        return body.name
    office = case.tables.agency(head_code(body))
    head = office.name if office else f"người đứng đầu {body.name}"
    return head if case.role == "head" else f"cấp phó của {head}"


def _denunciation_without_name(case: Case) -> Assignment:
    """By the field's row where it names one body; else a person finds out who is denounced."""
    lead = base_lead(case)
    if (
        lead is None
        or case.subfield is None
        or case.subfield.field_id != INTEGRITY
        or lead.code in case.excluded
    ):
        return _unknown_accused(case, "chưa rõ người, cơ quan bị tố cáo")
    return _petition(case, lead, "taxonomy", case.subfield.source, "được giao tham mưu xử lý loại tố cáo này")


def _gone(case: Case) -> Assignment:
    return _unknown_accused(
        case, f"{case.gone} đã giải thể, chưa rõ cơ quan nào tiếp nhận việc của nơi đó", rule="closed-agency"
    )


def _unknown_accused(case: Case, why: str, rule: str = "accused-unknown") -> Assignment:
    return to_focal_point(
        case, rule=rule, why=why, source="Luật Tiếp công dân 2013, Điều 26", legal="partial"
    )


def _petition(case: Case, lead: Agency, rule: str, source: str, why: str, *, policy: str = "") -> Assignment:
    """A complaint or denunciation: decided by `lead`, received by the focal point's petition officer."""
    intake = intake_of(case)
    way = "đơn qua cán bộ xử lý đơn của đầu mối" if intake == "focal_point" else "đơn không qua đầu mối"
    legal = "yes" if source.startswith("Luật") else "no"
    return Assignment(
        "agency",
        lead=lead,
        coordinators=tuple(coordinators_of(case, lead)),
        excluded=tuple(sorted(case.excluded)),
        intake=intake,
        deadline_policy=policy or policy_of(case),
        rule=rule,
        source=source,
        legal=legal,
        reason=f"{lead.name} {why}, theo {source}{standing(legal)}; {way}.",
    )
