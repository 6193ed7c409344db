"""Why it went where it went, for officials: which row decided, over which other, and what it rests on."""

from __future__ import annotations

from routing.assignment.answer import Assignment
from routing.assignment.bodies import body_of
from routing.assignment.case import Case
from routing.assignment.rules import RUNGS
from routing.models import CompetenceRule

STANDING = {
    "yes": "theo luật",
    "partial": "một phần theo luật",
    "no": "đề xuất, chưa phải văn bản của địa phương",
}
# By which part of its rank one row goes before another.
MORE_SPECIFIC = (
    "nêu nhiều dữ kiện hơn",
    "nêu sát lĩnh vực hơn",
    "nêu sát địa bàn hơn",
    "nêu riêng loại đơn này",
)


def explained(case: Case, told: Assignment) -> str:
    """One to three sentences: the row, why it and not the next, its source and whether that was checked."""
    first, second = case.rule, case.next_rule
    if told.rule == "conflict-of-interest":
        return f"{_by_row_or_field(case, first, second)} {_conflict(told)}"
    if told.rule == "taxonomy" or (first is not None and told.rule == first.slug):
        return _by_row_or_field(case, first, second)
    return f"Quyết định theo quy tắc chung “{told.rule}”. {_source(told.source, told.legal, checked=False)}"


def _by_row_or_field(case: Case, first: CompetenceRule | None, second: CompetenceRule | None) -> str:
    if first is not None:
        source = _source(first.source, first.legal, checked=first.checked)
        return f"Quyết định theo dòng “{first.slug}”, {_before(case, first, second)}. {source}"
    if case.subfield is None:
        return "Không dòng thẩm quyền nào khớp và chưa rõ tiểu lĩnh vực."
    row = case.subfield
    source = _source(row.source.removesuffix(", đề xuất"), "no", checked=False)
    return f"Không dòng thẩm quyền riêng nào khớp, nên theo dòng của tiểu lĩnh vực “{row.name_vi}”. {source}"


def _before(case: Case, first: CompetenceRule, second: CompetenceRule | None) -> str:
    if second is None:
        name = f" “{case.subfield.name_vi}”" if case.subfield else ""
        return f"dòng riêng duy nhất khớp, đi trước dòng chung của tiểu lĩnh vực{name}"
    return f"đi trước dòng “{second.slug}” vì {_why_before(first, second)}"


def _why_before(first: CompetenceRule, second: CompetenceRule) -> str:
    if RUNGS[first.rung] != RUNGS[second.rung]:
        return "thuộc bậc được xét trước"
    pairs = zip(first.rank, second.rank, MORE_SPECIFIC, strict=True)
    return next((why for mine, other, why in pairs if mine != other), "có mã đứng trước")


def _source(source: str, legal: str, *, checked: bool) -> str:
    seen = "đã đối chiếu văn bản" if checked else "chưa đối chiếu văn bản"
    return f"Nguồn: {source} ({STANDING[legal]}; {seen})."


def _conflict(told: Assignment) -> str:
    lead = told.lead.name if told.lead else ""
    return f"Cơ quan ấy là bên bị phản ánh hoặc đã xử lý trước đó, nên {lead} chủ trì thay."


def own_clerk(case: Case, told: Assignment) -> str:
    """Where a body has no head's office here it judges its own clerk: a clause that says what to mind."""
    if case.role != "staff" or case.accused is None or told.lead is None or case.kind == "complaint":
        return ""
    body = body_of(case.accused)
    if told.lead.code != body.code or case.accused.type.kind == "office":
        return ""
    return (
        f"do người đứng đầu {body.name} trực tiếp phân công, không giao cho bộ phận của người bị"
        f" {'tố cáo' if case.kind == 'denunciation' else 'phản ánh'} vì hệ thống chưa biết tên bộ phận ấy"
    )
