"""What is kept of a step: its facts for ever, its words as long as a rule lets them, and a hash of both."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from feedback import facts
from feedback.models import Petition, Step, StepText
from feedback.models.step import PETITIONER
from feedback.permissions import Actor


def record(
    petition: Petition,
    action: str,
    before: str,
    by: Actor,
    right: str,
    now: dt.datetime,
    told: Mapping[str, Any],
) -> Step:
    """What was done, with the row as it is now, over the hash of its last step; its words apart."""
    last = petition.last_step()
    said = {name: told[name] for name in sorted(told) if name in facts.WORDS}
    salt = secrets.token_hex(16)
    words = canonical(said) if said else ""
    step = Step(
        petition=petition,
        seq=last.seq + 1,
        at=now,
        action=action,
        before=before,
        after=petition.state,
        by=_official(by, right),
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
        facts=json.loads(canonical(_figures(petition, told))),
        payload_digest=hashlib.sha256((salt + words).encode()).hexdigest() if words else "",
        previous=last.hash,
    )
    step.record = canonical(content(step))
    step.hash = hashlib.sha256(step.record.encode()).hexdigest()
    step.former_lead = last.lead_agency
    step.save(force_insert=True)
    petition.remember_last(step)
    if words:
        StepText.objects.create(step=step, salt=salt, text=words)
    return step


def _official(by: Actor, right: str) -> User | None:
    """Whoever acts by his post. Who sent the petition stands with his identity and in no step."""
    return by if isinstance(by, User) and by.pk and right not in PETITIONER else None


def _figures(petition: Petition, told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that are no words: what figures are counted from, for ever."""
    plain = {name: told[name] for name in told if name not in facts.WORDS}
    if "main" in plain:
        plain["main"] = plain["main"].code
    if "contact" in plain:  # which of it was told, not what
        plain["contact"] = [name for name in facts.TOLD_LATER if name in plain["contact"]]
    return plain | ({"hop": petition.hops} if "agency" in plain else {})


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
    """JSON that is the same everywhere: sorted keys, no spaces, UTC microseconds.

    Raises TypeError for a float: it has no one way to be written.
    """

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
