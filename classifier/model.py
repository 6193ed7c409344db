"""The linear reader: a few kilobytes of arithmetic over a table of words, numpy and nothing else."""

import hashlib
import json
import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .text import fold
from .vocabulary import FOLDED, Rows, Told, Vocabulary, syllables

Floats = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "data" / "model"
_CARD = "model.json"
_WEIGHTS = "weights.npz"


class BrokenModelError(ValueError):
    """The files of a model are missing, cut short or not what their card says."""


def terms(text: str) -> list[str]:
    """The syllables of an NFC text and their neighbouring pairs, as written and without diacritics."""
    return [*_grams(syllables(text)), *(FOLDED + term for term in _grams(syllables(fold(text))))]


def _grams(found: list[str]) -> list[str]:
    return found + list(map(add, [f"{one} " for one in found], found[1:]))


AT_LAW = frozenset({"complaint", "denunciation"})  # kinds with a law of their own
_JUST_BELOW = np.float32(1e-3)  # of a margin: what is raised never passes the first, nor ties with it
MANY_WORDS = 20  # from so many on a danger is one thing said among others


@dataclass(frozen=True)
class Scores:
    """Probabilities of one text: sub-fields and kinds each add up to 1; urgent stands alone."""

    subfields: Floats
    kinds: Floats
    urgent: float
    law: float  # how far it lies on the side of complaints and denunciations; no probability
    told: Told  # what was read
    rows: Rows  # the known terms, as rows of the table
    values: Floats  # (terms,): how much each of them stands for in the text
    weights: Floats  # (terms, columns): of each of them, before its scale


