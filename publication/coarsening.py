"""From the house's own counts of a month to the rows that everybody may have.

Within each province a petition is told once for each of six tables, with the same words everywhere:

- `g` agency, with every measure and how long answers took;
- `a` day by kind and channel (days are joined until they speak of five petitions),
- `b` agency by field and kind,
- `c` field and sub-field,
- `k` kind and channel, of the whole month,
- `p` persons and organisations: these five with the measures of SHARED alone, and of these only what the
  province had five times, because a number that is one in each of them would join them to one petition;

and `t` is the sum of the country. `b` shares its agencies with `g`, its fields with `c` and its kinds with
`k` and `a`, so `hiding` looks at each pair. What is not told apart stands under "*", a measure that is not
told of a province is None in its rows. An agency stands whole under the province where it is at home, with
what it had of others; a central one, which is at home in none, under "*".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from publication.hiding import Cell, IsSmall, K, Numbers, merged, protected, too_little, total
from publication.models import MEASURES, SHARED
from publication.recompute import FEWEST, REST, last_day_of
from routing.calendar import DAY

UNKNOWN = "-"
TABLES = "tgabckp"


def measures_of(table: str) -> tuple[str, ...]:
    """What a table tells; how long answers took stands in `t` and `g` alone."""
    return MEASURES if table in "tg" else SHARED


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
    numbers: Mapping[str, int | None] = Counter()  # None: not told


@dataclass(frozen=True)
class Delicate:
    """Fields, sub-fields and kinds of which no single number under five is told."""

    fields: frozenset[str] = frozenset()
    subfields: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def has(self, record: Record) -> bool:
        """Whether a record is of one of its fields or kinds."""
        return record.field in self.fields or record.kind in self.kinds

    def has_anyhow(self, record: Record) -> bool:
        """Of one of its sub-fields too."""
        return record.subfield in self.subfields or self.has(record)


Records = Mapping[Record, Numbers]
Labels = dict[Any, str]
Homes = Mapping[str, str]  # agency -> the province of its seat


def coarse(records: Records, month: dt.date, delicate: Delicate, homes: Homes) -> Iterator[Row]:
    """The rows of a month that is over."""
    last = last_day_of(month)
    yield Row("t", month, last, numbers=total(records.values()))

    def home(one: Record) -> str:
        return one.province if one.agency == UNKNOWN else homes.get(one.agency, REST)

    provinces = _labels(records, home, delicate.has)
    for province, some in sorted(_split(records, lambda one: provinces[home(one)]).items()):
        within = _Province(province, some, month, last, delicate)
        for table in (within.days, within.agencies, within.fields, within.all, within.kinds, within.parties):
            yield from table()


class _Province:
    """The tables of one province, or of those that are told together."""

    def __init__(
        self, province: str, records: Records, month: dt.date, last: dt.date, delicate: Delicate
    ) -> None:
        self.province, self.month, self.last = province, month, last
        self.delicate = delicate
        self.silent = _rare(records)
        self.whole, self.records = records, _shared(records, self.silent)
        self.agency = _labels(records, lambda one: one.agency, delicate.has)
        self.field = _labels(self.records, lambda one: one.field, delicate.has)
        self.kind = _labels(self.records, lambda one: one.kind, delicate.has)
        self.channel = self._within(lambda one: self.kind[one.kind], lambda one: one.channel)
        self.subfield = self._within(lambda one: self.field[one.field], lambda one: one.subfield)

    def _within(
        self, outer: Callable[[Record], str], inner: Callable[[Record], str]
    ) -> dict[tuple[str, str], str]:
        """Labels of what lies within another; of what is not told apart nothing within it is."""
        labels = {}
        for label, some in _split(self.records, outer).items():
            apart = label not in (REST, *self.delicate.fields, *self.delicate.kinds)
            told = _labels(some, inner, self.delicate.has_anyhow) if apart else {}
            labels.update({(label, inner(record)): told.get(inner(record), REST) for record in some})
        return labels

    def _rows(
        self, table: str, told: Callable[[Record], dict[str, Any]], records: Records | None = None
    ) -> Iterator[Row]:
        sums: dict[tuple[Any, ...], Numbers] = defaultdict(Counter)
        silent = self.silent if records is None else ()
        unsaid: set[tuple[Any, ...]] = set()
        span = {"since": self.month, "until": self.last}
        for record, numbers in (self.records if records is None else records).items():
            words = Row(table, province=self.province, **span | told(record))[:-1]
            sums[words].update(numbers)
            if any(self.whole[record][measure] for measure in silent):
                unsaid.add(words)
        # A row that says nothing is none: that it had something of what is silent is told with the rest.
        rest = {_rest_of(words) for words in unsaid if not any(sums[words].values())}
        for words in sorted(sums.keys() | rest):
            if any(sums[words].values()) or words in rest:
                yield Row(*words)._replace(numbers={**sums[words], **dict.fromkeys(silent)})

    def _kind_and_channel(self, one: Record) -> tuple[str, str]:
        kind = self.kind[one.kind]
        return kind, self.channel[kind, one.channel]

    def days(self) -> Iterator[Row]:
        days, small = self._lines(lambda one: one.day)
        spans = _spans(days, small, self.month, self.last)
        hidden = self._protected(lambda one: (spans[one.day], self._kind_and_channel(one)))

        def told(one: Record) -> dict[str, Any]:
            span, which = spans[one.day], self._kind_and_channel(one)
            kind, channel = (REST, REST) if (span, which) in hidden else which
            return {"since": span[0], "until": span[1], "kind": kind, "channel": channel}

        return self._rows("a", told)

    def agencies(self) -> Iterator[Row]:
        no_field = self._protected(lambda one: (self.agency[one.agency], self.field[one.field]))

        def who(one: Record) -> tuple[str, str]:
            agency, field = self.agency[one.agency], self.field[one.field]
            return agency, REST if (agency, field) in no_field else field

        def kind_of(one: Record) -> str:
            return REST if who(one)[1] in self.delicate.fields else self.kind[one.kind]

        no_kind = self._protected(lambda one: (who(one), kind_of(one)))

        def told(one: Record) -> dict[str, Any]:
            (agency, field), kind = who(one), kind_of(one)
            kind = REST if ((agency, field), kind) in no_kind else kind
            return {"agency": agency, "field": field, "kind": kind}

        return self._rows("b", told)

    def all(self) -> Iterator[Row]:
        return self._rows("g", lambda one: {"agency": self.agency[one.agency]}, self.whole)

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
        party = _labels(self.records, lambda one: one.party, self.delicate.has)
        return self._rows("p", lambda one: {"party": party[one.party]})

    def _lines(self, by: Callable[[Record], K]) -> tuple[dict[K, Numbers], IsSmall[K]]:
        """The sums of a table's lines, and which of them together are too little."""
        return _lines(self.records, by, self.delicate.has)

    def _protected(self, by: Callable[[Record], Cell]) -> set[Cell]:
        return protected(*self._lines(by))


