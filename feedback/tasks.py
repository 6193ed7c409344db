"""The follow-ups as Celery tasks: the same functions that the embedded `work` process calls."""

from celery import shared_task

from feedback import followups


@shared_task(name="feedback.tasks.follow_up", acks_late=True, reject_on_worker_lost=True)
def follow_up(pk: int) -> bool:
    """Do one follow-up. Twice: the second finds it done. Never: `catch_up` finds it waiting."""
    return followups.follow_up(pk)


@shared_task(name="feedback.tasks.catch_up", acks_late=True)
def catch_up() -> int:
    """Do what the bell missed, and note that the clock went round. Twice: nothing more happens."""
    followups.beat()
    return followups.catch_up().done
