"""Which agencies have others under them, and who is over one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from routing.kept import Kept, row
from routing.models import Agency
from routing.models.agencies import upwards


def _load() -> frozenset[str]:
    above = Agency.objects.filter(superior__isnull=False).values_list("superior_id", flat=True)
    return frozenset(above.distinct())


superiors = Kept(_load)


def superior_of(agency: Agency) -> Agency | None:
    """Its direct superior, whose row is read once for a piece of work."""
    return row(Agency, agency.superior_id) if agency.superior_id else None


def over(agency: Agency | None) -> Iterator[Agency]:
    """Whoever is over it, the nearest first, each once."""
    return islice(upwards(agency, superior_of), 1, None)
