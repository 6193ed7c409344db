"""A house that writes through a real mail server, and one that mail comes in to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.letters import HOUSE, LetterBox
from tests.mail_sink import Sink, sink


@pytest.fixture
def mail(settings: Any) -> Iterator[Sink]:
    """A house that writes through a real mail server."""
    cache.clear()
    with sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_URL = server.url
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        settings.EMAIL_TIMEOUT = 2
        yield server


@pytest.fixture
def inbox(settings: Any, tmp_path: Path) -> LetterBox:
    """Mail comes in to a Maildir of its own."""
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    settings.MAIL_DIR, settings.MAIL_ADDRESS = tmp_path / "maildir", HOUSE
    settings.DEFAULT_FROM_EMAIL = f"Hồi Âm <{HOUSE}>"
    return LetterBox(settings.MAIL_DIR)
