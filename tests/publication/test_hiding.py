"""Nothing that speaks of fewer than five petitions can be worked out: a solver tries, on random provinces."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from publication import coarsening, cubefile, recompute
from publication.coarsening import TABLES, Delicate, Record, Row, coarse
from publication.hiding import (
    Numbers,
    is_small,
    is_small_anywhere,
    merged,
    protected,
    size,
    too_little,
    total,
)
from publication.models import SHARED
from publication.recompute import FEWEST, REST

MONTH = dt.date(2026, 9, 1)
DELICATE = Delicate(frozenset(["integrity"]), frozenset(["bribes"]), frozenset(["denunciation"]))
FIELDS = {
    "roads": ("potholes", "lamps"),
    "waste": ("rubbish",),
    "integrity": ("bribes",),
    "health": ("clinics", "food"),
}


def province(seed: int, petitions: int, *, places: tuple[str, ...] = ("48",)) -> dict[Record, Numbers]:
    """Petitions that came in and were perhaps answered, some agencies, fields and days far oftener."""
    dice = random.Random(seed)
    found: dict[Record, Numbers] = defaultdict(Counter)
    for _n in range(petitions):
        place = dice.choice(places)
        field = dice.choices(list(FIELDS), [6, 3, 1, 2])[0]
        record = Record(
            place,
            f"ward-{dice.choices('abcde', [8, 4, 2, 1, 1])[0]}:{place}",
            field,
            dice.choice(FIELDS[field]),
            dice.choices(["report", "proposal", "complaint"], [8, 2, 1])[0],
            dice.choices(["web", "zalo", "post"], [6, 2, 1])[0],
            dice.choices(["person", "organisation"], [9, 1])[0],
            MONTH + dt.timedelta(days=dice.choice([0, 1, 1, 2, 2, 2, 3, 8])),
        )
        found[record]["taken"] += 1
        if dice.random() < 0.6:
            in_time = dice.random() < 0.7
            for measure in (
                "answered",
                "timed",
                "on_time" if in_time else "late",
                f"wait:{dice.randrange(30)}",
            ):
                found[record][measure] += 1
            if dice.random() < 0.3:
                found[record]["rated"] += 1
        if dice.random() < 0.1:
            found[record]["refused"] += 1
    return dict(found)


def rows(records: Mapping[Record, Numbers]) -> list[Row]:
    homes = {one.agency: one.province for one in records if ":" in one.agency}
    return list(coarse(records, MONTH, DELICATE, homes))


def told(row: Row) -> Numbers:
    """The numbers of a row that it tells."""
    return Counter({measure: n for measure, n in row.numbers.items() if n is not None})


# --- the attack ------------------------------------------------------------------------------------------


WANTED: dict[str, Callable[[Record], Any]] = {
    "day by kind and channel": lambda one: (one.day, one.kind, one.channel),
    "agency by field and kind": lambda one: (one.agency, one.field, one.kind),
    "agency by field": lambda one: (one.agency, one.field),
    "sub-field": lambda one: one.subfield,
    "field": lambda one: one.field,
    "agency": lambda one: one.agency,
    "kind": lambda one: one.kind,
    "kind by channel": lambda one: (one.kind, one.channel),
}


class Reader:
    """Finds out which row of each table tells a petition, as whoever reads the published rows can."""

    def __init__(self, published: list[Row], tables: str) -> None:
        self.rows = [row for row in published if row.table in tables]
        self.said = {(row.table, row.since, *self.words(row)) for row in self.rows}
        self.agencies, self.fields, self.kinds = (
            {getattr(row, name) for row in self.rows if row.table == table}
            for table, name in (("g", "agency"), ("c", "field"), ("k", "kind"))
        )

    @staticmethod
    def words(row: Row) -> tuple[str, ...]:
        return tuple(getattr(row, name) for name in ("agency", "field", "subfield", "kind", "channel"))

    def tells(self, row: Row, cell: Record) -> bool:
        here = row.since <= cell.day <= row.until
        return here and self.words(row) == getattr(self, f"_{row.table}")(row, cell)

    def _has(self, row: Row, **told: str) -> bool:
        words = (told.get(name, "") for name in ("agency", "field", "subfield", "kind", "channel"))
        return (row.table, row.since, *words) in self.said

    def _g(self, row: Row, cell: Record) -> tuple[str, ...]:
        return cell.agency if cell.agency in self.agencies else REST, "", "", "", ""

    def _k(self, row: Row, cell: Record) -> tuple[str, ...]:
        kind = cell.kind if cell.kind in self.kinds else REST
        apart = ("k", MONTH, "", "", "", kind, cell.channel) in self.said
        return "", "", "", kind, cell.channel if apart else REST

    def _a(self, row: Row, cell: Record) -> tuple[str, ...]:
        kind, channel = self._k(row, cell)[3:]
        apart = self._has(row, kind=kind, channel=channel)
        return "", "", "", *((kind, channel) if apart else (REST, REST))

    def _c(self, row: Row, cell: Record) -> tuple[str, ...]:
        field = cell.field if cell.field in self.fields else REST
        apart = self._has(row, field=field, subfield=cell.subfield)
        return "", field, cell.subfield if apart else REST, "", ""

    def _b(self, row: Row, cell: Record) -> tuple[str, ...]:
        agency = cell.agency if cell.agency in self.agencies else REST
        field = cell.field if cell.field in self.fields else REST
        kind = cell.kind if cell.kind in self.kinds else REST
        if not any(self._has(row, agency=agency, field=field, kind=one) for one in {*self.kinds, REST}):
            field = REST
        return agency, field, "", kind if self._has(row, agency=agency, field=field, kind=kind) else REST, ""


def worlds(published: list[Row], cells: list[Record], measure: str) -> tuple[Any, list[int]]:
    """The published sums as equations over all conceivable cells of one province."""
    reader = Reader(published, "gabck")
    matrix = lil_matrix((len(reader.rows), len(cells)))
    for index, row in enumerate(reader.rows):
        matrix[index, [at for at, cell in enumerate(cells) if reader.tells(row, cell)]] = 1
    return matrix.tocsr(), [told(row)[measure] for row in reader.rows]


def conceivable(records: Mapping[Record, Numbers]) -> list[Record]:
    """Every combination of what occurs anywhere; sub-fields within their fields."""
    some = list(records)
    agencies, kinds, channels, days = (
        sorted({getattr(one, name) for one in some}) for name in ("agency", "kind", "channel", "day")
    )
    pairs = sorted({(one.field, one.subfield) for one in some})
    return [
        Record("48", agency, field, subfield, kind, channel, "person", day)
        for agency in agencies
        for field, subfield in pairs
        for kind in kinds
        for channel in channels
        for day in days
    ]


def worked_out(records: Mapping[Record, Numbers], measure: str = "taken") -> Iterator[tuple[str, Any, int]]:
    """Each number of a small cell of which all worlds that fit the published rows say the same.

    Where all of a measure is one line's, that line says so: such cells are no secret.
    """
    published, cells = rows(records), conceivable(records)
    whole = total(records.values())
    if not any(told(row)[measure] for row in published if row.table == "c"):
        return  # nothing but its sum by agency is told
    matrix, sums = worlds(published, cells, measure)
    # Of what a table has no row there is nothing.
    possible = np.asarray(matrix.sum(axis=0)).ravel() == 5
    matrix, cells = matrix[:, possible], [cell for cell, can in zip(cells, possible, strict=True) if can]
    assert set(cells) >= {record._replace(party="person") for record in records}
    for name, by in WANTED.items():
        true: Counter[Any] = Counter()
        for record, numbers in records.items():
            true[by(record)] += numbers[measure]
        sizes: Counter[Any] = Counter()
        for record, numbers in records.items():
            sizes[by(record)] = max(sizes[by(record)], 0) + numbers["taken"]
        for wanted, n in true.items():
            if 0 < n < FEWEST and sizes[wanted] < FEWEST and is_spread(records, measure, whole[measure]):
                mine = np.array([1.0 if by(cell) == wanted else 0.0 for cell in cells])
                least, most = (
                    sign * linprog(sign * mine, A_eq=matrix, b_eq=sums, method="highs").fun
                    for sign in (1, -1)
                )
                assert least - 1e-6 <= n <= most + 1e-6  # the equations are true
                if most - least < 0.5:
                    yield name, wanted, n


def is_spread(records: Mapping[Record, Numbers], measure: str, whole: int) -> bool:
    """Whether no line of any table has all of it, or all but four."""
    for name in ("agency", "field", "subfield", "kind", "channel", "day"):
        lines: Counter[Any] = Counter()
        for record, numbers in records.items():
            lines[getattr(record, name)] += numbers[measure]
        if max(lines.values()) > whole - FEWEST:
            return False
    return True


@pytest.mark.parametrize("measure", ["answered"])
@pytest.mark.parametrize(
    ("seed", "petitions"),
    [pytest.param(seed, many, marks=pytest.mark.long) for seed in range(4) for many in (60, 200)],
)
def test_no_number_of_a_small_cell_can_be_worked_out(seed: int, petitions: int, measure: str) -> None:
    assert list(worked_out(province(seed, petitions), measure)) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "petitions"),
    [(seed, 30) for seed in range(2)]
    + [pytest.param(seed, 90, marks=pytest.mark.long) for seed in range(2)]
    + [
        pytest.param(seed, many, marks=pytest.mark.long)
        for seed in range(2, 8)
        for many in (12, 30, 60, 90, 200, 400)
    ],
)
def test_no_small_number_can_be_worked_out(seed: int, petitions: int) -> None:
    assert list(worked_out(province(seed, petitions))) == []


@pytest.mark.long
def test_the_solver_finds_what_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the cells that are small themselves hidden, and nothing beside them: then it is worked out."""
    monkeypatch.setattr(coarsening, "protected", lambda cells, small: {key for key in cells if small([key])})
    assert any(list(worked_out(province(seed, 90))) for seed in range(4))


