"""What the desk may choose from: sub-fields, agencies, and where the machine's candidates would go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.accused import accused_of, barred_from, lifted_to
from feedback.models import Petition
from feedback.moving import (
    Move,
    candidate_routes,
    decides_second,
    filed_otherwise,
    over_lead,
    over_who_answered,
)
from feedback.workflow import PAKN_BY_HAND, State
from routing import assignment
from routing.assignment import Against, CandidateAssignment
from routing.kept import Body, bodies_of, every_field, every_subfield
from routing.models import Agency, Commune, Subfield, SubfieldBorder, name_column
from routing.places import hinted
from routing.succession import successions

Choices = list[tuple[Any, Any]]


PAKN_CLASSES = [("", _l("Chưa phân nhóm")), *((one.value, one.label) for one in PAKN_BY_HAND)]


def subfields() -> Choices:
    """Every sub-field under its field."""
    return [
        ("", _("Chưa rõ")),
        *((str(field), [(one.pk, str(one)) for one in field.subfields.all()]) for field in every_field()),
    ]


def communes(petition: Petition) -> Choices:
    """The communes of the province that took the petition in."""
    return [("", _("Chưa rõ")), *Commune.objects.filter(province=petition.territory_id).listed()]


def other_guesses(petition: Petition) -> Choices:
    """What the machine took it for next, without what it is filed under now."""
    guessed = [guess["subfield"] for guess in petition.reading.candidates] if petition.reading else []
    names = dict(Subfield.objects.filter(pk__in=guessed).values_list("pk", name_column()))
    return [(slug, names[slug]) for slug in guessed if slug in names and slug != petition.subfield_id]


def borders(petition: Petition) -> list[SubfieldBorder]:
    """Where the sub-field it is filed under, or the first guess, ends: towards the other guesses first."""
    guessed = [slug for slug, _name in other_guesses(petition)]
    held = petition.subfield_id or next(iter(guessed), "")
    rows = SubfieldBorder.objects.in_force(timezone.localdate()).filter(Q(one=held) | Q(other=held))

    def rank(row: SubfieldBorder) -> int:
        beyond = row.other_id if row.one_id == held else row.one_id
        return guessed.index(beyond) if beyond in guessed else len(guessed)

    return sorted(rows, key=rank)


def other_places(petition: Petition) -> Choices:
    """The communes that an old or shared name may stand for."""
    rows = Commune.objects.filter(pk__in=petition.place_choices, province=petition.territory_id)
    return rows.exclude(pk=petition.commune_id or "").listed()


def hinted_places(petition: Petition) -> Choices:
    """The communes that something the sender named is called after, where nobody knows the commune."""
    if petition.commune_id or petition.place_choices:
        return []
    said = f"{petition.place_text}\n{petition.text}"
    rows = Commune.objects.in_bulk(hinted(said, petition.territory_id or "", on=timezone.localdate()))
    return [(code, row.name) for code, row in rows.items()]


def agencies(petition: Petition, action: str, *, first: Iterable[Agency] = ()) -> Choices:
    """Whom a petition may go to by this action: `first`, whoever is over its lead where it is lifted, what
    the machine proposed, then the bodies of its territory. The body complained about is no choice."""
    today = timezone.localdate()
    bodies, move, known = _bodies(petition), Move(action, petition, today), assignment.tables()
    over = over_lead(petition, today) if action == "lift" else []
    shut = _closed_or_barred(petition)

    def takes(code: str) -> bool:
        agency = known.agency(code)
        return agency is not None and not move.why_not(agency)

    groups: list[tuple[str, Iterable[tuple[str, str]]]] = [
        (_("Có thẩm quyền giải quyết lần hai"), by_law(petition)),
        (_("Cơ quan trả lại đề nghị"), suggested(petition)),
        (_("Cấp trên của cơ quan đã trả lời"), reviewing(petition)),
        (_("Tiếp nhận việc của cơ quan đã giải thể"), [(heir.pk, heir.name) for heir in heirs(petition)]),
        (_("Theo quy tắc, khi cơ quan chủ trì bị phản ánh"), [(agency.pk, agency.name) for agency in first]),
        (_("Cấp trên của cơ quan chủ trì"), [(one.pk, one.name) for one in over if one.pk not in shut]),
        (_("Máy đề xuất"), [(route["agency"], route["name"]) for route in routes_of(petition)]),
        (_("Tại nơi xảy ra"), _near(petition, bodies)),
        (_("Cấp tỉnh, thành phố"), _of_province(bodies)),
        (_("UBND xã, phường"), [one.choice for one in bodies if one.type == "commune-people-committee"]),
    ]
    listed = _each_once([(name, [row for row in rows if takes(row[0])]) for name, rows in groups])
    return [("", _("Chọn cơ quan")), *((name, rows) for name, rows in listed if rows)]


def _each_once(groups: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> list[tuple[str, Choices]]:
    """Whoever stands in several groups stands in the first of them alone."""
    seen: set[str] = set()
    left = []
    for name, rows in groups:
        new = dict(row for row in rows if row[0] not in seen)
        seen |= new.keys()
        left.append((name, list(new.items())))
    return left


def raised_to(petition: Petition) -> dict[str, Agency]:
    """Who of the lead is complained of -> who leads then by the rules; without those whom no rule names."""
    kind, _colon, unit = (petition.lead_id or "").partition(":")
    words = {"unit": _("Cả cơ quan, người đứng đầu, cấp phó"), "staff": _("Một cán bộ")}
    codes = {role: raised_from(petition, Against(kind, unit, role)) for role in words if kind}
    found = Agency.objects.in_bulk([code for code in codes.values() if code])
    return {words[role]: found[code] for role, code in codes.items() if code in found}


def raised_from(petition: Petition, accused: Against | None) -> str:
    """The code of who leads by the rules where he is complained of; "" where no rule names anybody."""
    try:
        return lifted_to(petition, accused, timezone.localdate()) if accused else ""
    except ValidationError:
        return ""


def accusations(petition: Petition, roles: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who is said to be complained of, each once, as `code/role`."""
    told = dict.fromkeys(step.accused for step in petition.accusations() if step.accused)
    agencies = Agency.objects.in_bulk([one.code for one in told])
    named = ((f"{one.code}/{one.role}", agencies.get(one.code), roles[one.role]) for one in told)
    return [(value, f"{agency} · {role}") for value, agency, role in named if agency]


