"""Keys of one letter: each person's own choice."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from feedback.views.deeds import deed, way_back


@deed(lambda request: way_back(request) or reverse("feedback:desk"))
def single_keys(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/phim-tat/`: turn them on or off, and back to the page one was on."""
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    user.single_keys = request.POST.get("dung") == "co"
    user.save(update_fields=["single_keys"])
    return redirect(way_back(request) or "feedback:desk")
