"""Make a model from examples: `python -m classifier.training` builds the shipped one (`make model`)."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from . import noise
from .evaluation import measure
from .examples import CORPUS, Example, from_file, from_files, hints
from .model import AT_LAW, SHIPPED, Floats, Model, load, save, terms
from .text import guard

KINDS = ("complaint", "denunciation", "praise", "proposal", "question", "report", "spam")
_ASKS_NOTHING = frozenset({"praise", "spam"})
KEPT_TERMS = 320_000
SHARED_TERMS = 220_000  # of these, known to kind, danger and law too
# A term that the shipped model does not know is learnt from so many petitions at least: from fewer it could
# be somebody's name, and would stand in the table of terms long after the petition is erased.
TOLD_BY = 3
# Kind and urgent set on texts held out of training (`--hold-out 8`); how sure, what alone is urgent and the
# law on the audited and the development texts together (`law_doubt`: the highest at which 99 in 100 of their
# complaints and denunciations are suspected or asked about); docs/reading-record.md.
CALIBRATION = {"subfield": 14.0, "subfield_blunt": 4.0, "doubt": 0.2, "kind": 3.0, "urgent": 4.0}
THRESHOLDS = {
    "subfield": 0.8,
    "field": 0.6,
    "urgent": 0.25,
    "urgent_in_many_words": 0.06,
    "urgent_with_word": 0.03,
    "law": -0.29,
    "law_doubt": -1.18,
}


@dataclass(frozen=True)
class Recipe:
    """How a model is made of its examples; as it stands here the shipped one is made."""

    copies: bool = True  # each text also without diacritics, as a hurried thumb types it, within a letter
    letters: float = 0.5  # weight for the sub-field of what stands in a letter beside the same text plain
    # Weight of all texts for the side of the law, beside those that differ in kind alone.
    all_for_law: float = 0.5
    # Weight of those for the sub-field: they crowd into the few that are at law.
    near_for_subfield: float = 0.2
    alternatives: float = 0.5  # weight of a second answer; 0: not learnt from
    beside: float = 0.8  # by how much what is always the second answer beside the first is raised
    hints: float = 0.5  # weight of a name or a keyword of the taxonomy; 0: not learnt from
    cost: float = 0.5  # of an error, the C of the machine
    min_df: int = 2  # texts that a term must stand in
    keep: int = KEPT_TERMS


@dataclass(frozen=True)
class _Diet:
    """What the three heads eat: `texts` with a sub-field and a weight each; the first `whole` are
    texts of people with a kind and an urgency too, the rest second answers and hints."""

    texts: list[str]
    subs: list[str]
    weights: list[float]
    kinds: list[str]
    urgent: list[bool]
    near: list[bool]
    corrected: list[bool]
    kind_weights: list[float]
    pairs: list[tuple[str, str]]  # first and second answer of one text

    @property
    def whole(self) -> int:
        return len(self.kinds)


def _diet(examples: Sequence[Example], recipe: Recipe) -> _Diet:
    diet = _Diet([], [], [], [], [], [], [], [], [])
    people = [example for example in examples if not example.hint]
    for seed, example in enumerate(people):
        for text, share in _copies(example, seed, recipe):
            weight = recipe.near_for_subfield if example.near else example.weight
            _eat(diet, text, example.sub, share * weight)
            diet.kinds.append(example.kind)
            diet.urgent.append(bool(example.urgent))
            diet.near.append(example.near)
            diet.corrected.append(example.corrected)
            diet.kind_weights.append(example.kind_weight)
    for seed, example in enumerate(people):
        if example.alt and recipe.alternatives:
            diet.pairs.append((example.sub, example.alt))
            for text, share in _copies(example, seed, recipe):
                _eat(diet, text, example.alt, share * recipe.alternatives)
    for example in examples:
        if example.hint and recipe.hints:
            _eat(diet, guard(example.text).text, example.sub, recipe.hints)
    return diet


def _eat(diet: _Diet, text: str, sub: str, weight: float) -> None:
    diet.texts.append(text)
    diet.subs.append(sub)
    diet.weights.append(weight)


def _copies(example: Example, seed: int, recipe: Recipe) -> Iterator[tuple[str, float]]:
    """The text as written, without diacritics and as a hurried thumb types it, each with its weight; half of
    them also, or instead, within what letters have around them: thanks and pleas say nothing of what it is.
    """
    clean = guard(example.text).text
    yield clean, 1.0
    if not recipe.copies:
        return
    letter = noise.framed(clean, seed, asks=example.kind not in _ASKS_NOTHING)
    if not seed % 2:
        yield letter, recipe.letters
    sides, other = (clean, letter) if seed % 2 else (letter, clean)
    yield noise.strip(other), 1.0
    yield noise.teencode(noise.typos(sides, seed), seed), 1.0


@dataclass(frozen=True)
class _Heads:
    """Unpruned weights (terms x columns), bias and what the columns and rows are."""

    subfields: tuple[str, ...]
    kinds: tuple[str, ...]
    names: list[str]
    idf: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    beside: NDArray[np.float64]  # sub-fields x sub-fields, see `Model.beside`


def _fit(diet: _Diet, recipe: Recipe, among: Set[str] | None) -> _Heads:
    table = TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=recipe.min_df, dtype=np.float32)
    # In the width that the machine counts in: else it would copy the whole for each head.
    features = table.fit_transform(diet.texts).astype(np.float64)
    names, idf = table.get_feature_names_out(), table.idf_
    if among is not None:
        # Only now: a term weighs as much as it does beside all others, for which the thresholds were set.
        kept = np.array([name in among for name in names])
        features, names, idf = features[:, kept], names[kept], idf[kept]
    sub = _svm(recipe).fit(features, np.array(diet.subs), sample_weight=np.array(diet.weights))
    whole = features[: diet.whole]
    del features
    kind = _svm(recipe).fit(whole, np.array(diet.kinds), sample_weight=np.array(diet.kind_weights))
    judged = ~np.array(diet.corrected)
    urgent = _svm(recipe, class_weight={True: 3, False: 1}).fit(whole[judged], np.array(diet.urgent)[judged])
    law, law_bias = _law(whole, diet, recipe)
    return _Heads(
        subfields=tuple(str(name) for name in sub.classes_),
        kinds=tuple(str(name) for name in kind.classes_),
        names=[str(name) for name in names],
        idf=idf,
        weights=np.vstack([_each(sub.coef_), _each(kind.coef_), urgent.coef_, law]).T,
        bias=np.concatenate([_each(sub.intercept_), _each(kind.intercept_), urgent.intercept_, [law_bias]]),
        beside=recipe.beside * _second(sub.classes_, diet.pairs),
    )


def _second(subfields: Sequence[str], pairs: Iterable[tuple[str, str]]) -> NDArray[np.float64]:
    """Of each sub-field (a row), how often each is the other answer beside it; a row adds up to 1 or 0."""
    at = {str(name): row for row, name in enumerate(subfields)}
    told = np.zeros((len(at), len(at)))
    for one, other in pairs:
        told[at[one], at[other]] += 1
        told[at[other], at[one]] += 1
    share: NDArray[np.float64] = told / np.maximum(told.sum(axis=1, keepdims=True), 1)
    return share


def _each(learnt: NDArray[np.float64]) -> NDArray[np.float64]:
    """A row a class: of two classes the machine knows one, the other is its opposite."""
    return np.concatenate([-learnt, learnt]) if len(learnt) == 1 else learnt


def _law(features: Any, diet: _Diet, recipe: Recipe) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of the side of complaints and denunciations.

    Two machines together: one learns from the texts that differ in kind alone, the other from all; each by
    itself takes either every pothole or no lament for a complaint.
    """
    at_law = np.array([kind in AT_LAW for kind in diet.kinds])
    weights, bias = np.zeros(features.shape[1]), -1.0
    judged = ~np.array(diet.corrected)
    for among, share in ((np.array(diet.near), 1.0), (judged, recipe.all_for_law)):
        if len(set(at_law[among])) == 2:
            machine = _svm(recipe).fit(features[among], at_law[among])
            weights = weights + share * machine.coef_[0]
            bias += share * float(machine.intercept_[0])
    return weights, bias


