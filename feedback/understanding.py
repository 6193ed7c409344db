"""What the machine understands, in the words of pages: of a text being typed, of one just filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from accounts.models import Post
from classifier import mentions, read
from feedback import alike, contacts, danger, followups, matters
from feedback.accused import asks_who
from feedback.dossiers import facts_told, needs_no_commune, placed
from feedback.later_words import is_apart
from feedback.models.step import LATER_WORDS
from feedback.permissions import INTAKE, WORKERS
from feedback.workflow import NEVER_PUBLIC, Kind, State
from routing import assignment, places
from routing.calendar import DeadlineError
from routing.deadlines import due
from routing.models import Agency, Commune, Province, Subfield
from routing.telling import moment

if TYPE_CHECKING:
    from feedback.models import Petition, PublicPetition

ENOUGH = 15  # characters before a guess is worth showing
MOST = 4_000
READ_WITHIN = dt.timedelta(minutes=1)  # after that whoever follows it is not held to wait
DANGER_LASTS = dt.timedelta(days=1)  # whoever is still in danger then has called, or writes again
KEPT_AT_LAW: Mapping[str, Any] = {
    Kind.COMPLAINT: _l(
        "Được đọc là khiếu nại: không công khai, không chuyển cho người bị khiếu nại; cán bộ xử lý đơn xem "
        "trước. Muốn được thụ lý (chính thức nhận giải quyết), cần có chữ ký hoặc điểm chỉ của bạn (Luật "
        "Khiếu nại 2011, Điều 8): gửi kèm ảnh chụp đơn đã ký, khi gửi hay sau đó ở trang theo dõi, hoặc đến "
        "ký tại đầu mối tiếp nhận; ở đó có thể cần bản ký gốc."
    ),
    Kind.DENUNCIATION: _l(
        "Được đọc là tố cáo: không công khai, không chuyển cho người bị tố cáo; danh tính của bạn được giữ "
        "kín, cán bộ xử lý đơn xem trước. Gửi qua mạng chưa phải là tố cáo: muốn được thụ lý (chính thức "
        "nhận giải quyết) và có thời hạn giải quyết theo luật, bạn phải ký đơn hoặc đến trình bày trực tiếp "
        "(Luật Tố cáo 2018, Điều 22, 23)."
    ),
}
# While one types nobody knows what will be filled in.
WILL_NEED = _l("Cũng phải có họ tên, địa chỉ của bạn: ghi khi gửi, hoặc bổ sung sau ở trang theo dõi.")
STILL_LACKS: Mapping[tuple[str, ...], Any] = {
    ("name", "residence"): _l("Còn thiếu họ tên, địa chỉ của bạn."),
    ("name",): _l("Còn thiếu họ tên của bạn."),
    ("residence",): _l("Còn thiếu địa chỉ của bạn."),
}


def at_law(kind: str, lacks: tuple[str, ...] | None = None) -> str:
    """How a complaint or denunciation is kept, and what it takes to be accepted; "" of any other kind.

    `lacks`: what of name and residence its sender left out, None while he types.
    """
    if kind not in KEPT_AT_LAW:
        return ""
    who = WILL_NEED if lacks is None else STILL_LACKS.get(lacks, "")
    return " ".join(filter(None, (str(KEPT_AT_LAW[kind]), str(who))))


@dataclass(frozen=True)
class Proposal:
    """Words for the pages; each is "" where the machine is not sure. `choices`: (code, name) of communes."""

    subject: str
    place: str
    agency: str
    due: str
    urgent: bool  # a fast clock: by what was read, or by the sub-field's default
    danger: bool  # life may be in danger now, by what was read alone
    lacks_commune: bool = False  # it names no unit of today, nor some of which one can be chosen
    law: str = ""  # how a complaint or denunciation is kept, and what it takes to be accepted
    choices: tuple[tuple[str, str], ...] = ()
    hints: tuple[tuple[str, str], ...] = ()  # likewise: units that something named is called after
    likes: tuple[PublicPetition, ...] = ()  # public ones that seem to tell the same
    owes: bool = False  # at law, and filed without name or residence
    several: matters.Several | None = None  # it seems to tell of more than one matter
    heard: bool = True  # of what is urgent: somebody is there whom it is told

    @property
    def may_choose(self) -> bool:
        """Whoever sent it is asked in which commune it is; at law a person asks."""
        return not self.law and bool(self.lacks_commune or self.choices)

    @property
    def may_send_apart(self) -> bool:
        """Nobody in danger is asked to type anew, nor whoever accuses to tell it to whom he accuses."""
        return self.several is not None and not self.danger and not self.several.at_law

    @property
    def joins(self) -> bool:
        """One of the likes can still be joined; the others only be read."""
        return any(like.is_open for like in self.likes)

    @property
    def says_something(self) -> bool:
        place = self.place or self.choices or self.hints
        return bool(self.subject or place or self.urgent or self.law or self.likes)


Point = tuple[float, float]  # latitude and longitude in degrees


def propose(
    text: str,
    *,
    commune: str,
    place_text: str,
    now: dt.datetime,
    point: Point | None = None,
    apart: bool = False,
    lacks: tuple[str, ...] | None = None,
) -> Proposal | None:
    """Read, locate and route without writing; None when there is too little to say, or nothing is read.

    `apart`: a person gives it on, whatever is read. `lacks`: as for `at_law`.
    """
    if len(text.strip()) < ENOUGH or not settings.READS:
        return None
    reading = read(text[:MOST], home=settings.HOME_PROVINCE)
    typed = mentions(place_text[:300], home=settings.HOME_PROVINCE) if place_text else ()
    today = timezone.localdate(now)
    location = places.locate(
        typed or reading.places,
        picked=commune if Commune.objects.filter(pk=commune).exists() else "",
        point=point,
        home=settings.HOME_PROVINCE,
        on=today,
    )
    sure = reading.decision == "subfield"
    subfield = Subfield.objects.select_related("policy").filter(pk=reading.subfield).first() if sure else None
    told = facts_told(text[:MOST])
    location = placed(location, reading.kind, reading.subfield, told, today)
    matter = reading.kind, reading.subfield
    route = assignment.assign(*matter, location.place, facts=told, on=today)
    may_do_without = needs_no_commune(*matter, location.province, told, today)
    # What a person has to look at first is promised to no agency.
    is_public = reading.kind not in NEVER_PUBLIC
    several = matters.told_in(text[:MOST]) if is_public else None
    waits = apart or (several and not reading.urgent)
    by_itself = is_public and not waits and not asks_who(reading.kind, [reading.subfield], text)
    lead = route.lead if subfield and route.outcome == "agency" and by_itself else None
    urgent = reading.urgent or bool(subfield and subfield.urgent_by_default)
    return Proposal(
        subject=_subject(reading.kind, subfield),
        place=_place(location.unit, location.province),
        lacks_commune=not (location.unit or location.choices or may_do_without),
        agency=lead.name if lead else "",
        due=_due(route.deadline_policy or subfield.policy_id, lead, now) if subfield and lead else "",
        urgent=urgent,
        heard=not urgent or is_heard(lead.pk if lead else None, location.province or settings.HOME_PROVINCE),
        danger=reading.urgent,
        law=at_law(reading.kind, lacks),
        owes=reading.kind in KEPT_AT_LAW and bool(lacks),
        choices=tuple(communes_named(location.choices)),
        hints=_hints(f"{place_text}\n{text[:MOST]}", location, today),
        likes=tuple(alike.published(text[:MOST], place=alike.at(location), on=today) if is_public else ()),
        several=several,
    )


def is_heard(lead: str | None, province: str) -> bool:
    """Whether anybody works at that agency, or takes in what comes to that province."""
    there = Q(role__in=WORKERS, agency=lead) | Q(role__in=INTAKE) & Post.covering(province)
    return Post.objects.filter(there, user__is_active=True).exists()


def _subject(kind: str, subfield: Subfield | None) -> str:
    """Nobody is told that his words read like rubbish: a person looks first."""
    return str(subfield) if subfield and kind != Kind.SPAM else ""


def _hints(words: str, location: places.Location, on: dt.date) -> tuple[tuple[str, str], ...]:
    """Where nothing better is known, what something in the words is called after."""
    if location.unit or location.choices:
        return ()
    province = location.province or settings.HOME_PROVINCE
    return tuple(communes_named(places.hinted(words, province, on=on)))


def of(petition: Petition, now: dt.datetime) -> Proposal | None:
    """What stands on a petition that no official has confirmed; guessed anew while it waits to be read."""
    if not is_open_to_doubt(petition):
        return None
    lacks = contacts.owed(petition)
    if petition.reading is None:
        commune = petition.picked_commune_id or ""
        point = (
            (petition.lat, petition.lon) if petition.lat is not None and petition.lon is not None else None
        )
        told: dict[str, Any] = {"commune": commune, "place_text": petition.place_text, "point": point}
        guess = propose(petition.text, now=now, apart=is_apart(petition), lacks=lacks, **told)
        return guess and replace(guess, danger=guess.danger and _is_fresh(petition, now))
    return Proposal(
        subject=_subject(petition.kind, petition.subfield),
        place=_place(petition.commune_id or "", petition.province_id or ""),
        agency=petition.lead.name if petition.provisional and petition.lead else "",
        due=moment(petition.due_at) if petition.provisional and petition.due_at else "",
        urgent=petition.urgent,
        heard=not petition.urgent or is_heard(petition.lead_id, petition.territory_id),
        danger=petition.reading.urgent and _is_fresh(petition, now),
        law=at_law(petition.kind, lacks),
        owes=petition.kind in KEPT_AT_LAW and bool(lacks),
        choices=tuple(communes_named(petition.place_choices)),
        several=matters.left_to_split(petition, petition.text[:MOST]),
    )


def in_danger(petition: Petition, now: dt.datetime) -> bool:
    """Whether what was told within the last day speaks of danger, whatever a doubt has said.

    Of the first words until an official has the matter. Later words are read here too: whoever sends them
    sees the numbers on the very next page.
    """
    lately = now - DANGER_LASTS
    if petition.danger_at and petition.danger_at > lately:
        return True
    waits = petition.state == State.SUBMITTED or (petition.provisional and petition.is_open)
    if waits and petition.reading and petition.reading.urgent and _is_fresh(petition, now):
        return True
    later = petition.steps.filter(action__in=LATER_WORDS, at__gt=lately)
    return any(danger.is_told_in(step) for step in later.select_related("words"))


def is_being_read(petition: Petition, now: dt.datetime) -> bool:
    """Filed just now, and where it goes is not said yet: a matter of seconds where the house is well."""
    return (
        settings.READS
        and petition.state == State.SUBMITTED
        and now - petition.submitted_at < READ_WITHIN
        and followups.waiting().filter(step__petition=petition, consumer=followups.READING).exists()
    )


def is_open_to_doubt(petition: Petition) -> bool:
    """The machine alone has spoken, and whoever asked has not objected yet."""
    unread = petition.state == State.SUBMITTED and petition.contested_at is None
    guessed = unread or (petition.provisional and petition.is_open)
    return guessed and not is_doubted(petition) and not _was_left_unread(petition)


def _was_left_unread(petition: Petition) -> bool:
    """It came while the machine was off: there is nothing that it could have misunderstood."""
    return petition.reading is not None and not petition.reading.model


def found_no_place(petition: Petition) -> bool:
    """It was read, names no place, and so waits at the intake."""
    return petition.is_open and petition.led_by_focal_point and petition.reading is not None


def needs_no_place(petition: Petition) -> bool:
    """What it was read or filed for lies at a body that its words name: in which commune changes nothing."""
    matter = petition.kind, petition.subfield_id or ""
    today = timezone.localdate()
    return needs_no_commune(*matter, petition.territory_id, facts_told(petition.text), today)


def is_doubted(petition: Petition) -> bool:
    return petition.steps.filter(action="inform", facts__doubts=True).exists()


def communes_named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name with province) of these communes, in the order given."""
    found = Commune.objects.select_related("province").in_bulk(list(codes))
    return [(code, _named(found[code])) for code in codes if code in found]


def _place(commune: str, province: str) -> str:
    unit = Commune.objects.select_related("province").filter(pk=commune).first() if commune else None
    if unit:
        return _named(unit)
    whole = Province.objects.filter(pk=province).first() if province else None
    return whole.name if whole else ""


def _named(unit: Commune) -> str:
    return f"{unit.name}, {unit.province.name}"


def _due(policy: str, lead: Agency, now: dt.datetime) -> str:
    """When an answer would be due if the petition were received at once; "" where no rule tells."""
    try:
        return moment(
            due(
                policy,
                "resolve",
                start=now,
                hours=lead.office_hours,
                on=timezone.localdate(now),
                on_duty=lead.round_the_clock,
            ).at
        )
    except DeadlineError:
        return ""


def _is_fresh(petition: Petition, now: dt.datetime) -> bool:
    return now - petition.submitted_at < DANGER_LASTS
