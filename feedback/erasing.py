"""Every word and trace of a person goes; the chain of steps stays as it is and still verifies."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

import search
from feedback.facts import ON_REQUEST
from feedback.models import (
    Attachment,
    Contact,
    Coordination,
    DiscardedFile,
    FollowUp,
    Notice,
    Objection,
    Petition,
    Prediction,
    PublicPicture,
    Reply,
    ReplyDraft,
    Step,
    StepText,
    Withheld,
)

log = logging.getLogger(__name__)

# How long an erased word may be waited for by whoever erases, in milliseconds; the clock tries again.
PATIENCE_MS = 200
COPIES_KEPT = dt.timedelta(days=7)


def erase_words(step: Step, told: dict[str, Any]) -> None:
    """In every table, in the transaction of the step; after it files, and what the database keeps aside."""
    petition = step.petition
    StepText.objects.filter(step__petition=petition).delete()
    Contact.objects.filter(petition=petition).delete()
    Prediction.objects.filter(petition=petition).delete()
    Notice.objects.filter(step__petition=petition).update(subject="", body="", address="")
    _clear_errors(petition)
    Reply.objects.filter(petition=petition).update(text="", evidence="", sent_back="")
    ReplyDraft.objects.filter(petition=petition).delete()
    Withheld.objects.filter(petition=petition).update(reason="")
    Objection.objects.filter(petition=petition).update(words="", left_because="")
    Coordination.objects.filter(petition=petition).update(question="", text="")
    files = Attachment.objects.filter(petition=petition)
    DiscardedFile.objects.bulk_create([DiscardedFile(file=file.file.name) for file in files])
    pictures = PublicPicture.objects.filter(petition=petition)
    DiscardedFile.objects.bulk_create([DiscardedFile(file=one.file.name) for one in pictures])
    files.delete()  # and with each the pictures that were made of it
    petition.text = petition.place_text = ""
    petition.intake_key = petition.content_digest = ""  # a fingerprint of the words is a trace too
    petition.lat = petition.lon = petition.petitioner_id = None
    petition.published_at = petition.offered_at = None
    petition.save()
    search.forget([petition.pk])
    search.remove_here((shelf, petition.pk, step.seq) for shelf in search.Shelf)
    transaction.on_commit(throw_away, robust=True)
    transaction.on_commit(wipe_log, robust=True)
    if told["rule"] == ON_REQUEST:
        transaction.on_commit(forget_copies, robust=True)


def forget_copies() -> None:
    """Take away what the house put aside of its database before it was changed: it holds what is erased.

    At once where somebody asked for it since; else in a week, in which a failed change would have been
    seen. Twice: it is gone. Never, where the process dies after the erasure: the clock's next round does it.
    """
    copies = list((settings.VAR / "backups").glob("before-migrate-*.sqlite3"))
    if not copies:
        return
    week_ago = (timezone.now() - COPIES_KEPT).timestamp()
    steps = Step.objects.filter(action="erase", facts__rule=ON_REQUEST).order_by("-pk")
    asked = steps.values_list("at", flat=True).first()
    until = max(week_ago, asked.timestamp()) if asked else week_ago
    for copy in copies:
        with suppress(FileNotFoundError):
            if copy.stat().st_mtime <= until:
                copy.unlink()


def throw_away() -> None:
    """Take from the disk the files of what was erased, once that is committed.

    Twice: it is gone already. Never, where the process or the disk fails: the clock's next round does it.
    """
    for discarded in DiscardedFile.objects.order_by("pk"):
        try:
            discarded.file.delete(save=False)
        except OSError:
            log.error("an erased file is still on the disk", extra={"file": discarded.pk})
            continue
        DiscardedFile.objects.filter(pk=discarded.pk).delete()


def _clear_errors(petition: Petition) -> None:
    """An exception may quote anything. A row in a worker's hand is left to it: it writes no more words."""
    failed = FollowUp.objects.filter(step__petition=petition).exclude(error="")
    free = failed.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    FollowUp.objects.filter(pk__in=list(free)).update(error="")


def wipe_log() -> bool:
    """Empty SQLite's write-ahead log, which holds what rows said before; False while a reader needs it.

    Twice: it is empty already. Never: the words stay on the disk until SQLite reuses the place.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return connection.vendor != "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(cursor.fetchone()[0] == 0)
        except OperationalError:  # another is at the same work
            return False
        finally:
            patience = connection.settings_dict["OPTIONS"].get("timeout", 5)
            cursor.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