# --- what is published -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_every_row_speaks_of_five_and_all_tables_have_the_same_sums(seed: int) -> None:
    records = province(seed, 300, places=("48", "48", "48", "01", "79"))
    published = rows(records)
    whole = total(records.values())
    for table in TABLES:
        of = [row for row in published if row.table == table]
        sums = total(told(row) for row in of)
        assert [row for row in of if is_small(told(row))] == [], table
        if table in "tg":
            assert sums == whole, table
        else:
            assert {measure: sums[measure] for measure in ("taken", "answered")} == {
                measure: whole[measure] for measure in ("taken", "answered")
            }
            assert set(sums) <= set(SHARED), "what is rare stands by agency alone"


def test_what_a_province_had_fewer_than_five_times_is_told_in_one_table_and_nowhere_as_nought() -> None:
    records = province(2, 60)
    records[next(iter(records))]["open"] = 3
    published = rows(records)
    assert {row.table for row in published if told(row)["open"]} == {"t", "g"}
    assert {row.table for row in published if "open" in row.numbers and row.numbers["open"] is None} == {
        *"abckp"
    }
    for row in published:
        cell = next(csv.DictReader(io.StringIO(cubefile.header() + cubefile.line(row))))["open"]
        assert (cell == "") == (row.table in "abckp")


