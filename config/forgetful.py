"""A cache in Redis that holds nothing while Redis is away: what it would have told is worked out anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# So long nobody asks again after it did not answer: a page asks many times and would wait each time.
AWAY_S = 2.0

log = logging.getLogger(__name__)


class ForgetfulRedisCache(RedisCache):
    """Django's own, but a Redis that is away, full or still loading is an empty one, whatever is asked."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _ask(super().get, default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return dict(_ask(super().get_many, {}, keys, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(_ask(super().has_key, False, key, version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(_ask(super().add, False, key, value, timeout, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _ask(super().set, None, key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(_ask(super().delete, False, key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where nothing is counted under this key, so also while Redis is away."""
        count = _ask(super().incr, None, key, delta, version)
        if count is None:
            raise ValueError(key)
        return int(count)


_asked_again_at = 0.0  # of this process: Django makes a cache for each thread


def _ask(question: Callable[..., Any], otherwise: Any, *words: Any) -> Any:
    global _asked_again_at
    if time.monotonic() < _asked_again_at:
        return otherwise
    try:
        return question(*words)
    except RedisError as trouble:
        _asked_again_at = time.monotonic() + AWAY_S
        log.warning("the cache is away", exc_info=trouble)
        return otherwise
