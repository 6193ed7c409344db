"""A linear chain of tags over features, fitted by gradient: a conditional random field in numpy and scipy.

Needs scipy, which a running house does not. Tags are O (0), B (1) and I (2); O weighs nothing, and no I
follows an O or begins.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NO = -1e9
_STEPS = ((0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2))  # that are learnt


@dataclass(frozen=True)
class Chain:
    """The features of each word of a run, the tags, and how much they count."""

    features: list[list[str]]
    tags: list[int]
    weight: float


@dataclass(frozen=True)
class Learnt:
    """`weights`: (features, 2) for B and I; `steps` from one tag to the next, as `_STEPS` has them."""

    names: list[str]
    weights: Floats
    steps: list[float]


def fit(chains: Iterable[Chain], *, least: int, pull: float, rounds: int) -> Learnt:
    """Weights of the features that stand at least `least` times; `pull` holds them near nothing.

    `rounds`: steps of L-BFGS at most. The same chains in the same order give the same weights.
    """
    from scipy.optimize import minimize

    task = _Task(chains, least)
    found = minimize(
        task.loss, np.zeros(task.size), args=(pull,), jac=True, method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 6},
    )  # fmt: skip
    weights, _ = task.parted(found.x)
    return Learnt(task.names, weights, found.x[-len(_STEPS) :].tolist())


class _Task:
    """All chains side by side, those of one length together."""

    def __init__(self, chains: Iterable[Chain], least: int) -> None:
        from scipy.sparse import csr_matrix

        numbers: dict[str, int] = {}
        columns, ends = array("q"), array("q", [0])
        some = sorted(chains, key=lambda chain: len(chain.tags))
        for chain in some:
            for asked in chain.features:
                # In the order told, not a set's: sums of floats depend on it, and bytes on them.
                columns.extend(numbers.setdefault(name, len(numbers)) for name in dict.fromkeys(asked))
                ends.append(len(columns))
        table = csr_matrix(
            (np.ones(len(columns)), np.array(columns), np.array(ends)), shape=(len(ends) - 1, len(numbers))
        )
        often = np.bincount(np.array(columns), minlength=len(numbers)) >= least
        names = np.array(list(numbers), dtype=object)
        kept = np.flatnonzero(often)[np.argsort(names[often])]  # the order of names, whatever came first
        self.names: list[str] = names[kept].tolist()
        self.table: Any = table[:, kept].tocsr()
        self._turned: Any = self.table.T.tocsr()
        self._tags = np.array([tag for chain in some for tag in chain.tags])
        self._groups = list(_groups(some))
        self.size = 2 * len(kept) + len(_STEPS)

    def parted(self, point: Floats) -> tuple[Floats, Floats]:
        steps = np.full((3, 3), _NO)
        steps[0, 0] = 0
        for (one, next_), value in zip(_STEPS, point[-len(_STEPS) :], strict=True):
            steps[one, next_] = value
        return point[: -len(_STEPS)].reshape(-1, 2), steps

    def loss(self, point: Floats, pull: float) -> tuple[float, Floats]:
        """How unlikely the tags are, and the slope of that."""
        weights, steps = self.parted(point)
        scores = np.zeros((len(self._tags), 3))
        scores[:, 1:] = self.table @ weights
        slope, step_slope, likely = np.zeros_like(scores), np.zeros((3, 3)), 0.0
        for start, length, heavy in self._groups:
            rows = slice(start, start + length * len(heavy))
            some, tags = scores[rows].reshape(-1, length, 3), self._tags[rows].reshape(-1, length)
            more, there, stepped = _likelihood(some, tags, steps, heavy)
            likely += more
            slope[rows] = there.reshape(-1, 3)
            step_slope += stepped
        whole = np.concatenate(
            [(self._turned @ slope[:, 1:]).ravel(), [step_slope[one, next_] for one, next_ in _STEPS]]
        )
        return -likely + 0.5 * pull * float(point @ point), whole + pull * point


def _groups(chains: Sequence[Chain]) -> Iterable[tuple[int, int, Floats]]:
    """Of the chains of one length: the row of the first word, the length, how much each counts."""
    at = start = 0
    while at < len(chains):
        length = len(chains[at].tags)
        heavy = [chain.weight for chain in chains[at:] if len(chain.tags) == length]
        yield start, length, np.array(heavy)
        at, start = at + len(heavy), start + length * len(heavy)


def _likelihood(
    scores: Floats, tags: NDArray[np.int64], steps: Floats, heavy: Floats
) -> tuple[float, Floats, Floats]:
    """How likely the tags of chains of one length are, the slope of the opposite by scores and by steps."""
    length = scores.shape[1]
    ahead, back = np.empty_like(scores), np.zeros_like(scores)
    ahead[:, 0] = scores[:, 0] + steps[0]
    for at in range(1, length):
        ahead[:, at] = _summed(ahead[:, at - 1, :, None] + steps, 1) + scores[:, at]
    for at in range(length - 2, -1, -1):
        back[:, at] = _summed(steps + (scores[:, at + 1] + back[:, at + 1])[:, None, :], 2)
    every = _summed(ahead[:, -1], 1)
    chance = np.exp(ahead + back - every[:, None, None]) * heavy[:, None, None]
    stepped = np.zeros((3, 3))
    stepped[0] = chance[:, 0].sum(0) - np.bincount(tags[:, 0], heavy, 3)
    said = np.take_along_axis(scores, tags[:, :, None], 2)[:, :, 0].sum(1) + steps[0, tags[:, 0]]
    for at in range(1, length):
        said += steps[tags[:, at - 1], tags[:, at]]
        behind = scores[:, at] + back[:, at] - every[:, None]
        pairs = ahead[:, at - 1, :, None] + steps + behind[:, None, :]
        stepped += np.einsum("nij,n->ij", np.exp(pairs), heavy)
        stepped -= np.bincount(3 * tags[:, at - 1] + tags[:, at], heavy, 9).reshape(3, 3)
    chance -= np.eye(3)[tags] * heavy[:, None, None]
    return float(heavy @ (said - every)), chance, stepped


def _summed(powers: Floats, axis: int) -> Floats:
    """The logarithm of a sum of powers, without overflow."""
    most = powers.max(axis)
    total: Floats = most + np.log(np.exp(powers - np.expand_dims(most, axis)).sum(axis))
    return total
