"""What the machine understands of a text that is still being typed; nothing is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from classifier import Reading, read
from routing import assignment, places
from routing.calendar import DeadlineError
from routing.deadlines import due
from routing.models import Agency, Commune, Province, Subfield
from routing.telling import moment

ENOUGH = 15  # characters before a guess is worth showing
MOST = 4_000
SEEN_BY_A_PERSON = frozenset({"complaint", "denunciation", "spam"})


@dataclass(frozen=True)
class Proposal:
    """Words for the filing page; each is "" where the machine is not sure."""

    subject: str
    place: str
    agency: str
    due: str
    urgent: bool

    @property
    def says_something(self) -> bool:
        return bool(self.subject or self.place or self.urgent)


def propose(text: str, *, commune: str, place_text: str, now: dt.datetime) -> Proposal | None:
    """Read, locate and route without writing; None when there is too little to say."""
    if len(text.strip()) < ENOUGH:
        return None
    reading = read(text[:MOST], home=settings.HOME_PROVINCE)
    typed = read(place_text[:300], home=settings.HOME_PROVINCE).places if place_text else ()
    today = timezone.localdate(now)
    location = places.locate(
        typed or reading.places,
        picked=commune if Commune.objects.filter(pk=commune).exists() else "",
        home=settings.HOME_PROVINCE,
        on=today,
    )
    sure = reading.decision == "subfield"
    subfield = Subfield.objects.select_related("policy").filter(pk=reading.subfield).first() if sure else None
    route = assignment.assign(reading.kind, reading.subfield, location.place, on=today)
    # A complaint or denunciation is first looked at by a person: no agency is promised for it.
    sure_of_agency = subfield and route.outcome == "agency" and reading.kind not in SEEN_BY_A_PERSON
    lead = route.lead if sure_of_agency else None
    return Proposal(
        subject=subfield.name_vi if subfield else "",
        place=_place(location),
        agency=lead.name if lead else "",
        due=_due(route.deadline_policy or subfield.policy_id, lead, now) if subfield and lead else "",
        urgent=_is_urgent(reading, subfield),
    )


def _place(location: places.Location) -> str:
    if location.unit:
        unit = Commune.objects.select_related("province").filter(pk=location.unit).first()
        return f"{unit.name}, {unit.province.name}" if unit else ""
    province = Province.objects.filter(pk=location.province).first() if location.province else None
    return province.name if province else ""


def _due(policy: str, lead: Agency, now: dt.datetime) -> str:
    """When an answer would be due if the petition were received at once; "" where no rule tells."""
    try:
        return moment(
            due(policy, "resolve", start=now, hours=lead.office_hours, on=timezone.localdate(now)).at
        )
    except DeadlineError:
        return ""


def _is_urgent(reading: Reading, subfield: Subfield | None) -> bool:
    return reading.urgent or bool(subfield and subfield.urgent_by_default)
