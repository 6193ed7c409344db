"""One petition's chain of steps: numbers, hashes, and words against their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from feedback.models import Step
from feedback.record import canonical, content
from feedback.verification.faults import Fault, said


def faults(chain: list[Step]) -> Iterator[Fault]:
    code = chain[0].petition.code
    erased = max((step.seq for step in chain if step.action == "erase"), default=0)
    previous = ""
    for number, step in enumerate(chain, start=1):
        if step.seq != number:
            yield Fault(code, step.seq, f"số thứ tự {step.seq}, lẽ ra {number}: thiếu, thừa hoặc đổi chỗ")
            return
        if step.previous != previous:
            yield Fault(code, step.seq, "không nối với bước trước")
        if hashlib.sha256(step.record.encode()).hexdigest() != step.hash:
            yield Fault(code, step.seq, "nội dung ghi không khớp mã băm")
        elif step.record != canonical(content(step)):
            yield Fault(code, step.seq, "cột dữ liệu khác nội dung đã ghi")
        yield from _word_faults(step, erased=erased)
        previous = step.hash


def _word_faults(step: Step, *, erased: int) -> Iterator[Fault]:
    """`erased`: number of the last step that erased; what was said after it must be there."""
    words = getattr(step, "words", None)
    if words is None:
        if step.payload_digest and step.seq > erased:
            yield Fault(step.petition.code, step.seq, "mất lời của bước này, không có bước xóa")
    elif hashlib.sha256((words.salt + words.text).encode()).hexdigest() != step.payload_digest:
        yield Fault(step.petition.code, step.seq, "lời của bước này đã bị sửa")
    elif step.action == "submit" and said(step).get("text") != step.petition.text:
        yield Fault(step.petition.code, step.seq, "nội dung đơn khác lời lúc gửi")
