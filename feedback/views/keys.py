"""Keys of one letter: each person's own choice."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User


@login_required
@require_POST
def single_keys(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/phim-tat/`: turn them on or off, and back to the page one was on."""
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    user.single_keys = request.POST.get("dung") == "co"
    user.save(update_fields=["single_keys"])
    return redirect(way_back(request) or "feedback:desk")


def way_back(request: HttpRequest) -> str:
    """The page of this house that a form stood on; "" for anything else."""
    told = request.POST.get("ve", "")
    ours = told.startswith("/") and url_has_allowed_host_and_scheme(told, allowed_hosts=None)
    return told if ours else ""