def _svm(recipe: Recipe, **more: Any) -> Any:
    # The dual solver is plain C with its own dice: the same data give the same weights.
    return LinearSVC(C=recipe.cost, random_state=0, dual=True, **more)


def _whole(heads: _Heads) -> Model:
    """Everything that was learnt, in floats: what the pruned model is compared with."""
    ones = np.ones(heads.weights.shape[1], dtype=np.float32)
    return _model(heads, np.arange(len(heads.names)), heads.weights.astype(np.float32), ones)


def _pruned(heads: _Heads, keep: int) -> Model:
    """The terms that can weigh most, each weight in one byte."""
    reach = np.abs(heads.weights).max(axis=1) * heads.idf
    order = np.argsort(-reach, kind="stable")
    rows = np.sort(order[:keep])
    is_shared = np.isin(rows, order[:SHARED_TERMS])
    weights = heads.weights[rows]
    weights[np.ix_(~is_shared, np.arange(len(heads.subfields), weights.shape[1]))] = 0
    scale = np.abs(weights).max(axis=0) / 127
    scale[scale == 0] = 1  # nothing was learnt of it
    found = _model(heads, rows, np.rint(weights / scale).astype(np.int8), scale.astype(np.float32))
    return replace(found, shared=is_shared)


def _model(heads: _Heads, rows: NDArray[np.intp], weights: NDArray[np.int8] | Floats, scale: Floats) -> Model:
    names = tuple(heads.names[row] for row in rows)
    return Model(
        version="unsaved",
        subfields=heads.subfields,
        kinds=heads.kinds,
        names=names,
        idf=heads.idf[rows].astype(np.float32),
        shared=np.ones(len(rows), dtype=np.bool_),
        weights=weights,
        scale=scale,
        bias=heads.bias.astype(np.float32),
        beside=heads.beside.astype(np.float32),
        calibration=CALIBRATION,
        thresholds=THRESHOLDS,
        card={},
    )


