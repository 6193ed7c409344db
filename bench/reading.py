"""How well texts are read: every recipe in nested cross-validation and on texts that nobody learnt from.

    python -m bench.reading                          the shipped recipe and the one it grew from
    python -m bench.reading --recipes shipped,...    some of RECIPES
    python -m bench.reading --sample 8               every eighth text only: a first look

Outer folds (five, near-duplicates in one fold) are read by a model that learnt seven eighths of the other
four and was calibrated on the last eighth; the development texts and the audited ones by one that had all
training texts but that eighth. Text on stdout, the figures as its last line, also kept in
`var/bench/reading.json`; with confusions and curves in `reading-whole.json`, drawn in `reading.svg`.
No goal is checked here: see docs/reading.md.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

import yaml

from bench import reading_exams, reading_picture
from bench.record import KEPT, ROOT, end, say, yardstick_s
from classifier.calibration import calibrated
from classifier.evaluation import CONDITIONS, Outcome, figures, outcomes
from classifier.examples import CORPUS, Example, from_file, from_files, hints
from classifier.model import Model
from classifier.training import Recipe, learn
from classifier.vocabulary import syllables

# What nobody learns from: restated from life, and written in the same hand for every sub-field.
APART = {
    "dev": ROOT / "tests" / "classifier" / "eval_dev.jsonl",
    "audited": ROOT / "classifier" / "data" / "audited.jsonl",
}
TAXONOMY = ROOT / "routing" / "data" / "taxonomy.yaml"
FOLDS = 5
INNER = 8  # every eighth text of what may be learnt is held back for calibration
NO_FOLD = -1  # learn from all folds, read what is apart
RECIPES = {
    "shipped": Recipe(),
    "as-written": Recipe(copies=False, alternatives=0.0, hints=0.0),
    "no-copies": Recipe(copies=False),
    "no-alternatives": Recipe(alternatives=0.0),
    "no-hints": Recipe(hints=0.0),
    "C-0.25": Recipe(cost=0.25),
    "C-1": Recipe(cost=1.0),
    "min-df-3": Recipe(min_df=3),
    "nothing-beside": Recipe(beside=0.0),
    "terms-220": Recipe(keep=220_000),
    "all-terms": Recipe(keep=10_000_000),
}
DEFAULT = ("shipped", "as-written")
SHOWN = (
    *("sub1", "sub3", "loosely", "field", "kind", "urgent_recall", "urgent_precision"),
    *("ece", "cov95", "acc60"),
)
SIDES = (*APART, "cross")
CONFUSIONS = 60


# --- folds ----------------------------------------------------------------------------------------------


def near_duplicates(texts: Sequence[str]) -> list[int]:
    """The group of each text: texts that share half of the pairs of the shorter one, and theirs, are one."""
    pairs = [frozenset(pairwise(syllables(text))) for text in texts]
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    group = list(range(len(texts)))
    for at, own in enumerate(pairs):
        shared = Counter(other for pair in own for other in holders[pair])
        for other, count in shared.items():
            if 2 * count >= min(len(own), len(pairs[other])) > 3:
                group[_root(group, at)] = _root(group, other)
        for pair in own:
            if len(holders[pair]) < MOST_HOLDERS:
                holders[pair].append(at)
    return [_root(group, at) for at in range(len(texts))]


# A pair that so many texts hold says nothing of being alike.
MOST_HOLDERS = 60


def _root(group: list[int], at: int) -> int:
    while group[at] != at:
        group[at] = group[group[at]]
        at = group[at]
    return at


def folds_of(groups: Sequence[int]) -> list[int]:
    """The fold of each text: whole groups, in the order of their first text."""
    order = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return [order[group] % FOLDS for group in groups]


# --- one model, one fold --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """What one model said, by condition, and how long it took to make."""

    recipe: str
    fold: int
    said: dict[str, dict[str, list[Outcome]]]  # by what it was asked: "cross", or each of APART
    made_in_s: float
    exams: dict[str, Any] | None = None  # of the model that reads what is apart


def read_fold(sample: int, job: tuple[str, int]) -> Read:
    recipe, fold = job
    people, folds = material(sample)
    inside = [e for e, of in zip(people, folds, strict=True) if of == fold]
    learnt = [e for e, of in zip(people, folds, strict=True) if of != fold]
    apart = fold == NO_FOLD
    asked = {name: list(from_file(file)) for name, file in APART.items()} if apart else {"cross": inside}
    began = time.process_time()
    model = made(learnt, RECIPES[recipe])
    took = time.process_time() - began
    said = {
        side: {name: outcomes(model, examples, name) for name in CONDITIONS}
        for side, examples in asked.items()
    }
    return Read(recipe, fold, said, took, reading_exams.examined(model) if apart else None)


@cache
def material(sample: int) -> tuple[list[Example], list[int]]:
    """The training texts, every `sample`th of them, and the outer fold of each."""
    people = list(from_files(CORPUS))[::sample]
    return people, folds_of(near_duplicates([example.text for example in people]))


def made(examples: Sequence[Example], recipe: Recipe) -> Model:
    """Calibrated on every eighth, which it did not learn from."""
    held = examples[::INNER]
    learnt = [example for at, example in enumerate(examples) if at % INNER]
    named = hints(yaml.safe_load(TAXONOMY.read_text(encoding="utf-8")))
    return calibrated(learn([*learnt, *named], recipe), held)


# --- all of them ----------------------------------------------------------------------------------------


def measured(recipes: Iterable[str], sample: int, processes: int) -> dict[str, Any]:
    """By recipe: `cross` and each of APART, by condition their figures; their confusions; seconds."""
    jobs = [(recipe, fold) for recipe in recipes for fold in (NO_FOLD, *range(FOLDS))]
    by_recipe: dict[str, list[Read]] = defaultdict(list)
    with ProcessPoolExecutor(processes) as pool:
        for read in pool.map(partial(read_fold, sample), jobs):
            of = "all folds" if read.fold == NO_FOLD else f"fold {read.fold}"
            say(f"{read.recipe}, {of}: made in {read.made_in_s:.0f} s")
            by_recipe[read.recipe].append(read)
    return {recipe: told(reads) for recipe, reads in by_recipe.items()}


def told(reads: Sequence[Read]) -> dict[str, Any]:
    pooled = {side: {name: _pooled(reads, side, name) for name in CONDITIONS} for side in SIDES}
    return {
        **{
            side: {name: asdict(figures(found)) for name, found in by_condition.items()}
            for side, by_condition in pooled.items()
        },
        "confusions": {side: confusions(by_condition["clean"]) for side, by_condition in pooled.items()},
        "drawing": reading_picture.material(pooled["cross"]["clean"]),
        "exams": next((read.exams for read in reads if read.exams), None),
        "made_in_s": round(max(read.made_in_s for read in reads), 1),
    }


def _pooled(reads: Iterable[Read], side: str, condition: str) -> list[Outcome]:
    return [outcome for read in reads if side in read.said for outcome in read.said[side][condition]]


def confusions(found: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """(what it is, what was said, how often), the most frequent first."""
    wrong = Counter((o.sub, o.said) for o in found if not o.sub1)
    return [(sub, said, count) for (sub, said), count in wrong.most_common(CONFUSIONS)]


# --- telling --------------------------------------------------------------------------------------------


def table(result: dict[str, Any]) -> str:
    """For people: a line a figure and its interval, for each recipe, side and condition."""
    lines = []
    for recipe, found in result.items():
        for side in SIDES:
            lines.append(f"\n{recipe}, {side} (n = {found[side]['clean']['n']})")
            lines.append(f"{'':17}" + "".join(f"{name:>24}" for name in CONDITIONS))
            for name in SHOWN:
                shown = [_with_interval(found[side][condition], name) for condition in CONDITIONS]
                lines.append(f"{name:17}" + "".join(f"{value:>24}" for value in shown))
        if found["exams"]:
            lines.append(f"\n{recipe}, examinations\n{reading_exams.told(found['exams'])}")
        lines.append(f"\n{recipe}, most often taken for another")
        for side, most in (("dev", 12), ("audited", 12), ("cross", 24)):
            shown = found["confusions"][side][:most]
            lines += [side, *(f"{count:5}  {sub} -> {said}" for sub, said, count in shown)]
    return "\n".join(lines)


def without_drawing(found: dict[str, Any]) -> dict[str, Any]:
    """What one line can hold of a recipe."""
    return {name: told for name, told in found.items() if name not in ("confusions", "drawing")}


def _with_interval(found: dict[str, Any], name: str) -> str:
    value = found[name]
    low, high = found["intervals"][name]
    return "–" if value is None else f"{value:.3f} ({low:.2f} to {high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description="How well texts are read.")
    parser.add_argument("--recipes", default=",".join(DEFAULT), help=f"some of {', '.join(RECIPES)}, or all")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="every Nth training text only")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    recipes = list(RECIPES) if asked.recipes == "all" else asked.recipes.split(",")
    if unknown := set(recipes) - set(RECIPES):
        parser.error(f"no such recipe: {', '.join(sorted(unknown))}")
    result = {
        "bench": "reading",
        "yardstick_s": round(yardstick_s(), 2),
        "sample": asked.sample,
        "folds": FOLDS,
        "recipes": measured(recipes, asked.sample, asked.processes),
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    everything = json.dumps(result, ensure_ascii=False)
    (KEPT / "reading-whole.json").write_text(everything + "\n", encoding="utf-8")
    first = recipes[0]
    (KEPT / "reading.svg").write_text(
        reading_picture.drawn(first, result["recipes"][first]["drawing"]), encoding="utf-8"
    )
    print(table(result["recipes"]))
    print(f"\n{KEPT / 'reading-whole.json'}\n{KEPT / 'reading.svg'}")
    kept = {recipe: without_drawing(found) for recipe, found in result["recipes"].items()}
    end(result | {"recipes": kept}, reached=None)


if __name__ == "__main__":
    main()
