"""The public copy of a petition against what was published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from feedback.models import Petition, PublicPetition, PublicPicture, Step
from feedback.public import masked
from feedback.public.copies import NOWHERE, centre_of, rounded
from feedback.verification.faults import Fault, said
from feedback.verification.petitions import result_of


def faults(chain: list[Step], pictures: list[PublicPicture]) -> Iterator[Fault]:
    """A public copy only of what was published, in the words and with the facts that the reviewer saw."""
    last, copy = chain[-1], getattr(chain[-1].petition, "public", None)
    # The step that erases still says what was public until then.
    if (copy is not None) != (last.public and last.action != "erase"):
        why = "mất bản công khai" if copy is None else "bản công khai không có bước công khai"
        yield Fault(last.petition.code, last.seq, why)
    written = next((step for step in reversed(chain) if step.action == "publish"), None)
    if copy is None or written is None:
        if pictures:
            yield Fault(last.petition.code, last.seq, "ảnh công khai không có bước công khai")
        return
    if {one.sha256 for one in pictures} != set(said(written).get("pictures", ())):
        yield Fault(last.petition.code, written.seq, "ảnh công khai khác lúc công khai")
    words = said(written)
    answer = words["public_answer"] if "public_answer" in words else _masked_answer(chain, written)
    worded = (words.get("public_text", ""), answer)
    if worded != (copy.text, copy.answer):
        yield Fault(last.petition.code, written.seq, "lời công khai khác lúc công khai")
    facts = (written.lead_agency, written.kind, written.subfield, written.commune, written.province)
    shown = (copy.lead_id, copy.kind, copy.subfield_id, copy.commune_id, copy.province_id)
    if (*facts, last.after) != (*(value or "" for value in shown), copy.state):
        yield Fault(last.petition.code, written.seq, "bản công khai khác lúc công khai")
    if not _is_its_point(copy, written.petition):
        yield Fault(written.petition.code, written.seq, "điểm công khai khác điểm đã ghi")
    if _public_figures(chain) != (copy.outcome, copy.answered_at, copy.score, copy.due_on, copy.submitted_on):
        yield Fault(last.petition.code, last.seq, "kết quả, hạn hoặc ngày gửi công khai khác các bước")


def _is_its_point(copy: PublicPetition, petition: Petition) -> bool:
    """None, or rounded, or its commune's centre: which of them hangs on today's reference data."""
    shown = (copy.lat, copy.lon)
    if shown == NOWHERE:
        return True
    if petition.lat is None or petition.lon is None:
        return False
    return shown == rounded(petition.lat, petition.lon) or shown == centre_of(copy.commune)


def _public_figures(chain: list[Step]) -> tuple[Any, ...]:
    result, due_at = result_of(chain), chain[-1].due_at
    return (
        result.outcome if result.answered_at else "",
        result.answered_at,
        result.score,
        timezone.localdate(due_at) if due_at else None,
        timezone.localdate(chain[-1].petition.submitted_at),
    )


def _masked_answer(chain: list[Step], written: Step) -> str:
    """Of a step from before `publish` kept the words that the machine had masked: as it masks them today."""
    answers = [getattr(step, "drafted_reply", None) for step in chain if step.seq < written.seq]
    sent = [one for one in answers if one and one.approved_at and one.approved_at <= written.at]
    return masked(sent[-1].text) if sent else ""
