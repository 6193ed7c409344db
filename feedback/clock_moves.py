"""Which action starts, ends or moves which of a petition's clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from feedback import clocks, permissions, workflow
from feedback.models.clock import LAWS
from feedback.permissions import Actor, System
from feedback.workflow import conditions
from feedback.workflow.states import OWING
from routing.calendar import is_on_duty, office_hours_of
from routing.models.limits import DEFAULT_POLICY

if TYPE_CHECKING:
    from feedback.models import Petition

# By any of these a person has looked at it: the accept clock ends.
TAKEN_UP = frozenset(
    {
        *("receive", "assign", "accept", "accept_for_handling", "return_", "transfer", "lift", "ask"),
        *("confirm_refusal", "redirect", "seal"),
    }
)
# The limit for accepting a complaint or denunciation ends with that decision, whoever has looked before.
TAKEN_UP_AT_LAW = frozenset({"accept_for_handling", "confirm_refusal", "redirect", "seal"})
# Ends that are neither on time nor late, but for what was owed and is late already; `reclassify` ends what a
# seal began, `declare` a suspicion's, `accept_for_handling` the limit to hand on what is another's.
UNANSWERED_END = frozenset({"confirm_refusal", "redirect", "withdraw", "seal", "close"})
VOIDING = UNANSWERED_END | {"reclassify", "reopen", "declare", "accept_for_handling"}


def move(petition: Petition, action: str, before: str, by: Actor, now: dt.datetime) -> None:
    """Which clocks an action starts, ends or moves; a machine's proposal never ends the accept clock."""
    if action in {"lift", "seal", "close", "withdraw"}:  # first: nothing became late while it stood still
        clocks.unpause(petition, at=now)
    if action in {"receive", "lift", "seal", "reclassify"}:
        petition.policy = clocks.policy_for(petition, now)
    if action in {"receive", "lift"}:
        ran = clocks.running(petition, "resolve") is not None
        _start_resolving(petition, now)
        if ran:  # contested, and sorted anew by whoever takes it in again
            clocks.change_policy(petition, never_later=not permissions.focal_point(by, petition))
    at_law = petition.kind in workflow.PETITIONS_AT_LAW and not conditions.is_tip(petition)
    looked_at = TAKEN_UP_AT_LAW if at_law else TAKEN_UP
    if action in looked_at and not isinstance(by, System):
        clocks.end(petition, "accept", at=now)
    if action in MOVES:
        MOVES[action](petition, before, by, now)
    if action in UNANSWERED_END - {"seal"}:  # which lets them go before it begins its own
        _end_unanswered(petition, now)
    if action in HANDS and _other_hours(petition):
        _change_hours(petition, now)
    looked_for = clocks.running(petition, "accept")
    if action in {"withdraw", "close"} and looked_for:  # nobody need look any more, even if nobody did
        clocks.let_go(looked_for, at=now)
    if action in RESUMING:
        _never_without(petition, now)
    _investigators_wait(petition, now)
    if conditions.is_tip(petition) and not (
        clocks.running(petition, "accept") or clocks.running(petition, "resolve")
    ):
        clocks.show_none(petition)


def _investigators_wait(petition: Petition, now: dt.datetime) -> None:
    """Signs of a crime that nobody has handed on are owed since they were seen, whatever was done besides."""
    owed = petition.state in OWING and conditions.owes_investigators(petition)
    if owed and not clocks.running(petition, "crime") and clocks.limits(petition, "crime", at=now):
        clocks.start(petition, "crime", at=petition.crime_signs_at or now)


def _end_unanswered(petition: Petition, now: dt.datetime) -> None:
    for clock in clocks.running_clocks(petition):
        if clock.step in {"transfer", "notify", "resolve", "progress"}:  # signs of a crime stay owed
            clocks.let_go(clock, at=now)


# After these a petition may stand where it waits for somebody, and nothing runs any more.
RESUMING = frozenset({"inform", "reclassify", "unmerge", "resume"})


