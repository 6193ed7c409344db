"""Conditions of time, number and circumstance, and where an action leads that may lead to more than one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from feedback.dossiers import facts_told
from feedback.permissions import Actor, System
from feedback.workflow.states import (
    ANSWERED_OR_CLOSED,
    NEVER_PUBLIC,
    OPEN,
    OWING,
    PETITIONS_AT_LAW,
    Kind,
    State,
    law_of,
)
from feedback.workflow.table import Condition, InStates
from routing import assignment
from routing.calendar import DeadlineError, office_hours_of
from routing.deadlines import count, working_days_left

if TYPE_CHECKING:
    from feedback.workflow.life import PetitionLife

WINDOW = dt.timedelta(days=15)  # after an answer or a refusal: our proposal, the law gives no number
MOST_RETURNS = 2
MOST_QUESTIONS = 2
SILENCE_WD = 10  # working days without the citizen's word


def state_is(state: State) -> Condition:
    return InStates(frozenset({state}))


def state_is_not(state: State) -> Condition:
    return InStates(frozenset(State) - {state})


def not_contested(petition: PetitionLife) -> bool:
    return petition.contested_at is None


def not_settled_at_law(petition: PetitionLife) -> bool:
    """A sealed one that was answered or ended stays so: to seal it again would undo its answer."""
    return not petition.sealed or petition.state in OPEN


def proposal_fits(petition: PetitionLife) -> bool:
    """What an official has confirmed is not refused any more: from `assigned` only a machine's proposal."""
    return petition.state != State.ASSIGNED or petition.provisional


def proposed(petition: PetitionLife) -> bool:
    return bool(petition.proposed_ground) and proposal_fits(petition)


def taken_on_by_law(petition: PetitionLife) -> bool:
    """A complaint or denunciation is taken on by the decision to handle it (thụ lý), never in passing."""
    undecided = petition.kind in PETITIONS_AT_LAW and petition.accepted_for_handling_at is None
    return petition.state != State.ASSIGNED or not undecided


def asked_seldom(petition: PetitionLife) -> bool:
    """Fewer than MOST_QUESTIONS were asked of its sender: our proposal."""
    return petition.questions < MOST_QUESTIONS


def may_return(petition: PetitionLife) -> bool:
    """Within one working day of the assignment, at most twice in a life, never when it binds."""
    if petition.bound or petition.returns >= MOST_RETURNS or petition.assigned_at is None:
        return False
    return petition.moment <= working_days_after(petition, petition.assigned_at, 1)


def may_hand_on(petition: PetitionLife) -> bool:
    """Its lead may transfer it itself, once, and never when it binds."""
    return not petition.bound and not petition.handed_on


def within_window(petition: PetitionLife) -> bool:
    """Before `end_of_window`."""
    return petition.window_ends_at is not None and petition.moment < petition.window_ends_at


def window_over(petition: PetitionLife) -> bool:
    """From `end_of_window` on; never while a promised day is still to be met."""
    return (
        petition.window_ends_at is not None
        and petition.moment >= petition.window_ends_at
        and not petition.has_open_plan
    )


def silent_too_long(petition: PetitionLife) -> bool:
    """Asked more than SILENCE_WD working days ago, and no word since: our proposal.

    A question that went out later, or anew to a mended address, has its full time from then.
    """
    asked = petition.paused_at

    def is_over(since: dt.datetime) -> bool:
        return petition.moment > working_days_after(petition, since, SILENCE_WD)

    if asked is None or not is_over(asked):  # nearly always, and no letter need be read
        return False
    return is_over(max(asked, petition.question_left_at() or asked))


def working_days_after(petition: PetitionLife, start: dt.datetime, days: int) -> dt.datetime:
    """When its lead's office closes so many working days later; DeadlineError: a year without calendar."""
    return count("working_day", days, start, (), office_hours_of(petition.lead_id)).at


def last_day_to_help(petition: PetitionLife, now: dt.datetime) -> dt.date | None:
    """Whoever is asked to help has at most half of the working days that are left; None without a clock.

    Our proposal; the lead needs the other half. Where nothing is left it is today.
    """
    if petition.due_at is None:
        return None
    try:
        left = working_days_left(now, petition.due_at, office_hours_of(petition.lead_id))
        return timezone.localdate(working_days_after(petition, now, int(max(left, 0) / 2)))
    except DeadlineError:  # a year whose days off nobody has entered
        return timezone.localdate(now + max(petition.due_at - now, dt.timedelta()) / 2)


def not_rated_yet(petition: PetitionLife) -> bool:
    """Once per clock, and once more when its promise is kept: what is answered anew may be rated anew."""
    return petition.rated_round < petition.round


