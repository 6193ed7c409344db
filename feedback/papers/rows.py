"""The forms of letters: rows of data, read once from `forms.yaml`, whose head says what each key means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FORMS = Path(__file__).with_name("forms.yaml")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with `{values}`; `given`: it stands only where that value is there."""

    words: str
    given: str = ""


@dataclass(frozen=True)
class Paper:
    """One form of letter: when it may be written, by whom, and its words in the order of the sheet."""

    slug: str
    title: str
    about: str
    who: tuple[str, ...]
    body: tuple[Paragraph, ...]
    copies: tuple[str, ...]
    article: str
    checked: bool
    type: str = ""
    symbol: str = ""
    issued_by: str = ""
    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    late: bool = False
    asks: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()

    @property
    def by_lead(self) -> bool:
        """The body that answers issues it, whoever types it."""
        return self.issued_by == "lead"

    @property
    def to_petitioner(self) -> bool:
        """Whether it goes to whoever asked; any other letter is read by people who may not know him."""
        return any("{addressee}" in line for line in self.to)

    @property
    def names_petitioner(self) -> bool:
        """Whether the sender's name could stand in it at all."""
        words = " ".join((*self.to, *self.grounds, *self.copies, *(part.words for part in self.body)))
        return "{sender}" in words or "{addressee}" in words


@dataclass(frozen=True)
class Papers:
    """All forms by their slug, and how bodies are written on them."""

    forms: Mapping[str, Paper]
    abbreviations: Mapping[str, str]
    stands_alone: frozenset[str]
    in_full: Mapping[str, str]


@lru_cache(maxsize=1)
def papers() -> Papers:
    """The rows as they are shipped; raises TypeError or KeyError where one is no form."""
    told = yaml.safe_load(FORMS.read_text(encoding="utf-8"))
    forms = [_paper(row, told["grounds"]) for row in told["forms"]]
    return Papers(
        forms={form.slug: form for form in forms},
        abbreviations=told["abbreviations"],
        stands_alone=frozenset(told["stands_alone"]),
        in_full=told["in_full"],
    )


def _paper(row: dict[str, Any], shared: Mapping[str, str]) -> Paper:
    sets: dict[str, Any] = {
        name: frozenset(row.get(name, ())) for name in ("kinds", "states", "after", "holds")
    }
    lists: dict[str, Any] = {name: tuple(row.get(name, ())) for name in ("who", "copies", "asks", "to")}
    # A whole sentence, or the name of one that several forms share.
    grounds = tuple(shared.get(ground, ground) for ground in row.get("grounds", ()))
    body = tuple(_paragraph(told) for told in row["body"])
    return Paper(**{**row, **sets, **lists, "grounds": grounds, "body": body})


def _paragraph(told: str | dict[str, str]) -> Paragraph:
    return Paragraph(told) if isinstance(told, str) else Paragraph(told["say"], told["if"])
