"""Answers that say nothing: a warning to whoever writes and whoever approves, a figure, never a block."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from classifier import answers
from feedback.models import Petition, Reply
from feedback.models.reply import DRAFTED

log = logging.getLogger(__name__)

FACT = "empty"  # of the step that sends an answer: the keys of its warnings
LATELY = dt.timedelta(days=180)
MOST_EARLIER = 300  # answers of the same agency, the latest first


@dataclass(frozen=True)
class Caution:
    """What an answer lacks, and how to mend it."""

    key: str  # a name of `classifier.answers.CHECKS`; what figures are counted by
    says: str | Promise


WARNINGS = {
    one.key: one
    for one in (
        Caution(
            "too_general",
            _l("Câu trả lời còn chung chung: xin nói rõ ai đã làm gì, ở đâu, ngày nào với đúng việc này."),
        ),
        Caution(
            "equal_to_earlier",
            _l(
                "Câu trả lời gần như trùng với câu đã gửi cho một đơn khác: xin viết điều riêng của đơn này, "
                "để người gửi thấy việc của mình đã được xem."
            ),
        ),
        Caution(
            "no_evidence",
            _l(
                "Nói là đã làm mà chưa có gì để người gửi tin: xin kèm ảnh, hoặc ghi ngày kiểm tra, số biên "
                "bản, số văn bản."
            ),
        ),
        Caution(
            "another_matter",
            _l(
                "Câu trả lời có vẻ nói về nơi khác, việc khác, hoặc mới một phần: xin đọc lại lời người gửi "
                "và trả lời đủ từng điều họ hỏi."
            ),
        ),
        Caution(
            "no_outcome",
            _l("Chưa thấy kết quả: xin nói đã làm xong, hay sẽ xong ngày nào, hay không làm được và vì sao."),
        ),
    )
}


def get_ready() -> None:
    """Read what the checks know, once a process: best before a transaction begins."""
    try:
        answers.get_ready()
    except Exception:
        log.exception("answers cannot be weighed")


def of(
    petition: Petition,
    *,
    outcome: str,
    text: str,
    evidence: str = "",
    plan_date: dt.date | None = None,
    now: dt.datetime | None = None,
) -> tuple[Caution, ...]:
    """What seems empty in this answer to this petition, in the order of WARNINGS; one statement.

    A fault of a check is logged and warns of nothing: no answer waits for it.
    """
    case = answers.Case(
        petition="\n\n".join([petition.text, *(first.text for first in petition.judged())]),
        answer=text,
        outcome=outcome,
        evidence=evidence,
        promised=plan_date is not None,
        earlier=earlier(petition, now or timezone.now()),
    )
    try:
        return tuple(WARNINGS[key] for key in answers.emptiness(case))
    except Exception:
        log.exception("an answer could not be weighed")
        return ()


def of_reply(petition: Petition, reply: Reply, *, now: dt.datetime | None = None) -> tuple[Caution, ...]:
    """The same of a draft that was handed in."""
    told = {name: getattr(reply, name) for name in DRAFTED}
    return of(petition, **told, now=now)


def fact(petition: Petition, now: dt.datetime) -> dict[str, Any]:
    """What the step that sends the last draft keeps of it for the figures; {} where nothing seems empty."""
    reply = petition.replies.last()
    found = of_reply(petition, reply, now=now) if reply else ()
    return {FACT: [one.key for one in found]} if found else {}


def earlier(petition: Petition, now: dt.datetime) -> Sequence[str]:
    """What the lead answered others lately; nothing of what is sealed."""
    others = Reply.objects.sent().filter(petition__lead=petition.lead_id, petition__sealed=False)
    sent = others.filter(petition__answered_at__range=(now - LATELY, now)).exclude(petition=petition)
    latest = sent.exclude(text="").order_by("-petition__answered_at")
    return list(latest.values_list("text", flat=True)[:MOST_EARLIER])
