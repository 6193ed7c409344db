"""How much each correction weighs, so that no person and no agency teaches alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Of what all corrections of a class weigh, one person and one agency weigh at most this share.
SHARE = 0.2
# So much always counts, in texts: in a small house one person makes all corrections of a class, and a focal
# point those of a province. The project's own texts of a class are some 260.
FLOOR_OF_A_PERSON = 20.0
FLOOR_OF_AN_AGENCY = 100.0

_ROUNDS = 200  # the caps hang on each other and settle; each round takes at least a fifth of what is over
_SETTLED = 1e-4


@dataclass(frozen=True)
class Said:
    """One correction: the class that it gives, and who gave it."""

    slug: str
    person: str
    agency: str


def weights(said: Sequence[Said]) -> list[float]:
    """A weight of each, in (0, 1]."""
    found = np.ones(len(said))
    by_class: dict[str, list[int]] = {}
    for at, one in enumerate(said):
        by_class.setdefault(one.slug, []).append(at)
    for rows in by_class.values():
        people = _numbered([said[at].person for at in rows])
        agencies = _numbered([said[at].agency for at in rows])
        found[rows] = _of_class(people, agencies)
    return [float(weight) for weight in found]


def _numbered(names: Sequence[str]) -> NDArray[np.intp]:
    return np.unique(np.array(names), return_inverse=True)[1]


def _of_class(people: NDArray[np.intp], agencies: NDArray[np.intp]) -> NDArray[np.float64]:
    weights = np.ones(len(people))
    for _ in range(_ROUNDS):
        before = weights.sum()
        weights = _capped(weights, people, FLOOR_OF_A_PERSON)
        weights = _capped(weights, agencies, FLOOR_OF_AN_AGENCY)
        if before - weights.sum() < _SETTLED * before:
            break
    return weights


def _capped(weights: NDArray[np.float64], group: NDArray[np.intp], floor: float) -> NDArray[np.float64]:
    """Groups that weigh more than their share, each scaled down to it."""
    totals = np.bincount(group, weights=weights)
    cap = max(floor, SHARE * float(weights.sum()))
    scaled: NDArray[np.float64] = weights * np.minimum(1.0, cap / totals)[group]
    return scaled
