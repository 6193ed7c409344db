"""Reference rows kept in memory for as long as nobody changes one, in this process or another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from routing.models import ReferenceState

T = TypeVar("T")


class Kept(Generic[T]):
    """`load()` once; again when the version of the reference data is another. One small query a call."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._held: tuple[int, T] | None = None

    def __call__(self) -> T:
        version = ReferenceState.current()
        held = self._held
        if held is None or held[0] != version:
            held = self._held = (version, self._load())
        return held[1]
