"""Agencies and communes found by a name that is typed with its marks or without."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Case, When

from classifier.text import fold
from routing.kept import Kept
from routing.models import Agency, Commune

MOST = 5_000  # keys that one question to the database may hold


def home_first() -> Case:
    """What rows are ordered by, so that those of the house's own province stand first."""
    return Case(When(province=settings.HOME_PROVINCE, then=0), default=1)


def _load(model: type[Agency | Commune]) -> list[tuple[str, str]]:
    rows = model._default_manager.order_by(home_first(), "code").values_list("code", "name")
    return [(code, fold(f" {code} {name}")) for code, name in rows]


_LOADERS: dict[type[Any], Callable[[], list[tuple[str, str]]]] = {
    model: Kept(partial(_load, model)) for model in (Agency, Commune)
}


def codes_named(model: type[Any], told: str) -> list[str]:
    """Codes of the rows of whose name, or code, a word begins with each that is told; the house's province
    first."""
    words = [f" {word}" for word in fold(told).split()]
    rows = _LOADERS[model]()
    return list(islice((code for code, text in rows if all(word in text for word in words)), MOST))
