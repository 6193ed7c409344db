"""A browser as far as a test needs one: signed in as somebody, and what stands on the page."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import User


def at(user: User) -> Client:
    """A client that this person has signed in with."""
    client = Client()
    client.force_login(user)
    return client


def words(answer: Any) -> str:
    """The page as it was sent."""
    return str(answer.content.decode())
