"""Whether what happened is still what was written: chains, words, states and anchors."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from feedback import anchors
from feedback.anchors import Anchor, UnreadableError
from feedback.clocks import VOIDING
from feedback.models import Attachment, Clock, Coordination, Exclusion, Petition, Reply, Step
from feedback.public import masked
from feedback.steps import canonical, content
from feedback.workflow import PETITIONS_AT_LAW, State
from routing.assignment import Against, excluded_by

Beside = TypeVar("Beside", Attachment, Clock, Coordination, Exclusion)


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit: which petition, which step (0: the whole), and why."""

    code: str
    seq: int
    why: str


@dataclass
class Report:
    petitions: int = 0
    steps: int = 0
    anchors: int = 0
    bad: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.bad


# A day is anchored in the first hour after it; a house that stands still may be late.
LATE = dt.timedelta(days=2)


def verify(*, copy: Path | None = None, now: dt.datetime | None = None) -> Report:
    """Every petition and every anchor; reads the whole history, a few thousand steps a second.

    `copy`: a folder of anchors kept elsewhere, which this house could not write to; it is held against
    the house as well. Raises UnreadableError where there is none.
    """
    report = Report(petitions=Petition.objects.count())
    seen: set[int] = set()
    asked, files = _by_petition(Coordination.objects.all()), _by_petition(Attachment.objects.all())
    clocks = _by_petition(Clock.objects.defer("trace", "reason"))
    excluded = _by_petition(Exclusion.objects.all())
    for pk, steps in groupby(_steps(), key=lambda step: step.petition_id):
        chain = list(steps)
        seen.add(pk)
        report.steps += len(chain)
        report.bad += [*_chain_faults(chain), *_asked_faults(chain, asked[pk])]
        report.bad += [*_enclosure_faults(chain, files[pk]), *_clock_faults(chain, clocks[pk])]
        report.bad += _exclusion_faults(chain, excluded[pk])
    # A draft has not begun its chain; one whose chain was cut off is missed by the anchors.
    without = Petition.objects.exclude(pk__in=seen).exclude(state=State.DRAFT)
    report.bad += [Fault(petition.code, 0, "không có bước nào") for petition in without]
    orphans = Step.objects.exclude(petition_id__in=Petition.objects.values("pk")).values_list("petition_id")
    report.bad += [Fault("", 0, f"các bước của đơn số {pk} còn, đơn bị xóa") for (pk,) in orphans.distinct()]
    report.bad += _byte_faults()
    report.anchors = _check_anchors(report.bad, now or timezone.now())
    if copy:
        report.bad += _copy_faults(copy)
    return report


def _steps() -> Iterator[Step]:
    beside = ("petition", "petition__public", "words", "drafted_reply")
    rows = Step.objects.select_related(*beside).order_by("petition_id", "seq", "pk")
    return rows.iterator(chunk_size=2000)


def _by_petition(rows: QuerySet[Beside]) -> dict[int, list[Beside]]:
    """By petition: few have any, and one that has them without a step must be seen as well."""
    beside: dict[int, list[Beside]] = defaultdict(list)
    for row in rows:
        beside[row.petition_id].append(row)
    return beside


def _chain_faults(chain: list[Step]) -> Iterator[Fault]:
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
    yield from _row_faults(chain[-1])
    yield from _count_faults(chain)
    yield from _seal_faults(chain)
    yield from _place_faults(chain)
    yield from _result_faults(chain)
    yield from _reply_faults(chain)
    yield from _public_faults(chain)


def _word_faults(step: Step, *, erased: int) -> Iterator[Fault]:
    """`erased`: number of the last step that erased; what was said after it must be there."""
    words = getattr(step, "words", None)
    if words is None:
        if step.payload_digest and step.seq > erased:
            yield Fault(step.petition.code, step.seq, "mất lời của bước này, không có bước xóa")
    elif hashlib.sha256((words.salt + words.text).encode()).hexdigest() != step.payload_digest:
        yield Fault(step.petition.code, step.seq, "lời của bước này đã bị sửa")
    elif step.action == "submit" and _said(step).get("text") != step.petition.text:
        yield Fault(step.petition.code, step.seq, "nội dung đơn khác lời lúc gửi")


