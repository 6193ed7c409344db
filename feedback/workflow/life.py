"""The life of a petition: each action is one method, and nothing else changes a state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from feedback import permissions
from feedback.permissions import Actor, System
from feedback.workflow import conditions
from feedback.workflow.states import (
    ANSWERED_OR_CLOSED,
    ASKABLE,
    BEFORE_ACCEPTANCE,
    EVERY,
    MERGEABLE,
    NOT_WORKED_ON,
    ON_PAPER,
    OPEN,
    OWING,
    PETITIONS_AT_LAW,
    PUBLISH_FROM,
    RATEABLE,
    REFUSABLE,
    SEALABLE,
    Kind,
    State,
)
from feedback.workflow.table import May, action
from routing.kept import ReferenceKey
from routing.models.agencies import focal_point_of, is_focal_point
from routing.places import Place


class PetitionLife(models.Model):
    """The part of a petition that moves: its state and what an action sets in the same row.

    The methods change the row in memory only; `steps.take` checks, saves and records.
    """

    state = FSMField(_("trạng thái"), default=State.DRAFT, choices=State.choices, protected=True)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices, default=Kind.REPORT)
    lead = ReferenceKey(
        "routing.Agency",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led",
        db_index=False,  # those of several columns begin with it, with the state, with the territory
    )
    # The province whose focal point takes the petition in: that of the event, else the house's own.
    territory = models.ForeignKey(
        "routing.Province", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    petitioner = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="petitions"
    )
    subfield = ReferenceKey(
        "routing.Subfield", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    sealed = models.BooleanField(default=False)
    # Since when a person is asked whether it is a complaint or denunciation, which the machine read as
    # something else; None once he has said, and of all else. It stays in the flow of all others meanwhile.
    law_doubt_at = models.DateTimeField(null=True, blank=True)

    submitted_at = models.DateTimeField()
    # The first submission, for ever: a part that was split off or appeals has waited as long.
    waiting_since = models.DateTimeField(null=True, blank=True)
    stands_since = models.DateTimeField(null=True, blank=True)  # in this state, with this lead
    received_at = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    accepted_for_handling_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # When the sender was shown what will be public; None once he answered, or it is.
    offered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("hạn"), null=True, blank=True)

    # Hands: how often and how it went from one to the next.
    provisional = models.BooleanField(default=False)  # the machine assigned it; no person confirmed yet
    hops = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    bound = models.BooleanField(default=False)  # the third assignment binds, whoever gets it
    handed_on = models.BooleanField(default=False)  # the lead's one transfer is used

    # Waiting: for the citizen, or suspended in writing.
    state_before_asking = models.CharField(max_length=20, blank=True)
    questions = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True, blank=True)

    # Refusal by two persons, contested once and then decided by others.
    proposed_ground = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    refused_by = models.JSONField(default=list, blank=True)  # ids of all who refused it, or what it comes of
    refused_ground = models.CharField(max_length=40, blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)

    # The answer.
    drafted_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    first_drafted_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=20, blank=True)
    commitment_due = models.DateField(null=True, blank=True)
    commitment_met_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)
    extension_asked = models.BooleanField(default=False)
    extension_asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    extensions = models.PositiveSmallIntegerField(default=0)
    complex_ground = models.CharField(max_length=40, blank=True)
    report_asked_at = models.DateTimeField(null=True, blank=True)
    report_due_on = models.DateField(null=True, blank=True)

    # Of what is said about rules and those who apply them (NĐ 20/2008/NĐ-CP).
    pakn_class = models.CharField(_("nhóm phản ánh, kiến nghị"), max_length=20, blank=True)
    pooled = models.BooleanField(default=False)  # parked, to be looked at with others of its kind

    # Of complaints and denunciations alone.
    instance = models.PositiveSmallIntegerField(default=1)  # of a complaint: 1 lần đầu, 2 lần hai
    # When a denunciation came as the law asks: signed, or in person. Until then it is a tip.
    formal_since = models.DateTimeField(null=True, blank=True)
    several_places = models.BooleanField(default=False)  # checked in several places before it is accepted
    crime_signs_at = models.DateTimeField(null=True, blank=True)
    crime_handed_at = models.DateTimeField(null=True, blank=True)  # to whoever investigates
    acceptance_told_at = models.DateTimeField(null=True, blank=True)  # to denouncer and accused
    decision_sent_at = models.DateTimeField(null=True, blank=True)
    publicised_at = models.DateTimeField(null=True, blank=True)
    # The nearest day by which something beside the answer is to be done: `clocks.DUTIES`.
    duty_due_at = models.DateTimeField(null=True, blank=True)

    # One clock after another: 1, and one more with every reopening.
    round = models.PositiveSmallIntegerField(default=1)
    rated_round = models.PositiveSmallIntegerField(default=0)
    score = models.CharField(max_length=20, blank=True)

    # Kinship: the main one of duplicates; the one that this was split from or appeals.
    main = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    state_before_merging = models.CharField(max_length=20, blank=True)
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    born_by = models.CharField(max_length=20, blank=True)  # the origin's action, "" where it was sent
    danger_at = models.DateTimeField(null=True, blank=True)  # when a later word told of danger
    erased_at = models.DateTimeField(null=True, blank=True)
    publication_refused = models.CharField(max_length=4, blank=True)  # "" | "part" | "all"

    class Meta:
        abstract = True

    # What the rights and conditions ask; `models.Petition` answers.
    if TYPE_CHECKING:
        text: str

        @property
        def identity_hidden(self) -> bool: ...
        @property
        def denouncer_sealed(self) -> bool: ...
        @property
        def identity_sealed(self) -> bool: ...
        @property
        def letter_sealed(self) -> bool: ...
        @property
        def needs_superior(self) -> bool: ...
        @property
        def superior_id(self) -> str | None: ...
        @property
        def sensitivity(self) -> str: ...
        @property
        def only_summarised(self) -> bool: ...
        @property
        def most_extensions(self) -> int: ...
        def extended_at(self, law: str, now: dt.datetime | None = None) -> list[dt.datetime]: ...
        def descends_from(self, pk: int) -> bool: ...
        def is_overdue(self, now: dt.datetime | None = None) -> bool: ...
        def has_second(self) -> bool: ...
        def has_open_appeal(self) -> bool: ...
        def question_left_at(self) -> dt.datetime | None: ...
        def decided_before(self) -> frozenset[int]: ...
        def sealed_parts(self) -> Any: ...
        def doubted_parts(self) -> Any: ...
        def asked_agencies(self) -> set[str]: ...
        def excluded_agencies(self) -> frozenset[str]: ...
        def accusations(self) -> Sequence[Any]: ...
        def happened_in(self, commune: str) -> None: ...

        urgent: bool
        channel: str
        lead_id: str | None
        subfield_id: str | None
        territory_id: str
        commune_id: str | None
        place_basis: str
        province_id: str | None
        route_reason: str
        petitioner_id: int | None
        drafted_by_id: int | None
        first_drafted_by_id: int | None
        proposed_by_id: int | None
        extension_asked_by_id: int | None
        origin_id: int | None
        main_id: int | None

    _moment: dt.datetime | None = None

    @property
    def moment(self) -> dt.datetime:
        """When an action is being asked about: now, unless `can_take` was told otherwise."""
        return self._moment or timezone.now()

    @property
    def where(self) -> Place:
        """Its place as the tables of competence ask for it: of no known province, where it was taken in."""
        return Place(self.commune_id or "", self.province_id or self.territory_id or "")

    @property
    def is_sealed_or_at_law(self) -> bool:
        """A complaint or denunciation, also one that only may be, or what was sealed as one."""
        return self.sealed or self.kind in PETITIONS_AT_LAW

    @property
    def is_taken_on(self) -> bool:
        """Someone has accepted it; while the citizen is asked, what stood before counts."""
        asked = self.state == State.NEEDS_INFO
        return (self.state_before_asking if asked else self.state) not in BEFORE_ACCEPTANCE

    @property
    def led_by_focal_point(self) -> bool:
        return is_focal_point(self.lead_id)

    @property
    def focal_point_id(self) -> str:
        """The code of the agency that takes in what is of its territory."""
        return focal_point_of(self.territory_id)

    @property
    def has_open_plan(self) -> bool:
        """Answered with a promise ("chờ kinh phí") that has not been kept yet: not resolved."""
        return self.state == State.ANSWERED and self.commitment_due is not None and not self.commitment_met_at

    # --- in -------------------------------------------------------------------------------------------

    @action(
        source=[State.DRAFT],
        to=State.SUBMITTED,
        who=[permissions.operator, permissions.citizen],
        needs=["text"],
    )
    def submit(self, *, now: dt.datetime, **_facts: Any) -> None:
        self.submitted_at = now
        self.waiting_since = self.origin.waiting_since if self.origin else now

    @action(
        source=[State.SUBMITTED],
        to=State.RECEIVED,
        who=[
            permissions.focal_point,
            permissions.petition_officer,
            May(permissions.system, limit=conditions.not_contested),
        ],
    )
    def receive(
        self,
        *,
        by: Actor,
        now: dt.datetime,
        subfield: str = "",
        kind: str = "",
        commune: str = "",
        pakn_class: str = "",
        **_facts: Any,
    ) -> None:
        """The first receipt starts the resolve clock; a person may say what it is about and where."""
        self.pakn_class = pakn_class or self.pakn_class
        self.received_at = self.received_at or now
        self.subfield_id = subfield or self.subfield_id
        self._say_kind(kind, by)
        self._heed_danger()
        if commune:
            self.commune_id, self.province_id = commune, self.territory_id

    def _say_kind(self, kind: str, by: Actor) -> None:
        """Another kind than it had, from one who is asked about the doubt, ends it; from a body that may be
        complained of, or by leaving in a form what stands there, it does not."""
        if kind and kind != self.kind and permissions.hears_doubt(by, self):
            self.law_doubt_at = None
        self.kind = kind or self.kind

    def _heed_danger(self) -> None:
        """What an official sorts to where every matter is urgent is urgent, whatever the machine read."""
        self.urgent = self.urgent or bool(self.subfield and self.subfield.urgent_by_default)

    @action(source=[State.SUBMITTED], who=[permissions.system])
    def read(self, **_facts: Any) -> None:
        """The machine read and located it: what it found stands in the step, for every later count."""

    # --- asking and hearing -----------------------------------------------------------------------------

    @action(
        source=ASKABLE,
        to=State.NEEDS_INFO,
        who=[
            permissions.focal_point,
            permissions.petition_officer,
            permissions.lead_approver,
            May(permissions.lead_handler, limit=conditions.asked_seldom),
        ],
        needs=["question"],
    )
    def ask(self, *, now: dt.datetime, **_facts: Any) -> None:
        self.state_before_asking = self.state
        self.questions += 1
        self.paused_at = now

    @action(
        source=OPEN | {State.ANSWERED, State.MERGED},
        to=conditions.as_before_asking,
        may_become={State.NEEDS_INFO: ASKABLE | {State.NEEDS_INFO}},
        who=[
            permissions.secret_holder,
            permissions.operator,
            permissions.lead_handler,
            permissions.focal_point,
            permissions.petition_officer,
        ],
        needs=["text"],
    )
    def inform(self, *, commune: str = "", contact_alone: bool = False, **_facts: Any) -> None:
        """What the citizen says, also by telephone: it ends the waiting, and is kept at any other time.

        `contact_alone`: an official has mended who he is, and he has said nothing.
        """
        if commune:
            self.happened_in(commune)
        if contact_alone:
            return
        if self.state == State.NEEDS_INFO:
            self.paused_at = None
        elif self.state == State.MERGED and self.state_before_merging == State.NEEDS_INFO:
            self.state_before_merging, self.paused_at = self.state_before_asking, None

    # --- refusing ---------------------------------------------------------------------------------------

    @action(
        source=REFUSABLE,
        who=[permissions.focal_point_unless_refused, permissions.petition_officer_unless_refused],
        needs=["ground", "reason"],
        conditions=[conditions.proposal_fits],
    )
    def propose_refusal(self, *, by: Actor, ground: str, **_facts: Any) -> None:
        """The first of two persons; until the second the citizen sees nothing of it."""
        self.proposed_ground = ground
        self.proposed_by_id = getattr(by, "pk", None)

    @action(
        source=REFUSABLE,
        to=State.REJECTED,
        who=[
            permissions.second_focal_point,
            permissions.second_petition_officer,
            permissions.second_supervisor,
        ],
        conditions=[conditions.proposed],
    )
    def confirm_refusal(self, *, by: Actor, now: dt.datetime, **_facts: Any) -> None:
        self.refused_by = [*self.refused_by, self.proposed_by_id, getattr(by, "pk", None)]
        self.refused_ground = self.proposed_ground
        self.window_ends_at = conditions.end_of_window(now)

    @action(
        source=[State.REJECTED],
        to=State.SUBMITTED,
        who=[permissions.secret_holder],
        needs=["text"],
        conditions=[conditions.not_contested, conditions.within_window, conditions.no_open_appeal],
    )
    def contest(self, *, now: dt.datetime, **_facts: Any) -> None:
        """Back to the focal point, whose others look again; what the machine proposed is over."""
        self.contested_at = now
        self.lead_id = self.focal_point_id
        self.provisional = False
        self.window_ends_at = None

    @action(
        source=REFUSABLE | {State.IN_PROGRESS},
        to=State.REDIRECTED,
        who=[permissions.focal_point_unless_refused, permissions.petition_officer_unless_refused],
        needs=["body", "address"],
    )
    def redirect(self, **_facts: Any) -> None:
        """Outside the house: with the name and address of the right body; it counts as not resolved."""

    # --- hands ------------------------------------------------------------------------------------------

    @action(
        source=[State.RECEIVED, State.RETURNED, State.REOPENED],
        to=State.ASSIGNED,
        who=[
            permissions.focal_point,
            permissions.petition_officer,
            May(permissions.system, when=conditions.state_is_not(State.REOPENED)),
        ],
        needs=["agency"],
    )
    def assign(self, *, now: dt.datetime, agency: str, provisional: bool = False, **facts: Any) -> None:
        why = self.route_reason
        self._hand_to(agency, now, **facts)
        self.provisional = provisional
        if provisional:
            self.route_reason = why  # the machine's own words, from what it alone had read

    @action(
        source=[State.ASSIGNED],
        to=State.RETURNED,
        who=[permissions.lead_handler],
        needs=["reason_code", "words", "suggested_agency"],
        conditions=[conditions.may_return],
    )
    def return_(self, **_facts: Any) -> None:
        self.returns += 1
        self.provisional = False

    @action(
        source=[State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS, State.RETURNED],
        to=State.ASSIGNED,
        who=[
            permissions.focal_point,
            permissions.supervisor,
            May(permissions.lead_approver, limit=conditions.may_hand_on),
        ],
        needs=["agency", "reason"],
    )
    def transfer(self, *, by: Actor, now: dt.datetime, agency: str, **facts: Any) -> None:
        if not permissions.focal_point(by, self) and not permissions.supervisor(by, self):
            self.handed_on = True
        self._hand_to(agency, now, **facts)
        self.provisional = False

    @action(
        source=OPEN,
        to=State.ASSIGNED,
        who=[
            permissions.focal_point,
            permissions.petition_officer,
            permissions.supervisor,
            permissions.system,
        ],
        needs=["agency", "reason"],
    )
    def lift(self, *, now: dt.datetime, agency: str, **facts: Any) -> None:
        """One level up, because the lead is complained about."""
        self.received_at = self.received_at or now
        self._hand_to(agency, now, **facts)
        self.provisional = False
        self._stop_waiting()

    @action(
        source=NOT_WORKED_ON,
        who=[permissions.focal_point, permissions.petition_officer, permissions.supervisor],
        needs=["against", "why"],
    )
    def accuse(self, *, now: dt.datetime, agency: str = "", **facts: Any) -> None:
        """Who is complained of comes to light once nobody works on it: what he led goes up, nothing else."""
        if agency:
            self._hand_to(agency, now, **facts)

    @action(
        source=OPEN | NOT_WORKED_ON,
        who=[
            permissions.petition_officer_unless_named,
            May(permissions.focal_point_unless_named, when=conditions.not_sealed),
            permissions.supervisor_unless_named,
        ],
        needs=["against", "why"],
        conditions=[conditions.names_somebody],
    )
    def clear_accused(self, **_facts: Any) -> None:
        """Somebody was named by mistake: he is shut out no more; who leads it is for the next step to say."""

    def _hand_to(
        self,
        agency: str,
        now: dt.datetime,
        *,
        right: str = "",
        against: Mapping[str, str] | None = None,
        **_facts: Any,
    ) -> None:
        self.lead_id = agency
        ruled = conditions.why_led_by(self, agency, now, against)
        self.route_reason = ruled or conditions.BY_HAND.get(right, "")
        self.assigned_at = now
        self.hops += 1
        self.bound = self.returns >= conditions.MOST_RETURNS
        self.extension_asked = False  # whoever asked for more time has it no more

    def _stop_waiting(self) -> None:
        self.paused_at = None
        self.pooled = False

    @action(
        source=[State.ASSIGNED, State.REOPENED],
        to=State.IN_PROGRESS,
        who=[permissions.lead_handler_afresh],
        conditions=[conditions.taken_on_by_law],
    )
    def accept(self, **_facts: Any) -> None:
        self.provisional = False

    @action(
        source=[State.RECEIVED, State.ASSIGNED],
        to=State.IN_PROGRESS,
        who=[permissions.petition_officer, permissions.lead_approver],
        needs=["decision_number", "signed_on"],
        kinds=PETITIONS_AT_LAW,
    )
    def accept_for_handling(self, *, now: dt.datetime, **_facts: Any) -> None:
        """Thụ lý: the legal act that starts the clock of a complaint or denunciation."""
        self.accepted_for_handling_at = now
        self.formal_since = self.formal_since or now
        self.provisional = False

    @action(
        source=OWING,
        who=[permissions.petition_officer, permissions.lead_approver],
        needs=["circumstance", "reason"],
        kinds=PETITIONS_AT_LAW,
        conditions=[conditions.open_or_owes_investigators],
    )
    def declare(self, *, now: dt.datetime, circumstance: str, **_facts: Any) -> None:
        """Put on record, in writing, what another limit or duty hangs on: `facts.Circumstance`.

        Signs of another crime, once the file of one has gone, are owed anew.
        """
        if circumstance == "formal":
            self.formal_since = self.formal_since or now
        self.several_places = self.several_places or circumstance == "several_places"
        if circumstance == "crime_signs" and not conditions.owes_investigators(self):
            self.crime_signs_at, self.crime_handed_at = now, None
        if circumstance == "crime_handed":
            self.crime_handed_at = self.crime_handed_at or now
        if circumstance == "acceptance_told":
            self.acceptance_told_at = self.acceptance_told_at or now

    @action(
        source=[State.IN_PROGRESS, State.PENDING_APPROVAL],
        who=[permissions.petition_officer, permissions.lead_handler],
        needs=["day", "text"],
        kinds=[Kind.COMPLAINT],
    )
    def dialogue(self, **_facts: Any) -> None:
        """The parties are invited to speak with one another: on which day, where, about what."""

    @action(
        source=ANSWERED_OR_CLOSED,
        who=[permissions.petition_officer, permissions.lead_handler],
        needs=["announced"],
        kinds=PETITIONS_AT_LAW,
    )
    def announce(self, *, now: dt.datetime, announced: str, **_facts: Any) -> None:
        """The decision or conclusion was sent to the parties, or made public, as the law asks."""
        if announced == "sent":
            self.decision_sent_at = self.decision_sent_at or now
        else:
            self.publicised_at = self.publicised_at or now

    @action(
        source=[State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS],
        who=[permissions.focal_point, permissions.lead_handler],
        needs=["agencies", "question", "day"],
    )
    def coordinate(self, **_facts: Any) -> None:
        """Ask others to help; only the lead answers the citizen."""

    @action(
        source=[State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS],
        who=[permissions.coordinator],
        needs=["text"],
    )
    def contribute(self, **_facts: Any) -> None:
        """What an agency that was asked to help has to say."""

    @action(
        source=[State.SUBMITTED, State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS],
        who=[permissions.focal_point, permissions.petition_officer],
        needs=["texts"],
    )
    def split(self, **_facts: Any) -> None:
        """Mixed content: this one keeps the whole text, each new one holds its own part alone."""

    # --- time -------------------------------------------------------------------------------------------

    @action(
        source=[State.IN_PROGRESS],
        to=State.SUSPENDED,
        who=[permissions.lead_approver, permissions.petition_officer],
        needs=["reason"],
    )
    def suspend(self, *, now: dt.datetime, reason: str, **_facts: Any) -> None:
        """Parked to be pooled where that is the reason (NĐ 20/2008/NĐ-CP, Điều 14 khoản 2 điểm b)."""
        self.paused_at = now
        self.pooled = reason == "pooled"

    @action(
        source=[State.SUSPENDED],
        to=State.IN_PROGRESS,
        who=[permissions.lead_approver, permissions.petition_officer],
        needs=["reason"],
    )
    def resume(self, **_facts: Any) -> None:
        self._stop_waiting()

    @action(
        source=[State.IN_PROGRESS],
        who=[permissions.lead_handler],
        needs=["reason", "interim_reply"],
        conditions=[conditions.may_ask_extension],
    )
    def request_extension(self, *, by: Actor, complex_ground: str = "", **_facts: Any) -> None:
        self.extension_asked = True
        self.extension_asked_by_id = getattr(by, "pk", None)
        self.complex_ground = complex_ground or self.complex_ground

    @action(
        source=[State.IN_PROGRESS],
        who=[permissions.another_lead_approver],
        conditions=[conditions.may_grant_extension],
    )
    def grant_extension(self, **_facts: Any) -> None:
        self.extension_asked = False
        self.extensions += 1

    @action(
        source=OPEN | {State.ANSWERED},
        who=[permissions.lead_handler],
        needs=["text"],
        conditions=[conditions.open_or_planned],
    )
    def report(self, **_facts: Any) -> None:
        """Ends the limit of a demanded one."""
        self.report_asked_at = self.report_due_on = None

    # --- the answer -------------------------------------------------------------------------------------

    @action(
        source=[State.IN_PROGRESS],
        to=State.PENDING_APPROVAL,
        who=[permissions.answer_drafter],
        needs=["outcome", "text"],
    )
    def draft_reply(
        self, *, by: Actor, outcome: str, plan_date: dt.date | None = None, **_facts: Any
    ) -> None:
        self.drafted_by_id = getattr(by, "pk", None)
        self.first_drafted_by_id = self.first_drafted_by_id or self.drafted_by_id
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
        self.offered_at = None  # of another answer
        self.commitment_met_at = None
        self.window_ends_at = conditions.end_of_window(now)
        if self.commitment_due is None:  # what was done stands in the answer
            self.report_asked_at = self.report_due_on = None

    @action(
        source=[State.ANSWERED],
        who=[permissions.lead_approver],
        needs=["evidence", "text"],
        conditions=[conditions.has_plan],
    )
    def fulfil(self, *, now: dt.datetime, **_facts: Any) -> None:
        """The promise is kept: the citizen may object anew, and rate, also where he rated the promise."""
        self.commitment_met_at = now
        self.rated_round = min(self.rated_round, self.round - 1)
        self.window_ends_at = conditions.end_of_window(now)
        self.report_asked_at = self.report_due_on = None

    @action(
        source=RATEABLE,
        who=[permissions.secret_holder],
        needs=["score"],
        conditions=[conditions.not_rated_yet, conditions.main_is_answered],
    )
    def rate(self, *, score: str, **_facts: Any) -> None:
        self.score = score
        self.rated_round = self.round

    @action(
        source=RATEABLE,
        to=State.REOPENED,
        who=[May(permissions.secret_holder, limit=conditions.may_reopen), permissions.supervisor],
        needs=["reason"],
        conditions=[conditions.main_is_answered],
    )
    def reopen(self, **_facts: Any) -> None:
        """A new clock; the old one and its result are kept. A merged one stands on its own again."""
        self.main_id = None
        self._stop_waiting()
        self.round += 1
        self.answered_at = None
        self.outcome = ""
        self.score = ""
        self.commitment_due = self.commitment_met_at = self.window_ends_at = None
        self.decision_sent_at = self.publicised_at = None
        self.extensions = 0
        self.extension_asked = False

    @action(
        source=ANSWERED_OR_CLOSED | {State.REJECTED},
        who=[May(permissions.secret_holder, limit=conditions.may_appeal)],
        needs=["text"],
        conditions=[conditions.not_decided_twice],
    )
    def appeal(self, **_facts: Any) -> None:
        """A new petition, linked to this one, that neither its author nor his unit handles."""

    @action(
        source=[State.IN_PROGRESS, State.SUSPENDED, State.PENDING_APPROVAL],
        who=[permissions.secret_holder],
        needs=["text"],
        kinds=[Kind.COMPLAINT],
        conditions=[conditions.undecided_in_time],
    )
    def appeal_overdue(self, **_facts: Any) -> None:
        """The first complaint was not decided in time: a second one; the first stays as late as it is."""

    @action(
        source=[State.ANSWERED, State.NEEDS_INFO],
        to=State.CLOSED,
        who=[
            May(permissions.system, when=conditions.state_is(State.ANSWERED), limit=conditions.window_over),
            May(
                permissions.focal_point,
                when=conditions.state_is(State.NEEDS_INFO),
                limit=conditions.silent_too_long,
            ),
        ],
        needs_in={State.NEEDS_INFO: ["notice"]},
    )
    def close(self, **_facts: Any) -> None:
        self._stop_waiting()

    @action(
        source=OPEN | {State.DRAFT},
        to=State.WITHDRAWN,
        who=[
            May(permissions.secret_holder, when=conditions.is_no_denunciation),
            May(permissions.petition_officer, when=conditions.is_denunciation),
        ],
    )
    def withdraw(self, **_facts: Any) -> None:
        self.law_doubt_at = None
        self._stop_waiting()

    # --- kinship and kind -------------------------------------------------------------------------------

    @action(
        source=MERGEABLE,
        to=State.MERGED,
        who=[permissions.focal_point, permissions.lead_handler],
        needs=["main"],
        conditions=[conditions.not_sealed],
    )
    def merge(self, *, main: PetitionLife, **_facts: Any) -> None:
        self.state_before_merging = self.state
        self.main_id = main.pk

    @action(
        source=[State.MERGED],
        to=conditions.as_before_merging,
        may_become={State.MERGED: OPEN},
        who=[permissions.focal_point, permissions.lead_handler, permissions.system],
    )
    def unmerge(self, **_facts: Any) -> None:
        self.main_id = None

    @action(
        source=OPEN,
        who=[
            May(permissions.lead_handler, when=conditions.not_at_law),
            May(permissions.focal_point, when=conditions.not_at_law),
            permissions.petition_officer,
        ],
        needs=["why"],
    )
    def reclassify(
        self,
        *,
        by: Actor,
        subfield: str = "",
        kind: str = "",
        commune: str = "",
        pakn_class: str = "",
        **_facts: Any,
    ) -> None:
        """Start and first due date stay; away from complaint and denunciation it lifts the seal."""
        moves = bool(subfield) and subfield != self.subfield_id
        self.pakn_class = pakn_class or ("" if moves else self.pakn_class)  # it was said of the old field
        self.subfield_id = subfield or self.subfield_id
        if commune:
            self.commune_id, self.place_basis = commune, "person"
        self._say_kind(kind, by)
        self._heed_danger()
        self.sealed = self.sealed and self.kind in PETITIONS_AT_LAW
        # Of a restricted field a summary alone is public: what was published before was none.
        if not conditions.may_be_public(self) or (moves and self.only_summarised):
            self.published_at = None

    @action(
        source=SEALABLE,
        to=conditions.sealed_where,
        may_become={
            State.SUBMITTED: {State.RECEIVED, State.SUBMITTED},
            **{state: {State.RECEIVED} for state in SEALABLE - {State.SUBMITTED}},
        },
        who=[
            May(permissions.focal_point, when=conditions.not_denounced),
            permissions.petition_officer,
            May(permissions.lead_handler, when=conditions.not_denounced),
            May(permissions.lead_approver, when=conditions.not_denounced),
            May(permissions.reviewer, when=conditions.not_denounced),
            permissions.supervisor_for_want_of_intake,
            May(permissions.system, when=conditions.state_is(State.SUBMITTED)),
        ],
        needs=["kind"],
        conditions=[conditions.not_settled_at_law],
    )
    def seal(self, *, by: Actor, now: dt.datetime, kind: str, **_facts: Any) -> None:
        """Out of the public flow at once, to the focal point; it counts as first receipt where none was."""
        self.kind = kind
        self.sealed = True
        self.law_doubt_at = None
        self.lead_id = self.focal_point_id
        self.published_at = None
        self.main_id = None
        self.answered_at = self.accepted_for_handling_at = None
        if self.channel in ON_PAPER:
            self.formal_since = self.formal_since or now
        self._stop_waiting()
        if not isinstance(by, System):
            self.received_at = self.received_at or now

    @action(
        source=SEALABLE,
        who=[
            permissions.focal_point_beyond_its_lead,
            permissions.petition_officer_beyond_its_lead,
            permissions.supervisor_for_want_of_intake,
        ],
        conditions=[conditions.in_doubt],
    )
    def clear_doubt(self, **_facts: Any) -> None:
        """A person says that it is no complaint and no denunciation: nothing else of it moves."""
        self.law_doubt_at = None

    # --- in public --------------------------------------------------------------------------------------

    @action(
        source=PUBLISH_FROM,
        who=[permissions.reviewer],
        needs=["public_text"],
        conditions=[conditions.may_be_public, conditions.not_in_doubt, conditions.tells_nothing_sealed],
    )
    def offer_publication(self, *, now: dt.datetime, **_facts: Any) -> None:
        """The sender sees what will be public before it is: he hides more, refuses, agrees or is silent."""
        self.offered_at = now

    @action(
        source=EVERY - {State.DRAFT},
        who=[permissions.secret_holder],
        conditions=[conditions.is_offered],
    )
    def agree_publication(self, **_facts: Any) -> None:
        """Nobody need wait for the sender's word any longer."""
        self.offered_at = None

    @action(
        source=PUBLISH_FROM,
        who=[permissions.reviewer],
        needs=["public_text"],
        conditions=[
            conditions.may_be_public,
            conditions.opens_nothing_in_doubt,
            conditions.petitioner_has_looked,
            conditions.tells_nothing_sealed,
        ],
    )
    def publish(self, *, now: dt.datetime, **_facts: Any) -> None:
        """The reviewed copy itself is written by `public.publish` in the same transaction."""
        self.published_at = self.published_at or now
        self.offered_at = None

    @action(
        source=EVERY,
        who=[
            permissions.reviewer,
            permissions.petition_officer,
            permissions.administrator,
            permissions.system,  # of the whole, once a part of it is sealed
        ],
        needs=["reason"],
        conditions=[conditions.is_public],
    )
    def unpublish(self, **_facts: Any) -> None:
        self.published_at = None

    @action(source=EVERY, who=[permissions.secret_holder], needs=["hide"])
    def refuse_publication(self, *, hide: str, **_facts: Any) -> None:
        """The petitioner says what to hide, or that nothing shall be published."""
        self.publication_refused = "all" if hide == "all" else "part"
        self.offered_at = None
        if self.publication_refused == "all":
            self.published_at = None

    @action(source=OPEN | {State.ANSWERED}, who=[permissions.desk], needs=["text"])
    def note(self, **_facts: Any) -> None:
        """A remark among officials; the citizen does not see it."""

    # --- watching ---------------------------------------------------------------------------------------

    @action(
        source=OPEN | {State.ANSWERED},
        who=[permissions.supervisor, permissions.focal_point],
        conditions=[conditions.open_or_planned],
    )
    def remind(self, **_facts: Any) -> None:
        """A word to the lead, kept with who said it and when."""

    @action(
        source=OPEN | {State.ANSWERED},
        who=[permissions.supervisor, permissions.focal_point],
        needs=["days"],
        conditions=[conditions.open_or_planned],
    )
    def demand_report(self, *, now: dt.datetime, days: int, **_facts: Any) -> None:
        self.report_asked_at = now
        self.report_due_on = timezone.localdate(conditions.working_days_after(self, now, days))

    @action(
        source=OWING | {State.MERGED},
        who=[permissions.system],
        needs=["rung"],
        conditions=[conditions.may_be_told_of],
    )
    def escalate(self, **_facts: Any) -> None:
        """The clock speaks up: whom it told stands in the step."""

    @action(
        source=OPEN | ANSWERED_OR_CLOSED,
        who=[permissions.system],
        conditions=[conditions.open_or_owing],
    )
    def recount(self, **_facts: Any) -> None:
        """The calendar changed: its clocks are counted anew, and the step holds the new due moment."""

    @action(source=EVERY, who=[permissions.administrator, permissions.system], needs=["rule"])
    def erase(self, *, now: dt.datetime, **_facts: Any) -> None:
        """Words and contact go by rule; the chain of steps stays and still verifies."""
        self.erased_at = self.erased_at or now
        self.law_doubt_at = None
