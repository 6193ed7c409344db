"""Sums over the cube, of which what was counted until the last closed day is added up once and kept.

No row of a closed day is ever written (`counting`), so it changes only where a day is closed or all is made
anew; each of these tells of itself in `CountedDay`, by which what is kept is named.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet, Sum

from feedback.models import CountedDay, DayCount

Key = tuple[str, ...]
KEPT_S = 24 * 60 * 60


def sums(rows: QuerySet[DayCount], by: Key, last: CountedDay | None) -> Counter[Key]:
    """The numbers of these rows added up by columns. `last`: the last day that was counted, as it is now."""
    if last is None:
        return Counter(dict(_added_up(rows, by)))
    total: Counter[Key] = Counter(dict(_kept(rows.filter(counted_on__lte=last.day), by, last)))
    for key, n in _added_up(rows.filter(counted_on__gt=last.day), by):
        total[key] += n
    return total


def _kept(rows: QuerySet[DayCount], by: Key, last: CountedDay) -> list[tuple[Key, int]]:
    asked = (*rows.query.sql_with_params(), by, last.day, last.at)
    name = f"cube-{hashlib.sha256(repr(asked).encode()).hexdigest()}"
    return cache.get_or_set(name, lambda: _added_up(rows, by), KEPT_S) or []


def _added_up(rows: QuerySet[DayCount], by: Key) -> list[tuple[Key, int]]:
    told: Any = rows.order_by().values_list(*by).annotate(Sum("n"))
    return [(tuple(key), n) for *key, n in told]
