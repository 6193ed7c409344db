"""Periodic work of the house itself."""

import datetime as dt
import os
import subprocess
import sys
import threading
from functools import partial

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from config.processes import die_with_parent
from feedback import followups
from feedback.finding import indexing
from publication import freezing

# Hours of Vietnam in which the machine learns: a core is free then.
NIGHT = range(1, 5)
A_NIGHT_S = 12 * 60 * 60
A_WHILE_S = 10 * 60  # whoever makes the index anew shows more often that he is at it


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have expired. Twice: finds nothing; never: the table grows."""
    call_command("clearsessions")


@shared_task
def freeze_months() -> int:
    """Publish the figures of months that are over. Twice: each once; never: only their sum is told."""
    return 0 if settings.CLOCK_OPEN else len(freezing.freeze())


@shared_task
def learn() -> bool:
    """Once a night start `manage.py train --nightly` and wait for nothing: True when it was started.

    A process of its own, so that its memory goes with it; it ends with the one that started it. Twice: the
    second finds nothing new. Never: the machine reads on as it did.
    """
    last = followups.clock_age("learning")
    if not is_night(timezone.now()) or (last is not None and last < A_NIGHT_S):
        return False
    followups.beat("learning")
    _begin("train", "--nightly")
    return True


@shared_task
def compare_index() -> bool:
    """Once a night start `manage.py compare_index --repair`, as `learn` does: True when it was started.

    At any hour where less than half of the petitions can be found, as in a house just restored, brought up
    to date or robbed of its index: `manage.py reindex`. Twice: nothing is left to repair. Never: what a lost
    follow-up left behind stays until it is run by hand.
    """
    last = followups.clock_age(indexing.COMPARING)
    if last is not None and last < A_WHILE_S:
        return False
    if indexing.is_lost():
        command = ["reindex"]
    elif is_night(timezone.now()) and (last is None or last >= A_NIGHT_S):
        command = ["compare_index", "--repair"]
    else:
        return False
    followups.beat(indexing.COMPARING)
    _begin(*command)
    return True


def _begin(*command: str) -> None:
    """A process of its own beside this one; what it says stands in its rows, or on stderr."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(die_with_parent, os.getpid()),
    )
    threading.Thread(target=process.wait, daemon=True).start()  # or its end would be left lying about


def is_night(now: dt.datetime) -> bool:
    return timezone.localtime(now).hour in NIGHT
