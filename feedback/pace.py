"""How often one may ask for what costs the house something: so much in a while, then a wait.

The counts live in the cache for that while and name nobody; a cache that is away holds nobody up.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache

WINDOW_S = 60

# Filing: what one browser may send in ten minutes, and what all of one address may, for an office
# or a village may share one. A megabyte is the unit of files: a begun one counts whole.
FILING_WINDOW_S = 10 * 60
MOST_FILED, MOST_MEGABYTES = 60, 300
MOST_FILED_FROM_ADDRESS, MOST_MEGABYTES_FROM_ADDRESS = 300, 3_000


def is_filing_too_fast(address: str, browser: str, *, size: int) -> bool:
    """Count one more filing with so many bytes of files, of this browser and of its whole address."""
    megabytes = -(-size // 1_000_000)
    counts = [
        ("filed", f"{address} {browser}", 1, MOST_FILED),
        ("megabytes", f"{address} {browser}", megabytes, MOST_MEGABYTES),
        ("filed-from", address, 1, MOST_FILED_FROM_ADDRESS),
        ("megabytes-from", address, megabytes, MOST_MEGABYTES_FROM_ADDRESS),
    ]
    told = [  # each is counted, whatever the others say
        is_too_fast(what, who, most=most, weight=weight, window_s=FILING_WINDOW_S)
        for what, who, weight, most in counts
    ]
    return any(told)


def is_too_fast(what: str, address: str, *, most: int, weight: int = 1, window_s: int = WINDOW_S) -> bool:
    """Count `weight` more; True once it is more than `most` within the window, which the first one opens."""
    if not settings.THROTTLE:
        return False
    key = f"pace:{what}:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    try:
        cache.add(key, 0, window_s)
        return int(cache.incr(key, weight)) > most
    except ValueError:  # it ran out between the two lines, or the cache is away: then nobody is held up
        return False
