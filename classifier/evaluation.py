"""How well a model reads texts whose answers are known."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import noise, urgency
from .examples import Example
from .model import AT_LAW, Floats, Model
from .text import normalise

# The commonest, and others that no training text is given (data/letter_frames.txt).
_COURTESIES: tuple[tuple[str, str], ...] = (
    ("", "Xin cảm ơn."),
    ("Kính gửi quý cơ quan,", "Tôi xin chân thành cảm ơn!"),
    ("", "Kính nhờ cơ quan xem giúp, tôi vô vàn cảm tạ."),
    ("Lời đầu tiên xin gửi tới ban biên tập lời chào trân trọng.", ""),
    ("Thưa toàn thể quý vị lãnh đạo phường nhà,", "Em xin được gửi ngàn lời cám ơn ạ!"),
    ("", "Mong sớm nhận được phúc đáp từ quý vị. Cảm ơn mọi người đã dành thời gian đọc thư này."),
)

# How a text is spoilt before it is read; the seeds differ from those of training.
CONDITIONS: dict[str, Callable[[str, int], str]] = {
    "clean": lambda text, seed: text,
    "nodia": lambda text, seed: noise.strip(text),
    "teen": lambda text, seed: noise.teencode(text, seed + 10**6),
    "typo10": lambda text, seed: noise.typos(text, seed + 10**6),
    "polite": lambda text, seed: _politely(text, _COURTESIES[seed % len(_COURTESIES)]),
}
_SURE = 0.7
_BINS = 15
_PROMISED = 0.95  # the precision that `cov95` is held to
_READ = 0.6  # the share of texts that `acc60` looks at
_DRAWS = 400  # of texts with replacement, where an interval has no formula
Interval = tuple[float, float]


def _politely(text: str, around: tuple[str, str]) -> str:
    return f"{around[0]} {text} {around[1]}".strip()


@dataclass(frozen=True)
class Outcome:
    """What one text is, and what the model said of it under one condition."""

    sub: str  # the labelled sub-field
    said: str  # the first candidate
    sub1: bool
    sub3: bool
    loosely: bool  # the first candidate is at least a second choice of a reader
    field: bool
    kind: bool
    is_at_law: bool  # a complaint or denunciation, or taken for one by one of its readers
    at_law: bool  # read as one
    asked: bool  # read as none, and a person is asked
    confidence: float
    urgent: bool
    is_urgent: bool | None

    @property
    def heard(self) -> bool:
        """A person looks whether it is a complaint or denunciation."""
        return self.at_law or self.asked


@dataclass(frozen=True)
class Figures:
    """Shares of `n` texts under one condition, each with its 95 % interval.

    Intervals are Wilson's; those of `ece`, `cov95` and `acc60` the middle 95 % of 400 draws with replacement.
    """

    sub1: float  # the first candidate is right
    sub3: float  # one of three is
    loosely: float  # the first candidate is right, or a reader's second choice
    field: float  # the likeliest field is
    kind: float
    urgent_recall: float | None  # None: no text was urgent, or none called so
    urgent_precision: float | None
    law_found: float | None  # of complaints and denunciations; None: there was none
    law_heard: float | None  # found, or a person is asked
    law_diverted: float | None  # of all others: taken for one
    law_asked: float | None  # of all others: a person is asked
    ece: float  # expected calibration error of the first candidate, 15 bins
    cov70: float  # share read with a confidence of at least .70
    acc70: float | None  # how many of those are right
    cov95: float  # the largest share, surest first, of which 95 % are right
    acc60: float  # how many of the surest 60 % are right
    n: int
    intervals: dict[str, Interval]


@dataclass(frozen=True)
class Report:
    """Figures of one model per condition: clean, nodia, teen, typo10, polite."""

    model: str
    conditions: dict[str, Figures]

    def as_json(self) -> dict[str, Any]:
        """The figures of the texts as given at the top, those of every condition under its name."""
        return {
            "model": self.model,
            **asdict(self.conditions["clean"]),
            **{name: asdict(figures) for name, figures in self.conditions.items()},
        }


def measure(model: Model, examples: Sequence[Example]) -> Report:
    """Read every example under every condition. ValueError when there is none."""
    if not examples:
        raise ValueError("Không có ví dụ nào để đo.")
    return Report(model.version, {name: figures(outcomes(model, examples, name)) for name in CONDITIONS})


def outcomes(model: Model, examples: Sequence[Example], condition: str) -> list[Outcome]:
    """What the model says of each example under one of CONDITIONS, in their order."""
    spoil = CONDITIONS[condition]
    return [_outcome(model, e, spoil(normalise(e.text), at)) for at, e in enumerate(examples)]


def _outcome(model: Model, example: Example, text: str) -> Outcome:
    scores = model.score(text)
    order = [model.subfields[at] for at in np.argsort(-scores.subfields, kind="stable")[:3]]
    kind = model.kind(scores)
    doubtful = model.doubtful(scores)
    return Outcome(
        sub=example.sub,
        said=order[0],
        sub1=order[0] in example.right,
        sub3=not set(order).isdisjoint(example.right),
        loosely=order[0] in example.loosely,
        field=model.best_field(scores)[0] in {slug.split(".")[0] for slug in example.right},
        kind=kind in example.right_kinds,
        is_at_law=not AT_LAW.isdisjoint(example.right_kinds),
        at_law=kind in AT_LAW,
        asked=doubtful,
        confidence=float(scores.subfields.max()),
        urgent=model.is_urgent(scores, bool(urgency.danger_words(text))),
        is_urgent=example.urgent,
    )


_SHARES = ("sub1", "sub3", "loosely", "field", "kind")


def figures(found: Sequence[Outcome]) -> Figures:
    """Counted over all of them; ValueError where there is none."""
    n = len(found)
    if not n:
        raise ValueError("Không có kết quả nào để đếm.")
    right = {name: sum(getattr(o, name) for o in found) for name in _SHARES}
    sure = [o for o in found if o.confidence >= _SURE]
    hits = sum(1 for o in found if o.urgent and o.is_urgent)
    urgent = sum(1 for o in found if o.is_urgent)
    called = sum(1 for o in found if o.urgent and o.is_urgent is not None)
    drawn, intervals = _drawn(found)
    law = {name: (sum(hit), len(hit)) for name, hit in _at_law(found).items()}
    return Figures(
        **{name: round(k / n, 4) for name, k in right.items()},
        urgent_recall=_share(hits, urgent),
        urgent_precision=_share(hits, called),
        law_found=_share(*law["law_found"]),
        law_heard=_share(*law["law_heard"]),
        law_diverted=_share(*law["law_diverted"]),
        law_asked=_share(*law["law_asked"]),
        cov70=round(len(sure) / n, 4),
        acc70=_share(sum(o.sub1 for o in sure), len(sure)),
        **drawn,
        n=n,
        intervals={name: wilson(k, n) for name, k in right.items()}
        | {"cov70": wilson(len(sure), n), "acc70": wilson(sum(o.sub1 for o in sure), len(sure))}
        | {"urgent_recall": wilson(hits, urgent), "urgent_precision": wilson(hits, called)}
        | {name: wilson(k, of) for name, (k, of) in law.items()}
        | intervals,
    )


def _at_law(found: Sequence[Outcome]) -> dict[str, list[bool]]:
    """What becomes of complaints and denunciations, and of what is none."""
    law = [o for o in found if o.is_at_law]
    others = [o for o in found if not o.is_at_law]
    return {
        "law_found": [o.at_law for o in law],
        "law_heard": [o.heard for o in law],
        "law_diverted": [o.at_law for o in others],
        "law_asked": [o.asked for o in others],
    }


def _drawn(found: Sequence[Outcome]) -> tuple[dict[str, float], dict[str, Interval]]:
    """`ece`, `cov95` and `acc60`, and how they vary when the texts are drawn anew."""
    confidence = np.array([o.confidence for o in found])
    right = np.array([o.sub1 for o in found], dtype=float)
    dice = np.random.default_rng(0)
    draws = [dice.integers(0, len(found), len(found)) for _ in range(_DRAWS)]
    values, intervals = {}, {}
    for name, figure in (("ece", _ece), ("cov95", _coverage), ("acc60", _surest)):
        values[name] = figure(confidence, right)
        low, high = np.percentile([figure(confidence[at], right[at]) for at in draws], [2.5, 97.5])
        intervals[name] = round(float(low), 4), round(float(high), 4)
    return values, intervals


def _coverage(confidence: Floats, right: Floats) -> float:
    """The largest share of texts, surest first, that is right as often as promised."""
    kept = np.cumsum(right[np.argsort(-confidence, kind="stable")])
    reached = np.flatnonzero(kept >= _PROMISED * np.arange(1, len(right) + 1))
    return round(float(reached[-1] + 1) / len(right), 4) if len(reached) else 0.0


def _surest(confidence: Floats, right: Floats) -> float:
    first = np.argsort(-confidence, kind="stable")[: max(1, round(_READ * len(right)))]
    return round(float(right[first].mean()), 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _ece(confidence: Floats, right: Floats) -> float:
    """Mean distance between what was promised and what was kept, over bins of equal width."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gap = np.bincount(bins, weights=right - confidence, minlength=_BINS)
    return round(float(np.abs(gap).sum()) / len(right), 4)


def wilson(k: int, n: int) -> Interval:
    """Wilson's interval: honest for shares near 1 and for few texts; of none of none, anything."""
    if not n:
        return 0.0, 1.0
    z = 1.96  # of 95 in a hundred
    middle = (k + z * z / 2) / (n + z * z)
    half = z * math.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return round(middle - half, 4), round(middle + half, 4)
