"""The one door: `take` checks, changes and records; what follows is told by rows once it is committed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from accounts.models import User
from feedback import clocks, facts, followups, public, workflow
from feedback.models import Petition, Reply, Step, StepText
from feedback.permissions import Actor, System

__all__ = ["NotNow", "record_first", "take"]


class NotNow(TransitionNotAllowed):
    """The state, or a condition of time and number, does not let the action happen."""


def take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    **told: Any,
) -> Step:
    """Take one action on one petition and give back its Step (`step.petition` is the row as it is now).

    Raises, in this order: NotNow (state or condition), PermissionDenied (person), ValidationError
    (an unknown action, a missing or wrong fact: one Vietnamese sentence per fact name).
    """
    now = now or timezone.now()
    row = workflow.ACTIONS.get(action)
    if row is None:
        raise ValidationError({"action": _("Không có thao tác “%(action)s”.") % {"action": action}})
    with transaction.atomic():
        fresh = _locked(petition.pk)
        if not workflow.can_take(fresh, action):
            raise NotNow(
                _("Không thể làm việc này khi đơn đang ở trạng thái “%(state)s”.")
                % {"state": fresh.get_state_display()}
            )
        right = row.right_of(by, fresh)
        if not right:
            raise PermissionDenied(_("Bạn không có quyền làm việc này."))
        cleaned = facts.clean(action, told, today=timezone.localdate(now))
        return _perform(fresh, action, by=by, right=right, now=now, note=note, told=cleaned)


def record_first(petition: Petition, *, by: Actor, now: dt.datetime) -> Step:
    """The submit step of a petition that is not in the database yet; called by intake alone."""
    told = facts.clean("submit", {"text": petition.text}, today=timezone.localdate(now))
    # The petition keeps the text exactly as sent; so does the step.
    return _perform(
        petition, "submit", by=by, right="anyone", now=now, note="", told=told | {"text": petition.text}
    )


def _locked(pk: int) -> Petition:
    rows = Petition.objects.select_for_update(of=("self",))
    return rows.select_related("lead", "subfield", "policy", "contact").get(pk=pk)


def _perform(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    right: str,
    now: dt.datetime,
    note: str,
    told: Mapping[str, Any],
) -> Step:
    before = petition.state
    getattr(petition, action)(by=by, now=now, **told)
    if petition.pk:
        _move_clocks(petition, action, by, now)
    petition.save()
    step = _record(petition, action, before, by, right, now, dict(told) | ({"note": note} if note else {}))
    for consequence in CONSEQUENCES.get(action, ()):
        consequence(step, dict(told))
    followups.plan(step)
    return step


# --- clocks ---------------------------------------------------------------------------------------


def _move_clocks(petition: Petition, action: str, by: Actor, now: dt.datetime) -> None:
    """Which clock an action starts or ends; a machine's proposal never ends the accept clock."""
    if action == "receive":
        _start_resolving(petition, now)
    if action in {"receive", "assign", "accept"} and not isinstance(by, System):
        clocks.end(petition, "accept", at=now)
    if action == "approve":
        clocks.end(petition, "resolve", at=now)


def _start_resolving(petition: Petition, now: dt.datetime) -> None:
    """The resolve clock runs from the first receipt, or from the submission where the policy says so.

    For complaint and denunciation it waits for the formal acceptance (thụ lý).
    """
    if petition.policy_id is None and petition.subfield:
        petition.policy = petition.subfield.policy
    begins = petition.policy.clock_start if petition.policy else "accepted_at"
    if begins == "accepted_for_handling_at":
        return
    start = petition.submitted_at if begins == "submitted_at" else petition.received_at or now
    clocks.show(petition, clocks.start(petition, "resolve", at=start))


# --- the record -----------------------------------------------------------------------------------


