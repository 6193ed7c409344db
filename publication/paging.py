"""Pages by key: what comes after a row, however many rows were added before it in the meantime."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

PAGE = 20
MOST_COUNTED = 1000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Key:
    """Where a page ended: the moment of publication in microseconds and the row's number."""

    moment: int
    pk: int

    @classmethod
    def of(cls, row: Any) -> Key:
        return cls((row.published_at - EPOCH) // MICROSECOND, row.pk)

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """'1764140400000000-17'; None for anything else."""
        match = re.fullmatch(r"([0-9]{1,16})-([0-9]{1,18})", text)
        return cls(int(match[1]), int(match[2])) if match else None

    def __str__(self) -> str:
        return f"{self.moment}-{self.pk}"

    def older(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that come after this one, newest first."""
        at = EPOCH + self.moment * MICROSECOND
        return rows.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=self.pk))


@dataclass(frozen=True)
class Page:
    """The rows of one page and where the next begins; `total` stops counting at MOST_COUNTED + 1."""

    rows: list[Any]
    after: Key | None
    total: int

    @property
    def more_than_counted(self) -> bool:
        return self.total > MOST_COUNTED


def page(rows: QuerySet[Any], after: Key | None) -> Page:
    """One page of `rows`, newest publication first."""
    ordered = rows.order_by("-published_at", "-pk")
    shown = list((after.older(ordered) if after else ordered)[: PAGE + 1])
    more = len(shown) > PAGE
    counted = rows.order_by()[: MOST_COUNTED + 1].count()
    return Page(shown[:PAGE], Key.of(shown[PAGE - 1]) if more else None, counted)
