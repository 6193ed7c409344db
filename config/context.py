"""What every page knows beside its own matter: whether this house holds invented petitions, where it is."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest


def demonstration(request: HttpRequest) -> dict[str, bool]:
    """`demonstration`: True where a banner has to say that nothing here is real."""
    return {"demonstration": _mark().exists()}


def address(request: HttpRequest) -> dict[str, str]:
    """`base_url`: the public address of the house, for what is read outside of it."""
    return {"base_url": settings.BASE_URL}


def mark_as_demonstration() -> None:
    """From now on every page says so; there is no way back but an empty house."""
    _mark().write_text("Dữ liệu trình diễn, không có thật.\n", encoding="utf-8")


def _mark() -> Path:
    return Path(settings.VAR) / "demonstration.txt"
