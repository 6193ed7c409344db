"""What is only posted: a button of a page, never a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from feedback.facts import WORDS
from feedback.models import PetitionQuerySet, Step
from feedback.workflow import QUIET


class SignedOutError(PermissionDenied):
    """Words were handed in by somebody whose session has ended; `back`: the page they were typed on."""

    def __init__(self, back: str) -> None:
        super().__init__()
        self.back = back


def numbered(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Each with `seq`, the number of its last step: what a form on its page says that it has seen.

    Of steps that everybody there may know of.
    """
    steps = Step.objects.filter(petition=OuterRef("pk")).exclude(action__in=QUIET)
    last = steps.order_by("-seq").values("seq")[:1]
    return petitions.annotate(seq=Subquery(last))


def seen_on(request: HttpRequest) -> int | None:
    """The number of the last step on the page that the form stood on; None where it does not say."""
    told = request.POST.get("seq", "")
    return int(told) if told.isdecimal() and len(told) < 9 else None


View = Callable[..., HttpResponse]


def deed(page: Callable[..., str]) -> Callable[[View], View]:
    """Post only, signed in only; whoever has to sign in first comes back to the page the button stands on.

    `page`: the address of that page, asked with the request and what the address of the deed named.
    """

    def decorate(view: View) -> View:
        posted = require_POST(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated and _has_words(request):
                raise SignedOutError(page(request, *args, **named))
            if not request.user.is_authenticated:
                return redirect_to_login(page(request, *args, **named))
            return posted(request, *args, **named)

        return guarded

    return decorate


class LostWordsError(Http404):
    """Words were handed in to a page that this browser may not open, or not any more."""


def _has_words(request: HttpRequest) -> bool:
    return request.method == "POST" and any(request.POST.get(name) for name in WORDS)


def keeps_words(view: View) -> View:
    """Signed in only; who has to sign in first is shown what he had typed, and the way back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            raise SignedOutError(request.path)
        return login_required(view)(request, *args, **named)

    return guarded


def way_back(request: HttpRequest) -> str:
    """The page of this house that a form stood on; "" for anything else."""
    told = request.POST.get("ve", "")
    ours = told.startswith("/") and url_has_allowed_host_and_scheme(told, allowed_hosts=None)
    return told if ours else ""
