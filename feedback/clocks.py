"""The legal clocks of a petition: started, paused, ended and copied to the petition's row by the steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback import permissions, workflow
from feedback.models import Clock, Escalation, Pause
from feedback.models.clock import LAWS
from feedback.permissions import Actor, System
from feedback.workflow import Kind, conditions
from feedback.workflow.states import ANSWERED_OR_CLOSED
from routing.calendar import current_calendar, is_on_duty, moment, office_hours_of
from routing.deadlines import (
    Deadline,
    TraceLine,
    Variant,
    due,
    explain,
    has_step,
    most_extensions,
    used_up,
)
from routing.kept import row
from routing.models import DeadlinePolicy

if TYPE_CHECKING:
    from feedback.models import Petition

DEFAULT_POLICY = "field-5d"
IN_DANGER = "urgent-safety"
AT_ACCEPTANCE = "accepted_for_handling_at"  # the start of a limit that waits for thụ lý
POLICY_AT_LAW = {Kind(law): policy for policy, law in LAWS.items()}
COMPLAINT = POLICY_AT_LAW[Kind.COMPLAINT]


def policy_for(petition: Petition, now: dt.datetime) -> DeadlinePolicy:
    """The policy that its kind follows, else its matter at its place; the plain default while neither says.

    Complaint and denunciation have their own; no other kind follows one of theirs, whatever its sub-field:
    such a limit begins with an acceptance (thụ lý) that the others never have.
    """
    slug = POLICY_AT_LAW.get(Kind(petition.kind)) or _by_matter(petition, now)
    policy = row(DeadlinePolicy, slug)
    if policy is None:
        raise DeadlinePolicy.DoesNotExist(slug)
    return policy


def _by_matter(petition: Petition, now: dt.datetime) -> str:
    """By the row of competence that leads it, else its sub-field; unsorted it keeps what it has."""
    if petition.subfield is None:
        slug = petition.policy_id or DEFAULT_POLICY
    else:
        slug = conditions.policy_by_competence(petition, now) or petition.subfield.policy_id
    return plain_policy(slug)


def plain_policy(slug: str) -> str:
    """The same, or the default where only complaints or denunciations follow it."""
    policy = row(DeadlinePolicy, slug)
    at_law = slug in LAWS or (policy and policy.clock_start == AT_ACCEPTANCE)
    return DEFAULT_POLICY if at_law else slug


def limits(petition: Petition, step: str, *, at: dt.datetime) -> bool:
    """Whether the petition's policy has a limit for this step at all."""
    on = timezone.localdate(at)
    return has_step(petition.policy_id or DEFAULT_POLICY, step, on=on, province=petition.territory_id)


def running(petition: Petition, step: str) -> Clock | None:
    """The clock of this step that has not ended."""
    return next((clock for clock in _running(petition) if clock.step == step), None)


def _running(petition: Petition) -> list[Clock]:
    return [clock for clock in _of_round(petition) if clock.ended_at is None]


def _of_round(petition: Petition) -> list[Clock]:
    """The clocks of the petition's present round, oldest first."""
    return [clock for clock in petition.all_clocks() if clock.round == petition.round]


def start(petition: Petition, step: str, *, at: dt.datetime, policy: str = "") -> Clock:
    """Start the clock of one policy step, or give back the one that runs already."""
    clock = running(petition, step)
    if clock is None:
        deadline = _deadline(petition, step, at, policy=policy)
        clock = Clock(petition=petition, round=petition.round, step=step, is_resolve=step == "resolve")
        clock.started_at, clock.first_due_at = at, deadline.at
        petition.all_clocks().append(clock)
        _write(clock, deadline)
    return clock


def end(petition: Petition, step: str, *, at: dt.datetime, void: bool = False) -> None:
    """End a running clock with its result; nothing happens to one that has ended or never ran."""
    clock = running(petition, step)
    if clock:
        _end(clock, at=at, void=void)


def _end(clock: Clock, *, at: dt.datetime, void: bool = False) -> None:
    clock.ended_at = at
    met = Clock.Result.ON_TIME if at <= clock.ends_at else Clock.Result.LATE
    clock.result = Clock.Result.VOID if void else met
    clock.save(update_fields=["ended_at", "result"])
    _show_duty(clock)


