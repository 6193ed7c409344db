"""What an agency was called on a day: old steps keep the name that was theirs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from routing.kept import Kept
from routing.models import Agency, AgencyName
from routing.telling import local_day

Former = Mapping[str, list[tuple[dt.date, dt.date, str]]]  # code -> (first day, last day, name)


def _load() -> Former:
    held: dict[str, list[tuple[dt.date, dt.date, str]]] = defaultdict(list)
    rows = AgencyName.objects.order_by("agency_id", "valid_from")
    for code, since, until, name in rows.values_list("agency_id", "valid_from", "valid_to", "name"):
        held[code].append((since, until, name))
    return held


former_names = Kept(_load)


def called(agency: Agency, on: dt.date | dt.datetime | None) -> str:
    """Its name on that day, at +07:00; today's for no day, and where no former one is known for it."""
    if on is None:
        return agency.name
    day = local_day(on)
    rows = former_names().get(agency.code, ())
    return next((name for since, until, name in rows if since <= day <= until), agency.name)


def keep_former_name(agency: Agency, name: str, today: dt.date) -> AgencyName | None:
    """The row that says it was called so up to yesterday; None where that day has a name or is before it."""
    last = agency.names.order_by("valid_to").last()
    yesterday = today - dt.timedelta(days=1)
    since = agency.valid_from
    if last and last.valid_to:
        since = max(since, last.valid_to + dt.timedelta(days=1))
    if since > yesterday:
        return None
    return AgencyName.objects.create(agency=agency, name=name, valid_from=since, valid_to=yesterday)
