"""How the name goes on that somebody begins to type: out of public names alone, never out of petitions."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import fuzz, process

from classifier.text import fold, normalise

ALIKE = 75  # of 100: from there a name is nearly what was typed
SHORT, LONG = 2, 60  # code points of what is looked at


def suggest(typed: str, among: Collection[str], most: int = 8) -> list[str]:
    """See `search.suggest`."""
    asked = " ".join(normalise(typed[: 2 * LONG]).lower().split())[:LONG]
    if len(asked) < SHORT:
        return []
    names = _folded(tuple(among))
    begun = [name for name, folded in names.items() if f" {fold(asked)}" in f" {folded}"]
    begun.sort(
        key=lambda name: (asked not in name.lower(), not names[name].startswith(fold(asked)), len(name))
    )
    return (begun or _nearly(fold(asked), names, most))[:most]


def _nearly(asked: str, names: dict[str, str], most: int) -> list[str]:
    found = process.extract(asked, names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=most)
    return [name for _folded_name, _score, name in found]


@lru_cache(maxsize=8)
def _folded(names: tuple[str, ...]) -> dict[str, str]:
    """Each name once with what it is found by."""
    return {name: fold(normalise(name)) for name in names}
