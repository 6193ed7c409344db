"""Guesses at secrets, counted: after too many wrong ones from one address, or at one code, all must wait.

The counts live in a cache that all processes share, for a quarter of an hour, and name nobody: addresses
and codes are hashed. A cache that is away holds nobody up; the secret is the wall, this is only its moat.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.utils.crypto import salted_hmac

WINDOW_S = 15 * 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Guesser:
    """What wrong guesses are counted by: one address, or what is guessed at, and how many it may have."""

    what: str
    value: str
    most: int

    @property
    def key(self) -> str:
        """Keyed: whoever reads the cache tries no addresses against it."""
        digest = salted_hmac(self.what, self.value, settings.IDENTITY_KEY, algorithm="sha256").hexdigest()
        return f"guess:{self.what}:{digest[:32]}"


def must_wait(*guessers: Guesser) -> bool:
    """True when one of them has guessed wrong too often just now."""
    if not settings.THROTTLE:
        return False
    try:
        wrong = caches["guesses"].get_many([one.key for one in guessers])
    except Exception:
        log.warning("the cache is away: wrong secrets are not counted")
        return False
    return any(wrong.get(one.key, 0) >= one.most for one in guessers)


def count_wrong(*guessers: Guesser) -> None:
    """One more wrong guess of each."""
    if not settings.THROTTLE:
        return
    try:
        counts = caches["guesses"]
        for one in guessers:
            counts.add(one.key, 0, WINDOW_S)
            counts.incr(one.key)
    except ValueError:  # it ran out between the two lines
        pass
    except Exception:
        log.warning("the cache is away: wrong secrets are not counted")
