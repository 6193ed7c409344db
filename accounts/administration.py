"""The stock admin, behind the same door as the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


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
