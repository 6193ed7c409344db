"""Random lives through the whole table: no dead end but the final states, no clock or wait that resets."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from feedback import workflow
from feedback.clocks import hold_as_much
from feedback.intake import receive
from feedback.models import Clock, Petition
from feedback.permissions import SYSTEM, Actor
from feedback.steps import take
from feedback.verification import verify
from feedback.workflow import FINAL, State
from tests import make
from tests.feedback.test_workflow import PLANNED, TOLD

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# Early 2026, so that forty steps stay inside the calendar that is known (2025 to 2027).
START = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)
# Within the hours in which a return is still possible, within days, or after a window has closed.
HOURS = st.one_of(st.integers(0, 6), st.integers(0, 8 * 24), st.integers(8 * 24, 17 * 24))
STEPS = st.lists(st.tuples(st.integers(0, 10_000), HOURS), min_size=15, max_size=40)


def cast() -> list[Actor]:
    """Enough people that every second person, other handler and superior is there."""
    people: list[Actor] = [make.focal_point(), make.focal_point(), make.officer(), make.officer()]
    people += [make.reviewer(), make.user(Role.SUPERVISOR, province="48"), SYSTEM]
    for agency in (make.HAI_CHAU, make.CONSTRUCTION, make.FOCAL_POINT, "provincial-people-committee:48"):
        people += [make.handler(agency), make.handler(agency), make.approver(agency), make.approver(agency)]
    return people


def facts(action: str, number: int, petition: Petition, now: dt.datetime) -> dict[str, Any]:
    """What the action needs; drawn, where it matters, by the number."""
    told = dict(TOLD.get(action, {}))
    if action == "assign":
        told["agency"] = (make.HAI_CHAU, make.CONSTRUCTION)[number % 2]
    if action == "draft_reply" and number % 3 == 0:
        told = dict(PLANNED)
    if action == "seal":
        kinds = [
            kind for kind in ("complaint", "denunciation") if not (petition.sealed and petition.kind == kind)
        ]
        told["kind"] = kinds[number % len(kinds)]
    if action == "reclassify" and petition.kind in workflow.PETITIONS_AT_LAW:
        told = {"kind": "report", "why": "Không phải đơn khiếu nại, tố cáo"}
    if action == "coordinate" and petition.lead_id == make.CONSTRUCTION:
        told["agencies"] = [make.HAI_CHAU]
    if action == "accept_for_handling":
        told["signed_on"] = timezone.localdate(now)
    if action == "request_extension":
        again = petition.extensions > 0
        of_denunciation = "specially_complex" if again else "complex"
        told["complex_ground"] = "foreign" if petition.kind == "complaint" else of_denunciation
    if action == "declare" and petition.crime_signs_at:  # after the answer nothing else is left to be told
        told["circumstance"] = "crime_signs" if petition.crime_handed_at else "crime_handed"
    if action == "withdraw":
        told["signed_form"] = True
    if action == "refuse_publication":
        told["hide"] = "Tên đường"
    if action == "merge":
        told["main"] = another(
            petition.submitted_at - dt.timedelta(days=4)
        ).code  # due no later, and late as well
    return told | another_body(action, told, petition)


def may_be_merged(petition: Petition, main: str, now: dt.datetime) -> bool:
    """Nothing becomes timely by it, and the other complains about the same bodies, here about none."""
    return not petition.excluded_agencies() and hold_as_much(Petition.objects.get(code=main), petition, now)


def another_body(action: str, told: dict[str, Any], petition: Petition) -> dict[str, Any]:
    """Another body of the house where the one that was drawn is complained about, or has it already."""
    free = [code for code in BODIES if code not in petition.excluded_agencies()]
    held = [code for code in free if code != petition.lead_id]
    may_be = held if action in HANDS_ON else free
    return {
        **({"agency": next(iter(may_be), "")} if told.get("agency") and told["agency"] not in may_be else {}),
        **({"agencies": held[:1]} if set(told.get("agencies", ())) - set(held) else {}),
        **({"suggested_agency": held[0]} if told.get("suggested_agency") == petition.lead_id else {}),
    }


def may_be_lifted(petition: Petition, agency: str) -> bool:
    """Over the province's committee there is nobody in this house; at law it gives it to whom it likes."""
    at_law = petition.kind in workflow.PETITIONS_AT_LAW
    return bool(agency) and (at_law or petition.lead_id != "provincial-people-committee:48")


HANDS_ON = {"transfer", "lift"}  # what is handed on goes to another than who has it
BODIES = (make.HAI_CHAU, make.CONSTRUCTION, "provincial-people-committee:48", "inspectorate:48")


def another(now: dt.datetime) -> Petition:
    """One that says the same and is being handled: what a petition can be merged into."""
    petition = receive(make.submission(), now=now).petition
    take(petition, "receive", by=make.focal_point(), now=now)
    take(petition, "assign", by=make.focal_point(), now=now, agency=make.HAI_CHAU)
    take(petition, "accept", by=make.handler(), now=now)
    return petition


def answer_main(petition: Petition, now: dt.datetime) -> None:
    """What a merged petition waits for."""
    main = Petition.objects.filter(merged=petition).first()
    if main and main.state == State.IN_PROGRESS:
        take(main, "draft_reply", by=make.handler(), now=now, **make.ANSWER)
        take(main, "approve", by=make.approver(), now=now)


# These end, fork or bind another petition, or need what was said before; each has tests of its own.
LEFT_OUT = {
    "erase",
    "clear_accused",
    "clear_doubt",
    "offer_publication",
    "agree_publication",
    *workflow.APPEALS,
}
# These lead out of the common way, or change nothing of it.
SELDOM = {
    *("withdraw", "redirect", "seal", "lift", "transfer", "reclassify", "note", "remind", "report"),
    *("demand_report", "escalate", "recount", "read", "inform", "ask", "merge", "split"),
    *("refuse_publication", "unpublish", "declare", "dialogue", "announce"),
}


# These wait for the word of one other person while the clock runs on: drawn like the rest they come too late.
EAGER = {"grant_extension"}


def test_every_life_ends_or_goes_on() -> None:
    everyone = cast()
    visited: Counter[str] = Counter()
    taken: Counter[str] = Counter()

    @settings(
        max_examples=140,
        phases=[Phase.generate],  # making a failing life shorter takes minutes and says no more
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(STEPS)
    def live(draws: list[tuple[int, int]]) -> None:
        now = START
        petition = make.petition("submitted", now=now)
        waiting_since, first_due = petition.waiting_since, FirstDue()
        for number, hours in draws:
            now += dt.timedelta(hours=hours)
            petition = Petition.objects.get(pk=petition.pk)
            visited[petition.state] += 1
            if number % 2:
                answer_main(petition, now)
            moves = moves_of(petition, [*everyone, make.holder(petition)], now, rare=number % 5 == 0)
            if not moves:
                # The window of a final state may be over; then nothing more is to be done.
                assert petition.state in FINAL, petition.state
                return
            action, actor = moves[number % len(moves)]
            told = facts(action, number, petition, now)
            if action == "merge" and not may_be_merged(petition, told["main"], now):
                continue
            if action == "lift" and not may_be_lifted(petition, told["agency"]):
                continue
            step = take(petition, action, by=actor, now=now, **told)
            taken[action] += 1
            check(step.petition, waiting_since, now)
            first_due.holds(step.petition)
        # Lives of another year in a house whose days were never anchored.
        with override_settings(CLOCK_OPEN=True):
            assert verify().bad == []

    live()
    reached = {str(state) for state in State} - {State.DRAFT}
    assert set(visited) >= reached, reached - set(visited)
    assert set(taken) >= MOVING, MOVING - set(taken)


# What moves or stops a clock, or begins a new one: a life without them shows nothing of it.
MOVING = {
    *("ask", "inform", "return_", "transfer", "suspend", "resume", "request_extension", "grant_extension"),
    *("contest", "reopen", "draft_reply", "send_back", "fulfil", "close", "accept_for_handling"),
    *("merge", "unmerge", "split"),
}


class FirstDue:
    """The first due date of each clock, as it was when the clock began: pauses and extensions leave it."""

    def __init__(self) -> None:
        self.known: dict[int, dt.datetime] = {}

    def holds(self, petition: Petition) -> None:
        for clock in Clock.objects.filter(petition=petition):
            assert clock.first_due_at == self.known.setdefault(clock.pk, clock.first_due_at), clock.step


def moves_of(
    petition: Petition, actors: list[Actor], now: dt.datetime, *, rare: bool
) -> list[tuple[str, Actor]]:
    """One actor for each action that somebody may take; what ends a life early comes seldom."""
    moves: dict[str, Actor] = {}
    for actor in actors:
        for action in workflow.available(petition, actor, now=now):
            moves.setdefault(action, actor)
    possible = {action: actor for action, actor in moves.items() if action not in LEFT_OUT}
    if not rare and (eager := sorted(EAGER & set(possible))):
        return [(eager[0], possible[eager[0]])]
    lively = {action: actor for action, actor in possible.items() if action not in SELDOM}
    return sorted((possible if rare else lively or possible).items(), key=lambda move: move[0])


def check(petition: Petition, waiting_since: dt.datetime | None, now: dt.datetime) -> None:
    """What holds after every step of every life."""
    assert petition.waiting_since == waiting_since
    numbers = list(petition.steps.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    running = Clock.objects.filter(petition=petition, step="resolve", ended_at__isnull=True)
    assert running.count() <= 1
    assert not petition.clocks.filter(ended_at__isnull=True, round__lt=petition.round).exists()
    if petition.state == State.ANSWERED:
        assert not running.exists()
    now_so = Petition.objects.get(pk=petition.pk)
    if now_so.is_open:  # whoever reads why reads it of that very moment
        assert (now_so.clock.due_at if now_so.clock else None) == now_so.due_at
    for clock in Clock.objects.filter(petition=petition):
        assert clock.started_at <= now
    if petition.is_open and petition.received_at and not petition.sealed:
        assert petition.due_at is not None
    # What is merged stands as it stood before.
    state = petition.state_before_merging if petition.state == State.MERGED else petition.state
    paused = petition.pauses.filter(ended_at__isnull=True).count()
    assert paused == (1 if state in workflow.PAUSED else 0), petition.state
    assert (petition.paused_at is not None) == (state in workflow.PAUSED)
    assert timezone.is_aware(petition.submitted_at)
