"""What agencies wrote, against the steps in which they wrote it: drafts, and what was asked of others."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from feedback.models import Coordination, Reply, Step
from feedback.verification.faults import Fault, last_of, said


def draft_faults(chain: list[Step]) -> Iterator[Fault]:
    """Each draft as its step has it, sent only where it was approved, with the words that sent it back."""
    code, fates = chain[0].petition.code, _fates(chain)
    for step in chain:
        reply = getattr(step, "drafted_reply", None)
        if (reply is None) == (step.action == "draft_reply"):
            yield Fault(code, step.seq, "bản trả lời bị mất" if reply is None else "bản trả lời thừa")
        if reply is None:
            continue
        if _figures_of(reply) != (step.facts.get("outcome"), step.facts.get("plan_date")):
            yield Fault(code, step.seq, "bản trả lời khác kết quả lúc soạn")
        words = said(step)
        if (reply.text, reply.evidence) != (words.get("text", ""), words.get("evidence", "")):
            yield Fault(code, step.seq, "bản trả lời khác lời lúc soạn")
        if reply.sent_back != fates[step.seq].sent_back:
            yield Fault(code, step.seq, "lời trả lại bản trả lời khác lúc trả lại")
        if reply.drafted_by_id != step.by_id:
            yield Fault(code, step.seq, "người soạn bản trả lời khác bước soạn")
        if (reply.approved_at, reply.approved_by_id) != fates[step.seq].approved:
            yield Fault(code, step.seq, "lúc duyệt hoặc người duyệt bản trả lời khác bước duyệt")


def _figures_of(reply: Reply) -> tuple[str, str | None]:
    return reply.outcome, reply.plan_date.isoformat() if reply.plan_date else None


class Fate(NamedTuple):
    """What became of a draft: when and by whom it was approved, or the words that sent it back."""

    approved: tuple[dt.datetime | None, int | None] = (None, None)
    sent_back: str = ""


def _fates(chain: list[Step]) -> dict[int, Fate]:
    """By the number of the step that drafted it."""
    fates: dict[int, Fate] = defaultdict(Fate)
    drafted = 0
    for step in chain:
        if step.action == "draft_reply":
            drafted = step.seq
        elif step.action == "approve":
            fates[drafted] = fates[drafted]._replace(approved=(step.at, step.by_id))
        elif step.action == "send_back":
            fates[drafted] = fates[drafted]._replace(sent_back=said(step).get("words", ""))
    return fates


def asked_faults(chain: list[Step], rows: list[Coordination]) -> Iterator[Fault]:
    """Each agency asked to help as its step asked it, and what it said as its step has it."""
    code = chain[0].petition.code
    asked = Counter(ask for step in chain if step.action == "coordinate" for ask in _asks(step))
    kept = Counter((row.asked_at, row.agency_id, row.due_on.isoformat(), row.question) for row in rows)
    if asked != kept:
        why = "cơ quan được hỏi, ngày hẹn hoặc câu hỏi khác bước phối hợp"
        yield Fault(code, last_of(chain, "coordinate"), why)
    told = {(step.at, said(step).get("text", "")) for step in chain if step.action == "contribute"}
    heard = {(row.contributed_at, row.text) for row in rows if row.contributed_at or row.text}
    if told != heard:
        yield Fault(code, last_of(chain, "contribute"), "ý kiến phối hợp khác lời lúc góp ý")


def _asks(step: Step) -> Iterator[tuple[Any, ...]]:
    question = said(step).get("question", "")
    return ((step.at, agency, step.facts["day"], question) for agency in step.facts["agencies"])