def _let_go(clock: Clock, *, at: dt.datetime) -> None:
    """End it without a result; but what was owed and is late already stays late, whatever became of it."""
    owed = clock.step == "accept" or is_owed(clock)
    _end(clock, at=at, void=not owed or at <= clock.ends_at)


def go_on(petition: Petition, step: str) -> Clock | None:
    """Let the last clock of this step run again as if it had never stopped, of resolving also one answered.

    Of the kind's own regime: a report's clock and a complaint's never stand in for one another.
    """
    own = [clock for clock in _of_round(petition) if clock.step == step and _is_of_kind(clock, petition)]
    ended = own[-1] if own else None
    if ended and ended.ended_at is not None and (ended.is_resolve or ended.result == Clock.Result.VOID):
        ended.ended_at, ended.result = None, ""
        ended.save(update_fields=["ended_at", "result"])
        _show_duty(ended)
    return ended


def _is_of_kind(clock: Clock, petition: Petition) -> bool:
    """Report, complaint and denunciation have each their own clocks."""
    return LAWS.get(clock.policy, "") == workflow.law_of(petition.kind)


def hold_as_much(main: Petition, petition: Petition, now: dt.datetime) -> bool:
    """Whether the main one's answer is due no later: nothing becomes timely by being merged.

    A late one only into a late one; one whose clock runs not into one whose clock stands still, of which
    nobody knows when it will be due.
    """
    own, mains = running(petition, "resolve"), running(main, "resolve")
    stands = main.paused_at is not None and petition.paused_at is None
    if main.is_overdue(now) or petition.is_overdue(now):
        return main.is_overdue(now)
    return own is None or (not stands and (mains is None or mains.due_at <= own.due_at))


def pause(petition: Petition, action: str, *, at: dt.datetime) -> None:
    Pause.objects.create(petition=petition, action=action, began_at=at)


def unpause(petition: Petition, *, at: dt.datetime) -> bool:
    """End an open pause and move every running clock by what it took; False where none was open."""
    ended = Pause.objects.filter(petition=petition, ended_at__isnull=True).update(ended_at=at)
    if ended:
        petition.forget_pauses()
        recompute(petition)
    return bool(ended)


def recompute(petition: Petition, *, granted_at: dt.datetime | None = None) -> None:
    """Count every running clock anew from its start under its own policy, with pauses and extensions.

    The first due moment stays. `granted_at`: an extension is being granted now, and no step tells of it yet.
    """
    for clock, deadline in _counted_anew(petition, granted_at):
        _write(clock, deadline)
    _show_current(petition)


def _change_policy(petition: Petition, *, never_later: bool) -> None:
    """Count every running clock under the policy that the petition has now.

    `never_later`: one that would move away keeps its own policy, now and whenever it is counted again.
    """
    for clock in _running(petition):
        if limits(petition, clock.step, at=clock.started_at):
            deadline = _deadline(petition, clock.step, clock.started_at)
            if not (never_later and deadline.at > clock.due_at):
                _write(clock, deadline)
    _show_current(petition)


def _counted_anew(petition: Petition, granted_at: dt.datetime | None = None) -> list[tuple[Clock, Deadline]]:
    return [
        (clock, _deadline(petition, clock.step, clock.started_at, granted_at, policy=clock.policy))
        for clock in _running(petition)
        if has_step(
            clock.policy,
            clock.step,
            on=timezone.localdate(clock.started_at),
            province=petition.territory_id,
        )
    ]


def _show_current(petition: Petition) -> None:
    current = running(petition, "resolve") or running(petition, "accept")
    if current:
        show(petition, current)


def show(petition: Petition, clock: Clock) -> None:
    """Copy a clock to the petition's row, where lists sort by it."""
    petition.due_at = clock.due_at
    petition.first_due_at = clock.first_due_at
    petition.legal_due_on = clock.legal_due_on
    petition.warns_at = clock.warns_at


def _show_none(petition: Petition) -> None:
    petition.due_at = petition.first_due_at = petition.warns_at = None
    petition.legal_due_on = None


# By then a word that time runs out still helps; of the time to answer in, not of the time to look at it.
WARNED_AT = 0.8