@dataclass(frozen=True)
class Model:
    """One trained reader as it lies in a folder: `model.json` (the card) and `weights.npz`."""

    version: str
    subfields: tuple[str, ...]
    kinds: tuple[str, ...]
    names: tuple[str, ...]  # the terms, in row order
    idf: Floats  # (terms,)
    shared: NDArray[np.bool_]  # (terms,): known to kind, danger and law too, and not to the sub-field alone
    weights: NDArray[np.int8] | Floats  # (terms, sub-fields + kinds + 2); bytes but for comparing
    scale: Floats  # (sub-fields + kinds + 2,), the last two urgent and law: what one step is worth
    bias: Floats
    beside: Floats  # (sub-fields, sub-fields): behind each first answer, how much each other is raised
    calibration: dict[str, float]  # how margins become probabilities, see `_subfields`
    thresholds: dict[str, float]
    card: dict[str, Any]

    def score(self, text: str) -> Scores:
        """Probabilities of a cleaned text (see `text.guard`)."""
        told = self._vocabulary.told(text)
        known, values = self._known(told)
        weights = self.weights.take(known, axis=0).astype(np.float32)
        sums, cut = (values @ weights) * self.scale, len(self.subfields)
        sums[cut:] *= self._share(known, values)
        margins = sums + self.bias
        return Scores(
            subfields=self._subfields(self.raised(margins[:cut])),
            kinds=_softmax(margins[cut:-2] * self.calibration["kind"]),
            urgent=_logistic(float(margins[-2]) * self.calibration["urgent"]),
            law=float(margins[-1]),
            told=told,
            rows=known,
            values=values,
            weights=weights,
        )

    def margins(self, text: str) -> Floats:
        """How far a cleaned text lies on the side of each sub-field, before any calibration."""
        known, values = self._known(self._vocabulary.told(text))
        margins: Floats = (
            values @ self.weights.take(known, axis=0).astype(np.float32)
        ) * self.scale + self.bias
        return margins[: len(self.subfields)]

    def raised(self, margins: Floats) -> Floats:
        """These with what people answer second beside the first raised, up to just below the first."""
        first = margins.argmax()
        found: Floats = np.minimum(margins + self.beside[first], margins[first] - _JUST_BELOW)
        found[first] = margins[first]
        return found

    def _known(self, told: Told) -> tuple[Rows, Floats]:
        """The known terms of a text as rows of the table, and how much each of them stands for."""
        found = self._vocabulary.rows(told)
        found.sort()
        other = np.ones(len(found) + 1, dtype=np.bool_)  # than the one before
        np.not_equal(found[1:], found[:-1], out=other[1:-1])
        at = other.nonzero()[0]
        rows, counts = found[at[:-1]], (at[1:] - at[:-1]).astype(np.float32)
        return rows, self._tfidf(rows, counts)

    def _share(self, rows: Rows, values: Floats) -> float:
        """By how much the terms of a text count for more where the sub-field alone knows some of them.

        Names of streets say a little of the sub-field and nothing of danger: of a short text they would leave
        the word that does a share too small.
        """
        known = values[self.shared[rows]]
        norm = float(np.sqrt(known @ known))
        return 1 / norm if norm else 0.0

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.names)

    def _subfields(self, margins: Floats) -> Floats:
        """A sharp and a blunt softmax mixed: texts and labels hold doubts that no margin shows."""
        doubt = np.float32(self.calibration["doubt"])
        sharp = _softmax(margins * self.calibration["subfield"])
        return sharp + doubt * (_softmax(margins * self.calibration["subfield_blunt"]) - sharp)

    def _tfidf(self, rows: Rows, counts: Floats) -> Floats:
        values = (1 + np.log(counts)) * self.idf[rows]
        norm = float(np.sqrt(values @ values))
        return values / norm if norm else values

    def best_field(self, scores: Scores) -> tuple[str, float]:
        """The field whose sub-fields together are likeliest, with that sum: surer than the best leaf."""
        sums = self.fields_of(scores)
        best = max(sums, key=sums.__getitem__)
        return best, sums[best]

    def fields_of(self, scores: Scores) -> dict[str, float]:
        """The probability of each field: that of all its sub-fields together."""
        sums = np.bincount(self._field_of, weights=scores.subfields)
        return dict(zip(self.fields, sums.tolist(), strict=True))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(sorted({slug.split(".")[0] for slug in self.subfields}))

    @cached_property
    def _field_of(self) -> NDArray[np.intp]:
        return np.array([self.fields.index(slug.split(".")[0]) for slug in self.subfields])

    def kind(self, scores: Scores) -> str:
        """The likeliest kind on that side of the law on which the text lies.

        Two machines say on which: the side's own column, and how likely the kinds of that side are.
        """
        at_law, others = self._sides
        suspected = self.nearness_to_law(scores) >= self.thresholds["law"]
        among = at_law if suspected else others
        return self.kinds[max(among or range(len(self.kinds)), key=scores.kinds.tolist().__getitem__)]

    def doubtful(self, scores: Scores) -> bool:
        """Read as something else, and yet so near the law that a person should say which it is."""
        return self.thresholds["law_doubt"] <= self.nearness_to_law(scores) < self.thresholds["law"]

    def nearness_to_law(self, scores: Scores) -> float:
        """What both thresholds of the law are held against; no probability."""
        at_law, _others = self._sides
        return scores.law + float(scores.kinds[at_law].sum())

    @cached_property
    def _sides(self) -> tuple[list[int], list[int]]:
        """The kinds with a law of their own, and the others, as columns."""
        every = range(len(self.kinds))
        at_law = [at for at in every if self.kinds[at] in AT_LAW]
        return at_law, [at for at in every if at not in at_law]

    def is_urgent(self, scores: Scores, word_of_danger: bool) -> bool:
        """The learnt head alone when sure; with a word of danger beside it, earlier.

        Among many words one danger weighs less: there less is enough.
        """
        alone = "urgent_in_many_words" if len(scores.told.written) >= MANY_WORDS else "urgent"
        return scores.urgent >= self.thresholds["urgent_with_word" if word_of_danger else alone]

    def weighty(self, scores: Scores, subfield: int, most: int = 8) -> list[str]:
        """The terms that spoke most for a sub-field, against the mean of all, weightiest first.

        A term and the same without diacritics speak together, as the text has it.
        """
        cut = len(self.subfields)
        mean = scores.weights[:, :cut] @ self.scale[:cut] / cut
        pull = scores.values * (scores.weights[:, subfield] * self.scale[subfield] - mean)
        first = pull.argsort()[: -4 * most : -1]
        names = [self.names[row] for row in scores.rows[first].tolist()]
        as_written = _by_folded(names)
        spoke: dict[str, float] = {}
        for name, weight in zip(names, pull[first].tolist(), strict=True):
            name = as_written.get(name, name)
            spoke[name] = spoke.get(name, 0) + weight
        best = [name for name in sorted(spoke, key=spoke.__getitem__, reverse=True) if spoke[name] > 0]
        return _without_parts(_as_told(best[: 2 * most], scores.told))[:most]