def asked(published: list[Row], **filters: str) -> dict[str, Any]:
    """What whoever recomputes gets of `answered`, out of the lines of the file."""
    lines = cubefile.header() + "".join(map(cubefile.line, published))
    figure: dict[str, Any] = {"key": "answered", "definition": "", "unit": recompute.COUNT}
    figure |= {"of": {"whole": ["answered"]}, "per": {"whole": None}}
    dictionary: dict[str, Any] = {"snapshot": "", "as_of": "", "frozen": ["2026-09"], "running": []}
    dictionary["figures"] = [figure]
    dictionary["measures"] = {table: coarsening.measures_of(table) for table in TABLES}
    question = dict.fromkeys(("agency", "field", "province", "from", "to")) | filters
    read = list(recompute.read_lines(io.StringIO(lines)))
    found = recompute.report(read, dictionary, question, recompute.elsewhere(read, question))
    return {**found["figures"][0], "complete": found["complete"]}


def test_what_is_not_told_of_a_part_is_not_told_as_nought_nor_as_all() -> None:
    records = {
        record._replace(field="roads", subfield="potholes"): Counter(taken=numbers["taken"])
        for record, numbers in province(2, 60).items()
    }
    records[next(iter(records))]["answered"] = 4
    here = asked(rows(records), field="roads")
    assert (here["value"], here.get("partial"), here["complete"]) == (None, True, False)
    elsewhere = {
        record._replace(province="01", agency="ward-a:01"): Counter(taken=1, answered=1) for record in records
    }
    both = asked(rows(records | elsewhere), field="roads")
    assert (both["value"], both.get("partial"), both["complete"]) == (len(elsewhere), True, False)
    everything = asked(rows(records | elsewhere))
    assert (everything["value"], everything["complete"]) == (len(elsewhere) + 4, True)


