"""A small world of petitions with written-out moments; everything walks by real steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine
from django.core.cache import cache

from feedback.cube.counting import COUNT, rebuild
from feedback.models import FollowUp, Petition, Step
from feedback.steps import take
from publication.freezing import freeze
from publication.models import FrozenMonth
from routing.calendar import LOCAL
from tests import make


def at(text: str) -> dt.datetime:
    """'2026-11-02 09:00' on a Vietnamese clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def petition(state: str, when: str, **told: Any) -> Petition:
    """A petition that was filed and walked to `state` at that moment."""
    with time_machine.travel(at(when), tick=False):
        return make.petition(state, **told)


def answered(filed: str, sent: str, score: str = "", **told: Any) -> Petition:
    """A petition filed at one moment, answered (and rated) at another."""
    drafted = petition("pending_approval", filed, **told)
    take(drafted, "approve", by=make.approver(drafted.lead_id or ""), now=at(sent))
    if score:
        take(drafted, "rate", by=make.holder(drafted), now=at(sent), score=score)
    return Petition.objects.get(pk=drafted.pk)


def published(state: str = "answered", when: str = "2026-11-03 10:00", **told: Any) -> Petition:
    """A petition whose reviewed copy everyone may read."""
    shown = petition(state, when, **told)
    text = f"Vỉa hè bong gạch, bản công khai {shown.printed_code}."
    take(shown, "publish", by=make.reviewer(), now=at(when), public_text=text)
    return Petition.objects.get(pk=shown.pk)


def recorded(petition: Petition, action: str, when: str, **columns: Any) -> Step:
    """A step as an action of the table records it that has no button yet: written straight into the chain."""
    last = petition.steps.order_by("-seq").first()
    assert last is not None
    kept = {
        field.attname: getattr(last, field.attname)
        for field in Step._meta.concrete_fields
        if field.name != "id"
    }
    told = {"seq": last.seq + 1, "at": at(when), "action": action, "before": last.after, "facts": {}}
    return Step.objects.create(**kept | told | columns)


def two_months() -> dict[str, Petition]:
    """Seven petitions of September, all on time, and eleven of October, of which two were late."""
    september = [
        answered("2026-09-07 09:00", "2026-09-08 10:00", score="satisfied" if number < 3 else "")
        for number in range(7)
    ]
    october = [
        answered("2026-10-05 09:00", "2026-10-06 10:00", score="dissatisfied" if number < 6 else "")
        for number in range(9)
    ]
    late = [answered("2026-10-05 09:00", "2026-10-26 10:00", score=score) for score in ("satisfied", "")]
    return {petition.code: petition for petition in (*september, *october, *late)}


AS_OF = at("2026-11-25 12:00")


def counted(when: dt.datetime = AS_OF) -> None:
    """All that was done until then counted from its steps, and every month that is over published."""
    cache.clear()  # what is kept is named by the moment of the last count, which stands still here
    with time_machine.travel(when, tick=False):
        FollowUp.objects.filter(consumer=COUNT).delete()
        FrozenMonth.objects.all().delete()
        rebuild()
        freeze()


def build() -> dict[str, Petition]:
    """Eight petitions, one of each fate. Five working days were given: those of 2 November until the 9th."""
    world = {
        "prompt": answered("2026-11-02 09:00", "2026-11-02 16:00", score="very_satisfied"),
        "in time": answered("2026-11-02 09:00", "2026-11-04 10:00", score="dissatisfied"),
        "late": answered("2026-11-02 09:00", "2026-11-20 10:00"),
        "overdue": petition("in_progress", "2026-11-02 09:00"),
        "under way": petition("in_progress", "2026-11-23 09:00"),
        "spam": petition("submitted", "2026-11-02 09:00"),
        "refused": petition("submitted", "2026-11-02 09:00"),
        "waiting": petition("submitted", "2026-11-25 08:00"),
    }
    take(world["spam"], "receive", by=make.focal_point(), now=at("2026-11-02 10:00"), kind="spam")
    recorded(world["refused"], "confirm_refusal", "2026-11-03 09:00", after="rejected")
    return world
