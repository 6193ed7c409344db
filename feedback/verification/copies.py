"""The public copy of a petition against what was published."""

from __future__ import annotations

from collections.abc import Iterator

from feedback.models import Petition, PublicPetition, PublicPicture, Reply, Step
from feedback.public import masked
from feedback.public.copies import (
    ASKS_TO_LOOK_AGAIN,
    NOWHERE,
    Words,
    centre_of,
    facts_of,
    looks_anew,
    rounded,
    words_after,
)
from feedback.verification.faults import Fault, said


def faults(chain: list[Step], pictures: list[PublicPicture]) -> Iterator[Fault]:
    """A public copy only of what was published, in the words that the reviewer saw and with the facts of
    the petition as it stands, which are held against its steps."""
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
    since = [step for step in chain if step.seq > written.seq]
    left = _words_left(chain, written, since)
    if {one.sha256 for one in pictures} != set(left.pictures):
        yield Fault(last.petition.code, written.seq, "ảnh công khai khác lúc công khai")
    if (left.text, left.answer) != (copy.text, copy.answer):
        yield Fault(last.petition.code, written.seq, "lời công khai khác lúc công khai")
    if copy.summary != written.facts.get("summary", copy.summary):  # older steps do not say it
        yield Fault(last.petition.code, written.seq, "bản công khai khác lúc công khai")
    facts = facts_of(last.petition, _sent_reply(chain))
    if any(value != getattr(copy, name) for name, value in facts.items()):
        yield Fault(last.petition.code, last.seq, "bản công khai khác đơn lúc này")
    if not _is_its_point(copy, written.petition):
        yield Fault(written.petition.code, written.seq, "điểm công khai khác điểm đã ghi")
    looked = max((step.seq for step in chain if looks_anew(step)), default=0)
    asked = [step.at for step in chain if step.seq > looked and step.action in ASKS_TO_LOOK_AGAIN]
    if copy.look_again_at != (asked[-1] if asked else None):
        yield Fault(last.petition.code, last.seq, "việc xem lại bản công khai khác các bước")


def _words_left(chain: list[Step], written: Step, since: list[Step]) -> Words:
    """Of the words that were published, after what came since."""
    words = said(written)
    answer = words["public_answer"] if "public_answer" in words else _masked_answer(chain, written)
    left = Words(words.get("public_text", ""), answer, tuple(words.get("pictures", ())))
    for step in since:
        left = words_after(left, step)
    return left


def _is_its_point(copy: PublicPetition, petition: Petition) -> bool:
    """None, or rounded, or its commune's centre: which of them hangs on today's reference data."""
    shown = (copy.lat, copy.lon)
    if shown == NOWHERE:
        return True
    if petition.lat is None or petition.lon is None:
        return False
    return shown == rounded(petition.lat, petition.lon) or shown == centre_of(copy.commune)


def _masked_answer(chain: list[Step], written: Step) -> str:
    """Of a step from before `publish` kept the words that the machine had masked: as it masks them today."""
    sent = _sent_reply([step for step in chain if step.seq < written.seq])
    return masked(sent.text) if sent else ""


def _sent_reply(chain: list[Step]) -> Reply | None:
    drafted = [getattr(step, "drafted_reply", None) for step in reversed(chain)]
    return next((one for one in drafted if one and one.approved_at), None)