def _rest_of(words: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row of what is told together: of the same days and place, of an agency the same one."""
    row = Row(*words)
    apart = ("field", "subfield", "kind", "channel", "party")
    return tuple(
        REST if name in apart and word else word
        for name, word in zip(row._fields[:-1], row[:-1], strict=True)
    )


def _rare(records: Records) -> list[str]:
    """What several tables would tell, and the province had fewer than five times."""
    of_all = total(records.values())
    return [measure for measure in SHARED if 0 < abs(of_all[measure]) < FEWEST]


def _shared(records: Records, silent: Iterable[str]) -> dict[Record, Numbers]:
    """The same with what several tables tell."""
    told = [measure for measure in SHARED if measure not in silent]
    return {
        record: Counter({measure: numbers[measure] for measure in told if numbers[measure]})
        for record, numbers in records.items()
    }


def _sums(records: Records, by: Callable[[Record], K]) -> dict[K, Numbers]:
    sums: dict[K, Numbers] = defaultdict(Counter)
    for record, numbers in records.items():
        sums[by(record)].update(numbers)
    return sums


def _split(records: Records, by: Callable[[Record], str]) -> dict[str, dict[Record, Numbers]]:
    parts: dict[str, dict[Record, Numbers]] = defaultdict(dict)
    for record, numbers in records.items():
        parts[by(record)][record] = numbers
    return parts


def _lines(
    records: Records, by: Callable[[Record], K], is_delicate: Callable[[Record], bool]
) -> tuple[dict[K, Numbers], IsSmall[K]]:
    sums = _sums(records, by)
    plain = {record: numbers for record, numbers in records.items() if not is_delicate(record)}
    return sums, too_little(sums, _sums(plain, by))


def _labels(records: Records, by: Callable[[Record], str], is_delicate: Callable[[Record], bool]) -> Labels:
    """Each by its own name, or as the rest."""
    sums, small = _lines(records, by, is_delicate)
    hidden = merged(sums, small)
    return {key: REST if key in hidden else key for key in sums}


Span = tuple[dt.date, dt.date]


def _spans(
    days: Mapping[dt.date, Numbers], small: IsSmall[dt.date], first: dt.date, last: dt.date
) -> dict[dt.date, Span]:
    """Each day with the first and last day that it is told together with; all days of the month."""

    def tells_too_little(span: list[dt.date]) -> bool:
        there = [day for day in span if any(days.get(day, Counter()).values())]
        return not there or small(there)

    spans: list[list[dt.date]] = [[]]
    day = first
    while day <= last:
        spans[-1].append(day)
        if not tells_too_little(spans[-1]):
            spans.append([])
        day += DAY
    # What is left at the end goes with the days before it.
    while len(spans) > 1 and (not spans[-1] or tells_too_little(spans[-1])):
        tail = spans.pop()
        spans[-1] += tail
    return {day: (some[0], some[-1]) for some in spans for day in some}
