"""The Celery application and the clock: the one list of periodic work.

`celery beat` runs the list where there are many machines, `manage.py work` where there is one.
"""

import os
from typing import NamedTuple

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("hoiam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()

# `celery worker` takes from both; where there are many, `-Q celery` reads petitions and `-Q sending` sends,
# so that a mail server that hangs holds no hand that reads.
READING, SENDING = "celery", "sending"
app.conf.task_default_queue = READING
app.conf.task_queues = [Queue(READING), Queue(SENDING)]


class Periodic(NamedTuple):
    """Work done again and again, every so many seconds: a task by its dotted path, safe to run twice."""

    name: str
    task: str
    every_s: int
    outside: bool = False  # speaks to other machines and may hang: never in the lane that reads petitions
    for_workers: bool = (
        False  # what Celery's workers must be woken for; `manage.py work` does it all the time
    )


CLOCK = (
    Periodic("beat", "feedback.tasks.beat", 5),
    # The bell may be lost and leases run out: whatever is due is found again.
    Periodic("catch-up", "feedback.tasks.catch_up", 5, for_workers=True),
    Periodic("send-out", "feedback.tasks.send_out", 5, outside=True, for_workers=True),
    Periodic("collect-mail", "feedback.tasks.collect_mail", 60, outside=True),
    Periodic("sweep", "feedback.tasks.sweep", 60),
    Periodic("remind-of-doubts", "feedback.tasks.remind_of_doubts", 60 * 60, outside=True),
    Periodic("anchor", "feedback.tasks.anchor", 60 * 60),
    Periodic("close-days", "feedback.tasks.close_days", 10 * 60),
    Periodic("freeze-months", "config.tasks.freeze_months", 10 * 60),
    Periodic("compare-index", "config.tasks.compare_index", 10 * 60),
    Periodic("learn", "config.tasks.learn", 60 * 60),
    Periodic("clear-sessions", "config.tasks.clear_sessions", 24 * 60 * 60),
)
app.conf.beat_schedule = {
    work.name: {
        "task": work.task,
        "schedule": work.every_s,
        "options": {"queue": SENDING if work.outside else READING},
    }
    for work in CLOCK
}
