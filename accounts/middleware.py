"""Whom a request speaks for."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.second_factor import is_in


class SecondFactor:
    """Until the second factor is shown, every page takes the person for a stranger.

    One place for desk, admin, files and whatever comes: they ask `request.user`, which is nobody until
    then; only the pages of signing in look at `request.signed_in`. Asked lazily, for public pages look at
    no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        signed_in = request.user
        request.signed_in = signed_in  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: seated(signed_in))  # type: ignore[assignment]
        return self.get_response(request)


def seated(user: User | AnonymousUser) -> User | AnonymousUser:
    return user.itself() if isinstance(user, User) and is_in(user) else AnonymousUser()
