"""Two questions a supervisor asks: does the process live, and may it be sent people."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

import classifier
import search
from feedback import followups, guards
from feedback.finding import INDEX
from feedback.finding.indexing import known_lost
from feedback.letters import box
from feedback.models import Contact
from routing.calendar import current_calendar
from routing.loading import reference_data_ready
from routing.ready import applied_migrations, shipped_migrations

# Without these nobody may be served; the rest may limp and is shown.
NEEDED = ("database", "migrations", "reference_data", "guards", "keys")
UNAVAILABLE = "unavailable"
# What can be said of the parts that live in a database which does not answer.
UNKNOWN: dict[str, Any] = {
    "migrations": UNAVAILABLE,
    "reference_data": UNAVAILABLE,
    "guards": UNAVAILABLE,
    "keys": UNAVAILABLE,
    "queue": {"waiting": None, "oldest_s": None, "dead": None},
    "lag_s": None,
    "clock_last_s": None,
    "sweep_last_s": None,
    "calendar_days": None,
}


PAGE = 4096  # bytes: a full disk still takes an empty file
LOST_SIGHT_OF = {"engine": UNAVAILABLE, "up": False, "lag_s": None, "lost": None}


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing is touched."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when people may be served, else 503; what is wrong stands beside each part."""
    state = readiness()
    return JsonResponse(state, status=200 if state["ready"] else 503)


def readiness() -> dict[str, Any]:
    """Return the whole state, what is needed first: {"ready", "database", "migrations", ...}.

    A database that is away is asked once, not by every part, for each would wait for it.
    """
    state = asked(database)
    parts: dict[str, Any] = {
        "database": state,
        **(of_database() if state == "ok" else UNKNOWN),
        "model": asked(model),
        "search": asked(finding, otherwise=LOST_SIGHT_OF) if state == "ok" else LOST_SIGHT_OF,
        "broker": asked(broker),
        "files": asked(files),
        "letters": asked(letters),
    }
    return {"ready": all(parts[name] == "ok" for name in NEEDED), **parts}


def of_database() -> dict[str, Any]:
    return {
        "migrations": asked(migrations),
        "reference_data": asked(reference_data_ready),
        "guards": asked(missing_guards),
        "keys": asked(keys),
        "queue": asked(followups.queue_state, otherwise=UNKNOWN["queue"]),
        "lag_s": asked(followups.lag, otherwise=None),
        "clock_last_s": asked(followups.clock_age, otherwise=None),
        "sweep_last_s": asked(sweep_age, otherwise=None),
        "calendar_days": asked(calendar_days, otherwise=None),
    }


def asked(question: Callable[[], Any], otherwise: Any = UNAVAILABLE) -> Any:
    """Ask one part; whatever breaks in it is that part's answer and no other's."""
    try:
        return question()
    except Exception:
        return otherwise


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def migrations() -> str:
    """Return "ok", or how many migrations of this code the database has not seen."""
    waiting = shipped_migrations() - applied_migrations()
    return f"{len(waiting)} not applied" if waiting else "ok"


def missing_guards() -> str:
    missing = guards.missing()
    return "missing: " + " ".join(sorted(missing)) if missing else "ok"


def keys() -> str:
    """Return "ok", or that this process has another IDENTITY_KEY than the one that names were sealed with."""
    return "ok" if Contact.objects.open_with_our_key() else "IDENTITY_KEY is another"


def sweep_age() -> float | None:
    """Seconds since deadlines were last gone round; None if they never were."""
    return followups.clock_age(followups.SWEEP)


def calendar_days() -> int:
    """How many days from today on can be counted; what falls due later has no date and is not accepted."""
    today = timezone.localdate()
    return (current_calendar().known_until(today) - today).days


def finding() -> dict[str, Any]:
    """Which engine finds, whether it answers, how many seconds it is behind, whether most of it was lost."""
    return {
        **search.state(),
        "lag_s": asked(followups.lag, otherwise={}).get(INDEX),
        "lost": asked(known_lost, otherwise=None),
    }


def broker() -> str:
    """Return "ok", or "none" where none is configured; without it rows wait for the clock."""
    if not settings.REDIS_URL:
        return "none"
    import redis  # not in a house without a broker

    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as wire:
        wire.ping()
    return "ok"


def files() -> str:
    """Return "ok", or why no file can be kept: a page is written into their folder, under no name."""
    try:
        settings.MEDIA_ROOT.mkdir(
            mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True
        )
        with TemporaryFile(dir=settings.MEDIA_ROOT) as page:
            page.write(bytes(PAGE))
    except OSError as trouble:
        return f"cannot be written: {trouble.strerror}"
    return "ok"


def letters() -> Any:
    """How many letters wait to be taken and for a person; "none" where mail does not come in."""
    return box.standing() if box.is_open() else "none"


def model() -> str:
    """Return the version of the model that reads, or what is wrong with it."""
    return classifier.read("Nắp cống bị mất").model or "missing"
