"""The published cube: months that are over are frozen once; of the running one only the whole is told."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback import public
from feedback.public import Kind
from publication import cohorts, cubefile, recompute
from publication.coarsening import UNKNOWN, Delicate, Record, Records, Row, coarse
from publication.hiding import WAIT, Numbers
from publication.models import FrozenMonth, FrozenRow
from publication.recompute import REST, last_day_of, table_of
from routing.calendar import DAY, local, moment
from routing.models import Agency, Subfield

# The measure of each figure of the day's cube that is published; stocks are those of the last day.
FLOWS = {
    name: name
    for name in (
        *("submitted", "given", "answered", "timed", "on_time", "on_time_original", "late", "refused"),
        *("redirected", "returned", "extended", "reopened", "contested", "appealed", "rated", "satisfied"),
        *("acceptable", "unrated", "proposed", "confirmed", "open", "overdue"),
    )
} | {"received": "taken", "passed_on": "transferred"}
A_DAY_S = 24 * 60 * 60

Kept = TypeVar("Kept")


def measure(figure: str, bucket: str, kind: str) -> str | None:
    """What a count of the day's cube is published as; of spam nothing but that it was."""
    if figure == "waited":
        return None if bucket == "?" or kind == Kind.SPAM else WAIT + bucket
    if kind == Kind.SPAM:
        return "spam" if figure == "spam" else None
    return FLOWS.get(figure)


def freeze() -> list[dt.date]:
    """Publish every month that is over and counted, and how those of older ones fared; gives back the former.

    Twice, or by two at once: each once.
    """
    told = [month for month in _months_over() if _freeze(month)]
    cohorts.freeze()
    return told


def _months_over() -> Iterator[dt.date]:
    """Those whose last day is past and was closed: what was open then is known."""
    first, today = public.first_day_counted(), timezone.localdate()
    if first is None:
        return
    frozen = set(FrozenMonth.objects.values_list("month", flat=True))
    for month in months(first, today):
        last = last_day_of(month)
        if month not in frozen and last < today and public.is_day_counted(last):
            yield month


def months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The first days of the months from one day to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = last_day_of(month) + DAY


def _freeze(month: dt.date) -> bool:
    rows = list(coarse(records(month), month, delicate(), homes()))
    try:
        with transaction.atomic():
            kept = FrozenMonth.objects.create(
                month=month, at=timezone.now(), digest=_digest(cubefile.line(row) for row in rows)
            )
            FrozenRow.objects.bulk_create((_as_kept(row, kept) for row in rows), batch_size=1_000)
    except IntegrityError:
        return False  # another did it meanwhile
    return True


def _digest(lines: Iterable[str]) -> str:
    told = hashlib.sha256()
    for line in lines:
        told.update(line.encode())
    return told.hexdigest()


def _as_kept(row: Row, month: FrozenMonth) -> FrozenRow:
    return FrozenRow(month=month, **row._asdict())


def records(month: dt.date) -> Records:
    """What the house knows of a month that is over."""
    fields = dict(Subfield.objects.values_list("slug", "field_id"))
    found: dict[Record, Numbers] = defaultdict(Counter)
    for count in public.counts_of(month, last_day_of(month)):
        name = measure(count.figure, count.bucket, count.kind)
        if name is not None:
            words = (count.territory, count.agency, fields.get(count.subfield, ""), count.subfield)
            told = (word or UNKNOWN for word in (*words, count.kind, count.channel, count.party))
            found[Record._make((*told, count.day))][name] += count.n
    return found


def delicate() -> Delicate:
    """Matters that must not be public, and denunciations."""
    kept = Subfield.objects.exclude(sensitivity=Subfield.Sensitivity.PUBLIC)
    confidential = Subfield.objects.filter(sensitivity=Subfield.Sensitivity.CONFIDENTIAL)
    return Delicate(
        frozenset(confidential.values_list("field", flat=True)),
        frozenset(kept.values_list("slug", flat=True)),
        frozenset([str(Kind.DENUNCIATION)]),
    )


