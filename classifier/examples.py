"""Texts with their answers, as the reader learns from them and is measured on them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
# Our own texts; words and names are counted in the first alone, so that later texts do not move those.
CORPUS = (_DATA / "train.jsonl", _DATA / "train_2.jsonl")


class BadExampleError(ValueError):
    """A line of a file of examples cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Example:
    """One text and what it is about.

    `alt` is the second-best sub-field; `accept` all that count as right when measuring (`sub` when empty),
    `accept_loosely` those and the readers' second choices (`right` and `alt` when empty).
    `urgent` None: nobody judged it. A `hint` is a name or a keyword rather than a text: it teaches
    the sub-field only, with half the weight.
    """

    text: str
    sub: str
    alt: str = ""
    kind: str = "report"
    urgent: bool | None = False
    accept: tuple[str, ...] = ()
    accept_loosely: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hint: bool = False
    near: bool = False  # written beside others like it that differ in nothing but the kind
    corrected: bool = False  # an official said so: teaches nothing of danger, nor of the side of the law
    weight: float = 1.0  # how much its sub-field counts, 0: not at all
    kind_weight: float = 1.0  # likewise its kind

    @property
    def right(self) -> tuple[str, ...]:
        return self.accept or (self.sub,)

    @property
    def loosely(self) -> tuple[str, ...]:
        return self.accept_loosely or (*self.right, self.alt)

    @property
    def right_kinds(self) -> tuple[str, ...]:
        return self.kinds or (self.kind,)


def from_row(row: Mapping[str, Any]) -> Example:
    """An example from a JSON object: training rows say `sub`, evaluation rows `subfield` and `accept`."""
    text, sub = row.get("text"), row.get("sub") or row.get("subfield")
    if not isinstance(text, str) or not isinstance(sub, str):
        raise BadExampleError("cần có text và sub (hoặc subfield)")
    return Example(
        text=text,
        sub=sub,
        alt=row.get("alt") or "",
        kind=row.get("kind") or "report",
        urgent=row.get("urgent", False),
        accept=tuple(row.get("accept") or ()),
        accept_loosely=tuple(row.get("accept_loosely") or ()),
        kinds=tuple(row.get("kinds") or ()),
        near=row.get("near") is True,
    )


def from_file(path: Path) -> Iterator[Example]:
    """The examples of a JSON Lines file; BadExampleError names the line that is none."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield from_row(json.loads(line))
            except (ValueError, AttributeError, TypeError) as error:
                raise BadExampleError(f"{path}, dòng {number}: {error}") from error


def from_files(paths: Iterable[Path]) -> Iterator[Example]:
    """The examples of several files, one after the other."""
    for path in paths:
        yield from from_file(path)


def hints(taxonomy: Mapping[str, Any]) -> Iterator[Example]:
    """Names and keywords of a taxonomy (as in taxonomy.yaml) as examples of its sub-fields."""
    for field in taxonomy["fields"]:
        for child in field["children"]:
            name, keywords = child["name_vi"], [str(word) for word in child.get("keywords_vi", ())]
            for text in (name, *keywords, f"{name}. {', '.join(keywords)}"):
                yield Example(text, child["slug"], hint=True)
