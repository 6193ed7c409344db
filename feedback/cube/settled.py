"""Sums over the cube, of which what was counted before yesterday is added up once and kept.

A row is written only on the day that it bears, so what is older never changes, but where a day is closed or
all is made anew; each of these tells of itself in `CountedDay`, by which what is kept is named.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet, Sum
from django.utils import timezone

from feedback.models import CountedDay, DayCount
from routing.calendar import DAY

Key = tuple[str, ...]
KEPT_S = 24 * 60 * 60


def sums(rows: QuerySet[DayCount], by: Key, last: CountedDay | None) -> Counter[Key]:
    """The numbers of these rows added up by columns. `last`: the last day that was counted, as it is now."""
    yesterday = timezone.localdate() - DAY
    old = rows.filter(counted_on__lt=yesterday)
    total: Counter[Key] = Counter(dict(_kept(old, by, last) if last else _added_up(old, by)))
    for key, n in _added_up(rows.filter(counted_on__gte=yesterday), by):
        total[key] += n
    return total


def _kept(rows: QuerySet[DayCount], by: Key, last: CountedDay) -> list[tuple[Key, int]]:
    asked = (*rows.query.sql_with_params(), by, last.day, last.at)
    name = f"cube-{hashlib.sha256(repr(asked).encode()).hexdigest()}"
    return cache.get_or_set(name, lambda: _added_up(rows, by), KEPT_S) or []


def _added_up(rows: QuerySet[DayCount], by: Key) -> list[tuple[Key, int]]:
    told: Any = rows.order_by().values_list(*by).annotate(Sum("n"))
    return [(tuple(key), n) for *key, n in told]
