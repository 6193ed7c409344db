"""Rows that are nobody else's until a transaction ends: one petition, many, or one with all its kin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.db import transaction
from django.db.models import Max, Q

from feedback.models import Petition, Step

__all__ = ["held", "held_all", "hold", "hold_kin", "locked"]


def locked(pk: int) -> Petition:
    """The row as it is now, nobody else's until this transaction ends; few steps need what it refers to."""
    return Petition.objects.select_for_update().get(pk=pk)


def hold(numbers: Collection[int]) -> None:
    """The petitions of these numbers are nobody else's until this transaction ends, taken in their order."""
    rows = Petition.objects.filter(pk__in=numbers).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


def held(step: Step) -> Petition:
    """The petition of a step, nobody else's until this transaction ends.

    As it was read together with the step while that is still its last one; else read anew.
    """
    return held_all([step])[step.petition_id]


def held_all(steps: Sequence[Step], *, kin_of: Sequence[Petition] = ()) -> dict[int, Petition]:
    """The petitions of many steps by their numbers, each as of `held`; the kin of some is held as well."""
    own = {step.petition_id for step in steps}
    if kin_of:
        _hold_whole(lambda: own.union(*map(_kin, kin_of)))
    else:
        hold(own)
    ends = Step.objects.filter(petition__in=own).order_by().values_list("petition").annotate(Max("seq"))
    last = dict(ends)
    found = {step.petition_id: step for step in steps if step.seq == last[step.petition_id]}
    for step in found.values():
        step.petition.hold_last(step)
    return {pk: found[pk].petition if pk in found else locked(pk) for pk in sorted(own)}


def hold_kin(petition: Petition, main: str = "") -> None:
    """For a step that may touch other petitions: lock all of them first, in the order of their numbers.

    The petition, its family, those merged into it, and the one with the code `main`. Two such steps that
    cross wait for one another and neither dies: nobody waits for a lower number than the highest that he
    holds.
    """
    _hold_whole(lambda: _kin(petition, main))


def _hold_whole(whose: Callable[[], set[int]]) -> None:
    while not _are_held(whose):
        pass  # another was merged into one of them while we waited


def _are_held(whose: Callable[[], set[int]]) -> bool:
    """Nobody joins them once they are locked; where somebody did before, all locks are given back."""
    with transaction.atomic():
        kin = whose()
        hold(kin)
        complete = whose() <= kin
        transaction.set_rollback(not complete)
    return complete


def _kin(petition: Petition, main: str = "") -> set[int]:
    family = [one.pk for one in petition.family()]
    concerned = Q(pk__in=family) | Q(main=petition.pk) | (Q(code=main) if main else Q(pk__in=[]))
    return set(Petition.objects.filter(concerned).values_list("pk", flat=True))
