"""What both engines on SQL share: a rule as a condition, a page out of rows, shelves put together.

A row is a document's `id` (its day and petition as one number: the newest is the highest), petition, due and
facts. With words the newest 2,000 candidates are fetched with their points and everything else happens
among them; without words nothing is fetched but the page, and the database counts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol

from search import rules
from search.documents import Document, Shelf
from search.folding import TOKENS, token
from search.likeness import TOPICS, WHOLE, How, Merit, manner, merits
from search.paging import Key, Page, Sort, pack, unpack
from search.query import Sought
from search.rules import Has, Rule
from search.words import Clause, Phrase

MOST = 2_000
NO_DUE = 2**40  # seconds: behind every deadline
_FIRST_DAY = dt.date(2000, 1, 1)
_PETITIONS = 2**36
LATEST = dt.date.max


class SQL(NamedTuple):
    """A piece of a statement with `%s` for each of its values."""

    text: str
    values: tuple[Any, ...] = ()


Row = tuple[Any, ...]
ALWAYS, NEVER = SQL("1 = 1"), SQL("1 = 0")


def every(parts: Sequence[SQL]) -> SQL:
    return _joined(" AND ", parts) if parts else ALWAYS


def any_of(parts: Sequence[SQL]) -> SQL:
    return _joined(" OR ", parts) if parts else NEVER


def _joined(word: str, parts: Sequence[SQL]) -> SQL:
    text = word.join(f"({part.text})" for part in parts)
    return SQL(text, tuple(value for part in parts for value in part.values))


def id_of(document: Document) -> int:
    """The day and the petition as one number."""
    return id_from(document.on) + document.petition


def id_from(day: dt.date) -> int:
    """The least number of that day."""
    return max(0, (day - _FIRST_DAY).days) * _PETITIONS


def due_of(document: Document) -> int:
    """Seconds since 1970; later than all where there is none."""
    return int(document.due.timestamp()) if document.due else NO_DUE


@dataclass(frozen=True)
class Needs:
    """What a candidate must have, all of it found by words and tokens alone."""

    clauses: Sequence[Sequence[Clause]]  # all of one of these
    facts: Mapping[str, Collection[str]] = field(default_factory=dict)  # one value of each

    FEW: ClassVar = 50  # values that are looked up; more narrow little, and are asked of the candidates

    @classmethod
    def of(cls, sought: Sought) -> Needs:
        few = {fact: values for fact, values in sought.filters.items() if 0 < len(values) <= cls.FEW}
        return cls(sought.needs, {fact: values for fact, values in few.items() if fact in TOKENS})


@dataclass(frozen=True)
class Grammar:
    """How an index of words writes what is asked, out of words that hold letters and digits alone."""

    both: str
    either: str
    phrase: Callable[[Sequence[str]], str]

    def asked(self, needs: Needs) -> str:
        said = self._any(self._all(map(self._said, clauses)) for clauses in needs.clauses)
        facts = [self._any(self._tokens(fact, values)) for fact, values in needs.facts.items()]
        return self._all([said, *facts])

    def _said(self, clause: Clause) -> str:
        ways = [self._all(self.phrase(one.folded) for one in way) for way in clause.ways]
        return self._any([*ways, *self._tokens("field", clause.topics)])

    def _tokens(self, fact: str, values: Collection[str]) -> list[str]:
        return [self.phrase([token(fact, value)]) for value in sorted(values)]

    def _all(self, parts: Iterable[str]) -> str:
        return f"({self.both.join(parts)})"

    def _any(self, parts: Iterable[str]) -> str:
        return f"({self.either.join(parts)})"


class Tables(Protocol):
    """What an engine says in its own dialect."""

    def has(self, fact: str, values: Collection[Any]) -> SQL: ...

    def says(self, clause: Clause, where: SQL) -> SQL:
        """Its folded words hold it and `where` is true, which may ask of its words at hand."""

    def stands(self, words: Sequence[str], *, folded: bool) -> SQL:
        """One behind the other in the words of a candidate: in those as written, or in the folded ones."""

    def candidates(self, needs: Needs, select: SQL, where: SQL, most: int) -> list[Row]:
        """The newest at most `most`; a clause holds in their words or by their topic."""

    def rows(self, where: SQL, end: SQL) -> list[Row]:
        """Id, petition and due of all documents of the shelf for which `where` holds."""

    def tally(self, names: Sequence[str], where: SQL) -> list[tuple[str, str, int]]:
        """How many there are, named "", and of each of these facts the values with their counts."""


def condition(rule: Rule, tables: Tables) -> SQL:
    """The rule in SQL."""
    match rule:
        case Has(fact, values):
            return tables.has(fact, values) if values else NEVER
        case rules.All(parts):
            return every([condition(part, tables) for part in parts])
        case rules.Any(parts):
            return any_of([condition(part, tables) for part in parts])
        case rules.Not(part):
            negated = condition(part, tables)
            return SQL(f"NOT ({negated.text})", negated.values)


@dataclass
class Found:
    """Of one shelf or of several: the first rows of a page with their keys, and what was counted."""

    rows: list[tuple[Key, int]] = field(default_factory=list)
    total: int = 0
    whole: int = 0  # of these say all that was asked
    facets: dict[str, Counter[str]] = field(default_factory=dict)
    capped: bool = False

    def __add__(self, other: Found) -> Found:
        facets = {name: self.facets.get(name, Counter()) + counts for name, counts in other.facets.items()}
        return Found(
            sorted(self.rows + other.rows),
            self.total + other.total,
            self.whole + other.whole,
            self.facets | facets,
            self.capped or other.capped,
        )


@dataclass(frozen=True)
class Question:
    """What `search.find` was asked, as it is put to each shelf."""

    sought: Sought
    rule: Rule
    without: Collection[int]
    sort: Sort
    after: Key | None
    size: int
    facets: Sequence[str]

    def of(self, shelf: Tables) -> Found:
        return self._among_words(shelf) if self.sought.clauses else self._among_all(shelf)

    def _where(self, shelf: Tables, *, at_hand: bool) -> SQL:
        """`at_hand`: asked of candidates, whose words are there."""
        sought = self.sought
        parts = [condition(self.rule, shelf), condition(sought.rule, shelf)]
        parts += [SQL("id >= %s", (id_from(sought.since),))] if sought.since else []
        parts += [_until(sought.until)] if sought.until and sought.until < LATEST else []
        parts += [_not(_unwanted(clause, shelf, at_hand=at_hand)) for clause in sought.without]
        parts += [_not(shelf.has("petition", self.without))] if self.without else []
        return every([part for part in parts if part != ALWAYS])

    def _among_words(self, shelf: Tables) -> Found:
        points = _points(self.sought, shelf) if self.sort == Sort.BEST else SQL("0")
        select = SQL(", ".join(["id", "petition", "due", points.text, *self.facets]), points.values)
        where = self._where(shelf, at_hand=True)
        if self.sort != Sort.BEST:  # nothing is near there: other marks are other words
            said = [_says(clause, How.SAID, shelf) for clause in self.sought.clauses]
            where = every([where, *said])
        asked = [self.sought.strict, self.sought] if self.sought.is_loose else [self.sought]
        # Who says all comes along, however many newer ones say nearly all.
        rows = [row for one in asked for row in shelf.candidates(Needs.of(one), select, where, MOST + 1)]
        return self._found_among(list({row[0]: row for row in rows}.values()))

    def _found_among(self, rows: list[Row]) -> Found:
        capped = len(rows) > MOST
        rows = rows[:MOST]
        keyed = sorted(
            (self._key(id, due, points), petition)
            for id, petition, due, points, *_facts in rows  # noqa: A001
        )
        behind = [row for row in keyed if self.after is None or row[0] > self.after]
        counted = {
            name: Counter(row[at] for row in rows if row[at]) for at, name in enumerate(self.facets, start=4)
        }
        by_points = self.sort == Sort.BEST
        whole = sum(row[3] >= WHOLE for row in rows) if by_points else len(rows)  # points, fourth in a row
        return Found(behind[: self.size + 1], len(rows), whole, counted, capped)

    def _key(self, id: int, due: int, points: int = 0) -> Key:  # noqa: A002
        match self.sort:
            case Sort.OLDEST:
                return (id,)
            case Sort.DUE:
                return (due, id)
            case Sort.NEWEST:
                return (-id,)
            case Sort.BEST:
                return (-points, -id)

    def _among_all(self, shelf: Tables) -> Found:
        where = self._where(shelf, at_hand=False)
        rows = shelf.rows(every([where, *self._behind()]), self._order())
        keyed = [(self._key(id, due), petition) for id, petition, due in rows]  # noqa: A001
        counted: dict[str, Counter[str]] = {name: Counter() for name in ("", *self.facets)}
        for name, value, count in shelf.tally(self.facets, where):
            counted[name][value] = count
        total = counted.pop("").total()
        return Found(keyed, total, total, {name: _named(counts) for name, counts in counted.items()})

    def _behind(self) -> list[SQL]:
        if self.after is None:
            return []
        match self.sort:
            case Sort.OLDEST:
                return [SQL("id > %s", self.after)]
            case Sort.DUE:
                return [SQL("(due, id) > (%s, %s)", self.after)]
            case _:
                return [SQL("id < %s", (-self.after[0],))]

    def _order(self) -> SQL:
        order = {Sort.OLDEST: "id", Sort.DUE: "due, id"}.get(self.sort, "id DESC")
        return SQL(f"ORDER BY {order} LIMIT %s", (self.size + 1,))


def _named(counts: Counter[str]) -> Counter[str]:
    """What has no name is nothing to narrow by."""
    return Counter({value: count for value, count in counts.items() if value})


def _until(day: dt.date) -> SQL:
    return SQL("id < %s", (id_from(day + dt.timedelta(days=1)),))


def _not(part: SQL) -> SQL:
    return SQL(f"NOT ({part.text})", part.values)


# --- what words are worth ---------------------------------------------------------------------------------


def _points(sought: Sought, shelf: Tables) -> SQL:
    """The sum of all merits that a candidate has."""
    given = [(merit.points, _has(merit, shelf)) for merit in merits(sought)]
    return SQL(
        " + ".join(f"CASE WHEN {said.text} THEN {points} ELSE 0 END" for points, said in given),
        tuple(value for _points, said in given for value in said.values),
    )


def _has(merit: Merit, shelf: Tables) -> SQL:
    return every([_says(clause, merit.how, shelf) for clause in merit.clauses])


def _says(clause: Clause, how: How, shelf: Tables) -> SQL:
    match how:
        case How.FIELD | How.SUBFIELD:
            return shelf.has(how, clause.topics)
        case How.ANYHOW:
            return any_of([_says(clause, one, shelf) for one in (How.FOLDED, *TOPICS)])
        case How.SAID:
            return any_of([_says(clause, one, shelf) for one in (manner(clause), *TOPICS)])
        case _:
            return any_of([every([_stands(one, how, shelf) for one in way]) for way in clause.ways])


def _stands(phrase: Phrase, how: How, shelf: Tables) -> SQL:
    if how == How.FOLDED:
        return shelf.stands(phrase.folded, folded=True)
    said = [phrase.written, phrase.folded] if how == How.UNMARKED else [phrase.written]
    return any_of([shelf.stands(words, folded=False) for words in dict.fromkeys(said)])


def _unwanted(clause: Clause, shelf: Tables, *, at_hand: bool) -> SQL:
    """With its marks where it was typed with them, "-cậu" leaves every "cầu"."""
    if at_hand:
        return _says(clause, How.TYPED if clause.accented else How.FOLDED, shelf)
    return shelf.says(clause, _says(clause, How.TYPED, shelf) if clause.accented else ALWAYS)


def tally_of(names: Sequence[str], found: SQL) -> SQL:
    """The statement that `Tables.tally` asks of what `found` selects, which is looked through once."""
    counts = ["SELECT '' AS name, '' AS value, count(*) FROM found"]
    counts += [f"SELECT '{name}', {name}, count(*) FROM found GROUP BY {name}" for name in names]
    kept = "MATERIALIZED" if names else "NOT MATERIALIZED"
    return SQL(f"WITH found AS {kept} ({found.text}) {' UNION ALL '.join(counts)}", found.values)


KEYS = {Sort.BEST: 2, Sort.NEWEST: 1, Sort.OLDEST: 1, Sort.DUE: 2}


def page(
    sought: Sought,
    shelves: Collection[Shelf],
    ask: Callable[[Question, Shelf], Found],
    *,
    rule: Rule,
    without: Collection[int],
    sort: Sort,
    after: str,
    size: int,
    facets: Sequence[str],
) -> Page:
    """One page out of what each shelf gave."""
    sort = sort if sought.clauses or sort != Sort.BEST else Sort.NEWEST
    question = Question(sought, rule, without, sort, unpack(after, sort, KEYS[sort]), size, facets)
    found = sum((ask(question, shelf) for shelf in shelves), Found())
    shown, more = found.rows[:size], len(found.rows) > size
    return Page(
        petitions=[petition for _key, petition in shown],
        total=found.total,
        whole=found.whole,
        after=pack(sort, shown[-1][0]) if more else "",
        facets={name: dict(found.facets.get(name, {})) for name in facets},
        capped=found.capped,
    )