def test_an_agency_is_told_whole_where_it_is_at_home_and_a_central_one_in_no_province() -> None:
    records = province(4, 120, places=("48",))
    ward = sum(numbers["taken"] for record, numbers in records.items() if record.agency == "ward-a:48")
    guest = next(iter(records))._replace(agency="ward-a:48", province="01")
    records[guest] = Counter(taken=1)
    records |= {
        record._replace(agency="ministry", province=place): numbers
        for place in ("48", "01")
        for record, numbers in province(5, 12, places=(place,)).items()
    }
    homes = {one.agency: "48" for one in records if one.agency != "ministry"}
    where = {
        row.agency: (row.province, told(row)["taken"])
        for row in coarse(records, MONTH, DELICATE, homes)
        if row.table == "g"
    }
    assert where["ward-a:48"] == ("48", ward + 1)
    central = sum(numbers["taken"] for record, numbers in records.items() if record.agency == "ministry")
    assert where["ministry"] == (REST, central)


def test_an_agency_of_delicate_matters_alone_is_told_as_these_are() -> None:
    records = province(4, 120)
    inspected = next(iter(records))._replace(agency="inspectorate:48", kind="denunciation")
    records[inspected] = Counter({"taken": 9, "answered": 9, "refused": 1, "wait:30": 9})
    assert "inspectorate:48" not in {row.agency for row in rows(records)}
    records[inspected]["refused"] = 0
    assert "inspectorate:48" in {row.agency for row in rows(records) if row.table == "g"}
    records[inspected]["refused"] = 1
    records[inspected._replace(kind="report", field="roads", subfield="potholes")] = Counter(taken=5)
    assert "inspectorate:48" in {row.agency for row in rows(records) if row.table == "g"}


DENIED = Record("48", "inspectorate:48", "integrity", "bribes", "denunciation", "web", "person", MONTH)
TOLD_FEW = Counter({"taken": 9, "answered": 8, "open": 7, "late": 1, "refused": 1, "wait:3": 7, "wait:30": 1})
PLAIN = Record("48", "big:48", "roads", "potholes", "report", "web", "person", MONTH)
MANY = Counter(taken=50, answered=50, open=20, late=5, timed=50)


