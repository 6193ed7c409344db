"""The steps that figures are counted from, without a word of anybody."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from feedback.models import Step
from feedback.workflow import PAUSED


def steps() -> QuerySet[Step]:
    """Every step, without words: what any past day can be recounted from.

    Who is complained of once it is answered, or is no more, changes no figure: the answer stays with
    whoever gave it.
    """
    return Step.objects.exclude(action__in=["accuse", "clear_accused"]).defer("record")


def latest_steps() -> QuerySet[Step]:
    """One step a petition: as it stands now."""
    later = steps().filter(petition=OuterRef("petition"), seq__gt=OuterRef("seq"))
    return steps().filter(~Exists(later))


def stopped(known: QuerySet[Step]) -> QuerySet[Step]:
    """The steps that stopped a clock which ran, the last one first."""
    return known.filter(after__in=PAUSED).exclude(before__in=PAUSED).order_by("-seq")


def stopped_at(petition_id: int) -> dt.datetime | None:
    """When the clock of a petition that waits now was stopped."""
    return stopped(steps().filter(petition=petition_id)).values_list("at", flat=True).first()
