"""The clocks of a petition against the steps that started and ended them."""

from __future__ import annotations

from collections.abc import Iterator

from feedback.clock_moves import VOIDING
from feedback.models import Clock, Step
from feedback.verification.faults import Fault
from feedback.workflow import PETITIONS_AT_LAW, State


def faults(chain: list[Step], clocks: list[Clock]) -> Iterator[Fault]:
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
    on_time = clock.ended_at is not None and clock.ended_at <= clock.ends_at
    return Clock.Result.ON_TIME if on_time else Clock.Result.LATE
