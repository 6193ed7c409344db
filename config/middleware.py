"""What every request passes through: its id and log line, its sender's address, its language, its limits."""

import ipaddress
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from config import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("hoiam.request")
# Asked every few seconds by whoever watches the house.
NOT_FOUND = 404
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
SAFE = ("GET", "HEAD")
PROBES = frozenset({"healthz", "readyz"})


class RequestLog:
    """Give each request an id and write one line about it: the route's name, never its path.

    Paths and queries carry petition codes and secrets; the name of the route does not.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        request_id = request_id_of(request)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            if (route := route_of(request)) not in PROBES:
                ms = round((time.monotonic() - started) * 1000)
                log.info(
                    "request", method=method_of(request), route=route, status=response.status_code, ms=ms
                )
            if response.status_code == NOT_FOUND:
                note_unseen(request, route)
        response["X-Request-ID"] = request_id
        return response


def method_of(request: HttpRequest) -> str:
    """One of those that there are, else "?": whoever writes a request by hand may write a secret there."""
    return request.method if request.method in METHODS else "?"


def note_unseen(request: HttpRequest, route: str) -> None:
    """Somebody signed in asked for one petition, or file, that is not there or not his to see.

    The access log: who it was by his number, and what he asked for. A code opens nothing without its secret.
    """
    asked = request.resolver_match.kwargs if request.resolver_match else {}
    about = str(asked.get("code") or asked.get("pk") or "")
    user = getattr(request, "user", None)
    if about and user is not None and user.is_authenticated:
        about = about if re.fullmatch(r"[0-9]{1,12}", about) else ""  # words may be anything
        log.warning("unseen", method=method_of(request), route=route, user=user.pk, about=about)


def request_id_of(request: HttpRequest) -> str:
    """Return the id that a proxy gave, when it is harmless, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if re.fullmatch(r"[0-9A-Za-z-]{8,64}", given) else uuid.uuid4().hex


def route_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name or match.route if match else "-"


class Head:
    """HEAD is asked as GET, so that its headers are those of GET (ETag, 304), and answered without a body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            response = self.get_response(request)
        finally:
            request.method = "HEAD"  # as the line of the log calls it
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()  # what was opened for it is closed with the answer
        elif isinstance(response, HttpResponse):
            response.content = b""
        return response


class ClientAddress:
    """Behind TLS stands one proxy of ours: take the sender's address from what that proxy appended.

    Only the last entry of X-Forwarded-For is the proxy's own word; what stands before it anyone can write.
    Without TLS nothing stands before the house and the header is ignored. Of IPv6 the network is taken.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if settings.SITE.secure and last and is_inside(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = sender(last) if is_address(last) else request.META["REMOTE_ADDR"]
        return self.get_response(request)


def is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def sender(word: str) -> str:
    """The address as it is counted by: of IPv6 a subscriber has a whole network of 2^64."""
    address = ipaddress.ip_address(word)
    if isinstance(address, ipaddress.IPv4Address):
        return word
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def is_inside(word: str) -> bool:
    """Whether the peer is this machine or its private network, where our proxy stands."""
    return not word or (is_address(word) and ipaddress.ip_address(word).is_private)


class ChosenLanguage:
    """Speak Vietnamese unless this person chose otherwise.

    Most browsers sold in Vietnam ask for English; whoever reads English says so with the switch.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            response.headers.setdefault("Content-Language", language)
        return response


class TooLarge:
    """Refuse what is over the limit of a request before reading any of it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MAX_REQUEST_BYTES:
            return errors.too_large(request)
        return self.get_response(request)


class NotAllowed:
    """An address that takes another method says so on a page with a way on, never on an empty one.

    Where nothing is ever taken that is said before anything is asked of a form, its token too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or response.headers.get("Content-Type", "").startswith(
            "application/json"
        ):
            return response
        return errors.not_allowed(request, response.headers.get("Allow", ""))

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponse | None:
        if getattr(view, "reads_only", False) and request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        return None


class DatabaseBusy:
    """Answer "come back in a moment" when the database is locked or away, with what was typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            return errors.busy(request, error)
        return None
