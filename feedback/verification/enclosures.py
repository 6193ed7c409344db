"""Files against the steps that brought them, and their bytes against their digests."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from feedback.models import Attachment, PublicPicture, Step
from feedback.verification.faults import Fault, said


def faults(chain: list[Step], rows: list[Attachment]) -> Iterator[Fault]:
    """Each file with the step that tells its digest. Steps from before they told it: what their rows say."""
    told = Counter((step.at, digest) for step in chain for digest in said(step).get("files", ()))
    if rows or told:
        kept = Counter((row.created_at, row.sha256) for row in rows)
        numbers = {step.at: step.seq for step in chain}
        telling = {at for at, _digest in told}
        erased = max((step.at for step in chain if step.action == "erase"), default=None)
        for at, _digest in told - kept:
            yield Fault(chain[0].petition.code, numbers[at], "mất tệp gửi kèm bước này, hoặc mã băm bị sửa")
        for at, _digest in kept - told:
            if at in telling or at not in numbers or (erased and at < erased):
                yield Fault(chain[0].petition.code, numbers.get(at, 0), "tệp gửi kèm không có bước nào ghi")


def answer_faults(chain: list[Step], rows: list[Attachment]) -> Iterator[Fault]:
    """The files of each answer as the step that drafted it has them, or a report that its promise was kept.

    A file that came with a draft that was sent back belongs to the next that tells it `again`. Of steps from
    before they told digests, and of what was erased, nothing can be said.
    """
    kept = {step.at: told for step in chain if (told := _digests(step, "files"))}
    later = {digest for step in chain if step.action == "fulfil" for digest in _digests(step, "files")}
    for step in chain:
        reply = getattr(step, "drafted_reply", None)
        if reply is None:
            continue
        told = _digests(step, "files", "again")
        there = {row.sha256 for row in rows if row.reply_id == reply.pk and row.created_at in kept}
        if not there <= told | later or (rows and reply.approved_at and not told <= there):
            yield Fault(chain[0].petition.code, step.seq, "tệp kèm bản trả lời khác bước soạn")


def _digests(step: Step, *names: str) -> set[str]:
    return {digest for name in names for digest in said(step).get(name, ())}


def byte_faults() -> Iterator[Fault]:
    """The bytes on the disk against the digest of each row; all of them are read."""
    kept: tuple[type[Attachment] | type[PublicPicture], ...] = (Attachment, PublicPicture)
    for model in kept:
        rows = model._default_manager.select_related("petition").order_by("pk")
        for row in rows.iterator(chunk_size=200):
            why = _byte_fault(row)
            # What was erased meanwhile is gone by right.
            if why and model._default_manager.filter(pk=row.pk).exists():
                yield Fault(row.petition.code, 0, why)


def _byte_fault(row: Attachment | PublicPicture) -> str:
    try:
        with row.file.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return f"mất tệp gửi kèm {row.file.name}"
    except OSError:
        return f"không đọc được tệp gửi kèm {row.file.name}"
    return "" if found == row.sha256 else f"tệp gửi kèm {row.file.name} đã bị sửa"
