"""Periodic work of the house itself."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have expired. Twice: finds nothing; never: the table grows."""
    call_command("clearsessions")
