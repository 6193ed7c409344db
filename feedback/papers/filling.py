"""What stands in a letter's `{values}`, from the petition, as this official may see it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from feedback import permissions, story
from feedback.facts import ComplexGround, Criterion
from feedback.models import Petition, Reply, Step
from feedback.papers.rows import papers
from feedback.redaction import as_seen, as_to_strangers
from feedback.workflow import Kind
from routing.assignment.bodies import body_of
from routing.models import Agency
from routing.names import lowered

DOTS = "………………………………"


@dataclass(frozen=True)
class Case:
    """One petition, who writes, what he typed, and whether the sealed sender's name may stand there.

    `to_others`: the letter goes to people who may not know a sender that hides. `by_lead`: the body that
    answers issues it.
    """

    petition: Petition
    by: permissions.Actor
    typed: Mapping[str, str]
    named: bool = False
    to_others: bool = False
    by_lead: bool = False

    @cached_property
    def issuer(self) -> Agency:
        """The lead where the form is its own or this person works for it, else his desk of the intake."""
        petition = self.petition
        works_on_it = permissions.lead_handler(self.by, petition) and not petition.led_by_focal_point
        if petition.lead and (self.by_lead or works_on_it):
            return body_of(petition.lead)
        desk = permissions.intake_desk(self.by, petition)
        return Agency.objects.get(pk=desk or petition.focal_point_id)

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.petition.steps.order_by("seq"))

    @cached_property
    def reply(self) -> Reply | None:
        return self.petition.replies.last()

    def last(self, *actions: str) -> Step | None:
        """The last step by one of these actions."""
        return next((step for step in reversed(self.steps) if step.action in actions), None)

    def fact(self, name: str, *actions: str) -> str:
        step = self.last(*actions)
        return str(step.facts.get(name, "")) if step else ""

    def words(self, name: str, *actions: str) -> str:
        """What was written with the last of these actions, as this person may read it."""
        step = self.last(*actions)
        said = story.last_words(self.petition, step.action).get(name, "") if step else ""
        return self.seen(said)

    @property
    def hides_petitioner(self) -> bool:
        """Whoever reads the letter must not learn who asked, though the writer may know it."""
        petition = self.petition
        return (petition.identity_sealed and not self.named) or (self.to_others and petition.identity_hidden)

    def seen(self, said: str) -> str:
        """Words that may hold a name, as the reader of the letter may read them, and its writer."""
        said = as_to_strangers(said, self.petition) if self.hides_petitioner else said
        return as_seen(said, self.petition, self.by)


def in_full(name: str) -> str:
    """`UBND phường Hải Châu` as it stands on a letter: `Ủy ban nhân dân phường Hải Châu`."""
    return " ".join(papers().in_full.get(word, word) for word in name.split(" "))


def _name(case: Case) -> str:
    """Of whoever asked; "" where this person does not see it, or did not ask for it of what is sealed."""
    contact = case.petition.sender
    may_see = permissions.can_see_contact(case.by, case.petition)
    if contact is None or not may_see or case.hides_petitioner:
        return ""
    return contact.organisation or (f"Ông/Bà {contact.name}" if contact.name else "")


def _code(case: Case) -> str:
    """In groups that no line tears apart."""
    return case.petition.printed_code.replace(" ", "\u00a0")


def _matter(case: Case) -> str:
    """`phản ánh về “Vỉa hè, gạch lát”`."""
    kind = Kind(case.petition.kind).label.lower()
    return f"{kind} về “{_subject(case)}”" if case.petition.subfield else str(kind)


def _subject(case: Case) -> str:
    return case.petition.subfield.name_vi if case.petition.subfield else ""


def _day(at: dt.datetime | dt.date | None) -> str:
    """`27/11/2026`, "" where there is none."""
    if at is None:
        return ""
    return f"{timezone.localdate(at) if isinstance(at, dt.datetime) else at:%d/%m/%Y}"


def _iso_day(told: str) -> str:
    return _day(dt.date.fromisoformat(told)) if told else ""


def _competent(case: Case) -> str:
    step = case.last("assign", "transfer", "lift", "redirect")
    if step and step.action == "redirect":
        return case.words("body", "redirect")
    lead = case.petition.lead
    return in_full(lead.name) if lead else ""


def _handed(case: Case) -> str:
    """On which day it came to whoever leads it; "" where the focal point, which had it, leads."""
    step = case.last("assign", "transfer", "lift")
    return _day(step.at) if step and not case.petition.led_by_focal_point else ""


def _complex(case: Case) -> str:
    ground = case.petition.complex_ground
    return str(ComplexGround(ground).label).lower() if ground else ""


def _criteria(reply: Reply) -> str:
    """By what the rule was found wanting, in words."""
    told = reply.drafted.facts.get("criteria", ())
    return ", ".join(lowered(str(Criterion(one).label)) for one in told)


def _article(case: Case) -> str:
    return case.petition.clock.article if case.petition.clock else ""


VALUES: Mapping[str, Callable[[Case], str]] = {
    "agency": lambda case: in_full(case.issuer.name),
    "blank": lambda case: "",  # only a person writes it
    "addressee": lambda case: _name(case) or f"Người gửi đơn mã số {_code(case)}",
    "sender": lambda case: _name(case) or "người gửi",
    "code": _code,
    "matter": _matter,
    "subject": _subject,
    "lead": lambda case: in_full(case.petition.lead.name) if case.petition.lead else "",
    "competent": _competent,
    "received": lambda case: _day(case.petition.submitted_at),  # it had arrived, whoever looked when
    "taken_in": lambda case: _day(case.petition.received_at or case.petition.submitted_at),
    "handed": _handed,
    "due": lambda case: _day(case.petition.due_at),
    "first_due": lambda case: _day(case.petition.first_due_at),
    "article": _article,
    "accepted": lambda case: _day(case.petition.accepted_for_handling_at),
    "decision": lambda case: case.seen(case.fact("decision_number", "accept_for_handling")),
    "transfer_reason": lambda case: case.words("reason", "transfer", "lift"),
    "ground": lambda case: lowered(story.refusal(case.petition)[0]),
    "reason": lambda case: case.seen(story.refusal(case.petition)[1]),
    "why": lambda case: case.typed.get("why") or case.words("reason", "request_extension"),
    "meanwhile": lambda case: case.words("interim_reply", "request_extension"),
    "complex": _complex,
    "suspended": lambda case: _day(step.at if (step := case.last("suspend")) else None),
    "suspension": lambda case: case.words("reason", "suspend"),
    "outcome": lambda case: lowered(case.reply.get_outcome_display()) if case.reply else "",
    "reply": lambda case: case.seen(case.reply.text) if case.reply else "",
    "evidence": lambda case: case.seen(case.reply.evidence) if case.reply else "",
    "criteria": lambda case: _criteria(case.reply) if case.reply else "",
    "plan": lambda case: _day(case.reply.plan_date) if case.reply else "",
    "promised": lambda case: case.typed.get("promised", ""),
    "meeting_day": lambda case: _iso_day(case.fact("day", "dialogue")),
    "meeting": lambda case: case.words("text", "dialogue"),
}


# No XML holds these, and no printer shows them.
_NO_LETTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def writable(text: str) -> str:
    """The text without what no file of a letter can hold."""
    return _NO_LETTERS.sub("", text)


class Values:
    """The values that a letter asks for, each looked up once; one that is empty is a dotted line."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._known: dict[str, str] = {}

    def known(self, name: str) -> str:
        if name not in self._known:
            self._known[name] = writable(VALUES[name](self.case)).strip()
        return self._known[name]

    def __getitem__(self, name: str) -> str:
        return self.known(name) or DOTS

    def fill(self, words: str) -> str:
        return words.format_map(self)

    def filled(self, many: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.fill(words) for words in many)
