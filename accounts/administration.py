"""The stock admin, behind the same door as the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.models import User

# All three together open every page of the admin.
NEEDED = ("is_active", "is_staff", "is_superuser")


def administrators() -> QuerySet[User]:
    """Who opens every page of the admin, whatever posts they have."""
    return User.objects.filter(**dict.fromkeys(NEEDED, True))


class House(admin.AdminSite):
    """One signs in at `/dang-nhap/`; for a signed-in person who administers nothing it is not there."""

    site_header = site_title = "Hồi Âm"

    def has_permission(self, request: HttpRequest) -> bool:
        if request.user.is_authenticated and not super().has_permission(request):
            raise Http404
        return super().has_permission(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self.has_permission(request)
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
