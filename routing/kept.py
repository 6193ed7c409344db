"""Reference rows kept in memory for as long as nobody changes one, in this process or another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

from routing.models import ReferenceState

T = TypeVar("T")


@dataclass
class _Asked:
    version: int | None = None


_asked: ContextVar[_Asked | None] = ContextVar("version of the reference data, asked once", default=None)


@contextmanager
def one_version() -> Iterator[None]:
    """One piece of work sees one version of the reference data and asks for it once, when it first needs it.

    For work of a moment that changes no reference row; without it every look asks anew. Inside another
    the outer one's answer holds.
    """
    if _asked.get() is not None:
        yield
        return
    token = _asked.set(_Asked())
    try:
        yield
    finally:
        _asked.reset(token)


def _version() -> int:
    asked = _asked.get()
    if asked is None:
        return ReferenceState.current()
    if asked.version is None:
        asked.version = ReferenceState.current()
    return asked.version


class Kept(Generic[T]):
    """`load()` once; again when the version of the reference data is another.

    One small query a call, or one for all calls inside `one_version`.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._held: tuple[int, T] | None = None

    def __call__(self) -> T:
        version = _version()
        held = self._held
        if held is None or held[0] != version:
            held = self._held = (version, self._load())
        return held[1]
