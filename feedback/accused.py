"""Who is complained of: as the steps tell it, whom that shuts out, and who leads in his stead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Post
from classifier import officials
from feedback.models import Petition, Step
from feedback.models.step import NAMING, TAKES_BACK, standing
from feedback.permissions import WATCHING
from feedback.workflow import Kind, State
from routing.assignment import (
    AUTHORS,
    Against,
    Assignment,
    Facts,
    assign,
    excluded_by,
    head_over,
    turns_on_accused,
)
from routing.kept import row
from routing.models import Agency
from routing.models.agencies import upwards
from routing.succession import successions
from routing.superiors import over, superior_of


def asks_who(kind: str, subfields: Collection[str], text: str) -> bool:
    """Whether a person has to read who is complained of, before any body gets it for one of these matters.

    The matter turns on it and nobody has said, or the text speaks of a head or deputy, who may be that
    body's own. Thanks are no complaint.
    """
    if any(turns_on_accused(kind, subfield) for subfield in subfields):
        return True
    return kind != Kind.PRAISE and bool(officials(text))


def accused_in(petitions: Iterable[Petition]) -> Mapping[int, Against]:
    """Petition -> who is complained of, as the last step that names somebody and still stands says."""
    said = Step.objects.filter(petition__in=[one.pk for one in petitions], action__in=[*NAMING, TAKES_BACK])
    told = standing(said.defer("record").order_by("seq"))
    return {step.petition_id: step.accused for step in told if step.accused}


def accused_of(petition: Petition) -> Against | None:
    named = petition.accusations()
    return named[-1].accused if named else None


def named_in(petition: Petition) -> list[Against]:
    """All who are complained of, as far as nobody took it back, in the order in which they were named."""
    return [step.accused for step in petition.accusations() if step.accused]


def barred_by(
    against: Against, petition: Petition, on: dt.date | None = None, *, lifted: bool = False, kind: str = ""
) -> frozenset[str]:
    """Codes of the agencies that this shuts out of the petition; `lifted`: it is taken from him.

    `kind`: what it becomes. With `on` also those that have taken over by that day. Raises FactError where
    there is no such agency.
    """
    complaint = (kind or petition.kind) == Kind.COMPLAINT
    first = complaint and _instance(petition, against, lifted=lifted) == 1
    return frozenset(excluded_by(against, on, first_complaint=first))


def barred_from(petition: Petition, on: dt.date) -> set[str]:
    """Codes of all that neither lead nor help that day: who is shut out, and who goes on with their work."""
    return successions().with_heirs(petition.excluded_agencies(), on)


def told_together(petition: Petition) -> list[Petition]:
    """All that tell the same: its family, and whatever was merged with one of them, also for a time."""
    family = petition.family()
    merges = Step.objects.filter(action="merge")
    mains = merges.filter(petition__in=[one.pk for one in family]).values_list("facts__main", flat=True)
    twins = merges.filter(facts__main__in=[one.code for one in family]).values("petition")
    of_them = Q(pk__in=[one.pk for one in family]) | Q(code__in=list(mains)) | Q(pk__in=twins)
    return list(Petition.objects.filter(of_them).order_by("pk"))


def still_barred(petition: Petition, kin: Iterable[Petition], on: dt.date) -> set[str]:
    """Codes of whom it shuts out that day: by every accusation that stands and reached it, and its origin."""
    told = [step for one in kin for step in one.accusations() if _reached(petition, one, step)]
    shut = [
        barred_by(step.accused, petition, on, lifted=step.action == "lift") for step in told if step.accused
    ]
    return set().union(*shut, *(_judged(one, on) for one in petition.lineage() if one.is_appeal))


def _reached(petition: Petition, one: Petition, step: Step) -> bool:
    """Whether what was said of `one` shut anybody out of this petition, as `consequences` has it.

    Its own; of what it came of, and of a part of that, what was said before, or by `accuse`; of its parts; of
    what was merged what was said before the two were parted.
    """
    lineage, wholes = {each.pk for each in petition.lineage()}, {whole.pk for whole in one.wholes()}
    if one.pk in lineage:
        return one.pk == petition.pk or step.action == "accuse" or step.at <= petition.submitted_at
    if petition.pk in wholes or (lineage & wholes and step.at <= petition.submitted_at):
        return True
    family = petition.family()
    return one.pk not in {kin.pk for kin in family} and _together_until(one, family, step.at)


def _together_until(twin: Petition, family: Iterable[Petition], at: dt.datetime) -> bool:
    """Whether one of the two was merged into the other and they were not parted before that moment."""
    merges = Step.objects.filter(action="merge")
    codes = [one.code for one in family]
    into = merges.filter(petition=twin, facts__main__in=codes)
    taken = merges.filter(petition__code__in=codes, facts__main=twin.code)
    parted = Step.objects.filter(before=State.MERGED).exclude(after=State.MERGED)
    for merge in into | taken:
        left = parted.filter(petition=merge.petition_id, seq__gt=merge.seq).order_by("seq").first()
        if left is None or left.at >= at:
            return True
    return False


def _judged(appeal: Petition, on: dt.date) -> set[str]:
    """Whoever gave the answer that this one is against."""
    origin: Any = appeal.origin
    return judged_already(origin, appeal, on) if origin else set()


def judged_already(first: Petition, appeal: Petition, on: dt.date) -> set[str]:
    """Codes of the bodies that answered what this is against, with offices; a focal point judges all."""
    units = [one.code for one in first.all_who_answered()]
    return set(units).union(*(barred_by(Against.of(code), appeal, on) for code in units))


def led_instead(petition: Petition, against: Against, on: dt.date, *, lifted: bool = False) -> Assignment:
    """What the tables say of this petition where he is complained of. Raises FactError, as `assign`."""
    complaint = petition.kind == Kind.COMPLAINT
    return assign(
        petition.kind,
        petition.subfield_id or "",
        petition.where,
        facts=Facts(instance=_instance(petition, against, lifted=lifted) if complaint else 0),
        against=against,
        on=on,
    )


def _instance(petition: Petition, against: Against, *, lifted: bool) -> int:
    """Of a complaint; one that is taken from the author of the decision comes to the second.

    Luật Khiếu nại 2011, Điều 18 đến 23.
    """
    return 2 if lifted and against.role in AUTHORS else petition.instance


def who_leads_instead(petition: Petition, against: Against, on: dt.date) -> str:
    """The code of who has it then: whom the rules name, else whoever receives it; "" where nobody may.

    Whoever receives it as well where a part of its text is sealed from all others.
    """
    barred = barred_from(petition, on) | barred_by(against, petition, on)
    if petition.sealed_parts().exists():
        return receiver(petition, barred)
    return _ruled(petition, against, led_instead(petition, against, on), barred) or receiver(petition, barred)


def _ruled(petition: Petition, against: Against, told: Assignment, barred: Collection[str]) -> str:
    """Over a clerk his body's head, else whom the tables name; "" where that is nobody else than now.

    Where the matter lies in another province they name who sits there: it is redirected, and handed to none.
    """
    head = row(Agency, head_over(against)) if against.role == "staff" else None
    named = [one.code for one in (head, told.lead) if one and not _sits_where_it_lies(one, petition)]
    return next((code for code in named if code not in {*barred, petition.lead_id}), "")


def _sits_where_it_lies(agency: Agency, petition: Petition) -> bool:
    """In the other province where the matter lies."""
    here = (None, petition.territory_id)
    return petition.province_id not in here and agency.province_id not in here


def receiver(petition: Petition, barred: Collection[str]) -> str:
    """The code of the focal point, or where it is barred of the nearest above; "" where all are."""
    intake = row(Agency, petition.focal_point_id)
    return next((one.code for one in upwards(intake, superior_of, without=barred)), "")


def watching(petition: Petition) -> set[str]:
    """Codes of whoever stands above its lead, and of the agencies of all who take in or watch over it."""
    codes = {petition.focal_point_id, *(one.code for one in over(petition.lead))}
    here = Post.covering(petition.territory_id)
    watchers = Post.objects.filter(here, role__in=WATCHING, user__is_active=True)
    at = Post.objects.filter(user__in=watchers.values("user"), agency__isnull=False)
    return codes.union(at.values_list("agency_id", flat=True))


def goes_up_to(petition: Petition, against: Against, on: dt.date) -> str:
    """Where nobody works on it: the code of who has it then, "" where it stays."""
    stays = petition.state == State.MERGED or petition.lead_id not in barred_by(against, petition, on)
    return "" if stays else who_leads_instead(petition, against, on)


def lifted_to(petition: Petition, against: Against | None, on: dt.date) -> str:
    """The code of whom the rules name where it is taken from the accused; raises ValidationError."""
    against = against or accused_of(petition)
    if against is None:
        raise ValidationError(_("Xin chọn cơ quan chủ trì mới, hoặc ghi ai bị phản ánh."))
    told = led_instead(petition, against, on, lifted=True)
    barred = barred_from(petition, on) | barred_by(against, petition, on, lifted=True)
    if code := _ruled(petition, against, told, barred):
        return code
    if told.address:
        why = _("Theo quy tắc, việc này thuộc %(body)s, ngoài hệ thống: xin hướng dẫn người gửi đến đó.")
        raise ValidationError(why % {"body": told.address["body"]})
    head = row(Agency, head_over(against)) if against.role == "staff" else None
    if head and _sits_where_it_lies(head, petition):
        why = _("Việc này ở tỉnh, thành phố khác, thuộc %(body)s: xin hướng dẫn người gửi đến đó.")
        raise ValidationError(why % {"body": head.name})
    raise ValidationError(_("Không quy tắc nào nêu được nơi khác; xin chọn cơ quan chủ trì mới."))
