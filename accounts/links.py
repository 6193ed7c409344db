"""Whole addresses of this house's pages, as letters, feeds and open data give them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """The address of a path of this house, which begins with "/"."""
    return f"{settings.BASE_URL}{path}"


def link_to(name: str, *args: Any) -> str:
    """The address of a page by its name in the urls."""
    return absolute(reverse(name, args=args))