def _by_folded(names: list[str]) -> dict[str, str]:
    """The folded term of each that stands here as written."""
    return {_without_marks(name): name for name in names if not name.startswith(FOLDED)}


@lru_cache(maxsize=20_000)
def _without_marks(term: str) -> str:
    return f"{FOLDED}{fold(term)}"


def _as_told(found: list[str], text: Told) -> list[str]:
    """The terms as the text has them: of some only what is left without diacritics is known."""
    written = " ".join(filter(None, text.written)).split()
    line = f" {' '.join(filter(None, text.folded))} "

    def told(term: str) -> str:
        at = line.count(" ", 0, line.index(f" {term} "))
        return " ".join(written[at : at + term.count(" ") + 1])

    return [told(name.removeprefix(FOLDED)) if name.startswith(FOLDED) else name for name in found]


def _without_parts(found: list[str]) -> list[str]:
    """Drop the syllables that a pair shows too: "hố ga" says "hố" and "ga"."""
    parts = {part for term in found if " " in term for part in term.split()}
    return [term for term in found if term not in parts]


def _softmax(margins: Floats) -> Floats:
    powers = np.exp(margins - margins.max())
    total: Floats = powers / powers.sum()
    return total


def _logistic(margin: float) -> float:
    return float(1 / (1 + np.exp(-min(50.0, max(-50.0, margin)))))


def save(model: Model, into: Path) -> None:
    """Write a model; the same model gives the same bytes."""
    into.mkdir(parents=True, exist_ok=True)
    names = "\n".join(model.names).encode()
    np.savez_compressed(
        into / _WEIGHTS,
        names=np.frombuffer(names, dtype=np.uint8),
        idf=model.idf,
        shared=model.shared,
        weights=model.weights,
        scale=model.scale,
        bias=model.bias,
        beside=model.beside,
    )
    card = {
        **model.card,
        "subfields": model.subfields,
        "kinds": model.kinds,
        "calibration": model.calibration,
        "thresholds": model.thresholds,
        "sha256": _sha256(into / _WEIGHTS),
    }
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
    (into / _CARD).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Model:
    """Read a model from its folder; BrokenModelError where card and weights do not fit."""
    try:
        written = (folder / _CARD).read_bytes()
        card = json.loads(written)
        if _sha256(folder / _WEIGHTS) != card["sha256"]:
            raise BrokenModelError(f"{folder.name}: trọng số không khớp mã băm ghi trong thẻ")
        with np.load(folder / _WEIGHTS, allow_pickle=False) as parts:
            names = tuple(parts["names"].tobytes().decode().split("\n"))
            return Model(
                version=f"{card['name']}-{hashlib.sha256(written).hexdigest()[:12]}",
                subfields=tuple(card["subfields"]),
                kinds=tuple(card["kinds"]),
                names=names,
                idf=parts["idf"].astype(np.float32),
                shared=parts["shared"],
                weights=parts["weights"],
                scale=parts["scale"].astype(np.float32),
                bias=parts["bias"].astype(np.float32),
                beside=parts["beside"].astype(np.float32),
                calibration=card["calibration"],
                thresholds=card["thresholds"],
                card=card,
            )
    except KeyError as error:
        lacks = str(error.args[0]).split(" ", 1)[0]
        raise BrokenModelError(
            f"{folder.name}: thiếu phần “{lacks}” mà bản phát hành này đọc, cần học lại"
        ) from error
    except (OSError, ValueError) as error:
        raise BrokenModelError(str(error)) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_loaded: dict[Path, Model] = {}
_loading = threading.Lock()


def shipped(folder: Path = SHIPPED) -> Model:
    """The model of a folder, read once a process."""
    if folder not in _loaded:
        with _loading:
            if folder not in _loaded:
                _loaded[folder] = load(folder)
    return _loaded[folder]
