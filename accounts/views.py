"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User


class SignIn(LoginView):
    """`/dang-nhap/`: an official goes to the desk, everyone else to what he filed."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        works = isinstance(user, User) and user.works_here
        return reverse("feedback:desk" if works else "feedback:track")


class SignOut(LogoutView):
    """`/dang-xuat/`: whoever sits down at this machine next finds nothing open."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(settings.OPENED_COOKIE_NAME, samesite="Lax")
        return response
