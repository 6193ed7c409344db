"""What tells who somebody is, encrypted at rest: the database, its copies and its logs alone do not open it.

AES-256-GCM with a key made of IDENTITY_KEY, which stands in the environment or in `var/keys` and never in
the database. A value is bound to its column: put into another one it does not open.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

log = logging.getLogger(__name__)

MARK = "sealed1."  # of this way of sealing: another way will have another number
NONCE = 12  # bytes


def seal(text: str, column: str) -> str:
    """The same text is another every time; what is empty stays empty, so that it can be asked for."""
    if not text:
        return ""
    nonce = secrets.token_bytes(NONCE)
    sealed = _cipher(settings.IDENTITY_KEY).encrypt(nonce, text.encode(), column.encode())
    return MARK + urlsafe_b64encode(nonce + sealed).decode()


def unseal(kept: str, column: str) -> str:
    """What was sealed; "" and a line in the log where this house's key does not open it."""
    opened = _opened(kept, column)
    if opened is None:
        log.error("a sealed value does not open: IDENTITY_KEY is another, or it was altered")
    return opened or ""


def opens(kept: str, column: str) -> bool:
    """Whether this house's key opens it, for whoever says himself what follows."""
    return _opened(kept, column) is not None


def _opened(kept: str, column: str) -> str | None:
    if not kept.startswith(MARK):
        return kept  # of before there was a seal: the migration seals it
    cipher = _cipher(settings.IDENTITY_KEY)
    try:
        sealed = urlsafe_b64decode(kept.removeprefix(MARK))
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], column.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def digest(text: str, column: str) -> str:
    """What a sealed value can be found by: 64 hex digits, the same for the same text; "" of what is empty.

    HMAC-SHA256 with a key of its own, so that nobody without it tries out every telephone number.
    """
    if not text:
        return ""
    key = _derived(settings.IDENTITY_KEY, b"hoiam identity look-up")
    return hmac.new(key, f"{column}={text}".encode(), "sha256").hexdigest()


@lru_cache(maxsize=2)
def _cipher(key: str) -> AESGCM:
    return AESGCM(_derived(key, b"hoiam identity at rest"))


@lru_cache(maxsize=4)
def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(key.encode())


if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField


class SealedField(TextField):
    """A text that stands sealed in its column and is plain in Python. It cannot be searched, only emptied."""

    @property
    def _column(self) -> str:
        return f"{self.model._meta.model_name}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else seal(value, self._column)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else unseal(value, self._column)
