"""What an action writes beside the petition's own row, in the same transaction as its step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Role
from feedback import contacts, notifications, public, reach
from feedback.accused import barred_by, judged_already, named_in, still_barred, told_together
from feedback.erasing import erase_words
from feedback.models import (
    Coordination,
    Correction,
    Exclusion,
    Petition,
    Reply,
    ReplyDraft,
    Step,
    Withheld,
)
from feedback.permissions import WORKERS
from routing.assignment import Against, excluded_by
from routing.succession import successions
from routing.telling import local_day

Consequence = Callable[[Step, dict[str, Any]], None]


def confirm_reading(step: Step, told: dict[str, Any]) -> None:
    """An official took the petition on: the machine's proposal is confirmed, or was changed."""
    reading = step.petition.reading if step.by_id else None
    if reading and reading.confirmed_at is None:
        reading.confirmed_by_id, reading.confirmed_at = step.by_id, step.at
        reading.changed = (step.subfield, step.kind) != (reading.subfield, reading.kind)
        reading.save(update_fields=["confirmed_by", "confirmed_at", "changed"])


def keep_correction(step: Step, told: dict[str, Any]) -> None:
    """Where an official says otherwise than the machine read, the machine may learn from it."""
    if step.by_id is None or told.keys().isdisjoint(COLUMNS):
        return
    reading = step.petition.reading
    if reading is None or step.petition.is_appeal:
        return  # an appeal stands under the matter that it is against: its own words teach nothing of that
    agency = reading.routes[0]["agency"] if reading.routes else ""
    read = {"subfield": reading.subfield, "kind": reading.kind, "agency": agency}
    said = {name: getattr(step, column) for name, column in COLUMNS.items()}
    if "commune" in told or _differs(read, said, told):  # seldom: it costs a look at the first step
        read["commune"] = _commune_read(step.petition)
    if not _differs(read, said, told):
        return
    Correction.objects.create(
        petition=step.petition,
        step=step,
        prediction=reading,
        model=reading.model,
        confidence=reading.confidence,
        **{f"read_{name}": value for name, value in read.items()},
        **{f"said_{name}": value for name, value in said.items()},
    )


def _differs(read: Mapping[str, str], said: Mapping[str, str], told: Mapping[str, Any]) -> bool:
    return any(name in told and read[name] != said[name] for name in read)


def _commune_read(petition: Petition) -> str:
    """Where the machine saw it when it first read it."""
    located = petition.steps.filter(action="read").order_by("seq").first()
    return located.commune if located else ""


# Where a step keeps what was said.
COLUMNS = {"subfield": "subfield", "kind": "kind", "commune": "commune", "agency": "lead_agency"}


def draft(step: Step, told: dict[str, Any]) -> None:
    """What came with a draft that was sent back goes with this one, as far as it was told `again`."""
    reply = Reply.objects.create(
        petition=step.petition,
        drafted=step,
        outcome=told["outcome"],
        text=told["text"],
        evidence=told.get("evidence", ""),
        plan_date=told.get("plan_date"),
        drafted_by=step.by,
    )
    if told.get("again"):
        step.petition.attachments.unsent(told["again"]).update(reply=reply)
    ReplyDraft.objects.filter(petition=step.petition, person=step.by).delete()


def send_back(step: Step, told: dict[str, Any]) -> None:
    reply = step.petition.replies.last()
    if reply:
        reply.sent_back = told["words"]
        reply.save(update_fields=["sent_back"])


def send(step: Step, told: dict[str, Any]) -> None:
    reply = step.petition.replies.last()
    if reply:
        reply.approved_by, reply.approved_at = step.by, step.at
        reply.save(update_fields=["approved_by", "approved_at"])
    ReplyDraft.objects.filter(petition=step.petition).delete()


def no_longer_withheld(step: Step, told: dict[str, Any]) -> None:
    Withheld.objects.filter(petition=step.petition, over_at__isnull=True).update(over_at=step.at)


def ask_agencies(step: Step, told: dict[str, Any]) -> None:
    Coordination.objects.bulk_create(
        Coordination(
            petition=step.petition,
            agency_id=agency,
            question=told["question"],
            due_on=told["day"],
            asked_at=step.at,
        )
        for agency in told["agencies"]
    )