def _record(
    petition: Petition,
    action: str,
    before: str,
    by: Actor,
    right: str,
    now: dt.datetime,
    told: Mapping[str, Any],
) -> Step:
    last = petition.steps.order_by("-seq").only("seq", "hash").first() if before != "draft" else None
    said = {name: told[name] for name in sorted(told) if name in facts.WORDS}
    salt = secrets.token_hex(16)
    words = canonical(said) if said else ""
    step = Step(
        petition=petition,
        seq=last.seq + 1 if last else 1,
        at=now,
        action=action,
        before=before,
        after=petition.state,
        by=by if isinstance(by, User) and by.pk else None,
        role=right,
        lead_agency=petition.lead_id or "",
        kind=petition.kind,
        subfield=petition.subfield_id or "",
        province=petition.province_id or "",
        commune=petition.commune_id or "",
        channel=petition.channel,
        party=petition.party,
        public=petition.published_at is not None,
        due_at=petition.due_at,
        first_due_at=petition.first_due_at,
        facts=json.loads(canonical({name: told[name] for name in told if name not in facts.WORDS})),
        payload_digest=hashlib.sha256((salt + words).encode()).hexdigest() if words else "",
        previous=last.hash if last else "",
    )
    step.record = canonical(content(step))
    step.hash = hashlib.sha256(step.record.encode()).hexdigest()
    step.save(force_insert=True)
    if words:
        StepText.objects.create(step=step, salt=salt, text=words)
    return step


HASHED = (
    *("seq", "at", "action", "before", "after", "role", "lead_agency", "kind", "subfield", "province"),
    *("commune", "channel", "party", "public", "due_at", "first_due_at", "facts"),
    *("payload_digest", "previous"),
)


def content(step: Step) -> dict[str, Any]:
    """What a step's hash covers: every column, the petition by its code, the person by his number."""
    return {name: getattr(step, name) for name in HASHED} | {
        "petition": step.petition.code,
        "by": step.by_id or 0,
    }


def canonical(value: Any) -> str:
    """JSON that is the same everywhere: sorted keys, no spaces, UTC microseconds; a float is refused."""

    def plain(item: Any) -> Any:
        if isinstance(item, dt.datetime):
            return item.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if isinstance(item, dt.date):
            return item.isoformat()
        if isinstance(item, float):
            raise TypeError("a float has no one way to be written")
        if isinstance(item, Mapping):
            return {str(key): plain(item[key]) for key in item}
        if isinstance(item, list | tuple):
            return [plain(entry) for entry in item]
        return item

    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# --- what an action writes beside the petition's row, in the same transaction -----------------------


def _confirm_reading(step: Step, told: dict[str, Any]) -> None:
    """An official took the petition on: the machine's proposal is confirmed, or was changed."""
    reading = step.petition.predictions.order_by("-pk").first()
    if reading and step.by_id and reading.confirmed_at is None:
        reading.confirmed_by_id, reading.confirmed_at = step.by_id, step.at
        reading.changed = (step.subfield, step.kind) != (reading.subfield, reading.kind)
        reading.save(update_fields=["confirmed_by", "confirmed_at", "changed"])


def _draft(step: Step, told: dict[str, Any]) -> None:
    Reply.objects.create(
        petition=step.petition,
        drafted=step,
        outcome=told["outcome"],
        text=told["text"],
        evidence=told.get("evidence", ""),
        plan_date=told.get("plan_date"),
        drafted_by=step.by,
    )


def _send_back(step: Step, told: dict[str, Any]) -> None:
    reply = step.petition.replies.last()
    if reply:
        reply.sent_back = told["words"]
        reply.save(update_fields=["sent_back"])


def _send(step: Step, told: dict[str, Any]) -> None:
    reply = step.petition.replies.last()
    if reply:
        reply.approved_by, reply.approved_at = step.by, step.at
        reply.save(update_fields=["approved_by", "approved_at"])


CONSEQUENCES: Mapping[str, tuple[Callable[[Step, dict[str, Any]], None], ...]] = {
    "receive": (_confirm_reading,),
    "accept": (_confirm_reading, public.refresh),
    "draft_reply": (_draft, public.refresh),
    "send_back": (_send_back, public.refresh),
    "approve": (_send, public.refresh),
    "rate": (public.refresh,),
    "publish": (public.publish,),
}
