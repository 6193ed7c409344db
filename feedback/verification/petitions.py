"""What the row of a petition says, against the steps that made it so."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from feedback.accused import barred_by
from feedback.models import Exclusion, Petition, Step
from feedback.models.step import standing
from feedback.verification.faults import Fault, last_of
from feedback.workflow import PETITIONS_AT_LAW
from routing.assignment import Against

# What pages and lists show of a petition, each with the column of its last step that it is a copy of.
ROW = {
    "state": ("after", "trạng thái"),
    "lead_id": ("lead_agency", "cơ quan chủ trì"),
    "kind": ("kind", "loại"),
    "subfield_id": ("subfield", "tiểu lĩnh vực"),
    "due_at": ("due_at", "hạn"),
    "first_due_at": ("first_due_at", "hạn ban đầu"),
    "channel": ("channel", "đường gửi đến"),
    "party": ("party", "tư cách người gửi"),
}


def faults(chain: list[Step]) -> Iterator[Fault]:
    yield from _row_faults(chain[-1])
    yield from _count_faults(chain)
    yield from _seal_faults(chain)
    yield from _place_faults(chain)
    yield from _result_faults(chain)
    yield from _birth_faults(chain[-1].petition)


def _row_faults(last: Step) -> Iterator[Fault]:
    """Nothing but a step changes these."""
    for name, (column, label) in ROW.items():
        if (getattr(last.petition, name) or None) != (getattr(last, column) or None):
            yield Fault(last.petition.code, last.seq, f"{label} của đơn khác bước cuối")


def _count_faults(chain: list[Step]) -> Iterator[Fault]:
    """Who drafted, how often it was returned, reopened and contested: what the rights of today hang on."""
    petition = chain[-1].petition
    drafters = [step.by_id for step in chain if step.action == "draft_reply"] or [None]
    if (drafters[0], drafters[-1]) != (petition.first_drafted_by_id, petition.drafted_by_id):
        yield Fault(
            petition.code, last_of(chain, "draft_reply"), "người soạn đầu hoặc sau cùng khác các bước"
        )
    taken = Counter(step.action for step in chain)
    if (taken["return_"], 1 + taken["reopen"]) != (petition.returns, petition.round):
        yield Fault(petition.code, chain[-1].seq, "số lần trả lại hoặc mở lại khác các bước")
    contested = max((step.at for step in chain if step.action == "contest"), default=None)
    if contested != petition.contested_at:
        yield Fault(
            petition.code, last_of(chain, "contest"), "lúc đề nghị xem lại việc từ chối khác các bước"
        )
    if _offered_at(chain) != petition.offered_at:
        yield Fault(petition.code, chain[-1].seq, "lúc trình người gửi xem bản công khai khác các bước")
    if bool(taken["refuse_publication"]) != bool(petition.publication_refused):
        yield Fault(petition.code, chain[-1].seq, "ý không công khai của người gửi khác các bước")


# What is said to a copy that the sender was shown.
ANSWERS_AN_OFFER = frozenset({"agree_publication", "refuse_publication", "publish", "approve", "erase"})


def _offered_at(chain: list[Step]) -> dt.datetime | None:
    """When the sender was shown what will be public, where nothing came of it yet."""
    last = [step for step in chain if step.action in {"offer_publication", *ANSWERS_AN_OFFER}][-1:]
    return last[0].at if last and last[0].action == "offer_publication" else None


def _seal_faults(chain: list[Step]) -> Iterator[Fault]:
    """Sealed by `seal`, and open again by `reclassify` into a kind that needs no seal."""
    sealed = False
    for step in chain:
        if step.action in {"seal", "reclassify"}:
            sealed = step.action == "seal" or (sealed and step.kind in PETITIONS_AT_LAW)
    if sealed != chain[-1].petition.sealed:
        yield Fault(chain[0].petition.code, chain[-1].seq, "niêm phong của đơn khác các bước")


def _place_faults(chain: list[Step]) -> Iterator[Fault]:
    """Where it happened, as the last step that knew; what no step knew the machine may have read since."""
    petition = chain[-1].petition
    for name, label in (("commune", "xã, phường"), ("province", "tỉnh, thành phố")):
        known = next((step for step in reversed(chain) if getattr(step, name)), None)
        if known and getattr(known, name) != getattr(petition, f"{name}_id"):
            yield Fault(petition.code, known.seq, f"{label} của đơn khác bước cuối có ghi")


@dataclass
class Result:
    """What came of it, as its steps tell."""

    submitted_at: dt.datetime | None = None
    outcome: str = ""
    answered_at: dt.datetime | None = None
    score: str = ""

    def follow(self, step: Step) -> None:
        if step.action == "submit":
            self.submitted_at = step.at
        if step.action in {"draft_reply", "send_back", "reopen"}:
            self.outcome = step.facts.get("outcome", "")
        if step.action in {"approve", "reopen", "seal"}:
            self.answered_at = step.at if step.action == "approve" else None
        if step.action in {"rate", "reopen"}:
            self.score = step.facts.get("score", "")


def result_of(chain: list[Step]) -> Result:
    result = Result()
    for step in chain:
        result.follow(step)
    return result


def _result_faults(chain: list[Step]) -> Iterator[Fault]:
    petition, result = chain[-1].petition, result_of(chain)
    told = (result.outcome, result.answered_at, result.score)
    if told != (petition.outcome, petition.answered_at, petition.score):
        yield Fault(petition.code, chain[-1].seq, "kết quả, lúc trả lời hoặc đánh giá khác các bước")
    if result.submitted_at and result.submitted_at != petition.submitted_at:
        yield Fault(petition.code, 1, "lúc gửi của đơn khác bước gửi")
    if petition.origin_id is None and petition.waiting_since != result.submitted_at:
        yield Fault(petition.code, 1, "lúc bắt đầu chờ của đơn khác bước gửi")


def _birth_faults(petition: Petition) -> Iterator[Fault]:
    """What was split off or appeals says by which step of its origin."""
    if not (petition.born_by or petition.origin_id):
        return
    steps = Step.objects.filter(petition=petition.origin_id, at=petition.submitted_at)
    if not steps.filter(action=petition.born_by).exists():
        yield Fault(petition.code, 1, "đơn gốc không có bước sinh ra đơn này")


def exclusion_faults(chain: list[Step], rows: list[Exclusion]) -> Iterator[Fault]:
    """Who is complained about is shut out; nobody is shut out where nobody is.

    Save from what comes of another petition, was merged into one or split: who was shut out there is so here.

    Which agencies go with the accused hangs on today's reference data: that some of them are is what is held.
    """
    petition, kept = chain[-1].petition, {row.agency_id for row in rows}
    accusing = standing(chain)
    for step in accusing:
        try:
            against, lifted = Against(**step.facts["against"]), step.action == "lift"
            barred = barred_by(against, petition, lifted=lifted)
        except ValueError:  # an agency that is no more
            continue
        if barred and not barred & kept:
            yield Fault(petition.code, step.seq, "mất phần loại trừ cơ quan bị phản ánh")
    alone = petition.origin_id is None and all(step.action not in ("merge", "split") for step in chain)
    if kept and not accusing and alone:
        yield Fault(petition.code, chain[-1].seq, "có cơ quan bị loại trừ mà không bước nào ghi")
