"""Examinations by people who write no rule here: who complains in everyday words, who is in danger, where it
is, what in it is personal.

    python -m bench.reading_exams               the shipped model, in seconds
    python -m bench.reading_exams --model DIR   another

`make bench-reading` puts the same to every recipe. Each share stands with its 95 % interval (Wilson).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.record import ROOT
from classifier import mentions, read, urgency
from classifier.evaluation import wilson
from classifier.model import AT_LAW, SHIPPED, Model, load
from classifier.places import resolve
from classifier.text import guard

EXAMS = ROOT / "tests" / "classifier"
Row = dict[str, Any]


def examined(model: Model) -> dict[str, Any]:
    """`kinds` and `urgency`: shares as [share, low, high], and the texts that were taken wrongly."""
    return {
        "kinds": _kinds(model, _rows("exam_kinds.jsonl")),
        "urgency": _urgency(model, _rows("exam_urgency.jsonl")),
    }


def _rows(name: str) -> list[Row]:
    with (EXAMS / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _kinds(model: Model, rows: Sequence[Row]) -> dict[str, Any]:
    """Found and diverted wait for an officer; asked of a person, in the flow of all others, is the rest."""

    def taken(row: Row) -> bool:
        return model.kind(model.score(guard(row["text"]).text)) in AT_LAW

    def asked(row: Row) -> bool:
        return model.doubtful(model.score(guard(row["text"]).text))

    disguised = [row for row in rows if row["class"] == "disguised"]
    others = [row for row in rows if row["class"] == "lookalike"]
    missed, diverted = _without(disguised, taken), _with(others, taken)
    return {
        "recall": share(len(disguised) - len(missed), len(disguised)),
        "diverted": share(len(diverted), len(others)),
        "heard": share(len(disguised) - len(_without(missed, asked)), len(disguised)),
        "asked": share(len(_with(others, asked)), len(others)),
        "missed": [row["text"] for row in missed],
        "wrongly": [row["text"] for row in diverted],
    }


def _urgency(model: Model, rows: Sequence[Row]) -> dict[str, Any]:
    def taken(row: Row) -> bool:
        text = guard(row["text"]).text
        return model.is_urgent(model.score(text), bool(urgency.danger_words(text)))

    urgent = [row for row in rows if row["urgent"]]
    missed, called = _without(urgent, taken), _with(rows, taken)
    return {
        "recall": share(len(urgent) - len(missed), len(urgent)),
        "precision": share(sum(row["urgent"] for row in called), len(called)),
        "missed": [row["text"] for row in missed],
        "wrongly": [row["text"] for row in called if not row["urgent"]],
    }


def places(exam: str = "exam_places.jsonl") -> dict[str, Any]:
    """How often the one unit is found, or that it has to be asked; by class, and the texts taken wrongly."""
    rows = _rows(exam)
    wrong = _without(rows, _is_placed)
    told = [row for row in rows if not row["ask"]]
    several = [row for row in rows if len(row["codes"]) > 1]
    return {
        "right": share(len(rows) - len(wrong), len(rows)),
        "unit": share(len(_with(told, _is_placed)), len(told)),
        "named": _named(rows),
        "choices": share(len(_with(several, _is_asked)), len(several)),
        "by_class": {
            name: share(len(_with(some, _is_placed)), len(some))
            for name in sorted({row["class"] for row in rows})
            for some in [[row for row in rows if row["class"] == name]]
        },
        "wrong": [row["text"] for row in wrong],
    }


def _is_placed(row: Row) -> bool:
    """The very unit; where it is to be asked: no single commune is taken for it."""
    found = resolve(mentions(row["text"], home=row["home"]), home=row["home"])
    if row["ask"]:
        return not (len(found.codes) == 1 and found.level == "commune")
    return found.codes == tuple(row["codes"])


def _named(rows: Sequence[Row]) -> dict[str, Any]:
    """Whether the units meant are found at all; what is found in texts that only look so is one too many.

    The answers hold units, no offsets: another place that a text names besides counts neither way.
    """
    meant = [row for row in rows if row["codes"]]
    found = len(_with(meant, lambda row: not _codes_named(row).isdisjoint(row["codes"])))
    lookalikes = [row for row in rows if row["class"] == "looksalike" and not row["codes"]]
    strange = len(_with(lookalikes, lambda row: bool(_codes_named(row))))
    return {
        "recall": share(found, len(meant)),
        "precision": share(found, found + strange),
        "f1": round(2 * found / (found + strange + len(meant)), 4),
    }


def _codes_named(row: Row) -> set[str]:
    return {code for mention in mentions(row["text"], home=row["home"]) for code in mention.codes}


def _is_asked(row: Row) -> bool:
    """Between the very units that remain."""
    return set(resolve(mentions(row["text"], home=row["home"]), home=row["home"]).codes) == set(row["codes"])


def personal(exam: str = "exam_personal.jsonl", *, odd: bool = False) -> dict[str, Any]:
    """Of each kind the share that is covered whole by spans of any kind; how many spans touch none of it.

    `odd`: only of the texts whose number, counted from 0, is odd; nobody reads those of the third one.
    """
    rows = _rows(exam)[odd :: 1 + odd]
    seen: dict[str, list[bool]] = defaultdict(list)
    found = needless = 0
    for row in rows:
        text, hidden = row["text"], [(span.start, span.end) for span in read(row["text"]).personal]
        asked = list(_spans(row))
        for kind, start, end in asked:
            covered = {at for a, b in hidden for at in range(a, b)}
            letters = [at for at in range(start, end) if text[at].isalnum()]
            seen[kind].append(covered.issuperset(letters))
        found += len(hidden)
        needless += sum(all(b <= start or end <= a for _kind, start, end in asked) for a, b in hidden)
    every = [hit for hits in seen.values() for hit in hits]
    return {
        "recall": share(sum(every), len(every)),
        "precision": share(found - needless, found),
        "by_kind": {kind: share(sum(hits), len(hits)) for kind, hits in sorted(seen.items())},
        "in_clean": _in_clean([row for row in rows if not row["spans"]]),
    }


def _in_clean(rows: Sequence[Row]) -> float:
    """Spans found in a hundred texts that hold nothing personal."""
    return round(100 * sum(len(read(row["text"]).personal) for row in rows) / len(rows), 1)


def _spans(row: Row) -> Iterator[tuple[str, int, int]]:
    at = 0
    for kind, words in row["spans"]:
        start = row["text"].index(words, at)
        at = start + len(words)
        yield kind, start, at


def _with(rows: Sequence[Row], taken: Callable[[Row], bool]) -> list[Row]:
    return [row for row in rows if taken(row)]


def _without(rows: Sequence[Row], taken: Callable[[Row], bool]) -> list[Row]:
    return [row for row in rows if not taken(row)]


def share(part: int, whole: int) -> list[float]:
    """Share, low and high; of none of none, anything."""
    return [round(part / whole, 4) if whole else 0.0, *wilson(part, whole)]


def told(found: dict[str, Any]) -> str:
    """For people: a line each."""
    kinds = [("kinds", name) for name in ("recall", "heard", "diverted", "asked")]
    names = (*kinds, ("urgency", "recall"), ("urgency", "precision"))
    return "\n".join(
        f"{exam + ' ' + name:20} {value:.3f} ({low:.2f} to {high:.2f})"
        for exam, name in names
        for value, low, high in [found[exam][name]]
    )


def told_of_places(place: dict[str, Any]) -> str:
    lines = [("places right", place["right"]), ("places, one unit", place["unit"])]
    lines += [("places, the choices", place["choices"])]
    lines += [(f"places named, {name}", place["named"][name]) for name in ("recall", "precision")]
    lines += [(f"  {name}", value) for name, value in place["by_class"].items()]
    return _told_lines(("places named, F1", place["named"]["f1"]), lines)


def told_of_personal(own: dict[str, Any]) -> str:
    lines = [("personal recall", own["recall"]), ("personal precision", own["precision"])]
    lines += [(f"  {name}", value) for name, value in own["by_kind"].items()]
    return _told_lines(("in 100 clean texts", own["in_clean"]), lines)


def _told_lines(counted: tuple[str, float], lines: list[tuple[str, list[float]]]) -> str:
    return "\n".join(
        [f"{counted[0]:20} {counted[1]}"]
        + [f"{name:20} {value:.3f} ({low:.2f} to {high:.2f})" for name, (value, low, high) in lines]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--json", action="store_true", help="also the texts that were taken wrongly")
    asked = parser.parse_args()
    found = examined(load(asked.model))
    place, later = places(), places("exam_places_2.jsonl")
    own = {"1": personal(), "2": personal("exam_personal_2.jsonl"), "3": personal("exam_personal_3.jsonl")}
    own["3, odd texts, never read"] = personal("exam_personal_3.jsonl", odd=True)
    own["4, blind on 28 November 2026"] = personal("exam_personal_4.jsonl")
    if asked.json:
        print(json.dumps({**found, "places": place, "places_2": later, "personal": own}, ensure_ascii=False))
        return
    print(f"{told(found)}\n{told_of_places(place)}\n\nby another writer\n{told_of_places(later)}")
    for name, figures in own.items():
        print(f"\npersonal data, examination {name}\n{told_of_personal(figures)}")


if __name__ == "__main__":
    main()
