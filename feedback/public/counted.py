"""The step that stopped the clock of a petition that waits, without a word of anybody."""

from __future__ import annotations

import datetime as dt

from feedback.models import Step
from feedback.workflow import PAUSED


def stopped_at(petition_id: int) -> dt.datetime | None:
    """When the clock of a petition that waits now was stopped."""
    stops = Step.objects.filter(petition=petition_id, after__in=PAUSED).exclude(before__in=PAUSED)
    return stops.order_by("-seq").values_list("at", flat=True).first()
