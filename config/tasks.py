"""Periodic work of the house itself."""

import datetime as dt
import os
import subprocess
import sys
from functools import partial

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from config.processes import die_with_parent
from feedback import followups

# Hours of Vietnam in which the machine learns: a core is free then.
NIGHT = range(1, 5)
A_NIGHT_S = 12 * 60 * 60


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have expired. Twice: finds nothing; never: the table grows."""
    call_command("clearsessions")


@shared_task
def learn() -> bool:
    """Once a night start `manage.py train --nightly` and wait for nothing: True when it was started.

    A process of its own, so that its 600 MB go with it; it ends with the one that started it. Twice: the
    second finds nothing new. Never: the machine reads on as it did.
    """
    last = followups.clock_age("learning")
    if not is_night(timezone.now()) or (last is not None and last < A_NIGHT_S):
        return False
    followups.beat("learning")
    subprocess.Popen(  # noqa: S603
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "train", "--nightly", "--json"],
        stdin=subprocess.DEVNULL,
        preexec_fn=partial(die_with_parent, os.getpid()),
    )
    return True


def is_night(now: dt.datetime) -> bool:
    return timezone.localtime(now).hour in NIGHT
