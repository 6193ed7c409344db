"""From the house's own counts of a month to the rows that everybody may have.

Within each province a petition is told once for each of five tables, with the same words everywhere:

- `a` day by kind and channel (days are joined until they speak of five petitions),
- `b` agency by field and kind,
- `c` field and sub-field,
- `k` kind and channel, of the whole month,
- `p` persons and organisations;

and `t` is the sum of the country. `b` shares its fields with `c` and its kinds with `k` and `a`, so `hiding`
looks at each pair. What is not told apart stands under "*".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from publication.hiding import REST, WAIT, Numbers, is_small, is_small_anywhere, merged, protected, total
from routing.calendar import DAY


class Record(NamedTuple):
    """What is known inside of some petitions of a month."""

    province: str
    agency: str
    field: str
    subfield: str
    kind: str
    channel: str
    party: str
    day: dt.date


class Row(NamedTuple):
    """One row that is published: what it speaks of, "" where it does not say, and its numbers."""

    table: str
    since: dt.date
    until: dt.date
    province: str = ""
    agency: str = ""
    field: str = ""
    subfield: str = ""
    kind: str = ""
    channel: str = ""
    party: str = ""
    numbers: Numbers = Counter()


@dataclass(frozen=True)
class Delicate:
    """Fields, sub-fields and kinds of which no single number under five is told."""

    fields: frozenset[str] = frozenset()
    subfields: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


Records = Mapping[Record, Numbers]
Labels = dict[Any, str]


def coarse(records: Records, month: dt.date, delicate: Delicate) -> Iterator[Row]:
    """The rows of a month that is over."""
    last = last_day_of(month)
    yield Row("t", month, last, numbers=total(records.values()))
    provinces = _labels(_sums(records, lambda one: one.province))
    for province, some in sorted(_split(records, lambda one: provinces[one.province]).items()):
        within = _Province(province, some, month, last, delicate)
        for table in (within.days, within.agencies, within.fields, within.kinds, within.parties):
            yield from table()


class _Province:
    """The tables of one province, or of those that are told together."""

    def __init__(
        self, province: str, records: Records, month: dt.date, last: dt.date, delicate: Delicate
    ) -> None:
        self.province, self.records, self.month, self.last = province, records, month, last
        self.delicate = delicate
        self.agency = _labels(_sums(records, lambda one: one.agency))
        self.field = _labels(_sums(records, lambda one: one.field), delicate.fields)
        self.kind = _labels(_sums(records, lambda one: one.kind), delicate.kinds)
        self.channel = self._within(lambda one: self.kind[one.kind], lambda one: one.channel)
        self.subfield = self._within(
            lambda one: self.field[one.field], lambda one: one.subfield, delicate.subfields
        )

    def _within(
        self,
        outer: Callable[[Record], str],
        inner: Callable[[Record], str],
        delicate: frozenset[str] = frozenset(),
    ) -> dict[tuple[str, str], str]:
        """Labels of what lies within another; of what is not told apart nothing within it is."""
        labels = {}
        for label, some in _split(self.records, outer).items():
            sums = _sums(some, inner)
            told = _labels(sums, delicate) if label != REST else dict.fromkeys(sums, REST)
            labels.update({(label, key): word for key, word in told.items()})
        return labels

    def _rows(self, table: str, told: Callable[[Record], dict[str, Any]]) -> Iterator[Row]:
        sums: dict[tuple[Any, ...], Numbers] = defaultdict(Counter)
        span = {"since": self.month, "until": self.last}
        for record, numbers in self.records.items():
            row = Row(table, province=self.province, **span | told(record))
            sums[row[:-1]].update(numbers)
        for words, numbers in sorted(sums.items()):
            if any(numbers.values()):
                row = Row(*words)
                yield row._replace(
                    numbers=self._without_waits(numbers) if self._is_delicate(row) else numbers
                )

    def _is_delicate(self, row: Row) -> bool:
        of = self.delicate
        return row.field in of.fields or row.subfield in of.subfields or row.kind in of.kinds

    @staticmethod
    def _without_waits(numbers: Numbers) -> Numbers:
        return Counter({measure: n for measure, n in numbers.items() if not measure.startswith(WAIT)})

    def _kind_and_channel(self, one: Record) -> tuple[str, str]:
        kind = self.kind[one.kind]
        return kind, self.channel[kind, one.channel]

    def days(self) -> Iterator[Row]:
        spans = _spans(_sums(self.records, lambda one: one.day), self.month, self.last)
        cells = _sums(self.records, lambda one: (spans[one.day], self._kind_and_channel(one)))
        hidden = protected(cells, lambda key, numbers: self._small(numbers, kind=key[1][0]))

        def told(one: Record) -> dict[str, Any]:
            span, which = spans[one.day], self._kind_and_channel(one)
            kind, channel = (REST, REST) if (span, which) in hidden else which
            return {"since": span[0], "until": span[1], "kind": kind, "channel": channel}

        return self._rows("a", told)

    def agencies(self) -> Iterator[Row]:
        by_field = _sums(self.records, lambda one: (self.agency[one.agency], self.field[one.field]))
        no_field = protected(by_field, lambda key, numbers: self._small(numbers, field=key[1]))

        def who(one: Record) -> tuple[str, str]:
            agency, field = self.agency[one.agency], self.field[one.field]
            return agency, REST if (agency, field) in no_field else field

        by_kind = _sums(self.records, lambda one: (who(one), self.kind[one.kind]))
        no_kind = protected(by_kind, lambda key, numbers: self._small(numbers, field=key[0][1], kind=key[1]))

        def told(one: Record) -> dict[str, Any]:
            (agency, field), kind = who(one), self.kind[one.kind]
            kind = REST if ((agency, field), kind) in no_kind else kind
            return {"agency": agency, "field": field, "kind": kind}

        return self._rows("b", told)

    def fields(self) -> Iterator[Row]:
        def told(one: Record) -> dict[str, Any]:
            field = self.field[one.field]
            return {"field": field, "subfield": self.subfield[field, one.subfield]}

        return self._rows("c", told)

    def kinds(self) -> Iterator[Row]:
        return self._rows(
            "k", lambda one: dict(zip(("kind", "channel"), self._kind_and_channel(one), strict=True))
        )

    def parties(self) -> Iterator[Row]:
        party = _labels(_sums(self.records, lambda one: one.party))
        return self._rows("p", lambda one: {"party": party[one.party]})

    def _small(self, numbers: Numbers, *, field: str = "", kind: str = "") -> bool:
        delicate = field in self.delicate.fields or kind in self.delicate.kinds
        return is_small_anywhere(numbers) if delicate else is_small(numbers)


def _sums(records: Records, by: Callable[[Record], Any]) -> dict[Any, Numbers]:
    sums: dict[Any, Numbers] = defaultdict(Counter)
    for record, numbers in records.items():
        sums[by(record)].update(numbers)
    return sums


def _split(records: Records, by: Callable[[Record], str]) -> dict[str, dict[Record, Numbers]]:
    parts: dict[str, dict[Record, Numbers]] = defaultdict(dict)
    for record, numbers in records.items():
        parts[by(record)][record] = numbers
    return parts


def _labels(sums: Mapping[Any, Numbers], delicate: Iterable[str] = ()) -> Labels:
    """Each by its own name, or as the rest."""
    strict = frozenset(delicate)

    def small(key: Any, numbers: Numbers) -> bool:
        return is_small_anywhere(numbers) if key in strict else is_small(numbers)

    hidden = merged(sums, small)
    return {key: REST if key in hidden else key for key in sums}


Span = tuple[dt.date, dt.date]


def _spans(days: Mapping[dt.date, Numbers], first: dt.date, last: dt.date) -> dict[dt.date, Span]:
    """Each day with the first and last day that it is told together with; all days of the month."""
    spans: list[list[dt.date]] = [[]]
    day = first
    while day <= last:
        spans[-1].append(day)
        if not is_small(_of(days, spans[-1])):
            spans.append([])
        day += DAY
    # What is left at the end goes with the days before it.
    while len(spans) > 1 and (not spans[-1] or is_small(_of(days, spans[-1]))):
        tail = spans.pop()
        spans[-1] += tail
    return {day: (some[0], some[-1]) for some in spans for day in some}


def _of(days: Mapping[dt.date, Numbers], some: Iterable[dt.date]) -> Numbers:
    return total(days[day] for day in some if day in days)


def last_day_of(month: dt.date) -> dt.date:
    return (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY
