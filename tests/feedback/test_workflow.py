"""The whole table of actions, states and persons, written out; the code is held against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from feedback import workflow
from feedback.models import Clock, Coordination, FollowUp, Petition, Step
from feedback.permissions import SYSTEM, Actor, Holder
from feedback.steps import NotNow, take
from feedback.verification import verify
from tests import make

pytestmark = pytest.mark.django_db

OPEN = "submitted needs_info received assigned returned in_progress suspended pending_approval reopened"
CLOSED = "rejected redirected answered closed withdrawn merged"
ALL = f"{OPEN} {CLOSED}"
LATER = f"{OPEN.replace('submitted ', '')} answered closed rejected redirected merged"

# action | from | who. "lead" are handlers and approvers of the lead, "approver" its approvers, "secret"
# whoever holds it; where the focal point leads, its people and the petition officers are "lead".
TABLE = f"""
read | submitted | system
receive | submitted | focal officer system
ask | submitted received assigned in_progress reopened | focal officer lead
inform | {OPEN} answered merged | secret operator lead focal officer
propose_refusal | submitted received assigned returned | focal officer
confirm_refusal | submitted received assigned returned | focal officer supervisor
contest | rejected | secret
redirect | submitted received assigned returned in_progress | focal officer
assign | received returned | focal officer system
assign | reopened | focal officer
return_ | assigned | lead
transfer | received assigned in_progress returned | focal supervisor approver
lift | {OPEN} | focal officer supervisor system
accuse | rejected redirected answered closed withdrawn merged | focal officer supervisor
clear_accused | {ALL} | focal officer supervisor
accept | assigned reopened | lead
accept_for_handling | received assigned | officer approver
declare | {OPEN} answered closed rejected withdrawn | officer approver
dialogue | in_progress pending_approval | officer lead
announce | answered closed | officer lead
coordinate | received assigned in_progress | focal lead
contribute | received assigned in_progress | coordinator
split | submitted received assigned in_progress | focal officer
suspend | in_progress | approver officer
resume | suspended | approver officer
request_extension | in_progress | lead
grant_extension | in_progress | approver
report | {OPEN} answered | lead
draft_reply | in_progress | lead
send_back | pending_approval | approver
approve | pending_approval | approver
fulfil | answered | approver
rate | answered closed merged | secret
reopen | answered closed merged | secret supervisor
appeal | answered closed rejected | secret
appeal_overdue | in_progress suspended pending_approval | secret
close | answered | system
close | needs_info | focal
withdraw | {OPEN} | secret
merge | {OPEN} | focal lead
unmerge | merged | focal lead system
reclassify | {OPEN} | lead focal officer
clear_doubt | {OPEN} answered closed rejected redirected merged | focal officer
seal | submitted | focal officer lead approver reviewer system
seal | {LATER} | focal officer lead reviewer
offer_publication | in_progress answered closed reopened | reviewer
agree_publication | {ALL} | secret
publish | in_progress answered closed reopened | reviewer
unpublish | in_progress answered closed reopened | reviewer officer administrator system
refuse_publication | {ALL} | secret
note | {OPEN} answered | lead focal officer supervisor reviewer coordinator
remind | {OPEN} answered | supervisor focal
demand_report | {OPEN} answered | supervisor focal
escalate | {OPEN} answered closed merged rejected withdrawn | system
recount | {OPEN} answered closed | system
erase | {ALL} | administrator system
"""

PLANNED = {"outcome": "planned", "text": "Sẽ lát lại", "plan_date": "2099-01-01"}
TOLD: dict[str, dict[str, Any]] = {
    "ask": {"question": "Ở đâu?"},
    "inform": {"text": "Ở số 12"},
    "propose_refusal": {"ground": "out_of_scope", "reason": "Dân sự"},
    "contest": {"text": "Không đúng"},
    "redirect": {"body": "Tòa án", "address": "374 Núi Thành"},
    "assign": {"agency": make.HAI_CHAU},
    "return_": {"reason_code": "wrong_field", "words": "Sai", "suggested_agency": make.CONSTRUCTION},
    "transfer": {"agency": make.CONSTRUCTION, "reason": "Đường tỉnh"},
    "lift": {"agency": "provincial-people-committee:48", "reason": "Phản ánh chính phường"},
    "accuse": {
        "against": {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"},
        "why": "Người gửi nói thêm",
    },
    "clear_accused": {
        "against": {"agency_type": "commune-police", "unit_code": "20242", "role": "unit"},
        "why": "Ghi nhầm phường",
    },
    "accept_for_handling": {"decision_number": "12/QĐ", "signed_on": "2026-11-20"},
    "declare": {"circumstance": "crime_signs", "reason": "Có dấu hiệu nhận hối lộ"},
    "dialogue": {"day": "2099-01-05", "text": "8 giờ, trụ sở UBND phường"},
    "announce": {"announced": "sent"},
    "coordinate": {"agencies": [make.CONSTRUCTION], "question": "Của ai?", "day": "2099-01-01"},
    "contribute": {"text": "Của Sở"},
    "split": {"texts": ["Việc thứ hai"]},
    "suspend": {"reason": "Giám định"},
    "resume": {"reason": "Có kết quả"},
    "request_extension": {"reason": "Phức tạp", "interim_reply": "Xin thêm thời gian"},
    "report": {"text": "Đang làm"},
    "draft_reply": make.ANSWER,
    "send_back": {"words": "Thiếu ảnh"},
    "fulfil": {"evidence": "Ảnh", "text": "Xong"},
    "rate": {"score": "satisfied"},
    "reopen": {"reason": "Lại hỏng"},
    "appeal": {"text": "Không thỏa đáng"},
    "appeal_overdue": {"text": "Quá hạn mà chưa giải quyết"},
    "close": {"notice": "Không nhận được bổ sung"},
    "reclassify": {"subfield": "transport.road-surface", "why": "Đường"},
    "seal": {"kind": "complaint"},
    "publish": {"public_text": "Vỉa hè"},
    "unpublish": {"reason": "Lộ tên"},
    "offer_publication": {"public_text": "Vỉa hè"},
    "refuse_publication": {"hide": "all"},
    "note": {"text": "Nhớ gọi lại"},
    "demand_report": {"days": 3},
    "escalate": {"rung": "due"},
    "erase": {"rule": "unsigned-1-year"},
}


def rows() -> list[tuple[str, str, set[str]]]:
    """(action, state, who) for every listed pair."""
    listed = []
    for line in TABLE.strip().splitlines():
        action, states, who = (part.strip() for part in line.split("|"))
        listed += [(action, state, set(who.split())) for state in states.split()]
    return listed


LISTED = {(action, state): who for action, state, who in rows()}
# A draft has no step yet: only its owner's words may go on, go, or be hidden.
OF_A_DRAFT = {"submit", "withdraw", "unpublish", "refuse_publication", "erase"}
STATES = ["draft", *ALL.split()]
OVER = {"answered", "closed", "rejected", "withdrawn"}  # but for what is owed besides


def ready(action: str, state: str) -> tuple[Petition, dict[str, Any], dt.datetime]:
    """A petition in that state with every other condition of the action met, its facts, and the moment."""
    planned = state == "answered" and action in {"report", "fulfil", "remind", "demand_report", "escalate"}
    petition = make.petition(state, answer=PLANNED if planned else None)
    told = dict(TOLD.get(action, {}))
    if action in {"propose_refusal", "confirm_refusal"}:
        Petition.objects.filter(pk=petition.pk).update(provisional=True)
    if action == "confirm_refusal" and state in {"submitted", "received", "assigned", "returned"}:
        make.STEPS_TO["propose_refusal"](petition, {})
    if action == "grant_extension" and state == "in_progress":
        take(petition, "request_extension", by=make.handler(), **TOLD["request_extension"])
    with_kin(petition)
    if action == "unpublish" and state in {"in_progress", "answered", "closed", "reopened"}:
        take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè")
    if action == "agree_publication":
        Petition.objects.filter(pk=petition.pk).update(offered_at=petition.submitted_at)
    if action in {"accept_for_handling", "declare", "dialogue", "announce"}:
        Petition.objects.filter(pk=petition.pk).update(kind="complaint")
    if action == "declare" and state in OVER:  # then that alone is left to be recorded
        Petition.objects.filter(pk=petition.pk).update(crime_signs_at=petition.submitted_at)
        told["circumstance"] = "crime_handed"
    if action in {"escalate", "recount"} and state in OVER:
        Petition.objects.filter(pk=petition.pk).update(duty_due_at=petition.submitted_at)
    if action == "clear_doubt":
        Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    if action == "appeal_overdue":
        accepted = {"kind": "complaint", "accepted_for_handling_at": petition.submitted_at}
        Petition.objects.filter(pk=petition.pk).update(
            **accepted, due_at=petition.submitted_at, legal_due_on=None
        )
    if action == "merge":
        told["main"] = make.petition("in_progress").code
    if action in {"rate", "reopen", "clear_accused"} and state == "merged":
        main = Petition.objects.get(merged=petition)
        take(main, "draft_reply", by=make.handler(), **make.ANSWER)
        take(main, "approve", by=make.approver())
    if action == "clear_accused":
        names = "reclassify" if state in OPEN.split() else "accuse"
        take(petition, names, by=make.officer(), why="x", against=told["against"])
    late = dt.timedelta(days=30 if action == "close" else 0)
    return Petition.objects.get(pk=petition.pk), told, timezone.now() + late


OFFICIALS = (
    ("focal", (Role.FOCAL_POINT, make.FOCAL_POINT, "48")),
    ("officer", (Role.PETITION_OFFICER, make.FOCAL_POINT, "48")),
    ("lead", (Role.HANDLER, make.HAI_CHAU, "")),
    ("approver", (Role.APPROVER, make.HAI_CHAU, "")),
    ("coordinator", (Role.HANDLER, make.CONSTRUCTION, "")),
    ("reviewer", (Role.REVIEWER, make.FOCAL_POINT, "48")),
    ("supervisor", (Role.SUPERVISOR, "", "48")),
    ("operator", (Role.OPERATOR, "", "48")),
    ("administrator", (Role.ADMINISTRATOR, "", "")),
    ("auditor", (Role.AUDITOR, "", "")),
    ("stranger", (Role.HANDLER, "commune-people-committee:00367", "")),
    ("stranger", (Role.FOCAL_POINT, "feedback-focal-point:01", "01")),
    ("stranger", (Role.SUPERVISOR, "", "01")),
    ("stranger", (Role.CITIZEN, "", "")),
)


def officials() -> list[tuple[str, Actor]]:
    """One person of each sort, by the word of the table."""
    people = make.users(*(post for _word, post in OFFICIALS))
    return [*zip((word for word, _post in OFFICIALS), people, strict=True), ("system", SYSTEM)]


def holders(petition: Petition) -> list[tuple[str, Actor]]:
    return [("secret", Holder(petition.pk)), ("stranger", Holder(petition.pk + 1000))]


def expected(word: str, who: set[str], petition: Petition) -> bool:
    """Whether the table lets this sort of person do it, where Hải Châu or the focal point leads."""
    words = {word}
    if petition.lead_id == make.HAI_CHAU and word == "approver":
        words |= {"lead"}
    if petition.lead_id != make.HAI_CHAU:
        words -= {"lead", "approver"}
        words |= {"lead"} if word in {"focal", "officer"} else set()
    return bool(words & who)


def test_the_table_has_every_action_and_no_other() -> None:
    assert {action for action, _state in LISTED} | {"submit"} == set(workflow.ACTIONS)


def test_each_action_starts_from_the_states_written_here_and_from_no_other() -> None:
    in_code = {(row.name, str(source)) for row in workflow.ACTIONS.values() for source in row.sources}
    written = set(LISTED) | {(action, "draft") for action in OF_A_DRAFT}
    wider = {("unpublish", state) for state in ALL.split()}
    assert in_code - wider == written - wider


WHOEVER: dict[str, Callable[[Petition], Actor]] = {
    "clock": lambda _petition: SYSTEM,
    "holder": make.holder,
    "focal": lambda _petition: make.focal_point(),
    "approver": lambda _petition: make.approver(),
}
ASKING = ["clock", *(pytest.param(name, marks=pytest.mark.long) for name in WHOEVER if name != "clock")]


@pytest.mark.long
@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("state", STATES)
def test_what_is_not_listed_is_refused_whoever_asks_and_changes_nothing(state: str, asking: str) -> None:
    """Each with all it needs: nothing but the state stands in the way, not even of what nobody is."""
    petition = draft() if state == "draft" else make.petition(state)
    told = TOLD | {"merge": {"main": make.petition("in_progress").code}, "submit": {"text": "Vỉa hè bong"}}
    listed = OF_A_DRAFT if state == "draft" else {name for name, at in LISTED if at == state}
    unlisted = set(workflow.ACTIONS) - listed
    actor = WHOEVER[asking](petition)
    before = everything()
    for action in sorted(unlisted):
        with pytest.raises(NotNow):
            take(petition, action, by=actor, **told.get(action, {}))
    assert everything() == before


def draft() -> Petition:
    """What a signed-in person has not handed in yet."""
    return Petition.objects.create(
        code="000000000012",
        secret_hash="-",
        text="Vỉa hè bong",
        petitioner=make.user(),
        territory_id="48",
        submitted_at=timezone.now(),
    )


def test_what_is_done_with_a_draft_and_its_handing_in_are_one_chain() -> None:
    petition = draft()
    owner = petition.petitioner
    assert owner
    for action in ("refuse_publication", "refuse_publication", "submit", "withdraw"):
        take(petition, action, by=owner, **TOLD.get(action, {"text": petition.text}))
    chain = petition.steps.order_by("seq").values_list("seq", "action", "after")
    assert [(seq, after) for seq, _action, after in chain] == [
        (1, "draft"),
        (2, "draft"),
        (3, "submitted"),
        (4, "withdrawn"),
    ]
    assert verify().ok


def everything() -> list[Any]:
    """Every column of every petition, step, follow-up and clock."""
    return [list(table.objects.order_by("pk").values()) for table in (Petition, Step, FollowUp, Clock)]


@pytest.mark.parametrize("state", ALL.split())
def test_who_may_take_it_is_who_is_written_here(state: str) -> None:
    """The rights alone, of every listed action; `slow` takes each of them."""
    petition = with_kin(make.petition(state))
    everyone = officials() + holders(petition)
    for action in (name for name, at in LISTED if at == state):
        row = workflow.ACTIONS[action]
        for word, actor in everyone:
            may = any(right.holds(actor, petition) for right in row.who)
            assert may == expected(word, LISTED[action, state], petition), (action, word)


def with_kin(petition: Petition) -> Petition:
    """An agency asked to help, so that its people have their right."""
    Coordination.objects.create(
        petition=petition,
        agency_id=make.CONSTRUCTION,
        question="Của ai?",
        due_on=dt.date(2099, 1, 1),
        asked_at=timezone.now(),
    )
    return petition


@pytest.mark.slow
@pytest.mark.parametrize("action", [name for name in workflow.ACTIONS if name != "submit"])
def test_every_listed_pair_works_for_the_right_and_is_refused_to_the_wrong_person(action: str) -> None:
    everyone = officials()
    for state in (state for name, state in LISTED if name == action):
        petition, told, now = ready(action, state)
        before = petition.steps.count()
        assert workflow.can_take(petition, action, now=now), state
        right = None
        for word, actor in everyone + holders(petition):
            if expected(word, LISTED[action, state], petition):
                right = right or actor
                continue
            with pytest.raises(PermissionDenied):
                take(petition, action, by=actor, now=now, **told)
            assert petition.steps.count() == before, (state, word)
        assert right is not None
        step = take(petition, action, by=right, now=now, **told)
        assert (step.before, step.seq) == (state, before + 1)
