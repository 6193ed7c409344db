"""Files against the steps that brought them, and their bytes against their digests."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from feedback.models import Attachment, PublicPicture, Reply, Step
from feedback.models.attachment import ANSWERING, OF_OFFICIALS
from feedback.verification.faults import Fault, said


def faults(chain: list[Step], rows: list[Attachment]) -> Iterator[Fault]:
    """Each file with the step that tells its digest, and as what that step brings: the sender's or ours."""
    brought = Counter(
        (step.at, digest, *_whose(step)) for step in chain for digest in _digests(step, "files")
    )
    kept = Counter((row.created_at, row.sha256, row.evidence, row.reply_id is not None) for row in rows)
    latest = {step.at: step for step in chain}  # a clock that was set back dates several alike
    for at, *_file in brought - kept:
        yield _fault(chain, latest[at], "mất tệp gửi kèm bước này, hoặc mã băm, bên đưa ra bị sửa")
    for at, *_file in kept - brought:
        yield _fault(chain, latest.get(at), "tệp gửi kèm không có bước nào ghi như vậy")


def _whose(step: Step) -> tuple[bool, bool]:
    """Whether what it brings is ours, and of an answer."""
    return step.action in OF_OFFICIALS, step.action in ANSWERING


def answer_faults(chain: list[Step], rows: list[Attachment]) -> Iterator[Fault]:
    """The files of each answer as its draft tells them, and the report that its promise was kept.

    A file that came with a draft that was sent back belongs to the next that tells it `again`.
    """
    answers = list(_answers(chain))
    there: dict[int | None, set[str]] = defaultdict(set)
    for row in rows:
        there[row.reply_id].add(row.sha256)
    for step, reply, told in answers:
        found = there.pop(reply.pk, set())
        if not found <= told or (reply.approved_at and found != told):
            yield _fault(chain, step, "tệp kèm bản trả lời khác bước soạn")
    if set(there) - {None}:
        yield _fault(chain, None, "tệp gắn với bản trả lời của đơn khác")


def _answers(chain: list[Step]) -> Iterator[tuple[Step, Reply, set[str]]]:
    """Each step that drafted one, the answer, and the digests of all that belongs to it."""
    later: set[str] = set()
    for step in reversed(chain):
        if step.action == "fulfil":
            later.update(_digests(step, "files"))
        elif reply := getattr(step, "drafted_reply", None):
            yield step, reply, {*_digests(step, "files", "again"), *later}
            later = set()


def _fault(chain: list[Step], step: Step | None, why: str) -> Fault:
    return Fault(chain[0].petition.code, step.seq if step else 0, why)


def _digests(step: Step, *names: str) -> list[str]:
    return [digest for name in names for digest in said(step).get(name, ())]


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
