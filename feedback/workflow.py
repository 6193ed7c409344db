"""The life of a petition as one table: each action is one method, and nothing else changes a state.

Pages, commands and the database's guards ask `ACTIONS`; there is no second list of rights.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, can_proceed, transition

from feedback import permissions
from feedback.permissions import Actor, Right


class State(models.TextChoices):
    """The sixteen states; the labels are what officials read."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    NEEDS_INFO = "needs_info", _("Chờ bổ sung")
    REJECTED = "rejected", _("Từ chối tiếp nhận")
    REDIRECTED = "redirected", _("Đã hướng dẫn, chuyển ngoài hệ thống")
    RECEIVED = "received", _("Đã tiếp nhận")
    ASSIGNED = "assigned", _("Đã phân công, chờ đơn vị nhận")
    RETURNED = "returned", _("Đơn vị trả lại")
    IN_PROGRESS = "in_progress", _("Đang xử lý")
    SUSPENDED = "suspended", _("Tạm dừng")
    PENDING_APPROVAL = "pending_approval", _("Chờ phê duyệt")
    ANSWERED = "answered", _("Đã trả lời")
    REOPENED = "reopened", _("Mở lại")
    CLOSED = "closed", _("Đã đóng")
    WITHDRAWN = "withdrawn", _("Đã rút")
    MERGED = "merged", _("Trùng, đã gộp")


# What the citizen reads for each state: plain words, no inner workings.
PUBLIC_STATES: Mapping[str, Any] = {
    State.DRAFT: _("Bản nháp"),
    State.SUBMITTED: _("Chờ tiếp nhận"),
    State.NEEDS_INFO: _("Cần bổ sung thông tin"),
    State.REJECTED: _("Không tiếp nhận"),
    State.REDIRECTED: _("Đã hướng dẫn"),
    State.RECEIVED: _("Đã tiếp nhận"),
    State.ASSIGNED: _("Đang chuyển xử lý"),
    State.RETURNED: _("Đang chuyển xử lý"),
    State.IN_PROGRESS: _("Đang xử lý"),
    State.SUSPENDED: _("Tạm dừng"),
    State.PENDING_APPROVAL: _("Đang xử lý"),
    State.ANSWERED: _("Đã trả lời"),
    State.REOPENED: _("Đang xử lý lại"),
    State.CLOSED: _("Hoàn thành"),
    State.WITHDRAWN: _("Đã rút"),
    State.MERGED: _("Đã gộp"),
}

OPEN = frozenset(
    {
        State.SUBMITTED,
        State.NEEDS_INFO,
        State.RECEIVED,
        State.ASSIGNED,
        State.RETURNED,
        State.IN_PROGRESS,
        State.SUSPENDED,
        State.PENDING_APPROVAL,
        State.REOPENED,
    }
)


class Kind(models.TextChoices):
    """What a petition is in law; decided before routing."""

    REPORT = "report", _("Phản ánh")
    PROPOSAL = "proposal", _("Kiến nghị")
    COMPLAINT = "complaint", _("Khiếu nại")
    DENUNCIATION = "denunciation", _("Tố cáo")
    QUESTION = "question", _("Hỏi đáp")
    PRAISE = "praise", _("Khen ngợi")
    SPAM = "spam", _("Tin rác")


@dataclass(frozen=True)
class Action:
    """One row of the workflow table."""

    name: str
    sources: frozenset[State]
    target: State | None  # None keeps the state
    who: tuple[Right, ...]
    needs: tuple[str, ...] = ()
    kinds: frozenset[Kind] = field(default_factory=frozenset)  # empty: every kind

    def right_of(self, actor: Actor, petition: PetitionLife) -> str:
        """The name of the right by which this actor may act, "" if there is none."""
        return next((right.__name__ for right in self.who if right(actor, petition)), "")

    def allows(self, actor: Actor, petition: PetitionLife) -> bool:
        return bool(self.right_of(actor, petition))

    def pairs(self) -> Iterable[tuple[State, State]]:
        """The changes of state that this action may make."""
        return ((source, self.target or source) for source in sorted(self.sources))


ACTIONS: dict[str, Action] = {}

Method = Callable[..., None]


def action(
    *,
    source: Iterable[State],
    to: State | None = None,
    who: Iterable[Right],
    needs: Iterable[str] = (),
    kinds: Iterable[Kind] = (),
    conditions: Iterable[Callable[[Any], bool]] = (),
) -> Callable[[Method], Method]:
    """Enter a method of PetitionLife into the table, as a protected transition."""

    def enter(method: Method) -> Method:
        row = Action(method.__name__, frozenset(source), to, tuple(who), tuple(needs), frozenset(kinds))
        ACTIONS[row.name] = row
        enter_machine: Callable[[Method], Method] = transition(
            field="state",
            source=sorted(row.sources),
            target=to,  # None: django-fsm keeps the state
            conditions=[*conditions, *([_of_kind(row.kinds)] if row.kinds else [])],
            permission=lambda petition, actor: row.allows(actor, petition),
        )
        return enter_machine(method)

    return enter


def _of_kind(kinds: frozenset[Kind]) -> Callable[[Any], bool]:
    return lambda petition: petition.kind in kinds


def _not_rated_yet(petition: PetitionLife) -> bool:
    """Once per clock: a reopened petition that is answered anew may be rated anew."""
    return petition.rated_round < petition.round


def _may_be_public(petition: PetitionLife) -> bool:
    return petition.kind not in (Kind.COMPLAINT, Kind.DENUNCIATION, Kind.SPAM) and (
        petition.sensitivity != "confidential"
    )


