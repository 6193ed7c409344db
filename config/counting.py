"""A cache of files with exact counts: for a house without Redis, whose processes must count together."""

from __future__ import annotations

import fcntl
import pickle
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache


class CountingFileCache(FileBasedCache):
    """Django's own, but one process counts at a time, and a count keeps the end that it began with."""

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        with self._alone():
            return bool(super().add(key, value, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where nothing is counted under this key, or not any more."""
        with self._alone():
            ends_at, count = self._kept(key, version)
            self.set(key, count + delta, timeout=ends_at - time.time(), version=version)
            return count + delta

    def _kept(self, key: Any, version: int | None) -> tuple[float, int]:
        try:
            with Path(self._key_to_file(key, version)).open("rb") as file:  # type: ignore[attr-defined]
                ends_at = pickle.load(file)  # noqa: S301  our own file, as Django writes it
                count = pickle.loads(zlib.decompress(file.read()))  # noqa: S301
        except FileNotFoundError:
            raise ValueError(key) from None
        if ends_at is None or ends_at <= time.time():
            raise ValueError(key)
        return float(ends_at), int(count)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._createdir()  # type: ignore[attr-defined]
        with (Path(self._dir) / "lock").open("w") as lock:  # type: ignore[attr-defined]
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