def _said(step: Step) -> dict[str, Any]:
    """The words of a step by their names; nothing where they were erased."""
    words = getattr(step, "words", None)
    try:
        return dict(json.loads(words.text)) if words else {}
    except ValueError:
        return {}  # not what was written: its digest has said so


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
        yield Fault(petition.code, _last(chain, "draft_reply"), "người soạn đầu hoặc sau cùng khác các bước")
    taken = Counter(step.action for step in chain)
    if (taken["return_"], 1 + taken["reopen"]) != (petition.returns, petition.round):
        yield Fault(petition.code, chain[-1].seq, "số lần trả lại hoặc mở lại khác các bước")
    contested = max((step.at for step in chain if step.action == "contest"), default=None)
    if contested != petition.contested_at:
        yield Fault(petition.code, _last(chain, "contest"), "lúc đề nghị xem lại việc từ chối khác các bước")
    if bool(taken["refuse_publication"]) != bool(petition.publication_refused):
        yield Fault(petition.code, chain[-1].seq, "ý không công khai của người gửi khác các bước")


def _seal_faults(chain: list[Step]) -> Iterator[Fault]:
    """Sealed by `seal`, and open again by `reclassify` into a kind that needs no seal."""
    sealed = False
    for step in chain:
        if step.action in {"seal", "reclassify"}:
            sealed = step.action == "seal" or (sealed and step.kind in PETITIONS_AT_LAW)
    if sealed != chain[-1].petition.sealed:
        yield Fault(chain[0].petition.code, chain[-1].seq, "niêm phong của đơn khác các bước")


def _clock_faults(chain: list[Step], clocks: list[Clock]) -> Iterator[Fault]:
    """The clock that the petition shows is there; each that ended, ended by a step and as its times say."""
    petition, last = chain[-1].petition, chain[-1].seq
    kept = {(clock.due_at, clock.first_due_at) for clock in clocks}
    if petition.due_at and (petition.due_at, petition.first_due_at) not in kept:
        yield Fault(petition.code, last, "mất đồng hồ của hạn đang ghi, hoặc hạn của đồng hồ bị sửa")
    for clock in clocks:
        if clock.is_resolve != (clock.step == "resolve"):
            yield Fault(petition.code, last, f"đồng hồ “{clock.step}” bị đổi thành đồng hồ khác")
        if not (_ended_by_step(clock, chain) or _ended_with_main(clock, chain)):
            yield Fault(petition.code, last, f"đồng hồ “{clock.step}” có kết quả hoặc lúc dừng khác các bước")
    ended = {(clock.ended_at, clock.due_at) for clock in clocks if clock.is_resolve}
    # These may let a clock run again that had ended.
    goes_on = max((step.seq for step in chain if step.action in {"contest", "reclassify"}), default=0)
    for step in chain:
        answers = step.action == "approve" and step.due_at and step.seq > goes_on
        if answers and _has_to_be_resolved(step, chain) and (step.at, step.due_at) not in ended:
            yield Fault(petition.code, step.seq, "đồng hồ giải quyết bị mất hoặc khác lúc duyệt")


def _has_to_be_resolved(answer: Step, chain: list[Step]) -> bool:
    """Of a complaint or denunciation answered without being accepted for handling no such clock began."""
    began = any(step.action in {"accept_for_handling", "reopen"} for step in chain if step.seq < answer.seq)
    return began or answer.kind not in PETITIONS_AT_LAW


def _ended_by_step(clock: Clock, chain: list[Step]) -> bool:
    """It runs, or ended by a step, with the result that its times tell or that the step leaves out."""
    if clock.ended_at is None:
        return clock.result == ""
    if clock.result == Clock.Result.VOID:
        return any(step.at == clock.ended_at and step.action in VOIDING for step in chain)
    return clock.result == _met(clock) and any(step.at == clock.ended_at for step in chain)


