"""Who writes what, where and when, and how it will go: drawn at once, before anything is filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from classifier.text import fold
from feedback.demonstration import writing
from feedback.demonstration.rhythm import Rhythm, moment_of
from feedback.demonstration.writing import Slots, Spot, Written
from routing.calendar import DAY
from routing.deadlines import due
from routing.models import OFFICE_HOURS, Subfield

HAI_CHAU = "20242"

# How a petition's life goes, and how many in a thousand. The names are those of `lives.SCRIPTS`.
SCRIPTS = {
    "answered": 395,
    "answered_emptily": 95,
    "explained": 60,
    "neglected": 35,
    "asked": 50,
    "returned": 35,
    "returned_twice": 12,
    "refused": 45,
    "contested": 10,
    "overturned": 10,
    "redirected": 30,
    "reopened": 45,
    "appealed": 12,
    "split": 14,
    "suspended": 20,
    "extended": 40,
    "transferred": 20,
    "coordinated": 25,
    "withdrawn": 16,
    "erased": 5,
    "duplicates": 8,
}
# Some lives make more than one petition, and some take their time.
SIZES = {"appealed": 2, "split": 2, "duplicates": 4}
SLOW = frozenset({"appealed", "split", "duplicates", "erased", "contested", "overturned"})
TIME_FOR_SLOW = 100 * DAY
# The second trouble that a text to be split tells of.
SPLIT_OFF = ("environment.waste-collection", "urban-infrastructure.street-lighting")

OUT_OF_SCOPE = "other.out-of-scope"
AT_LAW = "integrity-petitions."
OF_A_SUBFIELD = {
    "other.spam-abuse": "refused",
    OUT_OF_SCOPE: "out_of_scope",
    "other.praise": "explained",
}
OF_A_SUBFIELD |= {"policy-regulation.policy-question": "explained"}

# One of each way to stand today, filed lately: script, days ago, and where it stops.
TODAY: tuple[tuple[str, int, str], ...] = (
    ("answered", 4, "assigned"),
    ("answered", 5, "in_progress"),
    ("answered", 6, "pending_approval"),
    ("unread", 2, "received"),
    ("returned", 4, "returned"),
    ("suspended", 8, "suspended"),
    ("asked", 6, "needs_info"),
    ("reopened", 16, "reopened"),
    ("answered", 9, "answered"),
    ("answered", 60, ""),
    ("refused", 12, ""),
    ("redirected", 12, ""),
    ("withdrawn", 9, ""),
    ("unread", 1, "submitted"),
    ("duplicates", 14, ""),
)
ROOM_FOR_ALL = 20
# What lies on two desks: the account's unit, days from today to the due day, and where the work stands.
DUE_IN = (0, 0, 0, -1, -2, -4, 1, 1, 2, 2, 3, 3, 4, 5, 6)
STANDING = ("in_progress", "in_progress", "pending_approval", "in_progress", "assigned")
DESKS: Mapping[str, tuple[str, ...]] = {
    HAI_CHAU: (
        *("transport.illegal-parking", "urban-order.sidewalk-encroachment", "environment.illegal-dumping"),
        *("urban-order.pets-livestock", "construction-housing.illegal-construction"),
        *("construction-housing.construction-impact", "justice-community.neighbour-dispute"),
    ),
    "": (
        *("transport.road-surface", "urban-infrastructure.street-lighting", "transport.road-works"),
        *("urban-infrastructure.flooding-drainage", "urban-infrastructure.urban-trees"),
    ),
}
FOR_DESKS = 0.005  # of the petitions lie on each of them, by plan
# How often each ground is given; what is taken in after all had been answered before.
GROUNDS = {"already_answered": 4, "out_of_scope": 3, "court": 2, "abusive": 1}
REFUSED = frozenset({"refused", "contested", "overturned"})
DRAFTS = 0.001  # of the petitions are still being written


@dataclass(frozen=True)
class Plan:
    """One life before it is lived. `number` names it for ever; `size`: petitions it will have made."""

    number: int
    at: dt.datetime
    script: str
    stop: str  # the state it rests in, "" to go on as far as time allows
    subfield: str
    spot: Spot
    located: str  # picked | typed | text: how the place is told
    slots: Slots
    written: Written
    more: tuple[tuple[str, Written], ...] = ()  # the sub-fields and texts of the others it makes
    size: int = 1
    storm: bool = False
    prompt: bool = False  # the intake is quick, so that the due day is as planned
    ground: str = ""  # why it is refused, a key of `writing.refusals()`
    body: tuple[str, str] = ("", "")  # who answers it elsewhere: name and address

    def texts(self) -> Iterator[str]:
        yield self.written.text
        yield from (written.text for _subfield, written in self.more)


def draw(count: int, *, seed: int, rhythm: Rhythm) -> list[Plan]:
    """`count` petitions as lives that make them, in order of time; the same for the same arguments."""
    rng = Random(f"{seed}/{count}/{rhythm.until:%Y-%m-%d}")  # noqa: S311 - a story, no secret
    rows = [*_today(rng, count, rhythm), *_on_desks(rng, count, rhythm)]
    rows += _over_the_year(rng, count - sum(row.size for row in rows), rhythm)
    rows.sort(key=lambda row: row.at)
    return [_planned(number, row, seed) for number, row in enumerate(rows, start=1)]


@dataclass(frozen=True)
class Row:
    """What is drawn first, for all: when, what about, and how it will go."""

    at: dt.datetime
    script: str
    subfield: str
    commune: str
    stop: str = ""
    storm: bool = False
    prompt: bool = False

    @property
    def size(self) -> int:
        return SIZES.get(self.script, 1)


def _today(rng: Random, count: int, rhythm: Rhythm) -> Iterator[Row]:
    """One of each state, where there is room for all of them."""
    for script, ago, stop in TODAY if count >= ROOM_FOR_ALL else ():
        at = moment_of(rng, rhythm.last_work - ago * DAY)
        # Thanks wait for a person of the intake, however sure the machine is of them.
        asked = ("other.praise",)
        sure = ("transport.road-surface", "urban-order.sidewalk-encroachment")
        subfield = rng.choice(asked if script == "unread" else sure)
        yield Row(at, script, subfield, HAI_CHAU, stop, prompt=True)


def _on_desks(rng: Random, count: int, rhythm: Rhythm) -> Iterator[Row]:
    for commune, subfields in DESKS.items():
        for place in range(round(count * FOR_DESKS)):
            subfield = rng.choice(subfields)
            at = _filed_for(rng, subfield, rhythm, DUE_IN[place % len(DUE_IN)])
            where = commune or rng.choice([spot.code for spot in writing.places()[:12]])
            yield Row(at, "answered", subfield, where, STANDING[place % len(STANDING)], prompt=True)


def _filed_for(rng: Random, subfield: str, rhythm: Rhythm, days: int) -> dt.datetime:
    """A working morning from which the answer is due so many working days from today (or before it)."""
    policy = Subfield.objects.values_list("policy", flat=True).get(pk=subfield)
    target = _working_day(rhythm, days)
    day = min(target, rhythm.until.date()) - DAY
    while True:
        at = dt.datetime.combine(day, dt.time(8, rng.randrange(60)), rhythm.until.tzinfo)
        if rhythm.calendar.is_working(day):
            falls_due = due(str(policy), "resolve", start=at, hours=OFFICE_HOURS, on=day)
            if falls_due.at.date() <= target:
                return at
        day -= DAY


def _working_day(rhythm: Rhythm, days: int) -> dt.date:
    day = rhythm.until.date()
    while not rhythm.calendar.is_working(day):
        day += DAY
    step = DAY if days > 0 else -DAY
    for _day in range(abs(days)):
        day += step
        while not rhythm.calendar.is_working(day):
            day += step
    return day


def _over_the_year(rng: Random, count: int, rhythm: Rhythm) -> list[Row]:
    """The bulk. A life that makes several petitions takes the place of as many, anywhere in the year."""
    rows = [_usual(rng, at, rhythm) for at in rhythm.filings(rng, max(0, count))]
    excess = sum(row.size for row in rows) - len(rows)
    plain = [place for place, row in enumerate(rows) if row.size == 1]
    if excess > len(plain):
        rows, excess = [replace(row, script="answered") for row in rows], 0
    dropped = set(rng.sample(plain, excess))
    return [row for place, row in enumerate(rows) if place not in dropped]


def _usual(rng: Random, at: dt.datetime, rhythm: Rhythm) -> Row:
    storm = rhythm.in_storm(at.date())
    known = writing.matters()
    weights = [matter.weight + (matter.storm * 12 if storm else 0) for matter in known.values()]
    (subfield,) = rng.choices(list(known), weights)
    (spot,) = rng.choices(writing.places(), [spot.weight for spot in writing.places()])
    return Row(at, _script(rng, subfield, at, rhythm, storm=storm), subfield, spot.code, storm=storm)


def _script(rng: Random, subfield: str, at: dt.datetime, rhythm: Rhythm, *, storm: bool) -> str:
    if subfield.startswith(AT_LAW):
        return "at_law"
    if subfield in OF_A_SUBFIELD:
        return OF_A_SUBFIELD[subfield]
    weights = SCRIPTS | ({"duplicates": 90} if storm else {})
    (script,) = rng.choices(list(weights), list(weights.values()))
    if script in SLOW and not storm and rhythm.until - at < TIME_FOR_SLOW:
        return "answered"
    return str(script)


@dataclass(frozen=True)
class Turn:
    """What is written where the house will not answer, and why it will not."""

    ground: str = ""
    subfield: str = ""
    ways: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    body: tuple[str, str] = ("", "")


def _turned(rng: Random, row: Row) -> Turn:
    """Whatever is refused or sent elsewhere is written so that it deserves it."""
    if row.script in REFUSED:
        return _refused(rng, row)
    court, *_others = elsewhere = writing.refusals()["elsewhere"]
    if row.script == "out_of_scope":
        return Turn("out_of_scope", body=(court["body"], court["address"]))
    if row.script == "redirected":
        body = rng.choice(elsewhere)
        return Turn("", OUT_OF_SCOPE, tuple(body["texts"]), body=(body["body"], body["address"]))
    return Turn()


def _refused(rng: Random, row: Row) -> Turn:
    (ground,) = rng.choices(list(GROUNDS), list(GROUNDS.values()))
    if row.script == "overturned" or row.prompt:
        ground = "already_answered"
    if row.subfield == "other.spam-abuse":
        ground = "spam"
    told = writing.refusals()["grounds"][ground]
    return Turn(
        ground,
        told.get("subfield", ""),
        tuple(told.get("texts", ())),
        tuple(told.get("added", ())),
    )


def _planned(number: int, row: Row, seed: int) -> Plan:
    rng = Random(f"{seed}/{number}/words")  # noqa: S311
    spot = next(spot for spot in writing.places() if spot.code == row.commune)
    slots = Slots(rng, spot)
    turn = _turned(rng, row)
    row = replace(row, subfield=turn.subfield or row.subfield)
    (located,) = rng.choices(("picked", "typed", "text"), (15, 3, 2))
    if row.prompt or turn.ways:
        located = "picked"
    planted = rng.random() < writing.PLANTED or (row.prompt and not row.stop)
    written = writing.petition(
        rng, row.subfield, slots, located=located != "text", planted=planted, ways=turn.ways
    )
    if turn.added:
        written = _adding(written, rng.choice(turn.added))
    more = tuple(_others(rng, row, slots, written))
    if row.script == "split":
        written = _adding(written, writing.moods()["splitting"].format(second=more[0][1].text))
    return Plan(
        number=number,
        at=row.at,
        script=row.script,
        stop=row.stop,
        subfield=row.subfield,
        spot=spot,
        located=located,
        slots=slots,
        written=written,
        more=more,
        size=1 + len(more),
        storm=row.storm,
        prompt=row.prompt,
        ground=turn.ground,
        body=turn.body,
    )


def _adding(written: Written, more: str) -> Written:
    """Going on as it began: whoever writes without marks does so to the end."""
    plain = written.text == fold(written.text)
    return replace(written, text=f"{written.text} {fold(more) if plain else more}")


def _others(rng: Random, row: Row, slots: Slots, first: Written) -> Iterator[tuple[str, Written]]:
    """What the further petitions of one life say."""
    if row.script == "duplicates":
        for _other in range(SIZES["duplicates"] - 1):
            yield row.subfield, writing.petition(rng, row.subfield, slots, located=True, like=first.text)
    if row.script == "split":
        subfield = rng.choice(SPLIT_OFF)
        yield subfield, Written(writing.say(rng, slots, *writing.matters()[subfield].texts))
    if row.script == "appealed":
        yield row.subfield, Written(writing.mood(rng, "appealing", slots, writing.sorts()[row.subfield]))