PUBLISH_FROM = frozenset({State.IN_PROGRESS, State.ANSWERED, State.CLOSED, State.REOPENED})


class PetitionLife(models.Model):
    """The part of a petition that moves: its state and what an action sets in the same row.

    The methods change the row in memory only; `steps.take` checks, saves and records.
    """

    state = FSMField(
        _("trạng thái"), default=State.DRAFT, choices=State.choices, protected=True, db_index=True
    )
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices, default=Kind.REPORT)
    lead = models.ForeignKey(
        "routing.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="led"
    )
    # The province whose focal point takes the petition in: that of the event, else the house's own.
    territory = models.ForeignKey("routing.Province", on_delete=models.PROTECT, related_name="+")
    petitioner = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="petitions"
    )
    drafted_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # One clock after another: 1, and one more with every reopening.
    round = models.PositiveSmallIntegerField(default=1)
    rated_round = models.PositiveSmallIntegerField(default=0)
    score = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    commitment_due = models.DateField(null=True, blank=True)

    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(default=False)  # the machine assigned it; no person confirmed yet

    class Meta:
        abstract = True

    # What the rights ask; `models.Petition` answers.
    if TYPE_CHECKING:

        @property
        def identity_hidden(self) -> bool: ...
        @property
        def needs_superior(self) -> bool: ...
        @property
        def superior_id(self) -> str | None: ...
        @property
        def sensitivity(self) -> str: ...

    lead_id: str | None
    subfield_id: str | None
    territory_id: str
    petitioner_id: int | None
    drafted_by_id: int | None

    @property
    def led_by_focal_point(self) -> bool:
        return (self.lead_id or "").startswith("feedback-focal-point:")

    # --- the straight way -------------------------------------------------------------------

    @action(source=[State.DRAFT], to=State.SUBMITTED, who=[permissions.anyone], needs=["text"])
    def submit(self, *, now: dt.datetime, **_facts: Any) -> None:
        self.submitted_at = now

    @action(
        source=[State.SUBMITTED],
        to=State.RECEIVED,
        who=[permissions.focal_point, permissions.petition_officer, permissions.system],
    )
    def receive(self, *, now: dt.datetime, subfield: str = "", kind: str = "", **_facts: Any) -> None:
        """The first receipt starts the resolve clock; a person may say at once what the matter is."""
        self.received_at = self.received_at or now
        self.subfield_id = subfield or self.subfield_id
        self.kind = kind or self.kind

    @action(
        source=[State.RECEIVED, State.RETURNED, State.REOPENED],
        to=State.ASSIGNED,
        who=[permissions.focal_point, permissions.petition_officer, permissions.system],
        needs=["agency"],
    )
    def assign(self, *, now: dt.datetime, agency: str, provisional: bool = False, **_facts: Any) -> None:
        self.lead_id = agency
        self.assigned_at = now
        self.provisional = provisional

    @action(source=[State.ASSIGNED], to=State.IN_PROGRESS, who=[permissions.lead_handler])
    def accept(self, **_facts: Any) -> None:
        self.provisional = False

    @action(
        source=[State.IN_PROGRESS],
        to=State.PENDING_APPROVAL,
        who=[permissions.lead_handler],
        needs=["outcome", "text"],
    )
    def draft_reply(
        self, *, by: Actor, outcome: str, plan_date: dt.date | None = None, **_facts: Any
    ) -> None:
        self.drafted_by_id = getattr(by, "pk", None)
        self.outcome = outcome
        self.commitment_due = plan_date

    @action(
        source=[State.PENDING_APPROVAL],
        to=State.IN_PROGRESS,
        who=[permissions.answer_approver, permissions.lead_approver, permissions.drafter],
        needs=["words"],
    )
    def send_back(self, **_facts: Any) -> None:
        self.outcome = ""
        self.commitment_due = None

    @action(source=[State.PENDING_APPROVAL], to=State.ANSWERED, who=[permissions.answer_approver])
    def approve(self, *, now: dt.datetime, **_facts: Any) -> None:
        self.answered_at = now

    @action(
        source=[State.ANSWERED, State.CLOSED],
        who=[permissions.secret_holder],
        needs=["score"],
        conditions=[_not_rated_yet],
    )
    def rate(self, *, score: str, **_facts: Any) -> None:
        self.score = score
        self.rated_round = self.round

    @action(
        source=PUBLISH_FROM, who=[permissions.reviewer], needs=["public_text"], conditions=[_may_be_public]
    )
    def publish(self, *, now: dt.datetime, **_facts: Any) -> None:
        """The reviewed copy itself is written by `public.publish` in the same transaction."""
        self.published_at = self.published_at or now


def can_take(petition: PetitionLife, name: str) -> bool:
    """True if the state, and every condition of time and number, lets the action happen now."""
    return can_proceed(getattr(petition, ACTIONS[name].name))


def available(petition: PetitionLife, actor: Actor) -> list[str]:
    """The actions that this actor may take on this petition now, in the order of the table."""
    return [
        row.name
        for row in ACTIONS.values()
        if row.name != "submit" and can_take(petition, row.name) and row.allows(actor, petition)
    ]


def legal_changes() -> list[tuple[str, str]]:
    """Every (before, after) that some action makes, unchanged ones left out: the guards are made of it."""
    pairs = {pair for row in ACTIONS.values() for pair in row.pairs()}
    return sorted((str(before), str(after)) for before, after in pairs if before != after)