def _ended_with_main(clock: Clock, chain: list[Step]) -> bool:
    """It was reopened out of a merge, and ended when the petition was answered into which it was merged;
    without a result where it stood still."""
    merged = any(step.action == "reopen" and step.before == State.MERGED for step in chain)
    if not merged or clock.ended_at is None or clock.result not in {_met(clock), Clock.Result.VOID}:
        return False
    return Step.objects.filter(action="approve", at=clock.ended_at).exists()


def _met(clock: Clock) -> str:
    on_time = clock.ended_at is not None and clock.ended_at <= clock.due_at
    return Clock.Result.ON_TIME if on_time else Clock.Result.LATE


def _exclusion_faults(chain: list[Step], rows: list[Exclusion]) -> Iterator[Fault]:
    """Who is complained about is shut out; nobody is shut out where nobody is, save from an appeal.

    Which agencies go with the accused hangs on today's reference data: that some of them are is what is held.
    """
    petition, kept = chain[-1].petition, {row.agency_id for row in rows}
    accusing = [step for step in chain if step.facts.get("against")]
    for step in accusing:
        try:
            barred = excluded_by(Against(**step.facts["against"]))
        except ValueError:  # an agency that is no more
            continue
        if barred and not barred & kept:
            yield Fault(petition.code, step.seq, "mất phần loại trừ cơ quan bị phản ánh")
    if kept and not accusing and petition.origin_id is None:
        yield Fault(petition.code, chain[-1].seq, "có cơ quan bị loại trừ mà không bước nào ghi")


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


def _result(chain: list[Step]) -> Result:
    result = Result()
    for step in chain:
        result.follow(step)
    return result


def _result_faults(chain: list[Step]) -> Iterator[Fault]:
    petition, result = chain[-1].petition, _result(chain)
    told = (result.outcome, result.answered_at, result.score)
    if told != (petition.outcome, petition.answered_at, petition.score):
        yield Fault(petition.code, chain[-1].seq, "kết quả, lúc trả lời hoặc đánh giá khác các bước")
    if result.submitted_at and result.submitted_at != petition.submitted_at:
        yield Fault(petition.code, 1, "lúc gửi của đơn khác bước gửi")


def _place_faults(chain: list[Step]) -> Iterator[Fault]:
    """Where it happened, as the last step that knew; what no step knew the machine may have read since."""
    petition = chain[-1].petition
    for name, label in (("commune", "xã, phường"), ("province", "tỉnh, thành phố")):
        known = next((step for step in reversed(chain) if getattr(step, name)), None)
        if known and getattr(known, name) != getattr(petition, f"{name}_id"):
            yield Fault(petition.code, known.seq, f"{label} của đơn khác bước cuối có ghi")


def _reply_faults(chain: list[Step]) -> Iterator[Fault]:
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
        said = _said(step)
        if (reply.text, reply.evidence) != (said.get("text", ""), said.get("evidence", "")):
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
            fates[drafted] = fates[drafted]._replace(sent_back=_said(step).get("words", ""))
    return fates


def _asked_faults(chain: list[Step], rows: list[Coordination]) -> Iterator[Fault]:
    """Each agency asked to help as its step asked it, and what it said as its step has it."""
    code = chain[0].petition.code
    asked = Counter(ask for step in chain if step.action == "coordinate" for ask in _asks(step))
    kept = Counter((row.asked_at, row.agency_id, row.due_on.isoformat(), row.question) for row in rows)
    if asked != kept:
        why = "cơ quan được hỏi, ngày hẹn hoặc câu hỏi khác bước phối hợp"
        yield Fault(code, _last(chain, "coordinate"), why)
    said = {(step.at, _said(step).get("text", "")) for step in chain if step.action == "contribute"}
    heard = {(row.contributed_at, row.text) for row in rows if row.contributed_at or row.text}
    if said != heard:
        yield Fault(code, _last(chain, "contribute"), "ý kiến phối hợp khác lời lúc góp ý")