def hear_agency(step: Step, told: dict[str, Any]) -> None:
    """The answer of the agency that this person belongs to."""
    own = step.by.agencies_as(*WORKERS) if step.by else set()
    asked = step.petition.coordinations.filter(agency_id__in=own, contributed_at__isnull=True)
    asked.update(text=told["text"], contributed_at=step.at)


def exclude_accused(step: Step, told: dict[str, Any]) -> None:
    """Whoever is complained about sees nothing from now on; another kind may shut out more than the last."""
    named, petition, day = told.get("against"), step.petition, local_day(step.at)
    accused = [Against(**named)] if named else []
    if "kind" in told:
        accused += named_in(petition)
    for against in accused:
        barred = barred_by(against, petition, day, lifted=step.action == "lift")
        for one in (petition, *petition.wholes()):  # the whole text tells what its part tells
            shut_out(one, barred)
        for born in petition.descendants() if step.action == "accuse" else ():
            shut_out(born, barred_by(against, born, day))


def readmit(step: Step, told: dict[str, Any]) -> None:
    """Who was named by mistake is shut out no more, here and of its kin; what else bars him stays.

    Of kin that the one who takes it back may not see himself he opens nothing.
    """
    against, day = Against(**told["against"]), local_day(step.at)
    freed = successions().with_heirs(excluded_by(against, day), day)
    kin = told_together(step.petition)
    if step.role == Role.FOCAL_POINT and any(one.sealed for one in kin):
        said = _("Có đơn niêm phong về cùng việc: xin để cán bộ xử lý đơn hoặc người giám sát bỏ.")
        raise ValidationError({"against": said})
    seen = Petition.objects.visible_to(step.by).filter(pk__in=[one.pk for one in kin])
    for one in (step.petition, *seen.exclude(pk=step.petition_id)):
        gone = freed - still_barred(one, kin, day)
        one.exclusions.filter(agency_id__in=gone).delete()
    step.petition.forget_exclusions()


def exclude_accused_of(parent: Petition, born: Petition, step: Step) -> None:
    """What appeals complains of the same."""
    for against in named_in(parent):
        shut_out(born, barred_by(against, born, local_day(step.at)))


def exclude_who_answered(parent: Petition, born: Petition, step: Step) -> None:
    """A review of an answer is never by its author, nor by an office of his body.

    Luật Khiếu nại 2011, Điều 7: a second complaint goes to the superior of whoever decided the first.
    """
    shut_out(born, judged_already(parent, born, local_day(step.at)))


def shut_out(petition: Petition, agencies: Iterable[str]) -> None:
    """From this one and from what was merged into it, which tells the same; also once it stands alone."""
    barred = list(agencies)
    same = [petition.pk, *petition.merged.values_list("pk", flat=True)] if barred else []
    Exclusion.objects.bulk_create(
        [Exclusion(petition_id=pk, agency_id=code) for pk in same for code in barred], ignore_conflicts=True
    )
    petition.forget_exclusions()


def mend_contact(step: Step, told: dict[str, Any]) -> None:
    """Who sent it, as he told or as it was mended; his letters go where he reads now."""
    if not told.get("contact"):
        return
    before = reach.address_of(step.petition)
    contacts.add(step, told)
    if before.casefold() != reach.address_of(step.petition).casefold():
        notifications.readdress(step, former=before)


CONSEQUENCES: Mapping[str, tuple[Consequence, ...]] = {
    "receive": (confirm_reading, keep_correction),
    "accept": (confirm_reading,),
    "reclassify": (confirm_reading, keep_correction, exclude_accused),
    "assign": (keep_correction, exclude_accused),
    "transfer": (keep_correction,),
    "lift": (exclude_accused,),
    "accuse": (exclude_accused,),
    "seal": (exclude_accused,),
    "clear_accused": (readmit,),
    "inform": (mend_contact,),
    "draft_reply": (draft,),
    "send_back": (send_back,),
    "approve": (send,),
    "coordinate": (ask_agencies,),
    "contribute": (hear_agency,),
    "offer_publication": (no_longer_withheld,),
    "publish": (public.publish, no_longer_withheld),
    "erase": (erase_words,),
}
