"""What every page knows beside its own matter: whether this house holds invented petitions, where it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from accounts.demonstration import marked


def demonstration(request: HttpRequest) -> dict[str, bool]:
    """`demonstration`: True where a banner has to say that nothing here is real."""
    return {"demonstration": marked()}


def address(request: HttpRequest) -> dict[str, str]:
    """`base_url`: the public address of the house, for what is read outside of it."""
    return {"base_url": settings.BASE_URL}