def _asks(step: Step) -> Iterator[tuple[Any, ...]]:
    question = _said(step).get("question", "")
    return ((step.at, agency, step.facts["day"], question) for agency in step.facts["agencies"])


def _last(chain: list[Step], action: str) -> int:
    return max((step.seq for step in chain if step.action == action), default=0)


def _enclosure_faults(chain: list[Step], rows: list[Attachment]) -> Iterator[Fault]:
    """Each file with the step that tells its digest. Steps from before they told it: what their rows say."""
    told = Counter((step.at, digest) for step in chain for digest in _said(step).get("files", ()))
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


def _byte_faults() -> Iterator[Fault]:
    """The bytes on the disk against the digest of each row; all of them are read."""
    for row in Attachment.objects.select_related("petition").order_by("pk").iterator(chunk_size=200):
        why = _byte_fault(row)
        # What was erased meanwhile is gone by right.
        if why and Attachment.objects.filter(pk=row.pk).exists():
            yield Fault(row.petition.code, 0, why)


def _byte_fault(row: Attachment) -> str:
    try:
        with row.file.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return f"mất tệp gửi kèm {row.file.name}"
    except OSError:
        return f"không đọc được tệp gửi kèm {row.file.name}"
    return "" if found == row.sha256 else f"tệp gửi kèm {row.file.name} đã bị sửa"


def _public_faults(chain: list[Step]) -> Iterator[Fault]:
    """A public copy only of what was published, in the words and with the facts that the reviewer saw."""
    last, copy = chain[-1], getattr(chain[-1].petition, "public", None)
    # The step that erases still says what was public until then.
    if (copy is not None) != (last.public and last.action != "erase"):
        why = "mất bản công khai" if copy is None else "bản công khai không có bước công khai"
        yield Fault(last.petition.code, last.seq, why)
    written = next((step for step in reversed(chain) if step.action == "publish"), None)
    if copy is None or written is None:
        return
    said = _said(written)
    worded = (said.get("public_text", ""), said.get("public_answer") or _masked_answer(chain, written))
    if worded != (copy.text, copy.answer):
        yield Fault(last.petition.code, written.seq, "lời công khai khác lúc công khai")
    facts = (written.lead_agency, written.kind, written.subfield, written.commune, written.province)
    shown = (copy.lead_id, copy.kind, copy.subfield_id, copy.commune_id, copy.province_id)
    if (*facts, last.after) != (*(value or "" for value in shown), copy.state):
        yield Fault(last.petition.code, written.seq, "bản công khai khác lúc công khai")
    if _public_figures(chain) != (copy.outcome, copy.answered_at, copy.score, copy.due_on, copy.submitted_on):
        yield Fault(last.petition.code, last.seq, "kết quả, hạn hoặc ngày gửi công khai khác các bước")


def _public_figures(chain: list[Step]) -> tuple[Any, ...]:
    result, due_at = _result(chain), chain[-1].due_at
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


def _check_anchors(bad: list[Fault], now: dt.datetime) -> int:
    """The chain of lines, their signatures, what is missing, and each day's steps against the database."""
    try:
        lines = anchors.chain()
    except UnreadableError as broken:
        bad.append(Fault("", 0, str(broken)))
        return 0
    bad += _chain_of_lines(lines)
    bad += _missing_lines({line.date: line.hash for line in lines}, now)
    return len(lines)


def _chain_of_lines(lines: list[Anchor], place: Path | None = None) -> Iterator[Fault]:
    before: Anchor | None = None
    for line in lines:
        yield from _line_faults(line, before)
        yield from _day_faults(line, place)
        before = line


