"""A rush: more petitions come in than one process can read. Then whoever sends goes first, for a while.

Reading beside the pages on the same two cores takes from every sender what it gives to one: while a rush
lasts it waits, and reads in the order of arrival as soon as less comes in.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from feedback import followups

# More than half again what is read in a second came in during the last one.
TOO_MANY = 1.5
# However long a rush lasts, nobody's words wait longer than this before they are read.
PATIENCE = dt.timedelta(seconds=15)
SECOND = dt.timedelta(seconds=1)


def is_on(read_per_s: float) -> bool:
    """Whether reading should wait; `read_per_s` is what this process read when it last did."""
    waiting = followups.waiting().filter(consumer=followups.READING)
    most, now = round(read_per_s * TOO_MANY), timezone.now()
    arrived = waiting.order_by("-pk").values_list("step__at", flat=True)[most : most + 1]
    if not any(now - at < SECOND for at in arrived):
        return False
    oldest = waiting.order_by("pk").values_list("step__at", flat=True).first()
    return oldest is not None and now - oldest < PATIENCE
