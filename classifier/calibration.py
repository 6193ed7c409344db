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
    """The same model with the constants of `Model.calibration` that make these texts likeliest.

    `held`: examples that it did not learn from. ValueError where none has a sub-field that it knows.
    """
    known = [example for example in held if example.sub in model.subfields]
    if not known:
        raise ValueError("Không có văn bản nào để hiệu chỉnh.")
    margins = np.array([model.margins(guard(example.text).text) for example in known])
    truth = np.array([model.subfields.index(example.sub) for example in known])
    powers = {sharpness: _powers(margins, truth, sharpness) for sharpness in {*SHARP, *BLUNT}}

    def surprise(setting: tuple[float, float, float]) -> float:
        sharp, blunt, doubt = setting
        return -float(np.log((1 - doubt) * powers[sharp] + doubt * powers[blunt] + 1e-12).mean())

    sharp, blunt, doubt = min(product(SHARP, BLUNT, DOUBT), key=surprise)
    found = {"subfield": sharp, "subfield_blunt": blunt, "doubt": doubt}
    return replace(model, calibration={**model.calibration, **found})


def _powers(margins: Floats, truth: np.ndarray, sharpness: float) -> Floats:
    """The probability that a softmax of this sharpness gives to each true sub-field."""
    scaled = margins * sharpness
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    share: Floats = powers[np.arange(len(truth)), truth] / powers.sum(axis=1)
    return share