def _missing_lines(lines: dict[dt.date, str], now: dt.datetime) -> Iterator[Fault]:
    """Lines that the database or a list knows of, and days that have long been over."""
    noted = anchors.noted_days()
    for day in sorted(noted):
        if day not in lines:
            yield Fault("", 0, f"neo ngày {day:%d/%m/%Y} bị gỡ: cơ sở dữ liệu còn ghi, mất dòng neo")
        elif lines[day] != noted[day]:
            yield Fault("", 0, f"neo ngày {day:%d/%m/%Y} khác dòng neo mà cơ sở dữ liệu đã ghi")
    for day in sorted(anchors.listed_days() - lines.keys() - noted.keys()):
        yield Fault("", 0, f"neo ngày {day:%d/%m/%Y} bị gỡ: còn danh sách, mất dòng neo")
    if not settings.CLOCK_OPEN:  # where the clock is pretended days are anchored by hand
        yield from _unanchored(lines.keys() | noted.keys(), timezone.localdate(now - LATE))


def _unanchored(anchored: set[dt.date], until: dt.date) -> Iterator[Fault]:
    """Days with steps that nobody signed: also where no line and no note of any is left."""
    last = max(anchored, default=dt.date.max)
    for day in anchors.days_with_steps(until):
        if day not in anchored:
            late = anchored and day < last  # it was not there when the days around it were signed
            cure = "có bước ghi lùi ngày" if late else "chạy «manage.py anchor», xem nhật ký của «work»"
            yield Fault("", 0, f"ngày {day:%d/%m/%Y} chưa có neo: {cure}")


def _copy_faults(place: Path) -> Iterator[Fault]:
    """A copy that this house could not write to: its lines must still stand here, and so must its steps."""
    lines = anchors.chain(place)
    if not lines:
        raise UnreadableError(f"Không có neo nào trong {place} (chain.jsonl).")
    try:
        here = {line.date: line.hash for line in anchors.chain()}
    except UnreadableError:
        here = {}
    yield from _chain_of_lines(lines, place)
    for line in lines:
        if here.get(line.date) != line.hash:
            yield Fault("", 0, f"neo ngày {line.date:%d/%m/%Y} ở đây mất hoặc khác bản giữ riêng")


def _line_faults(line: Anchor, before: Anchor | None) -> Iterator[Fault]:
    day = f"{line.date:%d/%m/%Y}"
    if not anchors.is_signed(line):
        yield Fault("", 0, f"neo ngày {day}: chữ ký không đúng")
    if line.previous != (before.hash if before else ""):
        yield Fault("", 0, f"neo ngày {day}: không nối với neo trước, có neo bị gỡ hoặc đổi chỗ")
    elif line.root != anchors.root_of(before.root if before else "", line.digest):
        yield Fault("", 0, f"neo ngày {day}: gốc không khớp")


def _day_faults(line: Anchor, place: Path | None = None) -> Iterator[Fault]:
    now = anchors.steps_of(line.date)
    if anchors.digest_of(now) == line.digest:
        return
    day = f"{line.date:%d/%m/%Y}"
    then = anchors.kept_list(line.date, place)
    if anchors.digest_of(then) != line.digest:
        yield Fault("", 0, f"neo ngày {day}: danh sách bước bị sửa hoặc mất")
        return
    missing, extra = set(then) - set(now), set(now) - set(then)
    altered = {(code, seq) for code, seq, _hash in missing} & {(code, seq) for code, seq, _hash in extra}
    for code, seq in sorted(altered):
        yield Fault(code, seq, f"khác bước đã neo ngày {day}")
    gone: dict[str, int] = defaultdict(int)
    for code, seq, _hash in missing:
        if (code, seq) not in altered:
            gone[code] = max(gone[code], seq)
    for code, seq in sorted(gone.items()):
        kept = Petition.objects.filter(code=code).exists()
        yield Fault(code, seq, "bước đã neo bị cắt mất" if kept else "đơn đã neo bị xóa")
    for code, seq, _hash in sorted(extra):
        if (code, seq) not in altered:
            yield Fault(code, seq, f"bước được thêm sau khi đã neo ngày {day}")
