"""An action told in words, by a command or a line of JSON: found as that person sees it, taken, and told."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from inspect import signature
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.utils import timezone

from accounts.models import User
from feedback import anchors, codes, story, workflow
from feedback.facts import rule
from feedback.models import Petition, Step
from feedback.permissions import Actor, Holder
from feedback.steps import NotNow, take
from routing.jsonlines import LineError, moment_of

log = logging.getLogger(__name__)
access = structlog.get_logger("hoiam.request")  # beside what pages say of it

USAGE, NOT_NOW, NOT_YOURS, NOT_THERE = 2, 3, 4, 5
# A lock that another held too long, a deadlock that the database broke up, a database that is away.
BUSY = "Cơ sở dữ liệu đang bận hoặc không trả lời; chưa có gì được ghi, xin làm lại sau ít phút."


def find(code: str, *, username: str = "", secret: str = "", erasing: bool = False) -> tuple[Petition, Actor]:
    """The petition as this person sees it, or may erase it where that is asked.

    What is not his is told in the same words as what is not there: LineError with exit 5; exit 2 for an
    unknown user, or where neither person nor secret is told.
    """
    clean = codes.clean_code(code)
    if secret:
        petition = Petition.objects.filter(code=clean).first()
        # A part that was split off or appeals has a secret that nobody knows: it opens with its origin's.
        for proved in petition.lineage() if petition else ():
            if petition and codes.secret_fits(proved.code, secret, proved.secret_hash):
                return petition, Holder(proved.pk)
    elif username:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise LineError(f"Không có người dùng {username!r}.", USAGE)
        seen = [Petition.objects.visible_to(person), Petition.objects.owned_by(person)]
        # Erasing needs no sight: what nobody but its officer reads must be erasable on request as well.
        seen += [Petition.objects.erasable_by(person)] if erasing else []
        for rows in seen:
            if petition := rows.filter(code=clean).first():
                return petition, person
        access.warning("unseen", route="command", user=person.pk, about=clean if clean.isdigit() else "")
    else:
        raise LineError("Cho biết ai làm: 'as' (người dùng) hoặc 'secret' (mã bí mật).", USAGE)
    raise LineError("Không có đơn này.", NOT_THERE)


def moment(at: object) -> dt.datetime | None:
    """A pretended moment, aware; None means now. LineError (exit 2) unless the house was opened for it."""
    if not at:
        return None
    if not settings.CLOCK_OPEN:
        raise LineError("Chỉ dùng được “at” khi HOIAM_CLOCK=open trên máy cục bộ.", USAGE)
    try:
        return moment_of(at, "at")
    except LineError as wrong:
        raise LineError(str(wrong), USAGE) from None


def moment_of_step(at: object) -> dt.datetime | None:
    """`moment`; LineError (exit 2) on a day that was anchored: what is signed as complete stays so."""
    told = moment(at)
    if told and anchors.not_before(told) != told:
        raise LineError(f"Ngày {timezone.localdate(told):%d/%m/%Y} đã neo; chọn thời điểm sau đó.", USAGE)
    return told


def _erases(line: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """What would be refused would only tell whether the code exists: it is asked of what he sees alone."""
    if line.get("action") != "erase" or facts.keys() != {"rule"} or line.get("at"):
        return False
    with suppress(ValidationError):
        return bool(rule(facts["rule"]))
    return False


def act(line: Mapping[str, Any]) -> dict[str, Any]:
    """Take what a line says; raises LineError with the exit code that stands for the refusal."""
    facts = line.get("facts") or {}
    if not isinstance(facts, dict):
        raise LineError("Trường 'facts' phải là đối tượng.", USAGE)
    petition, actor = find(
        str(line.get("code") or ""),
        username=str(line.get("as") or ""),
        secret=str(line.get("secret") or ""),
        erasing=_erases(line, facts),
    )
    try:
        step = take(
            petition,
            str(line.get("action") or ""),
            by=actor,
            now=moment_of_step(line.get("at")),
            note=str(line.get("note") or ""),
            **{str(name): value for name, value in facts.items() if name not in RESERVED},
        )
    except NotNow as refused:
        raise LineError(str(refused), NOT_NOW) from None
    except PermissionDenied as refused:
        raise LineError(str(refused), NOT_YOURS) from None
    except ValidationError as wrong:
        raise LineError(sentence(wrong), USAGE) from None
    except OperationalError as busy:
        log.warning("nothing was written", exc_info=busy)
        raise LineError(BUSY, NOT_NOW) from None
    return told_step(step)


# Names that `take` keeps for itself: a fact may not stand in for them.
RESERVED = frozenset(signature(take).parameters) - {"told"}


def sentence(wrong: ValidationError) -> str:
    """All that is wrong, fact by fact, in one line."""
    if hasattr(wrong, "error_dict"):
        return " ".join(f"{name}: {' '.join(words)}" for name, words in wrong.message_dict.items())
    return " ".join(wrong.messages)


def facts_of(pairs: list[str]) -> dict[str, Any]:
    """`k=v` pairs; a value that begins like a JSON list or object is one, else LineError (exit 2)."""
    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise LineError(f"--fact {pair!r}: viết dạng tên=giá trị.", USAGE)
        try:
            facts[name] = json.loads(value) if value[:1] in ("[", "{") else value
        except ValueError:
            raise LineError(f"--fact {name}: không phải JSON hợp lệ.", USAGE) from None
    return facts


def told_step(step: Step) -> dict[str, Any]:
    """A step as `take --json` prints it: moments in ISO 8601, `lead` and `due` as they are after it."""
    petition = step.petition
    return {
        "code": petition.code,
        "seq": step.seq,
        "action": step.action,
        "before": step.before,
        "after": step.after,
        "by": step.by.username if step.by else step.role,
        "at": _iso(step.at),
        "lead": petition.lead_id,
        "due": _iso(petition.due_at),
        "legal_due": petition.legal_due_on.isoformat() if petition.legal_due_on else None,
        "hash": step.hash,
    }


def told_petition(petition: Petition, actor: Actor, *, now: dt.datetime | None = None) -> dict[str, Any]:
    """What this person may see of it at that moment; of one that is over what its steps tell, and no action.

    Raises LineError before its first step.
    """
    official = Petition.objects.visible_to(actor).filter(pk=petition.pk).exists()
    is_past = now is not None and _go_back(petition, now, official=official)
    now = now or timezone.now()
    return {
        "code": petition.code,
        "state": petition.state,
        "public_state": petition.public_state,
        "kind": petition.kind,
        "subfield": petition.subfield_id,
        "lead": petition.lead_id,
        "due": _iso(petition.due_at),
        "legal_due": petition.legal_due_on.isoformat() if petition.legal_due_on else None,
        "overdue": petition.is_overdue(now),
        "waiting_since": _iso(petition.waiting_since),
        "hops": petition.hops,
        "actions": [] if is_past else workflow.available(petition, actor, now=now),
        "steps": list(_steps(petition, actor, now, official=official)),
    }


def _go_back(petition: Petition, now: dt.datetime, *, official: bool) -> bool:
    """Where steps that this person reads were taken since, put what they said then into the row, which is
    never saved."""
    told = petition.steps.order_by("seq").defer("record")
    steps = [step for step in told if official or step.action not in story.UNTOLD]
    then = [step for step in steps if step.at <= now]
    if then == steps:
        return False
    if not then:
        raise LineError("Lúc ấy chưa có đơn này.", NOT_THERE)
    last = then[-1]
    vars(petition)["state"] = last.after  # no action moves it
    petition.kind, petition.due_at = last.kind, last.due_at
    petition.lead_id, petition.subfield_id = last.lead_agency or None, last.subfield or None
    petition.hops = max(step.facts.get("hop", 0) for step in then)
    petition.legal_due_on = None  # no step tells it
    return True


def _steps(petition: Petition, actor: Actor, now: dt.datetime, *, official: bool) -> Iterator[dict[str, Any]]:
    until = petition.steps.select_related("by").filter(at__lte=now).order_by("seq")
    for step in story.told_to(actor, petition, until):
        if official or step.action not in story.UNTOLD:
            yield {
                "seq": step.seq,
                "at": _iso(step.at),
                "action": step.action,
                "before": step.before,
                "after": step.after,
                "by": step.person.username if step.person and official else step.role,
                "lead": step.lead_agency,
                "due": _iso(step.due_at),
            }


def _iso(at: dt.datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None