def _never_without(petition: Petition, now: dt.datetime) -> None:
    """What is open, does not stand still and is no tip waits under a clock: of a look, or of the answer."""
    waits = petition.state in workflow.OPEN and petition.paused_at is None and not conditions.is_tip(petition)
    if not waits or clocks.running(petition, "resolve") or clocks.running(petition, "accept"):
        return
    if petition.kind in workflow.PETITIONS_AT_LAW or not (petition.received_at or petition.round > 1):
        clocks.show(petition, clocks.start(petition, "accept", at=now))
    else:
        _start_resolving(petition, now)


Move = Callable[["Petition", str, Actor, dt.datetime], None]

# By these another agency leads: a day closes at its own last hour.
HANDS = frozenset({"assign", "transfer", "lift", "seal", "contest"})


def _other_hours(petition: Petition) -> bool:
    now, before = petition.lead_id, petition.stored("lead_id")
    return (office_hours_of(now), is_on_duty(now)) != (office_hours_of(before), is_on_duty(before))


def _change_hours(petition: Petition, now: dt.datetime) -> None:
    """Counted by the hours of whoever leads now; what is late already is not handed on as timely."""
    for clock, deadline in clocks.counted_anew(petition):
        if now <= clock.due_at:
            clocks.write(clock, deadline)
    clocks.show_current(petition)


def _start_resolving(petition: Petition, now: dt.datetime) -> None:
    """The resolve clock runs from the first receipt, or from the submission where the policy says so.

    For complaint and denunciation it waits for the formal acceptance (thụ lý).
    """
    begins = petition.policy.clock_start if petition.policy else "accepted_at"
    if begins == clocks.AT_ACCEPTANCE:
        return
    since = petition.submitted_at if begins == "submitted_at" else petition.received_at or now
    if petition.round > 1:  # never before it was reopened
        since = max(since, min((clock.started_at for clock in clocks.of_round(petition)), default=now))
    clocks.show(petition, clocks.start(petition, "resolve", at=since))
    _start_others(petition, now)


def _start_others(petition: Petition, now: dt.datetime) -> None:
    """Limits that only some policies have: transfer within so many days, progress every so many."""
    for step in ("transfer", "progress"):
        if clocks.limits(petition, step, at=now):
            clocks.start(petition, step, at=petition.received_at or now)


