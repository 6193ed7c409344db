"""The legal clocks of a petition: started, paused, ended and copied to the petition's row by the steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from copy import copy
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback import workflow
from feedback.ladder import DUTY_TOLD_TO_ALL
from feedback.models import Clock, Escalation, Pause
from feedback.models.clock import LAWS
from feedback.workflow import Kind, conditions
from feedback.workflow.states import ANSWERED_OR_CLOSED
from routing.calendar import current_calendar, is_on_duty, office_hours_of
from routing.deadlines import (
    Deadline,
    Variant,
    due,
    explain,
    has_step,
    most_extensions,
    used_up,
)
from routing.kept import row
from routing.models import DeadlinePolicy
from routing.models.limits import DEFAULT_POLICY, POLICY_AT_LAW

if TYPE_CHECKING:
    from feedback.models import Petition

IN_DANGER = "urgent-safety"
AT_ACCEPTANCE = "accepted_for_handling_at"  # the start of a limit that waits for thụ lý
COMPLAINT = POLICY_AT_LAW[Kind.COMPLAINT]


def policy_for(petition: Petition, now: dt.datetime) -> DeadlinePolicy:
    """The policy that its kind follows, else its matter at its place; the plain default while neither says.

    Complaint and denunciation have their own; no other kind follows one of theirs, whatever its sub-field:
    such a limit begins with an acceptance (thụ lý) that the others never have. DeadlinePolicy.DoesNotExist
    before the reference data is loaded.
    """
    slug = POLICY_AT_LAW.get(petition.kind) or _by_matter(petition, now)
    policy = row(DeadlinePolicy, slug)
    if policy is None:
        raise DeadlinePolicy.DoesNotExist(slug)
    return policy


def _by_matter(petition: Petition, now: dt.datetime) -> str:
    """By the row of competence that leads it, else its sub-field; unsorted it keeps what it has."""
    if petition.subfield is None or _is_only_danger(petition):
        slug = petition.policy_id or DEFAULT_POLICY
    else:
        slug = conditions.policy_by_competence(petition, now) or petition.subfield.policy_id
    return plain_policy(slug)


def _is_only_danger(petition: Petition) -> bool:
    """An appeal that tells of a danger, and nobody has said of which: it stands under what it is against."""
    if petition.policy_id != IN_DANGER or not petition.is_appeal:
        return False
    return petition.origin is not None and petition.subfield_id == petition.origin.subfield_id


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
    return next((clock for clock in running_clocks(petition) if clock.step == step), None)


def running_clocks(petition: Petition) -> list[Clock]:
    return [clock for clock in of_round(petition) if clock.ended_at is None]


def of_round(petition: Petition) -> list[Clock]:
    """The clocks of the petition's present round, oldest first."""
    return [clock for clock in petition.all_clocks() if clock.round == petition.round]


def start(petition: Petition, step: str, *, at: dt.datetime, policy: str = "") -> Clock:
    """Start the clock of one policy step, or give back the one that runs already.

    Raises DeadlineError: no such step in force, or a year whose days off nobody has entered.
    """
    clock = running(petition, step)
    if clock is None:
        deadline = _deadline(petition, step, at, policy=policy)
        clock = Clock(petition=petition, round=petition.round, step=step, is_resolve=step == "resolve")
        clock.started_at, clock.first_due_at = at, deadline.at
        petition.all_clocks().append(clock)
        write(clock, deadline)
    return clock


def end(petition: Petition, step: str, *, at: dt.datetime, void: bool = False) -> None:
    """End a running clock with its result; nothing happens to one that has ended or never ran."""
    clock = running(petition, step)
    if clock:
        end_clock(clock, at=at, void=void)


def end_clock(clock: Clock, *, at: dt.datetime, void: bool = False) -> None:
    """End it with its result: on time, late, or `void` where the limit no longer concerns it."""
    clock.ended_at = at
    met = Clock.Result.ON_TIME if at <= clock.ends_at else Clock.Result.LATE
    clock.result = Clock.Result.VOID if void else met
    clock.save(update_fields=["ended_at", "result"])
    _show_duty(clock)


def let_go(clock: Clock, *, at: dt.datetime) -> None:
    """End it without a result; but what was owed and is late already stays late, whatever became of it."""
    owed = clock.step == "accept" or is_owed(clock)
    end_clock(clock, at=at, void=not owed or at <= clock.ends_at)


