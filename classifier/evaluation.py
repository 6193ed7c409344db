"""How well a model reads texts whose answers are known."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import noise, urgency
from .examples import Example
from .model import Floats, Model
from .text import normalise

# How a text is spoilt before it is read; the seeds differ from those of training.
CONDITIONS: dict[str, Callable[[str, int], str]] = {
    "clean": lambda text, seed: text,
    "nodia": lambda text, seed: noise.strip(text),
    "teen": lambda text, seed: noise.teencode(text, seed + 10**6),
    "typo10": lambda text, seed: noise.typos(text, seed + 10**6),
}
_SURE = 0.7
_BINS = 15


@dataclass(frozen=True)
class Figures:
    """Shares of `n` texts under one condition; `intervals` are Wilson's 95 %."""

    sub1: float  # the first candidate is right
    sub3: float  # one of three is
    field: float  # the likeliest field is
    kind: float
    urgent_recall: float | None  # None: no text was urgent, or none called so
    urgent_precision: float | None
    ece: float  # expected calibration error of the first candidate, 15 bins
    cov70: float  # share read with a confidence of at least .70
    acc70: float | None  # how many of those are right
    n: int
    intervals: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Report:
    """Figures of one model per condition: clean, nodia, teen, typo10."""

    model: str
    conditions: dict[str, Figures]

    def as_json(self) -> dict[str, Any]:
        """The figures of the texts as given at the top, those of every condition under its name."""
        return {
            "model": self.model,
            **asdict(self.conditions["clean"]),
            **{name: asdict(figures) for name, figures in self.conditions.items()},
        }


@dataclass(frozen=True)
class _Outcome:
    sub1: bool
    sub3: bool
    field: bool
    kind: bool
    confidence: float
    urgent: bool
    is_urgent: bool | None


def measure(model: Model, examples: Sequence[Example]) -> Report:
    """Read every example under every condition. ValueError when there is none."""
    if not examples:
        raise ValueError("Không có ví dụ nào để đo.")
    conditions = {}
    for name, spoil in CONDITIONS.items():
        outcomes = [_outcome(model, e, spoil(normalise(e.text), at)) for at, e in enumerate(examples)]
        conditions[name] = _figures(outcomes)
    return Report(model.version, conditions)


def _outcome(model: Model, example: Example, text: str) -> _Outcome:
    scores = model.score(text)
    order = [model.subfields[at] for at in np.argsort(-scores.subfields, kind="stable")[:3]]
    kind = model.kinds[int(scores.kinds.argmax())]
    return _Outcome(
        sub1=order[0] in example.right,
        sub3=not set(order).isdisjoint(example.right),
        field=model.best_field(scores)[0] in {slug.split(".")[0] for slug in example.right},
        kind=kind in example.right_kinds,
        confidence=float(scores.subfields.max()),
        urgent=model.is_urgent(scores, bool(urgency.danger_words(text))),
        is_urgent=example.urgent,
    )


def _figures(outcomes: Sequence[_Outcome]) -> Figures:
    n = len(outcomes)
    right = {name: sum(getattr(o, name) for o in outcomes) for name in ("sub1", "sub3", "field", "kind")}
    sure = [o for o in outcomes if o.confidence >= _SURE]
    hits = sum(1 for o in outcomes if o.urgent and o.is_urgent)
    return Figures(
        **{name: round(k / n, 4) for name, k in right.items()},
        urgent_recall=_share(hits, sum(1 for o in outcomes if o.is_urgent)),
        urgent_precision=_share(hits, sum(1 for o in outcomes if o.urgent and o.is_urgent is not None)),
        ece=_ece(
            np.array([o.confidence for o in outcomes]), np.array([o.sub1 for o in outcomes], dtype=float)
        ),
        cov70=round(len(sure) / n, 4),
        acc70=_share(sum(o.sub1 for o in sure), len(sure)),
        n=n,
        intervals={name: _wilson(k, n) for name, k in right.items()},
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _ece(confidence: Floats, right: Floats) -> float:
    """Mean distance between what was promised and what was kept, over bins of equal width."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = (abs(right[bins == b].sum() - confidence[bins == b].sum()) for b in range(_BINS))
    return round(float(sum(gaps)) / len(right), 4)


def _wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval: honest for shares near 1 and for few texts."""
    middle = (k + z * z / 2) / (n + z * z)
    half = z * math.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return round(middle - half, 4), round(middle + half, 4)