def _handed_over(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """It left for another body."""
    clocks.end(petition, "transfer", at=now)
    if petition.state == workflow.State.REDIRECTED or _is_investigated_by(petition.lead_id):
        _handed_to_investigators(petition, now)


# Signs of a crime go to police or procuracy (Luật Tố cáo 2018, Điều 27); types of agencies.
INVESTIGATORS = frozenset(
    {
        *("commune-police", "provincial-police", "provincial-police-traffic", "provincial-police-fire"),
        *("environmental-police", "ministry-of-public-security", "court-procuracy"),
    }
)


def _is_investigated_by(agency: str | None) -> bool:
    return (agency or "").partition(":")[0] in INVESTIGATORS


def _handed_to_investigators(petition: Petition, now: dt.datetime) -> None:
    if conditions.owes_investigators(petition):
        petition.crime_handed_at = now
    clocks.end(petition, "crime", at=now)


def _passed_on(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """What the law wants sent to whoever is competent goes by any of these."""
    if petition.kind in workflow.PETITIONS_AT_LAW:
        _handed_over(petition, before, by, now)


def _asked(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    clocks.pause(petition, "ask", at=now)


def _suspended(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    clocks.pause(petition, "suspend", at=now)


WAITED_IN = workflow.PAUSED | {workflow.State.MERGED}


def _went_on(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """The word that was waited for, or the work taken up again; a merged one's answer is heard as well."""
    stands = petition.state_before_merging if petition.state == workflow.State.MERGED else petition.state
    if before in WAITED_IN and stands not in workflow.PAUSED:
        clocks.unpause(petition, at=now)


def _accepted_at_law(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """Accepted before in this round, then sorted elsewhere and back: what ran then goes on.

    Whoever accepts it is competent: it had to be sent to nobody.
    """
    clocks.end(petition, "transfer", at=now, void=True)
    untold = petition.acceptance_told_at is None and clocks.limits(petition, "notify", at=now)
    if untold:
        clocks.go_on(petition, "notify")
    if clocks.go_on(petition, "resolve"):
        clocks.recompute(petition)
    else:
        clocks.show(petition, clocks.start(petition, "resolve", at=now))
    if untold:
        clocks.start(petition, "notify", at=now)  # where none goes on: what was late before keeps that result


def _answered(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    for step in ("resolve", "progress", "notify"):
        clocks.end(petition, step, at=now)
    if petition.kind in workflow.PETITIONS_AT_LAW:
        for step in ("send", "publicise"):
            if clocks.limits(petition, step, at=now):
                clocks.start(petition, step, at=now)


def _announced(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    for column, step in (("decision_sent_at", "send"), ("publicised_at", "publicise")):
        if _is_new(petition, column):
            clocks.end(petition, step, at=now)


def _declared(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    if _is_new(petition, "formal_since"):
        _check_begins(petition, now)
    if _is_new(petition, "acceptance_told_at"):
        clocks.end(petition, "notify", at=now)
    if _is_new(petition, "crime_handed_at"):
        clocks.end(petition, "crime", at=now)
    if _is_new(petition, "several_places"):
        clocks.recompute(petition)


def _is_new(petition: Petition, column: str) -> bool:
    """Whether the step that is being taken has set this column."""
    return bool(getattr(petition, column)) and not petition.stored(column)


def _check_begins(petition: Petition, now: dt.datetime) -> None:
    """From the day on which it came as the law asks: whether to accept it, and if not whom to send it to.

    The house's own limit for a first look at a suspicion is over with it.
    """
    looked_for = clocks.running(petition, "accept")
    if looked_for and looked_for.policy in LAWS:
        clocks.end_clock(looked_for, at=now)
    elif looked_for:
        clocks.let_go(looked_for, at=now)
    _check_runs(petition, since=now)


def _check_runs(petition: Petition, *, since: dt.datetime) -> None:
    """The limit to accept it, and where the law has one to hand on what is another's.

    What was handed on before has its result; what was sorted elsewhere and back goes on.
    """
    clocks.show(petition, clocks.start(petition, "accept", at=since))
    if clocks.limits(petition, "transfer", at=since) and not clocks.go_on(petition, "transfer"):
        clocks.start(petition, "transfer", at=since)


def _reported(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    if clocks.running(petition, "progress"):
        clocks.end(petition, "progress", at=now)
        clocks.start(petition, "progress", at=now)


def _extended(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    clocks.recompute(petition, granted_at=now)


def _recounted(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    clocks.recompute(petition)
    clocks.note_calendar(petition)


def _reopened(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """A new clock from now; the old one stays with its result, a merged one's with its main's answer's."""
    if before == workflow.State.MERGED:
        _end_with_main(petition, now)
    for clock in petition.all_clocks():  # what is decided anew need not be told any more
        if clock.ended_at is None and clock.round < petition.round and clock.step in clocks.DUTIES:
            clocks.let_go(clock, at=now)
    clocks.show(petition, clocks.start(petition, "resolve", at=now))


def _end_with_main(petition: Petition, now: dt.datetime) -> None:
    """What ran while it was merged ends with its main's answer; what stood still ends without a result.

    What was late before it stood still is late.
    """
    since = petition.pauses.filter(ended_at__isnull=True).values_list("began_at", flat=True).first()
    clocks.unpause(petition, at=now)
    answered = _main_answered_at(petition) or now
    for clock in petition.all_clocks():
        if clock.ended_at is None and clock.round < petition.round:
            clocks.end_clock(clock, at=answered, void=since is not None and since <= clock.due_at)


def _main_answered_at(petition: Petition) -> dt.datetime | None:
    """When the petition was answered into which this one was merged until now."""
    mains = type(petition).objects.filter(pk=petition.stored("main_id"))
    return mains.values_list("answered_at", flat=True).first()


def _contested(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """The intake clock anew; the resolve clock goes on as if it had never stopped."""
    if petition.received_at and clocks.go_on(petition, "resolve"):
        clocks.recompute(petition)
    else:
        clocks.show(petition, clocks.start(petition, "accept", at=now))


def _reclassified(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """The new policy may bring the due date nearer at once, later only by the focal point.

    Away from complaint or denunciation the law's limits end, and what ran before goes on; where nothing did,
    it runs from the first receipt. The way back is a seal.
    """
    was, looked_for = petition.stored("kind"), clocks.running(petition, "accept")
    if was != petition.kind and was in workflow.PETITIONS_AT_LAW:
        for step in ("accept", "resolve", "progress", "transfer", "notify", "crime"):
            clock = clocks.running(petition, step)
            if clock and clock.policy in LAWS:
                clocks.let_go(clock, at=now)
    if petition.kind not in workflow.PETITIONS_AT_LAW and looked_for and looked_for.ended_at:
        _look_again(petition, since=looked_for.started_at)
    if petition.kind not in workflow.PETITIONS_AT_LAW and petition.received_at:
        if clocks.go_on(petition, "resolve"):
            clocks.go_on(petition, "transfer")
            clocks.go_on(petition, "progress")
        else:
            _start_resolving(petition, now)
    clocks.recompute(petition)  # with what it stood still before
    clocks.change_policy(petition, never_later=not permissions.focal_point(by, petition))


def _look_again(petition: Petition, *, since: dt.datetime) -> None:
    """Nobody has taken it up yet: the house's own limit for that has run as long as the law's."""
    if petition.received_at is None and petition.round == 1:
        clocks.show(petition, clocks.start(petition, "accept", at=since))


def _wait_for_a_look(petition: Petition, by: Actor, now: dt.datetime) -> None:
    """A suspicion waits as long as any report may before a person looks at it; the law sets no limit."""
    if isinstance(by, System) and clocks.running(petition, "accept") is None:
        clocks.show(petition, clocks.start(petition, "accept", at=now, policy=DEFAULT_POLICY))


def _sealed(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """From now on the limits of complaint and denunciation count; sealed again, they have counted since.

    Of a denunciation none counts before it is signed or told in person; that somebody looks at it does.
    """
    _end_unanswered(petition, now)
    if conditions.is_tip(petition):
        _wait_for_a_look(petition, by, now)
        return
    looked_for = clocks.running(petition, "accept")
    if looked_for and not clocks.is_of_kind(looked_for, petition):  # of what it was taken for until now
        clocks.let_go(looked_for, at=now)
    _check_runs(petition, since=_sealed_since(petition, now))


def _sealed_since(petition: Petition, now: dt.datetime) -> dt.datetime:
    """The first seal since its receipt, last acceptance or contest; of a denunciation not before its form.

    Back to what it is late as by now, whatever was done meanwhile, it has waited since its first seal.
    """
    at_law = [clock for clock in clocks.of_round(petition) if clock.policy in LAWS]
    answers = [clock for clock in at_law if clock.is_resolve]
    own = [clock for clock in answers if clocks.is_of_kind(clock, petition)]
    is_late = any(clocks.would_end_at(petition, clock) < now for clock in own)
    begun_anew = [petition.contested_at or petition.submitted_at, *(clock.started_at for clock in answers)]
    since = max([petition.received_at or now, *([] if is_late else begun_anew)])
    begun = [clock.started_at for clock in at_law if clock.step == "accept" and clock.started_at >= since]
    formal = petition.formal_since if petition.kind == workflow.Kind.DENUNCIATION else None
    return max(min(begun, default=now), formal or since)


MOVES: Mapping[str, Move] = {
    "assign": _handed_over,
    "transfer": _passed_on,
    "lift": _passed_on,
    "redirect": _handed_over,
    "confirm_refusal": _handed_over,
    "ask": _asked,
    "inform": _went_on,
    "suspend": _suspended,
    "resume": _went_on,
    "accept_for_handling": _accepted_at_law,
    "approve": _answered,
    "report": _reported,
    "grant_extension": _extended,
    "recount": _recounted,
    "reopen": _reopened,
    "contest": _contested,
    "reclassify": _reclassified,
    "seal": _sealed,
    "declare": _declared,
    "announce": _announced,
}
