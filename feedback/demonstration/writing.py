"""The words of the demonstration: what people write, in their many voices, and what offices answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from classifier.text import fold

DATA = Path(__file__).parent / "data"

WITHOUT_MARKS = 0.12  # of the texts are written without diacritics
PLANTED = 0.055  # of the texts hold an invented person's name, telephone, plate or number
VOICES = {"plain": 5, "polite": 4, "angry": 2}
LENGTHS = {"short": 4, "middle": 5, "long": 2}
ASKED = "question"  # the sort of what is only asked, and of what has no words of its own
ON_THE_SPOT = frozenset({"works", "supply", "order"})
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


@dataclass(frozen=True)
class Answer:
    """What an office says; `about`: words of the texts that it fits, none where it fits them all."""

    says: str
    outcome: str
    about: tuple[str, ...] = ()

    def fits(self, folded: str) -> bool:
        """Whether it answers this text, folded."""
        return any(re.search(rf"\b{re.escape(fold(words))}\b", folded) for words in self.about)


@dataclass(frozen=True)
class Matter:
    """What is written of one sub-field; `storm` is its weight in the storm week beside the usual one."""

    texts: tuple[str, ...]
    answers: tuple[Answer, ...]
    weight: int
    storm: int = 0
    alone: bool = False  # nothing is written around it: no greeting, no demand

    def answers_to(self, text: str) -> tuple[Answer, ...]:
        """Those about just this, else those that fit whatever is written of the matter."""
        folded = fold(text)
        fitting = tuple(answer for answer in self.answers if answer.fits(folded))
        return fitting or tuple(answer for answer in self.answers if not answer.about)

    def texts_like(self, text: str) -> tuple[str, ...]:
        """Those that every answer to this text fits as well; all of them where none is so."""
        wanted = set(self.answers_to(text))
        return tuple(other for other in self.texts if wanted <= set(self.answers_to(other))) or self.texts


@dataclass(frozen=True)
class Spot:
    """A commune with its streets."""

    code: str
    name: str
    weight: int
    streets: tuple[str, ...]
    spots: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A text, and which traces of an invented person stand in it."""

    text: str
    planted: tuple[str, ...] = ()


@cache
def matters() -> Mapping[str, Matter]:
    rows = _load("matters")
    return {slug: _matter(**row) for slug, row in rows.items()}


def _matter(*, texts: list[str], answers: list[Any], outcome: str = "resolved", **rest: Any) -> Matter:
    told = [{"says": row} if isinstance(row, str) else _tuples(row, "about") for row in answers]
    return Matter(tuple(texts), tuple(Answer(**{"outcome": outcome} | row) for row in told), **rest)


@cache
def places() -> tuple[Spot, ...]:
    return tuple(Spot(**_tuples(row, "streets", "spots")) for row in _load("places"))


@cache
def moods() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _load("moods")
    return found


@cache
def refusals() -> Mapping[str, Any]:
    """`grounds` with texts that deserve them, and what is answered `elsewhere`."""
    found: Mapping[str, Any] = _load("refusals")
    return found


@cache
def sorts() -> Mapping[str, str]:
    """The sort of each sub-field, which words what is said around it."""
    return {subfield: sort for sort, subfields in _load("sorts").items() for subfield in subfields}


@cache
def people() -> tuple[Mapping[str, str], ...]:
    return tuple(_load("people")["people"])


@cache
def tellings() -> tuple[str, ...]:
    return tuple(_load("people")["tellings"])


def _load(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def _tuples(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: tuple(row[name]) for name in names}}


class Slots(dict[str, str]):
    """What stands in the braces of one petition's texts: the same street whenever it is named again."""

    def __init__(self, rng: Random, spot: Spot) -> None:
        super().__init__(duong=rng.choice(spot.streets), moc=rng.choice(spot.spots), phuong=spot.name)
        self._rng = rng

    def __missing__(self, name: str) -> str:
        rng = self._rng
        drawn = {
            "so": lambda: str(rng.randint(4, 280)),
            "luong": lambda: str(rng.randint(12, 90)),
            "bb": lambda: str(rng.randint(11, 960)),
            "n": lambda: str(rng.randint(2, 6)),
            "ngay": lambda: str(rng.randint(3, 25)),
            "gio": lambda: str(rng.choice((4, 5, 6, 7, 9, 10, 11, 17, 18, 21, 22, 23))),
            "sang": lambda: str(rng.randint(4, 8)),
            "chieu": lambda: str(rng.randint(3, 6)),
            "toi": lambda: str(rng.randint(9, 11)),
            "thu": lambda: rng.choice(WEEKDAYS),
        }
        self[name] = drawn[name]()
        return self[name]