def main_is_answered(petition: PetitionLife) -> bool:
    """A merged petition follows its main one."""
    if petition.state != State.MERGED:
        return True
    return petition.main is not None and petition.main.state in ANSWERED_OR_CLOSED


def may_reopen(petition: PetitionLife) -> bool:
    """Once in the window that began with the answer; not what is decided a second time, or was."""
    if not not_decided_twice(petition) or goes_to_the_second(petition):
        return False
    told = petition.main if petition.state == State.MERGED else petition
    return told is not None and told.window_ends_at is not None and petition.moment < told.window_ends_at


def open_or_planned(petition: PetitionLife) -> bool:
    """Open, or answered with a promise whose day is still to be met."""
    return petition.state in OPEN or petition.has_open_plan


def still_waits(petition: PetitionLife) -> bool:
    """Open, or merged into one that is: whoever sent it has no answer yet."""
    if petition.state == State.MERGED:
        return petition.main is not None and petition.main.state in OPEN
    return petition.state in OPEN


def may_be_told_of(petition: PetitionLife) -> bool:
    """Something of it may fall due that somebody has to hear; danger is heard after the answer too."""
    waits = still_waits(petition) or petition.has_open_plan or petition.duty_due_at is not None
    waits = waits or (petition.state in OWING and owes_investigators(petition))
    return waits or (petition.danger_at is not None and petition.state in ANSWERED_OR_CLOSED)


def has_plan(petition: PetitionLife) -> bool:
    return petition.has_open_plan


def may_ask_extension(petition: PetitionLife) -> bool:
    """Before the due moment, no request waiting, at most as often as the policy says."""
    if petition.extension_asked or not _in_time(petition):
        return False
    return len(petition.extended_at(law_of(petition.kind))) < petition.most_extensions


def may_grant_extension(petition: PetitionLife) -> bool:
    """Asked, and the due moment still ahead: what is late already does not become timely by a signature."""
    return petition.extension_asked and _in_time(petition)


def _in_time(petition: PetitionLife) -> bool:
    return petition.due_at is not None and petition.moment <= petition.due_at


def may_be_public(petition: PetitionLife) -> bool:
    return (
        petition.kind not in NEVER_PUBLIC
        and petition.sensitivity != "confidential"
        and not petition.sealed
        and petition.publication_refused != "all"
        and petition.erased_at is None
    )


def in_doubt(petition: PetitionLife) -> bool:
    """A person is asked whether it is a complaint or denunciation, and has not said."""
    return petition.law_doubt_at is not None


def not_in_doubt(petition: PetitionLife) -> bool:
    """Nor is a part of it: its words are in its own text as well."""
    return not in_doubt(petition) and not any(petition.doubted_parts())


def opens_nothing_in_doubt(petition: PetitionLife) -> bool:
    """Of what is public already more may be hidden meanwhile; `public.with_answer` sees to it that no more
    is opened."""
    return is_public(petition) or not_in_doubt(petition)


def tells_nothing_sealed(petition: PetitionLife) -> bool:
    """No part of it is sealed: its words are in its own text as well."""
    return not petition.sealed_parts().exists()


# How long the sender may look at what will be public before it is published without his word: our proposal.
OFFER_STANDS = dt.timedelta(days=3)


def is_offered(petition: PetitionLife) -> bool:
    """The sender was shown what will be public, and has not said anything to it."""
    return petition.offered_at is not None and may_be_public(petition)


def petitioner_has_looked(petition: PetitionLife) -> bool:
    """What was shown to the sender waits for his word no more: he gave it, or his time is over."""
    return petition.offered_at is None or petition.moment >= petition.offered_at + OFFER_STANDS


def is_public(petition: PetitionLife) -> bool:
    return petition.published_at is not None


def not_denounced(petition: PetitionLife) -> bool:
    """No sealed denunciation: out of that, also into a complaint, whose sender more people know, leads the
    petition officer alone."""
    return not petition.denouncer_sealed


def not_sealed(petition: PetitionLife) -> bool:
    return not petition.sealed


def is_denunciation(petition: PetitionLife) -> bool:
    return petition.kind == Kind.DENUNCIATION


def is_no_denunciation(petition: PetitionLife) -> bool:
    return petition.kind != Kind.DENUNCIATION


def is_tip(petition: PetitionLife) -> bool:
    """A denunciation that came neither signed nor in person: information, for which no limit of law runs.

    Luật Tố cáo 2018, Điều 22, 23, 25.
    """
    return petition.kind == Kind.DENUNCIATION and petition.formal_since is None


