"""The follow-ups as Celery tasks: the same functions that the embedded `work` process calls."""

from celery import shared_task
from django.conf import settings

from feedback import anchors, doubts, followups
from feedback import sweep as clock
from feedback.cube import closing
from feedback.letters import box, collecting


@shared_task(name="feedback.tasks.follow_up", acks_late=True, reject_on_worker_lost=True)
def follow_up(*keys: int) -> int:
    """Do these follow-ups of one step. Twice: the second finds them done. Never: `catch_up` finds them
    waiting."""
    return sum(followups.follow_up(key) for key in keys)


@shared_task(name="feedback.tasks.catch_up", acks_late=True)
def catch_up() -> int:
    """Do what the bell missed. Twice: nothing more happens."""
    return followups.catch_up(outside=False).done


@shared_task(name="feedback.tasks.beat", acks_late=True)
def beat() -> None:
    """Note that the clock went round."""
    followups.beat()


@shared_task(name="feedback.tasks.send_out", acks_late=True)
def send_out() -> int:
    """The same for what goes to other machines; few at a time, for each may hang."""
    return followups.catch_up(limit=20, outside=True).done


@shared_task(name="feedback.tasks.sweep", acks_late=True)
def sweep() -> int:
    """The clock's round: reminders, closings, retention. Twice: each is said once; missed: said later."""
    return len(clock.sweep())


@shared_task(name="feedback.tasks.anchor", acks_late=True)
def anchor() -> int:
    """Sign the days that are over. Twice: one line a day. A house with a pretended clock signs by hand."""
    return 0 if settings.CLOCK_OPEN else len(anchors.make())


@shared_task(name="feedback.tasks.close_days", acks_late=True)
def close_days() -> int:
    """Count what stood where when a day ended. Twice: each day once; missed: later, from the same steps."""
    return 0 if settings.CLOCK_OPEN else len(closing.close_days())


@shared_task(name="feedback.tasks.remind_of_doubts", acks_late=True)
def remind_of_doubts() -> int:
    """Remind whoever is asked of doubts that lie too long. Twice: once a day and person; missed: later."""
    return doubts.remind()


@shared_task(name="feedback.tasks.collect_mail", acks_late=True)
def collect_mail() -> int:
    """Take what came by mail. Twice: each letter is filed and answered once; missed: it lies until then."""
    return sum(collecting.collect().values()) if box.is_open() else 0
