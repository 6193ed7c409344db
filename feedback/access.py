"""The access log: who read which petition, file, identity or export, by which right, before he reads it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Role, User
from feedback import permissions
from feedback.models import Look, Petition

What = Look.What
LETTER = "admin:feedback_notice_change"  # the page of one letter of the outbox
log = structlog.get_logger("hoiam.access")

# How long an ordinary page waits for a database in use before it is shown without its row, in seconds.
PATIENCE_S = 0.25
# As whom one reads: a person with several posts reads as the first that fits.
RIGHTS = (
    *(permissions.petition_officer, permissions.focal_point, permissions.lead_handler),
    *(permissions.supervisor, permissions.auditor, permissions.reviewer, permissions.operator),
    permissions.administrator,
)


def kept(
    user: User,
    what: str,
    *,
    petition: Petition | None = None,
    page: str,
    about: str = "",
    rows: int | None = None,
    right: str = "",
    named: bool = False,
) -> None:
    """Keep that `user` is about to read this; called before anything of it is sent.

    `petition`: None for what tells of many, with the number of its `rows`. `page`: the name of the route,
    or of the command. `about`: the number of the file, the letter, the list; never words of a citizen.
    `right`: found by itself where it is not told. `named`: who sent it is shown.

    A petition or a file of whose sender no secret is made is kept once an hour for each person, and shown all
    the same where that fails (the log on stderr says so). All else raises OperationalError, and nothing is
    shown.
    """
    now = timezone.now()
    look = Look(
        petition=petition,
        user=user,
        at=now,
        what=what,
        about=about[:40],
        right=right or _right(user, petition),
        sealed=petition is not None and petition.identity_sealed,
        named=named,
        page=page[:40],
        rows=rows,
    )
    if petition is None or look.sealed or what not in (What.PETITION, What.FILE):
        _keep_or_fail(look)
        return
    look.hour = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    try:
        with _briefly(), transaction.atomic():
            Look.objects.bulk_create([look], ignore_conflicts=True)
    except DatabaseError as error:
        log.error("look_unkept", user=user.pk, petition=petition.pk, what=what, error=type(error).__name__)


def kept_by_appeal(
    user: User, what: str, petition: Petition, *, appeal: Petition, page: str, about: str = ""
) -> None:
    """Keep a look at what an appeal is against by whoever reads it there; his right is that of the appeal."""
    kept(user, what, petition=petition, page=page, about=about, right=_right(user, appeal))


def kept_who_sent(user: User, petitions: Iterable[Petition], *, page: str) -> None:
    """Whoever finds sealed ones by their sender's telephone is about to see who sent them."""
    for petition in petitions:
        if petition.identity_sealed:
            kept(user, What.IDENTITY, petition=petition, page=page, named=True)


def _keep_or_fail(look: Look) -> None:
    try:
        with transaction.atomic():
            look.save(force_insert=True)
    except DatabaseError as error:
        raise OperationalError("the look could not be kept, so nothing is shown") from error


def _briefly() -> AbstractContextManager[None]:
    """SQLite has one writer at a time: whoever only reads waits for his turn a moment, no longer."""
    waiting: Any = getattr(connection, "waiting_at_most", None)
    return waiting(PATIENCE_S) if waiting else nullcontext()


def _right(user: User, petition: Petition | None) -> str:
    """The right by which this person sees it, as `manage.py workflow` calls it; of many: his roles."""
    if petition is None:
        return "+".join(sorted({post.role for post in user.posts} - {Role.CITIZEN}))
    return next((right.__name__ for right in RIGHTS if right(user, petition)), "") or _beside(user, petition)


def _beside(user: User, petition: Petition) -> str:
    """None of those who have it: the superior who approves, an agency asked to help, or who filed it."""
    if petition.superior_id in user.agencies_as(Role.APPROVER):
        return "superior"
    return "coordinator" if user.agencies_as(*permissions.WORKERS) else "secret_holder"