def fit(examples: Iterable[Example], into: Path) -> Model:
    """Train on the examples and write the model into a folder; the same examples give the same bytes.

    Raises ValueError when there is nothing to learn from. One core, some six minutes for 33,000 texts.
    """
    every = list(examples)
    return _stored(_learnt(every), len(every), into)


def learn(examples: Sequence[Example], recipe: Recipe = Recipe(), *, among: Set[str] | None = None) -> Model:
    """A model that lies in no folder; ValueError when there is nothing to learn from.

    `among`: the terms that may be learnt. Of all that our texts hold, training takes 2 GB of memory.
    """
    return _pruned(_learnt(examples, recipe, among), recipe.keep)


def known_terms(model: Model, corrected: Iterable[Example]) -> Set[str]:
    """The terms of a model, and those that enough corrected petitions hold."""
    told: Counter[str] = Counter()
    for example in corrected:
        told.update(set(terms(guard(example.text).text)))
    return {*model.names, *(term for term, n in told.items() if n >= TOLD_BY)}


def _learnt(examples: Sequence[Example], recipe: Recipe = Recipe(), among: Set[str] | None = None) -> _Heads:
    if len({example.sub for example in examples}) < 2:
        raise ValueError("Cần ví dụ của ít nhất hai tiểu lĩnh vực.")
    people = [example for example in examples if not example.hint]
    if len({example.kind for example in people}) < 2:
        raise ValueError("Cần ví dụ của ít nhất hai loại đơn.")
    if len({bool(example.urgent) for example in people if not example.corrected}) < 2:
        raise ValueError("Cần cả ví dụ khẩn và không khẩn.")
    return _fit(_diet(examples, recipe), recipe, among)


def _stored(heads: _Heads, examples: int, into: Path, keep: int = KEPT_TERMS) -> Model:
    model = _pruned(heads, keep)
    model.card.update(name="linear", examples=examples, terms=len(model.names), terms_before=len(heads.names))
    save(model, into)
    return load(into)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m classifier.training", description=__doc__)
    parser.add_argument("--train", type=Path, nargs="+", default=CORPUS)
    parser.add_argument("--taxonomy", type=Path, default=Path("routing/data/taxonomy.yaml"))
    parser.add_argument("--into", type=Path, default=SHIPPED)
    parser.add_argument("--keep", type=int, default=KEPT_TERMS, help="terms kept (default %(default)s)")
    parser.add_argument("--hold-out", type=int, default=0, metavar="N", help="leave every Nth text out")
    parser.add_argument("--measure", type=Path, metavar="FILE", help="measure before and after pruning")
    asked = parser.parse_args(arguments)
    examples = list(from_files(asked.train))
    if asked.hold_out:
        examples = [example for at, example in enumerate(examples) if at % asked.hold_out]
    with asked.taxonomy.open(encoding="utf-8") as file:
        examples += hints(yaml.safe_load(file))
    heads = _learnt(examples)
    model = _stored(heads, len(examples), asked.into, asked.keep)
    print(model.version, model.card["sha256"])
    if asked.measure:
        _print_figures({"whole": _whole(heads), "pruned": model}, list(from_file(asked.measure)))
    return 0


def _print_figures(models: dict[str, Model], examples: Sequence[Example]) -> None:
    for name, model in models.items():
        for condition, figures in measure(model, examples).conditions.items():
            print(f"{name:7} {condition:7} sub1 {figures.sub1}  sub3 {figures.sub3}  field {figures.field}")


if __name__ == "__main__":
    sys.exit(main())
