"""Of what is published: how much is done and how much is still to do, by place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from feedback.public import OPEN, published

# A page is kept forty seconds more by any cache: what it says is never older than a minute.
KEPT_S = 20
ANSWERED, WAITING = Q(answered_at__isnull=False), Q(state__in=OPEN)
# What was withdrawn, merged into another or ended without an answer is no work, neither done nor to do.
WORK = ANSWERED | WAITING


@dataclass(frozen=True)
class Work:
    """Petitions of one place that were answered (`done`), or wait for an answer.

    `partial`: it may have more of them than are told of it apart.
    """

    done: int = 0
    open: int = 0
    partial: bool = False

    @property
    def total(self) -> int:
        return self.done + self.open

    @property
    def done_share(self) -> float:
        """Of a hundred."""
        return round(100 * self.done / self.total, 1) if self.total else 0.0


def by_province() -> Mapping[str, Work]:
    """By the code of the province; where nothing is published, nothing."""
    return _kept("provinces", published(), "province")


def by_commune(province: str) -> Mapping[str, Work]:
    return _kept(f"communes-{province}", published().filter(province=province), "commune")


def in_commune(code: str) -> Work:
    """What is published of one alone: of the islands that stand for themselves."""
    return _kept(f"commune-{code}", published().filter(commune=code), "commune").get(code, Work())


def _kept(name: str, rows: QuerySet[Any], by: str) -> Mapping[str, Work]:
    counted: Mapping[str, Work] | None = cache.get(f"backlog-{name}")
    if counted is None:
        counted = _counted(rows, by)
        cache.set(f"backlog-{name}", counted, KEPT_S)
    return counted


def _counted(rows: QuerySet[Any], by: str) -> dict[str, Work]:
    places = rows.filter(WORK).order_by().values_list(by)
    told = places.annotate(done=Count("pk", filter=ANSWERED), left=Count("pk", filter=WAITING))
    return {code: Work(done, left) for code, done, left in told if code}
