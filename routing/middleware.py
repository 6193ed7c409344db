"""A page that only shows sees one version of the reference data and asks for it once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from routing.kept import one_version

ONLY_SHOW = frozenset({"GET", "HEAD"})


class OneVersion:
    """A list of fifty deadlines looks at the calendar fifty times."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ONLY_SHOW:
            return self.get_response(request)
        with one_version():
            return self.get_response(request)
