"""A petition's steps as sentences: one telling for whoever asked, one for the officials who work on it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.models import Petition, Reply, Step
from feedback.models.reply import Outcome, Score
from feedback.timing import Timing, timing
from feedback.workflow import State
from routing.models import Agency
from routing.telling import ago, day, moment


@dataclass(frozen=True)
class Event:
    """One sentence of the timeline, with its moment and the words that came with it."""

    said: str
    moment: str = ""
    ago: str = ""
    iso: str = ""
    text: str = ""
    note: str = ""
    tone: str = ""
    clock: Timing | None = None


# Where the petition stands, for whoever asked.
PRESENT: Mapping[str, Any] = {
    State.SUBMITTED: _l("%(lead)s đang xem để tiếp nhận"),
    State.RECEIVED: _l("%(lead)s đã tiếp nhận, đang chọn cơ quan xử lý"),
    State.ASSIGNED: _l("Đã chuyển đến %(lead)s, chờ cơ quan này nhận"),
    State.RETURNED: _l("Đang chuyển lại cho cơ quan phù hợp"),
    State.NEEDS_INFO: _l("Cơ quan xử lý cần bạn cho biết thêm"),
    State.IN_PROGRESS: _l("%(lead)s đang xử lý"),
    State.PENDING_APPROVAL: _l("%(lead)s đang xử lý"),
    State.SUSPENDED: _l("%(lead)s tạm dừng xử lý"),
    State.REOPENED: _l("Đang xử lý lại"),
    State.ANSWERED: _l("%(lead)s đã trả lời"),
    State.CLOSED: _l("Đã hoàn thành"),
    State.REJECTED: _l("Không được tiếp nhận"),
    State.REDIRECTED: _l("Đã hướng dẫn bạn đến nơi có thẩm quyền"),
    State.WITHDRAWN: _l("Bạn đã rút"),
    State.MERGED: _l("Đã gộp với một phản ánh trùng nội dung"),
}

# What happened, for whoever asked; a draft and its way to the approver are the office's own matter.
TO_PETITIONER: Mapping[str, Any] = {
    "submit": _l("Bạn đã gửi"),
    "receive": _l("Đã tiếp nhận"),
    "assign": _l("Chuyển đến %(lead)s"),
    "accept": _l("%(lead)s nhận xử lý"),
    "approve": _l("%(lead)s trả lời: %(outcome)s"),
    "rate": _l("Bạn đánh giá: %(score)s"),
    "publish": _l("Nội dung đã được đăng công khai, không kèm thông tin cá nhân"),
}

# What happened, for officials: who did it is part of it.
TO_OFFICIALS: Mapping[str, Any] = {
    "submit": _l("Gửi đến qua %(channel)s"),
    "receive": _l("Tiếp nhận"),
    "assign": _l("Chuyển đến %(lead)s"),
    "accept": _l("%(lead)s nhận xử lý"),
    "draft_reply": _l("Trình dự thảo trả lời: %(outcome)s"),
    "send_back": _l("Trả lại dự thảo"),
    "approve": _l("Duyệt và gửi câu trả lời"),
    "rate": _l("Người gửi đánh giá: %(score)s"),
    "publish": _l("Đăng công khai"),
}

# The words of a step that a reader wants to see under its sentence.
SHOWN_WORDS = ("text", "words", "question", "reason", "note", "evidence")


def present(petition: Petition, now: dt.datetime) -> Event:
    """The state as a sentence with its clock: the largest thing on the follow page."""
    lead = petition.lead.name if petition.lead else _("Đầu mối tiếp nhận")
    clock = timing(petition, now, why=True)
    done = petition.state in (State.ANSWERED, State.CLOSED)
    return Event(
        said=str(PRESENT[State(petition.state)]) % {"lead": lead},
        note=petition.route_reason if petition.state in (State.ASSIGNED, State.IN_PROGRESS) else "",
        tone="good" if done else clock.tone,
        clock=clock if petition.is_open or clock.tone else None,
    )


def to_petitioner(petition: Petition, now: dt.datetime) -> list[Event]:
    """Newest first, the present one on top; nobody inside an office is named."""
    steps = [step for step in _steps(petition) if step.action in TO_PETITIONER]
    replies = {reply.approved_at: reply for reply in petition.replies.filter(approved_at__isnull=False)}
    newest = petition.answered_at  # that reply stands above the timeline in full
    names = _agency_names(steps)
    told = [
        _petitioners(step, names, replies.get(step.at), now, in_full=step.at != newest)
        for step in reversed(steps)
    ]
    return [present(petition, now), *told]


def to_officials(petition: Petition, now: dt.datetime) -> list[Event]:
    """Newest first, with who did it and in which words."""
    steps = list(_steps(petition))
    names = _agency_names(steps)
    return [_officials(step, names, now) for step in reversed(steps)]


def _steps(petition: Petition) -> Iterable[Step]:
    return petition.steps.select_related("words", "by").order_by("seq")


def _agency_names(steps: Iterable[Step]) -> dict[str, str]:
    return dict(Agency.objects.filter(pk__in={step.lead_agency for step in steps}).values_list("pk", "name"))


def _petitioners(
    step: Step, names: Mapping[str, str], reply: Reply | None, now: dt.datetime, *, in_full: bool
) -> Event:
    said = str(TO_PETITIONER[step.action]) % _facts(step, names, reply)
    if step.action == "submit":
        return _event(step, said, now, text=words(step).get("text", ""))
    if reply and step.action == "approve":
        return (
            _event(step, said, now, text=reply.text, note=_proof(reply))
            if in_full
            else _event(step, said, now)
        )
    note = _("Máy đề xuất, chờ cán bộ xác nhận") if step.facts.get("provisional") else ""
    return _event(step, said, now, note=note)


def _officials(step: Step, names: Mapping[str, str], now: dt.datetime) -> Event:
    pattern = TO_OFFICIALS.get(step.action)
    said = str(pattern) % _facts(step, names, None) if pattern else step.action
    kept = words(step)
    # The text as sent stands large on the same page already.
    text = "\n".join(kept[name] for name in SHOWN_WORDS if kept.get(name)) if step.action != "submit" else ""
    return _event(step, said, now, text=text, note=_who(step))


def _facts(step: Step, names: Mapping[str, str], reply: Reply | None) -> dict[str, str]:
    outcome = reply.outcome if reply else step.facts.get("outcome", "")
    return {
        "lead": names.get(step.lead_agency) or _("đầu mối tiếp nhận"),
        "outcome": str(dict(Outcome.choices).get(outcome, "")).lower(),
        "score": str(dict(Score.choices).get(step.facts.get("score", ""), "")).lower(),
        "channel": step.petition.get_channel_display().lower(),
    }


def _proof(reply: Reply) -> str:
    proof = _("Bằng chứng: %(what)s") % {"what": reply.evidence} if reply.evidence else ""
    plan = _("Hẹn hoàn thành %(day)s") % {"day": day(reply.plan_date)} if reply.plan_date else ""
    return ". ".join(part for part in (proof, plan) if part)


def _who(step: Step) -> str:
    if step.by:
        return step.by.get_full_name() or step.by.get_username()
    return _("Hệ thống đề xuất, chờ cán bộ xác nhận") if step.role == "system" else _("Người gửi")


def _event(step: Step, said: str, now: dt.datetime, *, text: str = "", note: str = "") -> Event:
    return Event(
        said=said,
        moment=moment(step.at),
        ago=ago(step.at, now),
        iso=step.at.isoformat(),
        text=text,
        note=note,
    )


def words(step: Step) -> dict[str, str]:
    """The words of a step by fact name; empty where there were none, or a rule erased them."""
    kept = getattr(step, "words", None)
    return json.loads(kept.text) if kept else {}