def say(rng: Random, slots: Mapping[str, str], *ways: str) -> str:
    """One of these ways of saying it, with its braces filled."""
    return rng.choice(ways).format_map(slots).replace("khu khu ", "khu ")


def petition(
    rng: Random,
    subfield: str,
    slots: Slots,
    *,
    located: bool,
    planted: bool = False,
    like: str = "",
    ways: Sequence[str] = (),
) -> Written:
    """A whole text as somebody sends it.

    `located`: the place was picked beside it, the text need not say it. `planted`: it tells of a person.
    `like`: another's text, of the very same trouble. `ways`: of saying what is no matter of the house.
    """
    matter = matters()[subfield]
    sort = ASKED if ways else sorts()[subfield]
    core = say(rng, slots, *(ways or (matter.texts_like(like) if like else matter.texts)))
    if not located and slots["phuong"] not in core:
        core = _placed(core, slots["phuong"], sort)
    parts = [core] if matter.alone else _dressed(rng, slots, core, sort, brief=bool(ways))
    traces: tuple[str, ...] = ()
    if planted:
        person = rng.choice(people())
        telling = rng.choice(tellings())
        parts.append(telling.format(**person))
        traces = tuple(person.values())
    text = _joined(parts)
    if not traces and rng.random() < WITHOUT_MARKS:
        text = fold(text)
    return Written(text, traces)


def _placed(core: str, commune: str, sort: str) -> str:
    """With its commune: that of the spot, or of who writes where there is no spot."""
    return f"{core.rstrip('.?')}, thuộc {commune}." if sort in ON_THE_SPOT else f"{core} Tôi ở {commune}."


def _dressed(rng: Random, slots: Slots, core: str, sort: str, *, brief: bool) -> list[str]:
    """Between a greeting and a demand that become it, in one voice; `brief`: nothing more is told."""
    (voice,) = rng.choices(list(VOICES), list(VOICES.values()))
    (length,) = rng.choices(list(LENGTHS), list(LENGTHS.values()))
    if length == "short":
        return [core]
    openings, closings = (ways_of(moods()[name][voice], sort) for name in ("openings", "closings"))
    more = rng.sample(_fresh(ways_of(moods()["consequences"], sort), core, slots), 2)
    lines = [line.format_map(slots) for line in more] if length == "long" and not brief else []
    return [say(rng, slots, *_fresh(openings, core, slots)), core, *lines, say(rng, slots, *closings)]


def _fresh(ways: Sequence[str], core: str, slots: Slots) -> list[str]:
    """Those that do not name again the spot or the commune that was named already."""
    named = [f"{{{name}}}" for name in ("moc", "phuong") if slots[name] in core]
    return [way for way in ways if not any(name in way for name in named)]


def _joined(parts: list[str]) -> str:
    """As one paragraph: what follows a comma goes on in small letters."""
    text = parts[0]
    for part in parts[1:]:
        text += f" {part[:1].lower()}{part[1:]}" if text.endswith(",") else f" {part}"
    return text


def answer(rng: Random, subfield: str, text: str) -> Answer:
    """A good answer to this text: what was done, where and when."""
    return rng.choice(matters()[subfield].answers_to(text))


def mood(rng: Random, name: str, slots: Slots, *sorts: str) -> str:
    """One of the sentences of that name that become this sort of matter."""
    return say(rng, slots, *ways_of(moods()[name], *sorts))


def ways_of(told: Any, *sorts: str) -> list[Any]:
    """Ways of saying: those of the first of these sorts that has any, and those for all."""
    if not isinstance(told, dict):
        return told if isinstance(told, list) else [told]
    own: Any = next((told[sort] for sort in (*sorts, ASKED) if sort in told), [])
    return [*told.get("all", ()), *(own if isinstance(own, list) else [own])]