@pytest.mark.parametrize(
    "others",
    [
        {DENIED._replace(agency="another:48"): Counter({"taken": 6, "answered": 6, "returned": 1})},
        {PLAIN._replace(agency="ward:48"): Counter(taken=2)},
        {},
    ],
)
@pytest.mark.parametrize("agency", ["inspectorate:48", "government"])
def test_what_is_told_together_is_not_of_delicate_matters_alone(
    others: dict[Record, Numbers], agency: str
) -> None:
    records = {DENIED._replace(agency=agency): TOLD_FEW, PLAIN: MANY} | others
    for row in rows(records):
        of_plain = any(told(row)[measure] >= 20 for measure in told(row))
        assert of_plain or not is_small_anywhere(told(row)), row


def test_of_a_field_that_had_nothing_but_what_is_rare_something_is_missing() -> None:
    here = {PLAIN: MANY, PLAIN._replace(field="waste", subfield="rubbish"): MANY}
    there = PLAIN._replace(province="01", agency="far:01", field="waste", subfield="rubbish")
    records = here | {there: MANY - Counter(open=20), there._replace(field="roads"): Counter(open=3)}
    found = asked(rows(records), field="roads")
    assert (found["value"], found["complete"]) == (50, False)


def test_numbers_that_cancel_do_not_take_what_is_rare_beside_them_away() -> None:
    here = {PLAIN: MANY, PLAIN._replace(field="waste", subfield="rubbish"): MANY}
    there = PLAIN._replace(province="01", agency="far:01", field="roads")
    records = here | {
        there._replace(field="waste", subfield="rubbish"): MANY - Counter(open=20),
        there: Counter(taken=1, open=2),
        there._replace(channel="zalo"): Counter({"taken": -1, "open": 1}),
    }
    found = asked(rows(records), field="roads")
    assert (found["value"], found["complete"]) == (50, False)


def test_five_plain_petitions_that_wait_do_not_tell_of_the_delicate_ones_that_were_answered() -> None:
    """Another table says that no plain one was answered: then the one late answer is a denunciation's."""
    inspectorate = DENIED._replace(agency="inspectorate:48")
    waiting = PLAIN._replace(agency="inspectorate:48")
    records = {inspectorate: TOLD_FEW, waiting: Counter(submitted=6, taken=6, open=6), PLAIN: MANY}
    for row in rows(records):
        if row.agency == "inspectorate:48":
            assert not any(0 < told(row)[measure] < FEWEST for measure in ("late", "wait:30")), row


def test_a_country_of_three_petitions_says_only_that_they_are_three() -> None:
    published = rows(province(1, 3))
    assert {row.table for row in published} >= set("tg")
    for row in published:
        said = {*(getattr(row, name) for name in Row._fields[3:-1])}
        assert said <= {"", REST}
        assert row.since == MONTH
        assert row.until == dt.date(2026, 9, 30)


def test_of_what_is_delicate_no_single_number_under_five_is_told() -> None:
    records = province(3, 900)
    some = next(record for record in records if record.field == "integrity")
    assert "integrity" in {row.field for row in rows(records) if row.table == "c"}
    records[some]["open"] = 1
    records[next(record for record in records if record.field == "roads")]["open"] = 9
    assert "integrity" not in {row.field for row in rows(records) if row.table == "c"}


@pytest.mark.parametrize("seed", range(3))
def test_of_a_delicate_field_every_number_is_nought_or_five(seed: int) -> None:
    for row in rows(province(seed, 900)):
        if row.field == "integrity" or row.kind == "denunciation":
            assert all(n == 0 or n >= FEWEST for n in told(row).values()), row


def test_a_single_small_line_takes_the_least_of_the_others_along() -> None:
    lines = {"a": Counter(taken=2), "b": Counter(taken=40), "c": Counter(taken=9)}
    assert merged(lines, too_little(lines)) == {"a", "c"}
    assert size(total(lines.values())) == 51


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    cells = {(row, column): Counter(taken=5) for row in "ab" for column in "xy"}
    assert protected(cells, too_little(cells)) == set()
