"""A petition that seems to tell of two things, for whoever sends it and whoever may split it."""

from __future__ import annotations

from dataclasses import dataclass

from classifier import two_matters
from feedback.models import Petition
from routing.kept import every_field


@dataclass(frozen=True)
class Two:
    """Names of the two fields, and the words that tell of the second."""

    first: str
    second: str
    words: str


def told_in(text: str) -> Two | None:
    """What the machine makes of a text; None where it seems to tell of one thing."""
    found = two_matters(text)
    if found is None:
        return None
    names = {field.pk: str(field) for field in every_field()}
    first, second = names.get(found.first), names.get(found.second)
    return Two(first, second, text[found.at :].strip()) if first and second else None


def left_to_split(petition: Petition, words: str) -> Two | None:
    """Of its words as somebody reads them, where nobody has split it."""
    two = told_in(words)
    return two if two and all(step.action != "split" for step in petition.history()) else None
