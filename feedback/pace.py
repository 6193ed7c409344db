"""How often one address may ask for what costs reading: so many times a minute, then a short wait.

The counts live in the cache for a minute and name nobody; a cache that is away holds nobody up.
"""

from __future__ import annotations

import hashlib
import logging

from django.conf import settings
from django.core.cache import cache

WINDOW_S = 60

log = logging.getLogger(__name__)


def is_too_fast(what: str, address: str, *, most: int) -> bool:
    """Count one more; True once it is more than `most` within the minute."""
    if not settings.THROTTLE:
        return False
    key = f"pace:{what}:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    try:
        cache.add(key, 0, WINDOW_S)
        return int(cache.incr(key)) > most
    except ValueError:  # it ran out between the two lines
        return False
    except Exception:
        log.warning("the cache is away: %s is not counted", what)
        return False