def _write(clock: Clock, deadline: Deadline) -> None:
    clock.due_at, clock.legal_due_on = deadline.at, deadline.legal_on
    clock.policy, clock.version = deadline.policy, deadline.version
    clock.calendar_version, clock.article = deadline.calendar_version, deadline.article
    if clock.is_resolve:
        hours = office_hours_of(clock.petition.lead_id)
        clock.warns_at = used_up(deadline, WARNED_AT, clock.petition.past_pauses(), hours)
    clock.reason = explain(deadline)
    clock.trace = [line.as_json() for line in deadline.trace]
    clock.save()
    _show_duty(clock)


# What the law wants done beside the answer: each by a day of its own, also once it is answered.
DUTIES = frozenset({"transfer", "notify", "crime", "send", "publicise"})


def _show_duty(clock: Clock) -> None:
    if clock.step in DUTIES:
        show_duty(clock.petition)


def show_duty(petition: Petition) -> None:
    """Copy the nearest day of a duty to the petition's row, where the ladder asks for it.

    One of which everybody has been told gives way to the next, so that none hides another.
    """
    running_ones = (one for one in petition.all_clocks() if one.ended_at is None)
    owed = sorted(one.due_at for one in running_ones if is_owed(one))
    told: set[dt.datetime] = set()
    if len(owed) > 1:
        said = Escalation.objects.filter(petition=petition, rung="duty_3", of__in=owed)
        told = set(said.values_list("of", flat=True))
    petition.duty_due_at = next((day for day in owed if day not in told), owed[-1] if owed else None)


def is_owed(clock: Clock) -> bool:
    """A duty that is told when it is late, and whose lateness stands, however it ends.

    To hand on what another is competent for (Luật Tố cáo 2018, Điều 24) is none for whoever may accept it
    himself: its day is shown, the limit to accept is the one that is told, and only what is handed on was
    owed.
    """
    return clock.step in DUTIES and not (clock.step == "transfer" and clock.policy in LAWS)


def _deadline(
    petition: Petition,
    step: str,
    at: dt.datetime,
    granted_at: dt.datetime | None = None,
    *,
    policy: str = "",
) -> Deadline:
    policy = policy or petition.policy_id or DEFAULT_POLICY
    granted = list(_granted(petition, policy, granted_at)) if step == "resolve" else []
    counted = partial(
        due,
        policy,
        step,
        pauses=petition.past_pauses(),
        hours=office_hours_of(petition.lead_id),
        variant=_variant(petition, policy, step, len(granted)),
        on=timezone.localdate(at),
        province=petition.territory_id,
        granted=[] if policy == COMPLAINT else granted,
    )
    deadline = counted(start=at)
    if is_on_duty(petition.lead_id):
        # Whoever is there at night has the urgent hours from when he got it, never longer than the office's.
        sooner = counted(start=max(at, petition.assigned_at or at), on_duty=True)
        deadline = min(deadline, sooner, key=lambda one: one.at)
    return _by_midnight(deadline) if step == "crime" else deadline


def _by_midnight(deadline: Deadline) -> Deadline:
    """What has to be done at once is done on that very day, worked or not."""
    day = timezone.localdate(deadline.start)
    trace = (TraceLine(day, True, "ngay trong ngày"),)
    return replace(deadline, at=moment(day, dt.time.max), legal_on=day, trace=trace)


def _variant(petition: Petition, policy: str, step: str, extensions: int) -> Variant:
    """A complaint is declared complex in writing instead of being extended (Luật Khiếu nại, Điều 28).

    A denunciation has longer to be checked in several places (Luật Tố cáo 2018, Điều 24).
    """
    if policy == COMPLAINT:
        return Variant(
            remote=bool(petition.commune and petition.commune.remote_area),
            complex=extensions > 0,
            instance=petition.instance,
        )
    return Variant(complex=step == "accept" and petition.several_places, extensions=extensions)


def _granted(petition: Petition, policy: str, granted_at: dt.datetime | None) -> Iterator[dt.date]:
    """The days on which its extensions were granted: each is a step of its own, under the rule of its day.

    What was granted under another policy counts as far as this one allows.
    """
    for number, at in enumerate(petition.extended_at(LAWS.get(policy, ""), granted_at), start=1):
        day = timezone.localdate(at)
        if policy != COMPLAINT and (most_extensions(policy, on=day, province=petition.territory_id) < number):
            return
        yield day