def by_law(petition: Petition) -> list[tuple[str, str]]:
    """Who decides a complaint the second time, where he is not shut out of it."""
    today = timezone.localdate()
    found = decides_second(petition, today)
    return [(found.code, found.name)] if found and found.code not in barred_from(petition, today) else []


def reviewing(petition: Petition) -> list[tuple[str, str]]:
    """Whoever is over the body whose answer it appeals and is not shut out of it, the nearest first."""
    over = over_who_answered(petition, timezone.localdate())
    shut = _closed_or_barred(petition) if over else set()
    return [(one.code, one.name) for one in over if one.code not in shut]


def suggested(petition: Petition) -> list[tuple[str, str]]:
    """Whom the agency that gave it back proposes, until somebody decides.

    Neither the focal point, which has it, nor whoever has given it back: that would be its way round again.
    """
    if petition.state != State.RETURNED:
        return []
    returns, today = petition.given_back(), timezone.localdate()
    found = assignment.tables().agency(returns[-1].facts.get("suggested_agency", "")) if returns else None
    known = {petition.focal_point_id, *(step.lead_agency for step in returns)}
    if found is None or found.code in known | _closed_or_barred(petition):
        return []
    return [] if Move("assign", petition, today).why_not(found) else [(found.code, found.name)]


def neighbours(petition: Petition) -> Choices:
    """Whom the lead may ask to help: the bodies near the place and of the province, without the lead."""
    bodies = [one for one in _bodies(petition) if one.code != petition.lead_id]
    return [*_near(petition, bodies), *_of_province(bodies)]


def _bodies(petition: Petition) -> list[Body]:
    """The bodies of its territory that it may go to."""
    shut = _closed_or_barred(petition)
    return [one for one in bodies_of(petition.territory_id or "") if one.code not in shut]


def _closed_or_barred(petition: Petition) -> set[str]:
    today = timezone.localdate()
    return barred_from(petition, today) | successions().closed(today)


def _near(petition: Petition, bodies: Iterable[Body]) -> Choices:
    return [one.choice for one in bodies if petition.commune_id and one.commune == petition.commune_id]


def _of_province(bodies: Iterable[Body]) -> Choices:
    return [one.choice for one in bodies if one.level == "province"]


