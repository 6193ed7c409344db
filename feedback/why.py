"""Why a petition lies where it lies, for officials."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from feedback.models import Petition
from feedback.rehearsal import accused_in
from routing.assignment import FactError, assign_explained
from routing.places import Place


def why_in_full(petition: Petition, now: dt.datetime) -> str:
    """The row that leads to its lead by today's tables, in sentences; "" where the tables name another."""
    place = Place(petition.commune_id or "", petition.province_id or petition.territory_id or "")
    against = accused_in([petition]).get(petition.pk)
    try:
        told, explained = assign_explained(
            petition.kind,
            petition.subfield_id or "",
            place,
            against=against,
            on=timezone.localdate(now),
        )
    except FactError:
        return ""
    return explained if told.lead and told.lead.code == petition.lead_id else ""