# --- when the calendar changes --------------------------------------------------------------------------


def stale() -> QuerySet[Clock]:
    """Running clocks that were counted in a calendar which is no longer so: of what is open, and of duties
    that the answer has left."""
    owing = Q(petition__state__in=ANSWERED_OR_CLOSED, petition__duty_due_at__isnull=False)
    rows = Clock.objects.filter(owing | Q(petition__state__in=workflow.OPEN), ended_at__isnull=True)
    return rows.exclude(calendar_version__in=current_calendar().versions())


def would_move(petition: Petition) -> bool:
    """Whether any of its running clocks ends at another moment, counted in today's calendar."""
    return any(deadline.at != clock.due_at for clock, deadline in _counted_anew(petition))


def note_calendar(petition: Petition) -> None:
    """Counted anew and found where they were: the clocks name the calendar as it is now."""
    calendar = current_calendar()
    for clock in _running(petition):
        clock.calendar_version = calendar.version(
            timezone.localdate(clock.started_at), timezone.localdate(clock.due_at)
        )
        clock.save(update_fields=["calendar_version"])


# --- which action moves which clock ---------------------------------------------------------------------


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
        unpause(petition, at=now)
    if action in {"receive", "lift", "seal", "reclassify"}:
        petition.policy = policy_for(petition, now)
    if action in {"receive", "lift"}:
        ran = running(petition, "resolve") is not None
        _start_resolving(petition, now)
        if ran:  # contested, and sorted anew by whoever takes it in again
            _change_policy(petition, never_later=not permissions.focal_point(by, petition))
    at_law = petition.kind in workflow.PETITIONS_AT_LAW and not conditions.is_tip(petition)
    looked_at = TAKEN_UP_AT_LAW if at_law else TAKEN_UP
    if action in looked_at and not isinstance(by, System):
        end(petition, "accept", at=now)
    if action in MOVES:
        MOVES[action](petition, before, by, now)
    if action in UNANSWERED_END - {"seal"}:  # which lets them go before it begins its own
        _end_unanswered(petition, now)
    if action in HANDS and _other_hours(petition):
        _change_hours(petition, now)
    looked_for = running(petition, "accept")
    if action in {"withdraw", "close"} and looked_for:  # nobody need look any more, even if nobody did
        _let_go(looked_for, at=now)
    if action in RESUMING:
        _never_without(petition, now)
    _investigators_wait(petition, now)
    if conditions.is_tip(petition) and not (running(petition, "accept") or running(petition, "resolve")):
        _show_none(petition)


WATCHED = workflow.OPEN | ANSWERED_OR_CLOSED


def _investigators_wait(petition: Petition, now: dt.datetime) -> None:
    """Signs of a crime that nobody has handed on are owed since they were seen, whatever was done besides."""
    owed = petition.state in WATCHED and conditions.owes_investigators(petition)
    if owed and not running(petition, "crime") and limits(petition, "crime", at=now):
        start(petition, "crime", at=petition.crime_signs_at or now)


def _end_unanswered(petition: Petition, now: dt.datetime) -> None:
    for clock in _running(petition):
        stays = clock.step == "crime" and petition.state in WATCHED
        if clock.step in {"transfer", "notify", "crime", "resolve", "progress"} and not stays:
            _let_go(clock, at=now)


# After these a petition may stand where it waits for somebody, and nothing runs any more.
RESUMING = frozenset({"inform", "reclassify", "unmerge", "resume"})


def _never_without(petition: Petition, now: dt.datetime) -> None:
    """What is open, does not stand still and is no tip waits under a clock: of a look, or of the answer."""
    waits = petition.state in workflow.OPEN and petition.paused_at is None and not conditions.is_tip(petition)
    if not waits or running(petition, "resolve") or running(petition, "accept"):
        return
    if petition.kind in workflow.PETITIONS_AT_LAW or not (petition.received_at or petition.round > 1):
        show(petition, start(petition, "accept", at=now))
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
    for clock, deadline in _counted_anew(petition):
        if now <= clock.due_at:
            _write(clock, deadline)
    _show_current(petition)


