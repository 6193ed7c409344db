"""The states and kinds of a petition, and the sets of states that rules speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The sixteen states; the labels are what officials read."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    NEEDS_INFO = "needs_info", _("Chờ bổ sung")
    REJECTED = "rejected", _("Từ chối tiếp nhận")
    REDIRECTED = "redirected", _("Đã hướng dẫn, chuyển ngoài hệ thống")
    RECEIVED = "received", _("Đã tiếp nhận")
    ASSIGNED = "assigned", _("Đã phân công, chờ đơn vị nhận")
    RETURNED = "returned", _("Đơn vị trả lại")
    IN_PROGRESS = "in_progress", _("Đang xử lý")
    SUSPENDED = "suspended", _("Tạm dừng")
    PENDING_APPROVAL = "pending_approval", _("Chờ phê duyệt")
    ANSWERED = "answered", _("Đã trả lời")
    REOPENED = "reopened", _("Mở lại")
    CLOSED = "closed", _("Đã đóng")
    WITHDRAWN = "withdrawn", _("Đã rút")
    MERGED = "merged", _("Trùng, đã gộp")


# What the citizen reads for each state: plain words, no inner workings.
PUBLIC_STATES: Mapping[str, Any] = {
    State.DRAFT: _("Bản nháp"),
    State.SUBMITTED: _("Chờ tiếp nhận"),
    State.NEEDS_INFO: _("Cần bổ sung thông tin"),
    State.REJECTED: _("Không tiếp nhận"),
    State.REDIRECTED: _("Đã hướng dẫn"),
    State.RECEIVED: _("Đã tiếp nhận"),
    State.ASSIGNED: _("Đang chuyển xử lý"),
    State.RETURNED: _("Đang chuyển xử lý"),
    State.IN_PROGRESS: _("Đang xử lý"),
    State.SUSPENDED: _("Tạm dừng"),
    State.PENDING_APPROVAL: _("Đang xử lý"),
    State.ANSWERED: _("Đã trả lời"),
    State.REOPENED: _("Đang xử lý lại"),
    State.CLOSED: _("Hoàn thành"),
    State.WITHDRAWN: _("Đã rút"),
    State.MERGED: _("Đã gộp"),
}
ENDED = _("Đã kết thúc")


def public_word(state: str, *, answered: bool) -> Any:
    """What the citizen reads for it; closed without an answer nothing was completed."""
    return ENDED if state == State.CLOSED and not answered else PUBLIC_STATES[State(state)]


# Nothing more happens to these but what the petitioner or a rule may still do.
FINAL = frozenset({State.CLOSED, State.WITHDRAWN, State.REDIRECTED, State.REJECTED})

OPEN = frozenset(
    {
        State.SUBMITTED,
        State.NEEDS_INFO,
        State.RECEIVED,
        State.ASSIGNED,
        State.RETURNED,
        State.IN_PROGRESS,
        State.SUSPENDED,
        State.PENDING_APPROVAL,
        State.REOPENED,
    }
)


class Kind(models.TextChoices):
    """What a petition is in law; decided before routing."""

    REPORT = "report", _("Phản ánh")
    PROPOSAL = "proposal", _("Kiến nghị")
    COMPLAINT = "complaint", _("Khiếu nại")
    DENUNCIATION = "denunciation", _("Tố cáo")
    QUESTION = "question", _("Hỏi đáp")
    PRAISE = "praise", _("Khen ngợi")
    SPAM = "spam", _("Tin rác")


class PaknClass(models.TextChoices):
    """The four classes of NĐ 20/2008/NĐ-CP, Điều 9 khoản 1."""

    NOT_ACCEPTED = "not_accepted", _("Không thuộc phạm vi tiếp nhận")
    STAFF = "staff", _("Về hành vi chậm trễ, gây phiền hà, không làm hoặc làm sai quy định")
    OWN_RULE = "own_rule", _("Về quy định thuộc thẩm quyền xử lý")
    OTHER_RULE = "other_rule", _("Về quy định không thuộc thẩm quyền, phải chuyển")


PAKN_BY_HAND = (PaknClass.STAFF, PaknClass.OWN_RULE, PaknClass.OTHER_RULE)  # the other is said by refusing
OF_RULES = frozenset({PaknClass.OWN_RULE, PaknClass.OTHER_RULE})  # what comes of a rule: Điều 15

PETITIONS_AT_LAW = frozenset({Kind.COMPLAINT, Kind.DENUNCIATION})  # khiếu nại, tố cáo: never plain feedback
NEVER_PUBLIC = PETITIONS_AT_LAW | {Kind.SPAM}


def law_of(kind: str) -> str:
    """Complaint and denunciation follow each a law of its own; "" for what all other kinds follow."""
    return kind if kind in PETITIONS_AT_LAW else ""


ON_PAPER = frozenset({"counter", "letter"})  # channels by which a petition comes signed, or in person

ASKABLE = frozenset({State.SUBMITTED, State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED})
# Nobody has taken it on yet: until then whoever asked may say where it happened.
BEFORE_ACCEPTANCE = frozenset({State.SUBMITTED, State.RECEIVED, State.ASSIGNED, State.RETURNED})
REFUSABLE = BEFORE_ACCEPTANCE
MERGEABLE = OPEN
SEALABLE = OPEN | {State.ANSWERED, State.CLOSED, State.REJECTED, State.REDIRECTED, State.MERGED}
# Whoever takes it in chooses who gets it.
AT_INTAKE = frozenset({State.SUBMITTED, State.RECEIVED, State.RETURNED})
PUBLISH_FROM = frozenset({State.IN_PROGRESS, State.ANSWERED, State.CLOSED, State.REOPENED})
# What is born by these goes to others than those who decided, or did not.
APPEALS = frozenset({"appeal", "appeal_overdue"})
ANSWERED_OR_CLOSED = frozenset({State.ANSWERED, State.CLOSED})
# A file may be owed to whoever investigates, also once the rest is refused or taken back.
OWING = OPEN | ANSWERED_OR_CLOSED | {State.REJECTED, State.WITHDRAWN}
# Whom it is about is told by `reclassify` and `lift` while somebody works on it, and by `accuse` after.
NOT_WORKED_ON = FINAL | {State.ANSWERED, State.MERGED}
RATEABLE = ANSWERED_OR_CLOSED | {State.MERGED}
EVERY = frozenset(State)
PAUSED = frozenset({State.NEEDS_INFO, State.SUSPENDED})

# What leaves a proposed refusal standing; any other action drops it. The clock speaks up, or is counted
# anew, and decides nothing; nor does the machine that reads late.
KEEPS_PROPOSAL = frozenset({"propose_refusal", "ask", "note", "read", "escalate", "recount", "clear_doubt"})

# Told to those alone who are asked about the doubt (`permissions.hears_doubt`): of nobody else's page is it
# a step, nor does it overtake what he was typing.
QUIET = frozenset({"clear_doubt"})
