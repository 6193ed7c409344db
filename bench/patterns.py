"""Lives that are lived once through the doors of the house, and taken apart so that copies can be told.

A pattern is one life (a petition with all that came of it) as lines of PostgreSQL's COPY, in which a copy's
own numbers, code, days and hashes are left blank: `%(petition0)s`, `%(code0)s`, `%(d3)s`, `%(hash4)s`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import User
from feedback import anchors, followups
from feedback.demonstration.cast import Cast
from feedback.demonstration.house import read_here
from feedback.demonstration.lives import Stage, live
from feedback.demonstration.plan import draw
from feedback.demonstration.rhythm import Rhythm
from feedback.models import (
    Clock,
    Contact,
    Coordination,
    Correction,
    Escalation,
    Exclusion,
    FollowUp,
    Pause,
    Petition,
    Prediction,
    PublicPetition,
    Reply,
    Step,
    StepText,
)
from feedback.record import canonical, content
from feedback.workflow import OPEN, State
from routing.models import Agency

# What a petition consists of, in the order in which rows refer to one another, each with its way to it.
TABLES: Mapping[type[models.Model], str] = {
    Petition: "pk",
    Contact: "petition",
    Step: "petition",
    StepText: "step__petition",
    Prediction: "petition",
    Correction: "petition",
    Clock: "petition",
    Reply: "petition",
    Pause: "petition",
    Coordination: "petition",
    Exclusion: "petition",
    Escalation: "petition",
    PublicPetition: "petition",
    FollowUp: "step__petition",
}
SOURCE = "số liệu đo"
SEED = 11
NULL = r"\N"
Row = dict[str, Any]


# --- living ---------------------------------------------------------------------------------------------


@dataclass
class Life:
    """One life as it stood in the tables: its rows by model, and who stands behind the numbers of persons."""

    rows: dict[type[models.Model], list[Row]]
    slots: Mapping[int, Slot]
    until: dt.datetime

    @property
    def petitions(self) -> list[Row]:
        return self.rows[Petition]

    @property
    def over(self) -> bool:
        """Nothing more will happen to it, so that it may lie any time back."""
        return all(row["state"] in DONE for row in self.petitions)

    @property
    def late(self) -> bool:
        return any(row["due_at"] and row["due_at"] < self.until for row in self.petitions)

    @property
    def open(self) -> bool:
        return any(row["state"] in OPEN for row in self.petitions)

    @property
    def filed(self) -> dt.date:
        return timezone.localdate(min(row["submitted_at"] for row in self.petitions))


DONE = frozenset({State.CLOSED, State.WITHDRAWN, State.REDIRECTED, State.REJECTED, State.MERGED})


@dataclass(frozen=True)
class Slot:
    """A person by what he is: an account by its name, or a first or another handler or an approver there."""

    username: str
    agency: str = ""
    province: str = ""

    def filled(self, cast: Cast, place: Mapping[str, str]) -> User:
        """Who is that in another place."""
        if self.agency:
            agency = place.get(self.agency, self.agency)
            if self.username == "approver":
                return cast.approver(agency)
            return cast.handler(agency, another=self.username == "another")
        if self.province:
            return cast.over(place.get(self.province, self.province), self.username)
        return cast[self.username]


def lived(count: int, until: dt.date) -> list[Life]:
    """So many petitions of the demonstration, each through `steps.take`, without files or points; undone."""
    rhythm = Rhythm.before(until)
    with transaction.atomic():
        cast = Cast.gather()
        # A copy lies in another commune, where no point of this one is.
        stage = Stage(cast, rhythm, SOURCE, read_here, rhythm.until, files=False, points=False)
        for plan in draw(count, seed=SEED, rhythm=rhythm):
            with followups.together() as planned:
                live(stage, plan, SEED)
                for row in planned:  # done a moment after its step
                    row.next_try_at, row.done_at, row.attempts = row.step.at, row.step.at, 1
        lives = list(_taken(cast, rhythm.until))
        transaction.set_rollback(True)
    anchors.forget()
    return lives


def _taken(cast: Cast, until: dt.datetime) -> Iterator[Life]:
    """The rows of each family, out of the tables."""
    slots = _slots(cast)
    families = _families()
    rows: dict[int, dict[type[models.Model], list[Row]]] = {
        first: {model: [] for model in TABLES} for first in families.values()
    }
    for model, way in TABLES.items():
        found = model._default_manager.annotate(whole=models.F(way)).order_by("pk")
        for row in found.values("whole", *(one.attname for one in model._meta.local_concrete_fields)):
            rows[families[row.pop("whole")]][model].append(row)
    records = {step.pk: content(step) for step in Step.objects.select_related("petition")}
    for family in rows.values():
        for step in family[Step]:
            step["record"] = records[step["id"]]
        yield Life(family, slots, until)


def _families() -> dict[int, int]:
    """Of each petition the first of those that refer to one another."""
    first: dict[int, int] = {}
    for pk, origin, main in Petition.objects.order_by("pk").values_list("pk", "origin", "main"):
        near = {first[one] for one in (origin, main) if one in first}
        home = min(near, default=pk)
        first = {one: home if its in near else its for one, its in first.items()} | {pk: home}
    return first


def _slots(cast: Cast) -> dict[int, Slot]:
    agencies = set(Step.objects.exclude(lead_agency="").values_list("lead_agency", flat=True))
    agencies |= set(Coordination.objects.values_list("agency", flat=True))
    agencies |= set(
        Agency.objects.filter(pk__in=agencies, superior__isnull=False).values_list("superior", flat=True)
    )
    slots: dict[int, Slot] = {}
    for agency in sorted(agencies):
        slots.setdefault(cast.handler(agency).pk, Slot("handler", agency))
        slots.setdefault(cast.handler(agency, another=True).pk, Slot("another", agency))
        slots.setdefault(cast.approver(agency).pk, Slot("approver", agency))
    for name, user in list(cast.people.items()):
        name, _at, province = name.partition("@")
        if not province:
            province = next((post.province_id or "" for post in user.posts), "")
        slots.setdefault(user.pk, Slot(name, province=province))
    return slots


# --- taking apart ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """A life somewhere: `lines` by table, with blanks; of a step its record too, which is hashed."""

    lines: Mapping[type[models.Model], str]
    records: tuple[tuple[str, str], ...]  # of each step: what is hashed, and its line
    days: tuple[tuple[str, int], ...]  # each day that it tells of: its blank, and its number
    sizes: Mapping[type[models.Model], int]

    @cached_property
    def petitions(self) -> int:
        return self.sizes[Petition]


class Mould:
    """Makes the pattern of one life with places and persons exchanged for others."""

    def __init__(self, life: Life, place: Mapping[str, str], person: Callable[[Slot], int]) -> None:
        self.life, self.place, self.person = life, place, person
        self._days: dict[int, str] = {}
        self._numbers = {
            model: {row["id"]: number for number, row in enumerate(rows)} for model, rows in life.rows.items()
        }
        self._codes = {row["code"]: f"%(code{number})s" for number, row in enumerate(life.petitions)}

    def pattern(self) -> Pattern:
        steps = self.life.rows[Step]
        lines = {
            model: "\n".join(self._line(model, row) for row in rows)
            for model, rows in self.life.rows.items()
            if rows and model is not Step
        }
        records = tuple((self._record(row, steps), self._line(Step, row)) for row in steps)
        return Pattern(
            lines=lines,
            records=records,
            days=tuple((blank, day) for day, blank in self._days.items()),
            sizes={model: len(rows) for model, rows in self.life.rows.items()},
        )

    def _record(self, row: Row, steps: list[Row]) -> str:
        """The canonical text of a step, blank where a copy differs."""
        told = row["record"] | {"by": self._person(row["by_id"]) or 0, "previous": self._before(row, steps)}
        for name in ("at", "due_at", "first_due_at"):
            told[name] = told[name] and self._as_told(told[name])
        return canonical(self._elsewhere(told, shifted=True))

    def _before(self, row: Row, steps: list[Row]) -> str:
        hashes = [one["hash"] for one in steps]
        return f"%(hash{hashes.index(row['previous'])})s" if row["previous"] else ""

    def _line(self, model: type[models.Model], row: Row) -> str:
        return "\t".join(self._cell(one, row) for one in columns(model))

    def _cell(self, field: models.Field[Any, Any], row: Row) -> str:
        value, own = row[field.attname], OWN.get((field.model, field.name))
        if own:
            return own(self, row)
        if field.primary_key:
            return self._number(field.model, value)
        if value is None:
            return NULL
        if isinstance(field, models.ForeignKey):
            return self._reference(field.related_model, value)
        if isinstance(field, models.JSONField):
            shifted = field.model in (Step, Clock)
            return escaped(json.dumps(self._elsewhere(value, shifted=shifted), ensure_ascii=False))
        if isinstance(value, dt.datetime):
            return self._as_kept(value)
        if isinstance(value, dt.date):
            return self._day(value)
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, str):
            return escaped(self._word(field.get_prep_value(value)))
        return str(value)

    def _reference(self, model: Any, value: Any) -> str:
        if model is User:
            return str(self._person(value))
        if model in self._numbers:
            return self._number(model, value)
        return self._word(value)

    def _number(self, model: type[models.Model], pk: int) -> str:
        return f"%({model._meta.model_name}{self._numbers[model][pk]})s"

    def _person(self, pk: int | None) -> int | None:
        return self.person(self.life.slots[pk]) if pk else None

    def _elsewhere(self, value: Any, *, shifted: bool) -> Any:
        """The same list or table of facts, with other places and, `shifted`, on other days."""
        if isinstance(value, Mapping):
            return {key: self._elsewhere(one, shifted=shifted) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._elsewhere(one, shifted=shifted) for one in value]
        if not isinstance(value, str):
            return value
        if shifted and DAY.match(value):
            return self._day(dt.date.fromisoformat(value[:10])) + value[10:]
        return self._word(value)

    def _word(self, text: str) -> str:
        """A code of a place or an agency is that of the other one; blanks stay, all else is told as it is."""
        if BLANK.search(text):
            return text
        return self._codes.get(text) or self.place.get(text, text).replace("%", "%%")

    def _as_told(self, moment: dt.datetime) -> str:
        """As `record.canonical` writes it."""
        moment = moment.astimezone(dt.UTC)
        return f"{self._day(moment.date())}T{moment:%H:%M:%S.%f}Z"

    def _as_kept(self, moment: dt.datetime) -> str:
        """As it stands in a column: in SQLite as Django writes it, without a zone and without idle zeros."""
        moment = moment.astimezone(dt.UTC)
        if connection.vendor == "postgresql":
            return f"{self._day(moment.date())} {moment:%H:%M:%S.%f}+00"
        return f"{self._day(moment.date())} {moment.time()}"

    def _day(self, day: dt.date) -> str:
        number = day.toordinal()
        return f"%({self._days.setdefault(number, f'd{len(self._days)}')})s"

    def _own_hash(self, row: Row) -> str:
        return f"%(hash{self._numbers[Step][row['id']]})s"

    def _own_previous(self, row: Row) -> str:
        return self._before(row, self.life.rows[Step])

    def _own_refusers(self, row: Row) -> str:
        return json.dumps([self._person(pk) for pk in row["refused_by"]])

    def _own_secret(self, row: Row) -> str:
        return f"%(secret{self._numbers[Petition][row['id']]})s"


DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")
BLANK = re.compile(r"%\((code|hash|d)\d+\)s")

# Cells that are not what they were with places, persons and days exchanged.
OWN: Mapping[tuple[type[models.Model], str], Callable[[Mould, Row], str]] = {
    (Petition, "secret_hash"): Mould._own_secret,
    (Petition, "refused_by"): Mould._own_refusers,
    (Petition, "source"): lambda _mould, _row: SOURCE,
    (Petition, "external_id"): lambda _mould, _row: "",
    (Step, "previous"): Mould._own_previous,
    (Step, "hash"): Mould._own_hash,
    (Step, "record"): lambda _mould, _row: "%(record)s",
}


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return list(model._meta.local_concrete_fields)


def escaped(text: str) -> str:
    """A cell of COPY's text format."""
    for mark, written in (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r")):
        text = text.replace(mark, written)
    return text