def _start_resolving(petition: Petition, now: dt.datetime) -> None:
    """The resolve clock runs from the first receipt, or from the submission where the policy says so.

    For complaint and denunciation it waits for the formal acceptance (thụ lý).
    """
    begins = petition.policy.clock_start if petition.policy else "accepted_at"
    if begins == AT_ACCEPTANCE:
        return
    since = petition.submitted_at if begins == "submitted_at" else petition.received_at or now
    if petition.round > 1:  # never before it was reopened
        since = max(since, min((clock.started_at for clock in _of_round(petition)), default=now))
    show(petition, start(petition, "resolve", at=since))
    _start_others(petition, now)


def _start_others(petition: Petition, now: dt.datetime) -> None:
    """Limits that only some policies have: transfer within so many days, progress every so many."""
    for step in ("transfer", "progress"):
        if limits(petition, step, at=now):
            start(petition, step, at=petition.received_at or now)


def _handed_over(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """It left for another body."""
    end(petition, "transfer", at=now)
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
    end(petition, "crime", at=now)


def _passed_on(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """What the law wants sent to whoever is competent goes by any of these."""
    if petition.kind in workflow.PETITIONS_AT_LAW:
        _handed_over(petition, before, by, now)


def _asked(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    pause(petition, "ask", at=now)


def _suspended(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    pause(petition, "suspend", at=now)


WAITED_IN = workflow.PAUSED | {workflow.State.MERGED}


def _went_on(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """The word that was waited for, or the work taken up again; a merged one's answer is heard as well."""
    stands = petition.state_before_merging if petition.state == workflow.State.MERGED else petition.state
    if before in WAITED_IN and stands not in workflow.PAUSED:
        unpause(petition, at=now)


def _accepted_at_law(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """Accepted before in this round, then sorted elsewhere and back: what ran then goes on.

    Whoever accepts it is competent: it had to be sent to nobody.
    """
    end(petition, "transfer", at=now, void=True)
    untold = petition.acceptance_told_at is None and limits(petition, "notify", at=now)
    if untold:
        go_on(petition, "notify")
    if go_on(petition, "resolve"):
        recompute(petition)
    else:
        show(petition, start(petition, "resolve", at=now))
    if untold:
        start(petition, "notify", at=now)  # where none goes on: what was late before keeps that result


def _answered(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    for step in ("resolve", "progress", "notify"):
        end(petition, step, at=now)
    if petition.kind in workflow.PETITIONS_AT_LAW:
        for step in ("send", "publicise"):
            if limits(petition, step, at=now):
                start(petition, step, at=now)


def _announced(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    for column, step in (("decision_sent_at", "send"), ("publicised_at", "publicise")):
        if _is_new(petition, column):
            end(petition, step, at=now)


def _declared(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    if _is_new(petition, "formal_since"):
        _check_begins(petition, now)
    if _is_new(petition, "acceptance_told_at"):
        end(petition, "notify", at=now)
    if _is_new(petition, "crime_handed_at"):
        end(petition, "crime", at=now)
    if _is_new(petition, "several_places"):
        recompute(petition)
    if _is_new(petition, "crime_signs_at") and limits(petition, "crime", at=now):
        start(petition, "crime", at=now)


def _is_new(petition: Petition, column: str) -> bool:
    """Whether the step that is being taken has set this column."""
    return bool(getattr(petition, column)) and not petition.stored(column)


def _check_begins(petition: Petition, now: dt.datetime) -> None:
    """From the day on which it came as the law asks: whether to accept it, and if not whom to send it to.

    The house's own limit for a first look at a suspicion is over with it.
    """
    looked_for = running(petition, "accept")
    if looked_for and looked_for.policy in LAWS:
        _end(looked_for, at=now)
    elif looked_for:
        _let_go(looked_for, at=now)
    _check_runs(petition, since=now)


def _check_runs(petition: Petition, *, since: dt.datetime) -> None:
    """The limit to accept it, and where the law has one to hand on what is another's.

    What was handed on before has its result; what was sorted elsewhere and back goes on.
    """
    show(petition, start(petition, "accept", at=since))
    if limits(petition, "transfer", at=since) and not go_on(petition, "transfer"):
        start(petition, "transfer", at=since)


def _reported(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    if running(petition, "progress"):
        end(petition, "progress", at=now)
        start(petition, "progress", at=now)


def _extended(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    recompute(petition, granted_at=now)


def _recounted(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    recompute(petition)
    note_calendar(petition)


def _reopened(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """A new clock from now; the old one stays with its result, a merged one's with its main's answer's."""
    if before == workflow.State.MERGED:
        _end_with_main(petition, now)
    for clock in petition.all_clocks():  # what is decided anew need not be told any more
        if clock.ended_at is None and clock.round < petition.round and clock.step in DUTIES:
            _let_go(clock, at=now)
    show(petition, start(petition, "resolve", at=now))


def _end_with_main(petition: Petition, now: dt.datetime) -> None:
    """What ran while it was merged ends with its main's answer; what stood still ends without a result.

    What was late before it stood still is late.
    """
    since = petition.pauses.filter(ended_at__isnull=True).values_list("began_at", flat=True).first()
    unpause(petition, at=now)
    answered = _main_answered_at(petition) or now
    for clock in petition.all_clocks():
        if clock.ended_at is None and clock.round < petition.round:
            _end(clock, at=answered, void=since is not None and since <= clock.due_at)


def _main_answered_at(petition: Petition) -> dt.datetime | None:
    """When the petition was answered into which this one was merged until now."""
    mains = type(petition).objects.filter(pk=petition.stored("main_id"))
    return mains.values_list("answered_at", flat=True).first()


def _contested(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """The intake clock anew; the resolve clock goes on as if it had never stopped."""
    if petition.received_at and go_on(petition, "resolve"):
        recompute(petition)
    else:
        show(petition, start(petition, "accept", at=now))


def _reclassified(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """The new policy may bring the due date nearer at once, later only by the focal point.

    Away from complaint or denunciation the law's limits end, and what ran before goes on; where nothing did,
    it runs from the first receipt. The way back is a seal.
    """
    was, looked_for = petition.stored("kind"), running(petition, "accept")
    if was != petition.kind and was in workflow.PETITIONS_AT_LAW:
        for step in ("accept", "resolve", "progress", "transfer", "notify", "crime"):
            clock = running(petition, step)
            if clock and clock.policy in LAWS:
                _let_go(clock, at=now)
    if petition.kind not in workflow.PETITIONS_AT_LAW and looked_for and looked_for.ended_at:
        _look_again(petition, since=looked_for.started_at)
    if petition.kind not in workflow.PETITIONS_AT_LAW and petition.received_at:
        if go_on(petition, "resolve"):
            go_on(petition, "transfer")
            go_on(petition, "progress")
        else:
            _start_resolving(petition, now)
    recompute(petition)  # with what it stood still before
    _change_policy(petition, never_later=not permissions.focal_point(by, petition))


def _look_again(petition: Petition, *, since: dt.datetime) -> None:
    """Nobody has taken it up yet: the house's own limit for that has run as long as the law's."""
    if petition.received_at is None and petition.round == 1:
        show(petition, start(petition, "accept", at=since))


def _wait_for_a_look(petition: Petition, by: Actor, now: dt.datetime) -> None:
    """A suspicion waits as long as any report may before a person looks at it; the law sets no limit."""
    if isinstance(by, System) and running(petition, "accept") is None:
        show(petition, start(petition, "accept", at=now, policy=DEFAULT_POLICY))


def _sealed(petition: Petition, before: str, by: Actor, now: dt.datetime) -> None:
    """From now on the limits of complaint and denunciation count; sealed again, they have counted since.

    Of a denunciation none counts before it is signed or told in person; that somebody looks at it does.
    """
    _end_unanswered(petition, now)
    if conditions.is_tip(petition):
        _wait_for_a_look(petition, by, now)
        return
    _check_runs(petition, since=_sealed_since(petition, now))


def _sealed_since(petition: Petition, now: dt.datetime) -> dt.datetime:
    """The first seal since its receipt or its last acceptance; of a denunciation not before its form.

    Back to what it was late as when it was sorted elsewhere, it has waited since its first seal.
    """
    at_law = [clock for clock in _of_round(petition) if clock.policy in LAWS]
    answers = [clock for clock in at_law if clock.is_resolve]
    was_late = any(
        clock.ended_at is not None and clock.ended_at > clock.ends_at and _is_of_kind(clock, petition)
        for clock in answers
    )
    accepted = () if was_late else (clock.started_at for clock in answers)
    since = max([petition.received_at or now, *accepted])
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