def owes_investigators(petition: PetitionLife) -> bool:
    """There are signs of a crime, and no investigating body has its file yet (Luật Tố cáo 2018, Điều 27)."""
    return petition.crime_signs_at is not None and petition.crime_handed_at is None


def open_or_owes_investigators(petition: PetitionLife) -> bool:
    return petition.state in OPEN or owes_investigators(petition)


def open_or_owing(petition: PetitionLife) -> bool:
    """A clock of it may run: of its answer, or of what is to be done besides."""
    return petition.state in OPEN or petition.duty_due_at is not None


def not_decided_twice(petition: PetitionLife) -> bool:
    """After the second instance there is the court, and no third (Luật Khiếu nại 2011, Điều 7, 11)."""
    second = petition.kind == Kind.COMPLAINT and petition.instance > 1
    return not second or petition.state == State.REJECTED


def goes_to_the_second(petition: PetitionLife) -> bool:
    """A complaint of which a second one came: that one is decided, by others."""
    return petition.kind == Kind.COMPLAINT and petition.has_second()


def no_open_appeal(petition: PetitionLife) -> bool:
    """Nobody else is deciding about the same refusal at the same time."""
    return not petition.has_open_appeal()


def may_appeal(petition: PetitionLife) -> bool:
    """One review at a time, and one second complaint for ever."""
    return not goes_to_the_second(petition) and not petition.has_open_appeal()


def undecided_in_time(petition: PetitionLife) -> bool:
    """A first complaint, accepted and late, without a second one yet (Luật Khiếu nại 2011, Điều 33)."""
    accepted = petition.accepted_for_handling_at is not None and petition.instance == 1
    return accepted and petition.is_overdue(petition.moment) and not petition.has_second()


def names_somebody(petition: PetitionLife) -> bool:
    """A step says who is complained of, and stands; the author of a first complaint's decision reads it."""
    may_be = bool(petition.excluded_agencies()) or petition.kind == Kind.COMPLAINT
    return may_be and bool(petition.accusations())


def not_at_law(petition: PetitionLife) -> bool:
    return petition.kind not in PETITIONS_AT_LAW


# --- where an action leads --------------------------------------------------------------------------------


def as_before_asking(petition: PetitionLife, *, contact_alone: bool = False, **_facts: Any) -> str:
    """Where it stood when its sender was asked; a word that nobody asked for moves nothing."""
    answered = petition.state == State.NEEDS_INFO and not contact_alone
    return petition.state_before_asking if answered else petition.state


def as_before_merging(petition: PetitionLife, **_facts: Any) -> str:
    return petition.state_before_merging


def sealed_where(petition: PetitionLife, *, by: Actor, **_facts: Any) -> str:
    """To be received by a person again; where the machine only suspects, it stays where it is."""
    return petition.state if isinstance(by, System) else State.RECEIVED


def end_of_window(answered_at: dt.datetime) -> dt.datetime:
    """24:00, local, of the fifteenth calendar day after the answer."""
    midnight = timezone.localtime(answered_at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + WINDOW + dt.timedelta(days=1)


# Who chose the lead where the tables name another, by the right he had: what the citizen reads.
BY_HAND = {
    "focal_point": gettext_noop("Đầu mối tiếp nhận chọn cơ quan này."),
    "petition_officer": gettext_noop("Cán bộ xử lý đơn chọn cơ quan này."),
    "supervisor": gettext_noop("Người giám sát chọn cơ quan này."),
    "lead_approver": gettext_noop("Cơ quan giữ đơn trước đó chuyển đến đây."),
    "system": gettext_noop("Cơ quan giữ đơn trước đó không được giữ nữa."),
}


def why_led_by(
    petition: PetitionLife, agency: str, now: dt.datetime, against: Mapping[str, str] | None = None
) -> str:
    """What the tables say of this agency for the matter and its place; "" where they name another."""
    told = _by_the_tables(petition, now, against)
    return told.reason if told and told.lead and told.lead.code == agency else ""


def policy_by_competence(petition: PetitionLife, now: dt.datetime) -> str:
    """The limit that the agency's row of competence gives the matter at its place; "" where no row leads."""
    told = _by_the_tables(petition, now)
    return str(told.deadline_policy) if told and told.outcome == "agency" else ""


def _by_the_tables(
    petition: PetitionLife, now: dt.datetime, against: Mapping[str, str] | None = None
) -> assignment.Assignment | None:
    """Who leads the matter at its place that day; None where what is known of it does not fit together."""
    accused = assignment.Against(**against) if against else None
    on = timezone.localdate(now)
    try:
        return assignment.assign(
            petition.kind,
            petition.subfield_id or "",
            petition.where,
            facts=facts_told(petition.text),
            against=accused,
            on=on,
        )
    except assignment.FactError:
        return None
