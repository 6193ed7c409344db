"""Two examinations by people who write no rule here: who complains in everyday words, who is in danger.

    python -m bench.reading_exams               the shipped model, in seconds
    python -m bench.reading_exams --model DIR   another

`make bench-reading` puts the same to every recipe. Each share stands with its 95 % interval (Wilson).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from classifier import urgency
from classifier.evaluation import wilson
from classifier.model import AT_LAW, SHIPPED, Model, load
from classifier.text import guard

ROOT = Path(__file__).resolve().parents[1]
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
    def taken(row: Row) -> bool:
        return model.kind(model.score(guard(row["text"]).text)) in AT_LAW

    disguised = [row for row in rows if row["class"] == "disguised"]
    others = [row for row in rows if row["class"] == "lookalike"]
    missed, diverted = _without(disguised, taken), _with(others, taken)
    return {
        "recall": share(len(disguised) - len(missed), len(disguised)),
        "diverted": share(len(diverted), len(others)),
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


def _with(rows: Sequence[Row], taken: Callable[[Row], bool]) -> list[Row]:
    return [row for row in rows if taken(row)]


def _without(rows: Sequence[Row], taken: Callable[[Row], bool]) -> list[Row]:
    return [row for row in rows if not taken(row)]


def share(part: int, whole: int) -> list[float]:
    """Share, low and high; of none of none, anything."""
    return [round(part / whole, 4) if whole else 0.0, *wilson(part, whole)]


def told(found: dict[str, Any]) -> str:
    """For people: a line each."""
    names = (("kinds", "recall"), ("kinds", "diverted"), ("urgency", "recall"), ("urgency", "precision"))
    return "\n".join(
        f"{exam + ' ' + name:20} {value:.3f} ({low:.2f} to {high:.2f})"
        for exam, name in names
        for value, low, high in [found[exam][name]]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--json", action="store_true", help="also the texts that were taken wrongly")
    asked = parser.parse_args()
    found = examined(load(asked.model))
    print(json.dumps(found, ensure_ascii=False) if asked.json else told(found))


if __name__ == "__main__":
    main()
