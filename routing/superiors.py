"""Which agencies have others under them."""

from __future__ import annotations

from routing.kept import Kept
from routing.models import Agency


def _load() -> frozenset[str]:
    above = Agency.objects.filter(superior__isnull=False).values_list("superior_id", flat=True)
    return frozenset(above.distinct())


superiors = Kept(_load)
