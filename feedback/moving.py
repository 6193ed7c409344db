"""To whom a person may hand a petition on: one rule; of these the forms offer whom one seeks there."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.accused import lifted_to
from feedback.dossiers import facts_told
from feedback.models import Petition
from feedback.workflow import PETITIONS_AT_LAW, Kind
from routing import assignment
from routing.assignment import Against, CandidateAssignment, candidates, heirs_of, is_below, superiors_of
from routing.facts import Facts
from routing.models import Agency
from routing.models.agencies import is_focal_point
from routing.succession import successions

HANDS_ON = frozenset({"transfer", "lift", "return_"})
MOVES = frozenset({"assign", "transfer", "lift"})
ELSEWHERE_UP = _l("Cơ quan này thuộc tỉnh, thành phố khác; xin chọn cấp trên.")
ELSEWHERE = _l("Cơ quan này thuộc tỉnh, thành phố khác; xin chọn nơi khác hoặc hướng dẫn người gửi đến đó.")


@dataclass(frozen=True)
class Move:
    """One of MOVES, or `return_`, by a person's hand on that day; `against`: told in the same breath."""

    name: str
    petition: Petition
    today: dt.date
    against: Against | None = None

    def why_not(self, chosen: Agency) -> str:
        """Why it does not come to this agency, as a sentence; "" where it may.

        What is handed on comes to another; what is lifted to nobody below its lead; and neither these nor
        what is assigned to another province: a territory decides who sees and watches. The rules may name
        any of them but the lead itself.
        """
        if self.name in HANDS_ON and chosen.code == self.petition.lead_id:
            return _("Cơ quan này đang chủ trì đơn; xin chọn cơ quan khác.")
        if self.name in MOVES and self._is_elsewhere(chosen) and chosen.code not in self._named:
            return str(ELSEWHERE_UP if self.name == "lift" else ELSEWHERE)
        if self._goes_up and self._is_below(chosen) and chosen.code not in self._ruled:
            return _("Cơ quan này ở dưới cơ quan đang chủ trì; xin chọn cấp trên.")
        return ""

    def refuse(self, code: str) -> None:
        """Raises ValidationError, in a sentence, where it does not come to the agency of that code."""
        chosen = assignment.tables().agency(code)
        if chosen is not None and (sentence := self.why_not(chosen)):
            raise ValidationError({"agency": sentence})

    def _is_elsewhere(self, agency: Agency) -> bool:
        return agency.province_id not in (None, self.petition.territory_id)

    def _is_below(self, agency: Agency) -> bool:
        lead = assignment.tables().agency(self.petition.lead_id or "")
        return lead is not None and is_below(agency, lead)

    @cached_property
    def _goes_up(self) -> bool:
        """At law whoever decides gives it to whom he likes: the chair has his inspectorate look into it."""
        at_law = self.petition.kind in PETITIONS_AT_LAW
        return self.name == "lift" and not at_law and self.petition.lead_id not in self._closed

    @cached_property
    def _closed(self) -> set[str]:
        return successions().closed(self.today)

    @cached_property
    def _ruled(self) -> set[str]:
        """Whom the rules name where it is taken from who is complained of, or from the lead if that is he."""
        lead = self.petition.lead_id or ""
        found = set()
        for accused in (self.against, *(Against.of(lead, role) for role in ("unit", "staff") if lead)):
            with suppress(ValidationError):
                found.add(lifted_to(self.petition, accused, self.today))
        return found

    @cached_property
    def _named(self) -> set[str]:
        """Whom the rules name in whatever way: also the heirs of a lead that is no more, who decides the
        second time and who leads the field. Nobody where the matter lies elsewhere: that is redirected."""
        petition, today = self.petition, self.today
        if petition.province_id not in (None, petition.territory_id):
            return set()
        filed = candidates(
            [(petition.subfield_id or "", 1.0)],
            petition.where,
            facts=facts_told(petition.text),
            on=today,
        )
        leads = [route.assignment.lead for route in (*filed, *candidate_routes(petition, today))]
        named = (decides_second(petition, today), *leads, *heirs_of(petition.lead_id or "", today))
        return self._ruled | {one.code for one in named if one}


def over_lead(petition: Petition, today: dt.date) -> list[Agency]:
    """Whoever is over its lead that day, the nearest first; [] where it has none."""
    return superiors_of(petition.lead_id or "", petition.subfield_id or "", petition.where, on=today)


def over_who_answered(petition: Petition, today: dt.date) -> list[Agency]:
    """Whoever is over the body whose answer it appeals in its territory, the nearest first; [] of all else.

    Without the superior that approved the answer of what was reopened.
    """
    first: Any = petition.origin if petition.is_appeal else None
    answered = first.who_answered if first else None
    if answered is None or is_focal_point(answered.code):
        return []
    over = superiors_of(answered.code, petition.subfield_id or "", petition.where, on=today)
    approved = first.superior_of(answered) if first.round > 1 else None
    here = [one for one in over if one.province_id == petition.territory_id]
    return [one for one in here if one.code != approved]


def candidate_routes(petition: Petition, today: dt.date) -> list[CandidateAssignment]:
    """Where it goes by the tables of that day: as an official has filed it, then as the machine guesses, the
    likeliest first."""
    guesses = petition.reading.candidates if petition.reading else []
    said = filed_otherwise(petition)
    read = [(guess["subfield"], guess["p"]) for guess in guesses if guess["subfield"] != said]
    guessed = [(said, 1.0), *read] if said else read
    return candidates(guessed, petition.where, facts=facts_told(petition.text), on=today)


def filed_otherwise(petition: Petition) -> str:
    """The sub-field that it stands under, where that is not what the machine takes it for; else ""."""
    guesses = petition.reading.candidates if petition.reading else []
    read = guesses[0]["subfield"] if guesses else ""
    return petition.subfield_id if petition.subfield_id and petition.subfield_id != read else ""


def decides_second(petition: Petition, today: dt.date) -> Agency | None:
    """Who decides a complaint the second time: the superior of the head who did so first.

    Luật Khiếu nại 2011, Điều 18 đến 23; nobody where the first decision is of no body of this house.
    """
    first = petition.origin.lead if petition.origin else None
    if petition.kind != Kind.COMPLAINT or petition.instance < 2 or first is None:
        return None
    with suppress(assignment.FactError):
        told = assignment.assign(
            petition.kind,
            petition.subfield_id or "",
            petition.where,
            facts=Facts(instance=2, formal_petition=True),
            against=Against.of(first.code),
            on=today,
        )
        return told.lead if told.outcome == "agency" else None
    return None