def go_on(petition: Petition, step: str) -> Clock | None:
    """Let the last clock of this step run again as if it had never stopped, of resolving also one answered.

    Of the kind's own regime: a report's clock and a complaint's never stand in for one another.
    """
    own = [clock for clock in of_round(petition) if clock.step == step and is_of_kind(clock, petition)]
    ended = own[-1] if own else None
    if ended and ended.ended_at is not None and (ended.is_resolve or ended.result == Clock.Result.VOID):
        ended.ended_at, ended.result = None, ""
        ended.save(update_fields=["ended_at", "result"])
        _show_duty(ended)
    return ended


def would_end_at(petition: Petition, clock: Clock) -> dt.datetime:
    """Until when it would be met if it went on: counted anew, with all that stood still since."""
    deadline = _deadline(petition, clock.step, clock.started_at, policy=clock.policy)
    anew = copy(clock)
    anew.due_at, anew.legal_due_on = deadline.at, deadline.legal_on
    return anew.ends_at


def is_of_kind(clock: Clock, petition: Petition) -> bool:
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
    for clock, deadline in counted_anew(petition, granted_at):
        write(clock, deadline)
    show_current(petition)


def change_policy(petition: Petition, *, never_later: bool) -> None:
    """Count every running clock under the policy that the petition has now.

    `never_later`: one that would move away keeps its own policy, now and whenever it is counted again.
    """
    for clock in running_clocks(petition):
        if limits(petition, clock.step, at=clock.started_at):
            deadline = _deadline(petition, clock.step, clock.started_at)
            if not (never_later and deadline.at > clock.due_at):
                write(clock, deadline)
    show_current(petition)


def counted_anew(petition: Petition, granted_at: dt.datetime | None = None) -> list[tuple[Clock, Deadline]]:
    """Each running clock with its deadline as it would be counted now; nothing is written."""
    return [
        (clock, _deadline(petition, clock.step, clock.started_at, granted_at, policy=clock.policy))
        for clock in running_clocks(petition)
        if has_step(
            clock.policy,
            clock.step,
            on=timezone.localdate(clock.started_at),
            province=petition.territory_id,
        )
    ]


def show_current(petition: Petition) -> None:
    current = running(petition, "resolve") or running(petition, "accept")
    if current:
        show(petition, current)


def show(petition: Petition, clock: Clock) -> None:
    """Copy a clock to the petition's row, where lists sort by it."""
    petition.due_at = clock.due_at
    petition.first_due_at = clock.first_due_at
    petition.legal_due_on = clock.legal_due_on
    petition.warns_at = clock.warns_at


def show_none(petition: Petition) -> None:
    """No limit runs: its row says none."""
    petition.due_at = petition.first_due_at = petition.warns_at = None
    petition.legal_due_on = None


# By then a word that time runs out still helps; of the time to answer in, not of the time to look at it.
WARNED_AT = 0.8


def write(clock: Clock, deadline: Deadline) -> None:
    """Keep a deadline with its reason, days and versions; of resolving also when to warn, in working time."""
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
        said = Escalation.objects.filter(petition=petition, rung=DUTY_TOLD_TO_ALL, of__in=owed)
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
    return deadline


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


def stale() -> QuerySet[Clock]:
    """Running clocks that were counted in a calendar which is no longer so: of what is open, and of duties
    that the answer has left."""
    owing = Q(petition__state__in=ANSWERED_OR_CLOSED, petition__duty_due_at__isnull=False)
    rows = Clock.objects.filter(owing | Q(petition__state__in=workflow.OPEN), ended_at__isnull=True)
    return rows.exclude(calendar_version__in=current_calendar().versions())


def would_move(petition: Petition) -> bool:
    """Whether any of its running clocks ends at another moment, counted in today's calendar."""
    return any(deadline.at != clock.due_at for clock, deadline in counted_anew(petition))


def note_calendar(petition: Petition) -> None:
    """Counted anew and found where they were: the clocks name the calendar as it is now."""
    calendar = current_calendar()
    for clock in running_clocks(petition):
        clock.calendar_version = calendar.version(
            timezone.localdate(clock.started_at), timezone.localdate(clock.due_at)
        )
        clock.save(update_fields=["calendar_version"])