def homes() -> dict[str, str]:
    """The province of each agency that has its seat in one; a central one has none."""
    return dict(Agency.objects.filter(province__isnull=False).values_list("pk", "province"))


# --- what everybody may have now ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """All that is published: the frozen months, and of those that are not frozen the whole country's sum."""

    frozen: tuple[FrozenMonth, ...]
    running: tuple[Row, ...]
    as_of: dt.datetime

    @property
    def snapshot(self) -> str:
        """Two reports with the same one were counted from the same rows."""
        lines = (cubefile.line(row) for row in self.running)
        return _digest([*(month.digest for month in self.frozen), *lines])[:16]


def published() -> Published:
    """As of the newest step: nothing is counted here that a row does not say."""
    frozen = tuple(FrozenMonth.objects.order_by("month"))
    return Published(frozen, tuple(_running({one.month for one in frozen})), _as_of())


def _as_of() -> dt.datetime:
    last, newest = public.last_day_counted(), public.newest_step_at()
    ends = [moment(last + DAY, dt.time.min)] if last else []
    steps = [newest.replace(second=0, microsecond=0)] if newest else []
    return local(max([*ends, *steps], default=moment(timezone.localdate(), dt.time.min)))


def _running(frozen: Collection[dt.date]) -> Iterator[Row]:
    """Of each month that is not frozen the sum of the country."""
    first = public.first_day_counted()
    if first is None:
        return
    closed, today = public.last_day_counted(), timezone.localdate()
    for month in months(first, max(today, first)):
        if month in frozen:
            continue
        last = last_day_of(month)
        sums = public.totals_of(month, last)
        if closed is not None:
            sums.update(public.stood_at(min(last, closed)))
        yield Row("t", month, last, numbers=_numbers(sums))


def _numbers(sums: Counter[tuple[str, ...]]) -> Numbers:
    numbers: Numbers = Counter()
    for (figure, bucket, kind), n in sums.items():
        if name := measure(figure, bucket, kind):
            numbers[name] += n
    return numbers


def rows(**where: Any) -> Iterator[Row]:
    """Frozen rows by the columns of `FrozenRow`, in the order in which they are published."""
    kept = FrozenRow.objects.filter(**where).order_by("pk")
    for row in kept.values_list(*Row._fields).iterator(chunk_size=2_000):
        yield Row._make((*row[:-1], Counter(row[-1])))


def frozen_months() -> list[dt.date]:
    return list(FrozenMonth.objects.order_by("month").values_list("month", flat=True))


def kept(name: str, make: Callable[[], Kept]) -> Kept:
    """What is made of frozen rows alone, made once: they never change, until another month is frozen."""
    digests = FrozenMonth.objects.order_by("month").values_list("digest", flat=True)
    key = f"frozen-{hashlib.sha256(name.encode()).hexdigest()}-{_digest(digests)}"
    found: Kept | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, A_DAY_S)
    return found


def agencies(province: str) -> list[str]:
    """Codes of those of which figures are told apart, in a province or anywhere."""
    return kept(f"agencies-{province}", lambda: _agencies(province))


def _agencies(province: str) -> list[str]:
    kept = FrozenRow.objects.filter(table="g").exclude(agency__in=["", REST, UNKNOWN])
    if province:
        kept = kept.filter(province=province)
    return list(kept.order_by("agency").values_list("agency", flat=True).distinct())


def elsewhere(asked: Mapping[str, str | None]) -> list[str]:
    """`recompute.elsewhere`, of what is frozen."""
    return kept(f"elsewhere-{asked}", lambda: _elsewhere(dict(asked))) if asked["field"] else []


def _elsewhere(asked: dict[str, str | None]) -> list[str]:
    names = {"agency": "agency", "province": "province", "from": "month__gte", "to": "month__lte"}
    where = {column: asked[name] for name, column in names.items() if asked[name]}
    found = FrozenRow.objects.filter(table=table_of(asked), field__in=[asked["field"], REST], **where)
    columns = ("table", "since", "until", "province", "agency", "field")
    told = [dict(zip(columns, map(str, row), strict=True)) for row in found.values_list(*columns).distinct()]
    return recompute.elsewhere(told, asked)
