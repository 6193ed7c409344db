"""Guesses at secrets, counted: after too many wrong ones from one address, or at one code, all must wait.

The counts live in a cache that all processes share, for a quarter of an hour, and name nobody: addresses
and codes are hashed. A cache that is away holds nobody up; eight characters of a secret are the wall, this
is only its moat.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.cache import caches
from django.utils.crypto import salted_hmac

WINDOW_S = 15 * 60
MOST_OF_AN_ADDRESS = 20
# A published code is known to all: who wants to keep its owner out needs as many addresses as a code has
# twenties, and who guesses for a year at this pace has tried one secret in four thousand.
MOST_AT_A_CODE = 500

log = logging.getLogger(__name__)


def must_wait(address: str, code: str) -> bool:
    """True when this address, or anyone at this code, has guessed wrong too often just now."""
    if not settings.THROTTLE:
        return False
    of_address, at_code = _keys(address, code)
    try:
        wrong = caches["guesses"].get_many([of_address, at_code])
    except Exception:
        log.warning("the cache is away: wrong secrets are not counted")
        return False
    too_often: bool = (
        wrong.get(of_address, 0) >= MOST_OF_AN_ADDRESS or wrong.get(at_code, 0) >= MOST_AT_A_CODE
    )
    return too_often


def count_wrong(address: str, code: str) -> None:
    """One more wrong guess; an unknown code counts like a wrong secret."""
    if not settings.THROTTLE:
        return
    try:
        counts = caches["guesses"]
        for key in _keys(address, code):
            counts.add(key, 0, WINDOW_S)
            counts.incr(key)
    except ValueError:  # it ran out between the two lines
        pass
    except Exception:
        log.warning("the cache is away: wrong secrets are not counted")


def _keys(address: str, code: str) -> tuple[str, str]:
    return _key("address", address), _key("code", code)


def _key(what: str, value: str) -> str:
    """Keyed: whoever reads the cache tries no addresses against it."""
    return (
        f"guess:{what}:{salted_hmac(what, value, settings.IDENTITY_KEY, algorithm='sha256').hexdigest()[:32]}"
    )
