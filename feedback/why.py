"""Why a petition lies where it lies, for officials."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from feedback.accused import accused_of
from feedback.dossiers import facts_told
from feedback.models import Petition
from feedback.redaction import as_seen
from feedback.story import last_handing, why_this_lead
from feedback.workflow.conditions import BY_HAND
from routing.assignment import FactError, assign_explained
from routing.models.agencies import is_focal_point

HANDS = {
    "focal_point": _l("đầu mối"),
    "petition_officer": _l("cán bộ xử lý đơn"),
    "supervisor": _l("người giám sát"),
    "lead_approver": _l("cơ quan giữ đơn trước đó"),
    "system": _l("hệ thống"),
}


def reason_of(petition: Petition, by: User) -> str:
    """The sentence of the tables, or who chose the lead by hand and in which words, as `by` may read them."""
    if petition.route_reason not in BY_HAND.values():
        # The focal point looks at it for a reason of its own, which stands in Vietnamese alone.
        return petition.route_reason if is_focal_point(petition.lead_id) else why_this_lead(petition)
    step, words = last_handing(petition)
    who = HANDS.get(step.role) if step else None
    if who is None:
        return why_this_lead(petition)
    said = as_seen(words, petition, by)
    if not said and petition.erased_at:
        return _("Do %(who)s giao.") % {"who": who}
    return _("Do %(who)s giao: %(why)s") % {"who": who, "why": said or _("không ghi lý do.")}


def why_in_full(petition: Petition, now: dt.datetime) -> str:
    """The row that leads to its lead by today's tables, in sentences; "" where the tables name another."""
    against = accused_of(petition)
    try:
        told, explained = assign_explained(
            petition.kind,
            petition.subfield_id or "",
            petition.where,
            facts=facts_told(petition.text),
            against=against,
            on=timezone.localdate(now),
        )
    except FactError:
        return ""
    if told.lead is None or told.lead.code != petition.lead_id:
        return ""
    # A general rule has no row that one could open: its code says nothing to who reads, its source does.
    return explained.removeprefix(f"Quyết định theo quy tắc chung “{told.rule}”. ")
