"""Pages for what went wrong: calm, Vietnamese, and nothing lost that was typed.

Each page stands alone (no query, no session), so that it can be shown when the database is away.
"""

import errno
import sys
from contextlib import suppress

import structlog
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils.translation import gettext as _

from feedback.views.deeds import LostWordsError, SignedOutError

log = structlog.get_logger("hoiam.errors")
RETRY_AFTER_S = 5
# Never shown again on a page, not even to the person who typed them.
UNSHOWN = frozenset({"csrfmiddlewaretoken", "secret", "key", "code", "token", "otp"})
# Nobody typed them: what a form holds for itself, and what is chosen by a press.
UNTYPED = frozenset(
    {"seq", "tu", "sau", "ve", "lat", "lon", "same_as", "pick", "outcome", "score", "commune"}
    | {"window", "began", "shown", "warned", "about", "asked", "box", "chosen", "codes", "corner", "next"}
    | {"apart", "objections_read"}
)
# What a folder of files refuses with: full, read-only, broken, not there, not ours.
OF_A_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}
    | {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST}
)


def page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Render `templates/<status>.html` without the context processors, which would ask the database."""
    template = loader.get_template(f"{status}.html")
    response = HttpResponse(template.render({"status": status, **context}), status=status)
    response["Cache-Control"] = "no-store"  # what is not there, or away, may be there a moment later
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Who was signed out meanwhile sees what he had typed and signs in again."""
    if isinstance(exception, SignedOutError):
        read_body(request)
        return page(request, 403, back=exception.back, typed=typed(request))
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere; the text is shown so that it can be sent again."""
    read_body(request)
    return page(request, 403, csrf=True, typed=typed(request))


def read_body(request: HttpRequest) -> None:
    """So that `typed` has something to tell; one too large, broken off or no form shows nothing."""
    with suppress(SuspiciousOperation, OSError, MultiPartParserError):
        _ = request.POST


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same whether it is not there or not one's own; what was typed for it is shown all the same.

    At an address of data it is data as well: a program reads it.
    """
    if request.path.endswith(".json"):
        told = {"error": _("Không có địa chỉ này.")}
        headers = {"Cache-Control": "no-store"}
        return JsonResponse(told, status=404, headers=headers, json_dumps_params={"ensure_ascii": False})
    if isinstance(exception, LostWordsError):
        read_body(request)
        return page(request, 404, at_the_desk=is_of_the_desk(request), typed=typed(request))
    return page(request, 404, at_the_desk=is_of_the_desk(request))


def is_of_the_desk(request: HttpRequest) -> bool:
    """An official is where his work lies: his way back is no citizen's."""
    if not request.path.startswith(("/xu-ly/", "/giam-sat/", "/kiem-tra/")):
        return False  # and nobody's session is read for it
    return bool(getattr(getattr(request, "user", None), "works_here", False))


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """An address that is only posted to, opened from a bookmark or after going back."""
    code = request.resolver_match.kwargs.get("code", "") if request.resolver_match else ""
    at_the_desk = is_of_the_desk(request)
    response = page(request, 405, code=code if at_the_desk else "", at_the_desk=at_the_desk)
    response["Allow"] = allowed
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    limits = {"limit_mb": "MAX_REQUEST_BYTES", "file_mb": "MAX_FILE_BYTES", "video_mb": "MAX_VIDEO_BYTES"}
    return page(request, 413, **{name: getattr(settings, of) // 1_048_576 for name, of in limits.items()})


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page: also reached when middleware, not a view, met a database that is away.

    Where it was a disk that takes or gives no file: what goes all the same.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return busy(request, error)
    of_the_disk = isinstance(error, OSError) and error.errno in OF_A_DISK
    enclosed = of_the_disk and bool(getattr(request, "_files", None))
    match = request.resolver_match
    opened = of_the_disk and match is not None and match.view_name == "feedback:attachment"
    return page(request, 500, enclosed=enclosed, opened=opened, typed=typed(request))


def busy(request: HttpRequest, error: Exception) -> HttpResponse:
    """503 with Retry-After and what was typed."""
    log.warning("database_busy", exc_info=error)
    response = page(request, 503, retry_after=RETRY_AFTER_S, typed=typed(request))
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the posted fields worth keeping, in order; what was read before, never more of the body."""
    posted = getattr(request, "_post", None) or {}
    return [(name, value) for name, value in posted.items() if value and not _is_kept_to_oneself(name)]


def _is_kept_to_oneself(name: str) -> bool:
    return name in UNSHOWN | UNTYPED or "password" in name or name.startswith("drawn_")