def heirs(petition: Petition) -> list[Agency]:
    """Who goes on with the work of a lead that is no more, without the barred; empty while it stands."""
    today = timezone.localdate()
    if petition.lead_id not in successions().closed(today):
        return []
    barred = barred_from(petition, today)
    return [heir for heir in assignment.heirs_of(petition.lead_id, today) if heir.pk not in barred]


def one_heir(petition: Petition) -> str:
    """The code of the one that goes on with it; "" where the lead stands, or a person has to choose."""
    found = heirs(petition)
    return found[0].pk if len(found) == 1 else ""


# One tap sends it: what is less likely than one in twenty is no proposal.
LIKELY_ENOUGH = 0.05
WORTH_A_KEY = 0.2  # one in five


def routes_of(petition: Petition) -> list[dict[str, Any]]:
    """Where it would go by today's tables, as it is filed or the machine guesses: agency, name, subfield,
    subject, p, share (in a hundred; 0 is less than one, None of what an official filed), reason.

    Without a commune the focal point's own province stands in; a candidate that only leads back to the
    focal point is no choice and is left out, and so is a body complained about, or one that just returned it,
    and what is hardly likely where the likeliest is no choice: it would look like the answer. Nobody where
    the first of them is seldom right.
    """
    today = timezone.localdate()
    routes, move = candidate_routes(petition, today), Move("assign", petition, today)
    subjects, said = _subjects(routes), filed_otherwise(petition)
    barred = {petition.focal_point_id, *barred_from(petition, today)}
    if petition.state == State.RETURNED:
        barred.add(petition.lead_id or "")
    leads = ((route, route.assignment.lead) for route in routes)
    open_ = [route for route, lead in leads if lead and lead.code not in barred and not move.why_not(lead)]
    if said and open_[:1] != routes[:1] and not _was_returned(petition, routes[0]):
        return []  # nobody may have what an official says it is: what the machine took it for is no answer
    if open_ and open_[0].p < WORTH_A_KEY:
        return []
    least = 0.0 if open_[:1] == routes[:1] else LIKELY_ENOUGH
    return [
        {
            "agency": route.assignment.lead.code,
            "name": route.assignment.lead.name,
            "subfield": route.subfield,
            "subject": subjects.get(route.subfield, ""),
            "p": route.p,
            "share": None if route.subfield == said else round(route.p * 100),
            "reason": route.assignment.reason,
        }
        for route in open_
        if route.assignment.lead and route.p >= least
    ]


def _was_returned(petition: Petition, filed: CandidateAssignment) -> bool:
    """By the very agency that it is filed for: now the guesses are what is left."""
    lead = filed.assignment.lead
    return petition.state == State.RETURNED and lead is not None and lead.code == petition.lead_id


def lacking_a_place(petition: Petition) -> list[str]:
    """What the machine took it for and can propose nobody for, until somebody says in which commune it is."""
    unplaced = [
        route
        for route in candidate_routes(petition, timezone.localdate())
        if route.assignment.outcome == "ask_territory" and route.p >= LIKELY_ENOUGH
    ]
    subjects = _subjects(unplaced)
    return [subjects[route.subfield] for route in unplaced if route.subfield in subjects]


def _subjects(routes: Iterable[CandidateAssignment]) -> dict[str, str]:
    known = every_subfield()
    return {route.subfield: str(known[route.subfield]) for route in routes if route.subfield in known}


def outside_bodies(petition: Petition) -> dict[str, tuple[str, str]]:
    """slug -> (name, how to find it) of the bodies outside the house that are known here."""
    known = assignment.outside_bodies(petition.where.province, timezone.localdate())
    return {slug: (words["body"], _how_to_find(words)) for slug, words in known.items()}


def _how_to_find(words: Mapping[str, str]) -> str:
    parts = [words["address"]]
    if words["phone"]:
        parts.append(_("điện thoại %(phone)s") % {"phone": words["phone"]})
    else:
        parts.append(words["ask"])
    if words["bring"]:
        parts.append(_("mang theo: %(things)s") % {"things": words["bring"]})
    return "; ".join(parts)


def proposed_outside(petition: Petition) -> str:
    """The slug of where the rows would send this petition; "" where they keep it in the house."""
    try:
        told = assignment.assign(
            petition.kind,
            petition.subfield_id or "",
            petition.where,
            against=accused_of(petition),
            on=timezone.localdate(),
        )
    except assignment.FactError:
        return ""
    named = (told.address or {}).get("body", "")
    return next((slug for slug, (name, _way) in outside_bodies(petition).items() if name == named), "")
