"""How margins become probabilities: set on texts that the model did not learn from."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from .examples import Example
from .model import Floats, Model
from .text import guard

SHARP = (5.0, 7.0, 9.0, 11.0, 14.0)
BLUNT = (2.0, 3.0, 4.0)
DOUBT = (0.0, 0.1, 0.2, 0.3, 0.4)


def calibrated(model: Model, held: Sequence[Example]) -> Model:
    """The same model with the constants of `Model.calibration` whose confidence in the first candidate fits
    best how often it is right (least log loss).

    `held`: examples that it did not learn from. ValueError where none has a sub-field that it knows.
    """
    known = [example for example in held if example.sub in model.subfields]
    if not known:
        raise ValueError("Không có văn bản nào để hiệu chỉnh.")
    margins = np.array([model.raised(model.margins(guard(example.text).text)) for example in known])
    right = np.array(
        [model.subfields[at] == e.sub for at, e in zip(margins.argmax(axis=1), known, strict=True)]
    )
    first = {sharpness: _first(margins, sharpness) for sharpness in {*SHARP, *BLUNT}}

    def surprise(setting: tuple[float, float, float]) -> float:
        sharp, blunt, doubt = setting
        sure = (1 - doubt) * first[sharp] + doubt * first[blunt]
        return -float(np.log(np.where(right, sure, 1 - sure) + 1e-12).mean())

    sharp, blunt, doubt = min(product(SHARP, BLUNT, DOUBT), key=surprise)
    found = {"subfield": sharp, "subfield_blunt": blunt, "doubt": doubt}
    return replace(model, calibration={**model.calibration, **found})


def _first(margins: Floats, sharpness: float) -> Floats:
    """The probability that a softmax of this sharpness gives to the first candidate of each text."""
    scaled = margins * sharpness
    scaled -= scaled.max(axis=1, keepdims=True)
    first: Floats = 1 / np.exp(scaled).sum(axis=1)
    return first
