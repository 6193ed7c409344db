"""The words of the demonstration: what people write, in their many voices, and what offices answer."""

from __future__ import annotations

from collections.abc import Mapping
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
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


@dataclass(frozen=True)
class Matter:
    """What is written of one sub-field; `storm` is its weight in the storm week beside the usual one."""

    texts: tuple[str, ...]
    answers: tuple[str, ...]
    weight: int
    storm: int = 0
    outcome: str = "resolved"


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
    return {slug: Matter(**_tuples(row, "texts", "answers")) for slug, row in rows.items()}


@cache
def places() -> tuple[Spot, ...]:
    return tuple(Spot(**_tuples(row, "streets", "spots")) for row in _load("places"))


@cache
def moods() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _load("moods")
    return found


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
            "n": lambda: str(rng.randint(2, 6)),
            "ngay": lambda: str(rng.randint(3, 25)),
            "gio": lambda: str(rng.choice((4, 5, 6, 7, 9, 10, 11, 17, 18, 21, 22, 23))),
            "thu": lambda: rng.choice(WEEKDAYS),
        }
        self[name] = drawn[name]()
        return self[name]


def say(rng: Random, slots: Mapping[str, str], *ways: str) -> str:
    """One of these ways of saying it, with its braces filled."""
    return rng.choice(ways).format_map(slots)


def petition(rng: Random, subfield: str, slots: Slots, *, located: bool, planted: bool = False) -> Written:
    """A whole text as somebody sends it.

    `located`: the place was picked beside it, the text need not say it. `planted`: it tells of a person.
    """
    core = say(rng, slots, *matters()[subfield].texts)
    if not located and slots["phuong"] not in core:
        core = f"{core.rstrip('.?')}, thuộc {slots['phuong']}."
    (voice,) = rng.choices(list(VOICES), list(VOICES.values()))
    (length,) = rng.choices(list(LENGTHS), list(LENGTHS.values()))
    parts = [core]
    if length != "short":
        parts = [
            say(rng, slots, *moods()["openings"][voice]),
            core,
            say(rng, slots, *moods()["closings"][voice]),
        ]
    if length == "long":
        more = rng.sample(moods()["consequences"], 2)
        parts[2:2] = [line.format_map(slots) for line in more]
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


def _joined(parts: list[str]) -> str:
    """As one paragraph: what follows a comma goes on in small letters."""
    text = parts[0]
    for part in parts[1:]:
        text += f" {part[:1].lower()}{part[1:]}" if text.endswith(",") else f" {part}"
    return text


def answer(rng: Random, subfield: str, slots: Slots) -> str:
    """A good answer: what was done, where and when."""
    return say(rng, slots, *matters()[subfield].answers)


def mood(rng: Random, name: str, slots: Slots) -> str:
    """One of the sentences of that name."""
    ways = moods()[name]
    return say(rng, slots, *([ways] if isinstance(ways, str) else ways))
