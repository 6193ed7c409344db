"""A petition's steps as sentences: one telling for whoever asked, one for the officials who work on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from feedback import codes, contacts, ladder
from feedback.facts import Announced, Circumstance, Ground, ReturnReason
from feedback.models import Petition, Reply, RetentionRule, Step
from feedback.models.petition import PROPER_NAMES, told_in_full
from feedback.models.reply import Outcome, Score
from feedback.models.step import HOLDER
from feedback.permissions import Actor, hears_doubt
from feedback.redaction import as_seen
from feedback.timing import Timing, timing
from feedback.workflow import APPEALS, AT_INTAKE, NEVER_PUBLIC, QUIET, Kind, PaknClass, State
from feedback.workflow.conditions import BY_HAND
from feedback.workflow.states import ANSWERED_OR_CLOSED
from routing.assignment import MERELY_PROPOSED
from routing.called import called
from routing.kept import agencies_by_code, commune_names, every_subfield
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
    State.DRAFT: _l("Bản nháp, chưa gửi đi"),
    State.SUBMITTED: _l("%(lead)s đang xem để tiếp nhận"),
    State.RECEIVED: _l("%(lead)s đã tiếp nhận, đang chọn cơ quan xử lý"),
    State.ASSIGNED: _l("Đã chuyển đến %(lead)s, chờ cơ quan này nhận"),
    State.RETURNED: _l("Đang chuyển lại cho cơ quan phù hợp"),
    State.NEEDS_INFO: _l("%(lead)s cần bạn cho biết thêm"),
    State.IN_PROGRESS: _l("%(lead)s đang xử lý"),
    State.PENDING_APPROVAL: _l("%(lead)s đang xử lý"),
    State.SUSPENDED: _l("%(lead)s tạm dừng xử lý"),
    State.REOPENED: _l("Đang xử lý lại"),
    State.ANSWERED: _l("%(lead)s đã trả lời"),
    State.CLOSED: _l("Đã có câu trả lời và đã đóng"),
    State.REJECTED: _l("Không được tiếp nhận"),
    State.REDIRECTED: _l("Đã hướng dẫn bạn đến nơi có thẩm quyền"),
    State.WITHDRAWN: _l("Bạn đã rút"),
    State.MERGED: _l("Đã gộp với một phản ánh trùng nội dung"),
}
CLOSED_UNANSWERED = _l("Đã đóng mà chưa có câu trả lời: bạn chưa gửi điều được hỏi")
LOOKED_AT_AGAIN = _l("%(lead)s đang xem lại; không phải hai người đã từ chối")


@dataclass(frozen=True)
class Telling:
    """A sentence about a step, and which of its words stand under it."""

    said: Any
    words: tuple[str, ...] = ()


# What happened, for whoever asked.
TO_PETITIONER: Mapping[str, Telling] = {
    "submit": Telling(_l("Bạn đã gửi"), ("text",)),
    "receive": Telling(_l("Đã tiếp nhận")),
    "ask": Telling(_l("%(asker)s hỏi bạn"), ("question",)),
    "inform": Telling(_l("Bạn cho biết thêm"), ("text",)),
    "confirm_refusal": Telling(_l("Không tiếp nhận: %(ground)s")),
    "contest": Telling(_l("Bạn đề nghị xem lại việc không tiếp nhận"), ("text",)),
    "redirect": Telling(_l("Việc này của nơi khác, xin liên hệ:"), ("body", "address")),
    "assign": Telling(_l("Chuyển đến %(lead)s")),
    "accept": Telling(_l("%(lead)s nhận xử lý")),
    "accept_for_handling": Telling(_l("%(lead)s thụ lý, số %(decision)s")),
    "dialogue": Telling(_l("Mời bạn đối thoại, %(day)s"), ("text",)),
    "announce": Telling(_l("Quyết định, kết luận: %(announced)s")),
    "transfer": Telling(_l("Chuyển sang %(lead)s")),
    "lift": Telling(_l("Đưa lên %(lead)s")),
    "accuse": Telling(_l("Nay thuộc trách nhiệm của %(lead)s")),
    "split": Telling(_l("Tách thành các phản ánh riêng, mỗi phản ánh một hạn")),
    "suspend": Telling(_l("%(lead)s tạm dừng xử lý"), ("reason",)),
    "resume": Telling(_l("%(lead)s xử lý tiếp"), ("reason",)),
    "request_extension": Telling(_l("%(lead)s trả lời tạm và xin gia hạn"), ("interim_reply",)),
    "grant_extension": Telling(_l("Hạn trả lời được lùi đến %(due)s")),
    "recount": Telling(_l("Lịch nghỉ thay đổi, hạn nay là %(due)s")),
    "approve": Telling(_l("%(lead)s trả lời: %(outcome)s")),
    "fulfil": Telling(_l("%(lead)s báo đã làm xong điều đã hẹn"), ("text", "evidence")),
    "rate": Telling(_l("Bạn đánh giá: %(score)s")),
    "reopen": Telling(_l("Bạn mở lại phản ánh"), ("reason",)),
    "appeal": Telling(_l("Bạn nhờ cơ quan khác xem lại"), ("text",)),
    "appeal_overdue": Telling(_l("Bạn khiếu nại lần hai vì quá hạn giải quyết"), ("text",)),
    "close": Telling(_l("Kết thúc"), ("notice",)),
    "withdraw": Telling(_l("Bạn rút phản ánh")),
    "merge": Telling(_l("Gộp với một phản ánh trùng nội dung")),
    "unmerge": Telling(_l("Tách khỏi phản ánh đã gộp")),
    "offer_publication": Telling(_l("Bản công khai đã soạn, bạn xem trước và che thêm được")),
    "agree_publication": Telling(_l("Bạn đồng ý đăng bản công khai")),
    "publish": Telling(_l("Nội dung đã được đăng công khai, không kèm thông tin cá nhân")),
    "unpublish": Telling(_l("Nội dung không còn được đăng công khai"), ("reason",)),
    "refuse_publication": Telling(_l("Bạn yêu cầu không công khai"), ("hide",)),
    "erase": Telling(_l("Nội dung và danh tính đã được xóa theo quy định%(asked)s")),
}

# What whoever asked is not told of, and why.
UNTOLD: Mapping[str, str] = {
    "read": "the machine's proposal; what comes of it is told by `assign`",
    "propose_refusal": "nothing is refused before a second person agrees",
    "return_": "a hand-over between offices; the present sentence says that it is on its way",
    "coordinate": "the lead alone answers",
    "contribute": "the lead alone answers",
    "report": "within the office",
    "draft_reply": "a draft is no answer",
    "send_back": "a draft is no answer",
    "reclassify": "the desk's own order",
    "seal": "a sealed matter is not spoken of, not even here, once a person has it",
    "note": "a remark among officials",
    "clear_doubt": "nobody but whoever was asked knows of the doubt",
    "clear_accused": "the desk's own order; where it comes into other hands the step that follows tells it",
    "declare": "the officer's own record; what it changes is told by the clock",
    "remind": "among officials",
    "demand_report": "among officials",
    "escalate": "among officials",
}

# The same actions, when it was an official who took them.
TO_PETITIONER_OF_OFFICIALS: Mapping[str, Telling] = {
    "inform": Telling(_l("Cán bộ ghi lại điều bạn nói"), ("text",)),
    "withdraw": Telling(_l("Được rút theo văn bản có chữ ký của bạn")),
    "reopen": Telling(_l("Cơ quan giám sát yêu cầu xử lý lại"), ("reason",)),
}

# An appeal against what was decided on a complaint.
SECOND_COMPLAINT = Telling(_l("Bạn khiếu nại lần hai"), ("text",))
SECOND_COMPLAINT_TO_OFFICIALS = Telling(_l("Người gửi khiếu nại lần hai"))

# What was told with one tap stands in the sentence; the words under it would say the same again.
OF_A_TAP: Mapping[str, Telling] = {
    "commune": Telling(_l("Bạn cho biết nơi xảy ra: %(place)s")),
    "doubts": Telling(_l("Bạn báo: chúng tôi hiểu chưa đúng"), ("note",)),
    "same_as": Telling(_l("Bạn báo: cùng một việc với phản ánh %(same)s")),
    "not_same": Telling(_l("Bạn báo: không cùng việc với phản ánh nào")),
    "contact": Telling(_l("Bạn bổ sung: %(contact)s")),
}
OF_A_TAP_TO_OFFICIALS: Mapping[str, Telling] = {
    "commune": Telling(_l("Người gửi cho biết nơi xảy ra: %(place)s")),
    "doubts": Telling(_l("Người gửi báo: máy hiểu chưa đúng")),
    "same_as": Telling(_l("Người gửi báo: cùng một việc với phản ánh %(same)s")),
    "not_same": Telling(_l("Người gửi báo: không cùng việc với phản ánh nào")),
    "contact": Telling(_l("Người gửi bổ sung: %(contact)s")),
}

# What happened, for officials: who did it is part of it.
TO_OFFICIALS: Mapping[str, Telling] = {
    "submit": Telling(_l("Gửi đến: %(channel)s")),  # the text stands large on the same page already
    "read": Telling(_l("Máy đọc và tìm nơi")),
    "receive": Telling(pgettext_lazy("diễn biến", "Tiếp nhận")),
    "ask": Telling(pgettext_lazy("diễn biến", "Hỏi người gửi"), ("question",)),
    "inform": Telling(_l("Cho biết thêm"), ("text",)),
    "propose_refusal": Telling(_l("Đề nghị không tiếp nhận: %(ground)s"), ("reason",)),
    "confirm_refusal": Telling(_l("Đồng ý không tiếp nhận: %(ground)s")),
    "contest": Telling(_l("Người gửi không đồng ý bị từ chối"), ("text",)),
    "redirect": Telling(pgettext_lazy("diễn biến", "Hướng dẫn đến nơi khác"), ("body", "address")),
    "assign": Telling(_l("Chuyển đến %(lead)s")),
    "accept": Telling(_l("%(lead)s nhận xử lý")),
    "accept_for_handling": Telling(_l("%(lead)s thụ lý, số %(decision)s")),
    "declare": Telling(_l("Ghi nhận: %(circumstance)s"), ("reason",)),
    "dialogue": Telling(_l("Mời đối thoại, %(day)s"), ("text",)),
    "announce": Telling(_l("Quyết định, kết luận: %(announced)s")),
    "return_": Telling(_l("Trả lại: %(return_reason)s, nên giao %(suggested)s"), ("words",)),
    "transfer": Telling(_l("Chuyển sang %(lead)s"), ("reason",)),
    "lift": Telling(_l("Đưa lên %(lead)s"), ("reason",)),
    "accuse": Telling(_l("Ghi bên bị phản ánh; %(lead)s phụ trách"), ("why",)),
    "clear_accused": Telling(_l("Bỏ ghi bên bị phản ánh"), ("why",)),
    "clear_doubt": Telling(_l("Trả lời câu hỏi của máy: không phải khiếu nại, tố cáo")),
    "coordinate": Telling(_l("Đề nghị phối hợp: %(agencies)s"), ("question",)),
    "contribute": Telling(pgettext_lazy("diễn biến", "Góp ý kiến phối hợp"), ("text",)),
    "split": Telling(_l("Tách thành đơn riêng")),
    "suspend": Telling(pgettext_lazy("diễn biến", "Tạm dừng"), ("reason",)),
    "resume": Telling(pgettext_lazy("diễn biến", "Xử lý tiếp"), ("reason",)),
    "request_extension": Telling(pgettext_lazy("diễn biến", "Xin gia hạn"), ("reason", "interim_reply")),
    "grant_extension": Telling(_l("Đồng ý gia hạn đến %(due)s")),
    "report": Telling(pgettext_lazy("diễn biến", "Báo cáo tiến độ"), ("text",)),
    "draft_reply": Telling(_l("Trình dự thảo trả lời: %(outcome)s"), ("text", "evidence")),
    "send_back": Telling(pgettext_lazy("diễn biến", "Trả lại dự thảo"), ("words",)),
    "approve": Telling(pgettext_lazy("diễn biến", "Duyệt và gửi câu trả lời")),
    "fulfil": Telling(pgettext_lazy("diễn biến", "Báo đã làm xong điều đã hẹn"), ("text", "evidence")),
    "rate": Telling(_l("Người gửi đánh giá: %(score)s")),
    "reopen": Telling(pgettext_lazy("diễn biến", "Mở lại"), ("reason",)),
    "appeal": Telling(_l("Người gửi nhờ cơ quan khác xem lại")),
    "appeal_overdue": Telling(_l("Người gửi khiếu nại lần hai vì quá hạn giải quyết")),
    "close": Telling(pgettext_lazy("diễn biến", "Đóng"), ("notice",)),
    "withdraw": Telling(_l("Rút")),
    "merge": Telling(_l("Gộp vào đơn %(main)s")),
    "unmerge": Telling(pgettext_lazy("diễn biến", "Tách khỏi đơn đã gộp")),
    "reclassify": Telling(_l("Phân loại lại: %(sorted)s"), ("why",)),
    "seal": Telling(_l("Niêm phong: %(kind)s")),
    "offer_publication": Telling(
        _l("Gửi bản công khai cho người gửi xem trước"), ("public_text", "public_answer")
    ),
    "agree_publication": Telling(_l("Người gửi đồng ý bản công khai")),
    "publish": Telling(pgettext_lazy("diễn biến", "Đăng công khai")),
    "unpublish": Telling(pgettext_lazy("diễn biến", "Gỡ khỏi trang công khai"), ("reason",)),
    "refuse_publication": Telling(_l("Người gửi yêu cầu không công khai"), ("hide",)),
    "note": Telling(_l("Ghi chú nội bộ"), ("text",)),
    "remind": Telling(pgettext_lazy("diễn biến", "Nhắc cơ quan chủ trì")),
    "demand_report": Telling(_l("Yêu cầu báo cáo trong %(days)s ngày làm việc")),
    "escalate": Telling(_l("Hệ thống nhắc: %(rung)s")),
    "recount": Telling(_l("Lịch nghỉ thay đổi, tính lại hạn: %(due)s")),
    "erase": Telling(_l("Xóa nội dung và danh tính theo %(rule)s%(asked)s")),
}

# The words of these belong to the petitions that were born of them.
BEARING = APPEALS | {"split"}

# What became of the machine's proposal, by the first step that a person took on it.
PROPOSED = _l("Máy đề xuất, chờ cán bộ xác nhận")
PROPOSAL_OVER = _l("Máy đề xuất")
SETTLED: Mapping[str, Any] = {
    **dict.fromkeys(("accept", "accept_for_handling"), _l("Máy đề xuất, cán bộ đã xác nhận")),
    **dict.fromkeys(("return_", "transfer", "lift", "assign"), _l("Máy đề xuất, cán bộ đã xem lại")),
}

# Words that stand for a longer saying.
SAYINGS: Mapping[str, Any] = {
    "pooled": _l("Tiếp tục tập hợp để xem chung."),
    "all": _l("Không đăng gì về phản ánh này."),
}


def present(petition: Petition, now: dt.datetime) -> Event:
    """The state as a sentence with its clock: the largest thing on the follow page."""
    answered = petition.state == State.ANSWERED
    agency = _present_agency(petition)
    lead = agency.name if agency else _("Đầu mối tiếp nhận")
    clock = timing(petition, now, why=True)
    done = answered or (petition.state == State.CLOSED and petition.answered_at is not None)
    return Event(
        said=str(_present_words(petition)) % {"lead": lead},
        note=_present_note(petition),
        text=petition.text if petition.state == State.DRAFT else "",  # else its first step tells it
        tone="good" if done else clock.tone,
        clock=clock if petition.is_open or clock.tone else None,
    )


def _present_agency(petition: Petition) -> Agency | None:
    if petition.state == State.ANSWERED:
        return petition.who_answered
    return petition.who_asked if petition.state == State.NEEDS_INFO else petition.lead


def _present_words(petition: Petition) -> Any:
    if petition.state == State.SUBMITTED and petition.contested_at:
        return LOOKED_AT_AGAIN
    if petition.state == State.CLOSED and petition.answered_at is None:
        return CLOSED_UNANSWERED
    return PRESENT[State(petition.state)]


def _present_note(petition: Petition) -> str:
    if petition.state in (State.ASSIGNED, State.IN_PROGRESS):
        return why_this_lead(petition)
    if petition.state == State.REOPENED and petition.kind == Kind.COMPLAINT:
        return _("Có quyết định mới thì khiếu nại lần hai được, trong 30 ngày từ ngày nhận quyết định ấy.")
    if petition.state == State.MERGED:
        return _("Trả lời cho phản ánh kia cũng là trả lời cho bạn, và bạn đánh giá được.")
    return ""


def why_this_lead(petition: Petition) -> str:
    """The router's own sentence; to whoever reads another language, what it rests on."""
    place = petition.commune or petition.province
    if get_language() == "vi" or not petition.route_reason:
        return petition.route_reason
    if petition.route_reason in BY_HAND.values():
        return _(petition.route_reason)
    if not (petition.lead and petition.subfield and place):
        return ""
    told = {"lead": petition.lead.name, "subject": petition.subfield, "place": place.name}
    if MERELY_PROPOSED in petition.route_reason:
        said = _(
            "%(lead)s phụ trách “%(subject)s” tại %(place)s (đề xuất, chưa phải văn bản của địa phương)."
        )
        return said % told
    return _("%(lead)s phụ trách “%(subject)s” tại %(place)s.") % told


def to_petitioner(petition: Petition, now: dt.datetime) -> list[Event]:
    """Newest first, the present one on top; nobody inside an office is named."""
    every = list(_steps(petition))
    told = [step for step in every if step.action in TO_PETITIONER and not _changes_nothing(step)]
    replies = {reply.approved_at: reply for reply in petition.replies.sent()}
    newest = petition.answered_at  # that reply stands above the timeline in full
    names = _Names(every)
    events = [
        _petitioners(step, names, replies.get(step.at), now, in_full=step.at != newest)
        for step in reversed(told)
    ]
    return [present(petition, now), *events]


def _changes_nothing(step: Step) -> bool:
    """For whoever asked: somebody was accused who did not lead, or only a duty beside the answer moved."""
    accused_only = step.action == "accuse" and "agency" not in step.facts
    return accused_only or _moves_a_duty(step)


DUTY_MOVED = Telling(_l("Lịch nghỉ thay đổi, tính lại hạn gửi, công khai quyết định"))


def _moves_a_duty(step: Step) -> bool:
    """Counted anew when the answer was there: its own due moment stays."""
    return step.action == "recount" and step.after in ANSWERED_OR_CLOSED


def to_officials(petition: Petition, now: dt.datetime, *, by: User) -> list[Event]:
    """Newest first, with who did it and in which words, as far as `by` may read them."""
    steps = told_to(by, petition, petition.history())
    names = _Names(steps)
    reminders = [step for step in steps if step.action == "escalate"] if petition.is_open else []
    events = (
        (_with_what_to_do if step in reminders[-1:] else _officials)(step, names, now, by)
        for step in reversed(steps)
    )
    return [_as_seen(event, petition, by) for event in events]


def told_to(by: Actor, petition: Petition, steps: Iterable[Step]) -> list[Step]:
    """Without those that only whoever is asked about a doubt may know of, or has answered it."""
    kept = list(steps)
    if all(step.action not in QUIET for step in kept) or hears_doubt(by, petition):
        return kept
    own = by.pk if isinstance(by, User) else None
    return [step for step in kept if step.action not in QUIET or (own and step.by_id == own)]


def _as_seen(event: Event, petition: Petition, by: User) -> Event:
    return replace(event, text=as_seen(event.text, petition, by))


def _with_what_to_do(step: Step, names: _Names, now: dt.datetime, by: User) -> Event:
    """The last reminder says what there is to do, and what else fell due that nobody had been told of."""
    told = [step.facts.get("rung"), *step.facts.get("also", ())]
    rungs = [ladder.RUNGS[slug] for slug in told if slug in ladder.RUNGS]
    lines = [str(rungs[0].do)] if rungs else []
    if len(rungs) > 1:
        missed = "; ".join(str(rung.says) for rung in rungs[1:])
        lines.append(_("Trước đó chưa nhắc được: %(missed)s.") % {"missed": missed})
    return replace(_officials(step, names, now, by), text="\n".join(lines))


def later(steps: Iterable[Step], now: dt.datetime, *, by: User) -> list[Event]:
    """Some steps as sentences, oldest first: what happened while somebody was typing."""
    kept = list(steps)
    names = _Names(kept)
    return [_as_seen(_officials(step, names, now, by), step.petition, by) for step in kept]


def refusal(petition: Petition, *, until: Step | None = None) -> tuple[str, str]:
    """The ground and the reason of the last refusal proposed (before that step), "" where there is none."""
    proposed = _steps(petition).filter(action="propose_refusal")
    step = (proposed.filter(seq__lt=until.seq) if until else proposed).last()
    if step is None:
        return "", ""
    return _ground(step.facts.get("ground", "")), step.said.get("reason", "")


def question(petition: Petition) -> str:
    """What was asked last."""
    return last_words(petition, "ask").get("question", "")


def last_words(petition: Petition, action: str) -> dict[str, str]:
    """The words of the last step of that action; empty where there was none."""
    step = _steps(petition).filter(action=action).last()
    return step.said if step else {}


def last_handing(petition: Petition) -> tuple[Step | None, str]:
    """The step by which its lead has it, and the words that were said with it."""
    lead = petition.lead_id or ""
    given = (one for one in petition.history() if "agency" in one.facts and one.lead_agency == lead)
    step = max(given, key=lambda one: one.seq, default=None)
    return step, step.why if step else ""


def _steps(petition: Petition) -> QuerySet[Step]:
    return told_in_full(petition.steps.all())


class _Names:
    """Agencies, sub-fields and grounds that the steps of one petition speak of, read at once."""

    def __init__(self, steps: list[Step]) -> None:
        agencies: set[str] = set()
        subfields: set[str] = set()
        communes: set[str] = set()
        self.ground = ""
        for step in steps:
            told = step.facts
            agencies |= {
                step.lead_agency,
                step.asker,
                told.get("suggested_agency", ""),
                *told.get("agencies", ()),
            }
            subfields |= {told.get("subfield", "")}
            communes |= {told["commune"]} if "commune" in told else set()
            self.ground = told.get("ground", self.ground)
        self.agencies = agencies_by_code(agencies - {""})
        named = every_subfield() if subfields - {""} else {}
        self.subfields = {slug: str(named[slug]) for slug in subfields if slug in named}
        self.communes = commune_names(communes)
        self.settling = [step for step in steps if step.action in SETTLED and step.role != "system"]

    def agency(self, code: str, step: Step) -> str:
        """What it was called on the day of the step; "" for one that is not there."""
        found = self.agencies.get(code)
        return called(found, step.at) if found else ""

    def proposal(self, step: Step) -> str:
        """What became of what the machine proposed by this step; "" where a person took it."""
        if not step.facts.get("provisional"):
            return ""
        settled = next((later for later in self.settling if later.seq > step.seq), None)
        if settled:
            return str(SETTLED[settled.action])
        waits = step.petition.provisional and step.petition.is_open
        return str(PROPOSED if waits else PROPOSAL_OVER)


def _petitioners(step: Step, names: _Names, reply: Reply | None, now: dt.datetime, *, in_full: bool) -> Event:
    telling = TO_PETITIONER[step.action]
    if step.role != HOLDER:
        telling = TO_PETITIONER_OF_OFFICIALS.get(step.action, telling)
    else:
        telling = _of_a_tap(step, OF_A_TAP) or telling
    telling = SECOND_COMPLAINT if _is_second_complaint(step) else telling
    said = str(telling.said) % _facts(step, names, reply)
    if reply and step.action == "approve":
        return (
            _event(step, said, now, text=reply.text, note=_proof(reply))
            if in_full
            else _event(step, said, now)
        )
    refused = step.action == "confirm_refusal"
    text = refusal(step.petition, until=step)[1] if refused else _under(step, telling)
    return _event(step, said, now, text=text, note=names.proposal(step))


def _officials(step: Step, names: _Names, now: dt.datetime, by: User) -> Event:
    tapped = _of_a_tap(step, OF_A_TAP_TO_OFFICIALS) if step.role == HOLDER else None
    telling = tapped or (DUTY_MOVED if _moves_a_duty(step) else TO_OFFICIALS[step.action])
    telling = SECOND_COMPLAINT_TO_OFFICIALS if _is_second_complaint(step) else telling
    facts = _facts(step, names, None)
    decision = as_seen(facts["decision"], step.petition, by)
    said = str(telling.said) % (facts | {"decision": decision})
    text = _born_of(step, by) if step.action in BEARING else _under(step, telling)
    hidden = step.action in BEARING and not text
    note = "" if hidden else step.said.get("note", "")
    text = "\n".join(part for part in (text, note) if part)
    return _event(step, said, now, text=text, note=names.proposal(step) or who(step))


def _is_second_complaint(step: Step) -> bool:
    """Not against a refusal: nothing was decided there."""
    return step.action == "appeal" and step.kind == Kind.COMPLAINT and step.before != State.REJECTED


def _born_of(step: Step, by: User) -> str:
    """What was split off or appeals by this step, as far as `by` may see the petition that holds it now.

    Whoever reads the whole has read what was split off, and needs to know that it is not his: once somebody
    else has it, and nobody asks whether it is a complaint.
    """
    seen = Q(pk__in=Petition.objects.visible_to(by).filter(origin=step.petition_id).values("pk"))
    if step.action == "split":
        kept = Q(sealed=True) | Q(kind__in=NEVER_PUBLIC) | Q(law_doubt_at__isnull=False)
        seen |= ~kept & ~Q(state__in=AT_INTAKE)
    born = Petition.objects.born_of(step).filter(seen)
    return "\n".join(born.order_by("pk").values_list("text", flat=True))


def _of_a_tap(step: Step, tellings: Mapping[str, Telling]) -> Telling | None:
    """The sentence of what whoever asked told with one tap; None for all else."""
    if step.action != "inform" or step.role != HOLDER:
        return None
    return next((tellings[fact] for fact in tellings if fact in step.facts), None)


def _under(step: Step, telling: Telling) -> str:
    """The words that stand under the sentence, each on its own line."""
    kept = step.said
    return "\n".join(_saying(kept[name]) for name in telling.words if kept.get(name))


def _saying(value: str | list[str]) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return str(SAYINGS.get(value, value))


def _door(petition: Petition) -> str:
    """The channel within a sentence; a name keeps its capital."""
    label = petition.get_channel_display()
    return label if petition.channel in PROPER_NAMES else label.lower()


def _facts(step: Step, names: _Names, reply: Reply | None) -> dict[str, str]:
    """Everything a sentence may ask for, as words; "" where the step does not know it."""
    told = step.facts
    outcome = reply.outcome if reply else told.get("outcome", "")
    kind = str(dict(Kind.choices).get(told.get("kind", ""), "")).lower()
    subfield = names.subfields.get(told.get("subfield", ""), "")
    commune = names.communes.get(told.get("commune", ""), "")
    group = _label(PaknClass.choices, told.get("pakn_class", ""))
    return {
        "lead": names.agency(step.lead_agency, step) or _("đầu mối tiếp nhận"),
        "asker": names.agency(step.asker, step) or _("đầu mối tiếp nhận"),
        "outcome": _label(Outcome.choices, outcome),
        "score": _label(Score.choices, told.get("score", "")),
        "channel": _door(step.petition),
        "ground": _ground(told.get("ground", "") or names.ground).lower(),
        "decision": step.said.get("decision_number", "") or told.get("decision_number", ""),
        "return_reason": _label(ReturnReason.choices, told.get("reason_code", "")),
        "suggested": names.agency(told.get("suggested_agency", ""), step),
        "agencies": ", ".join(names.agency(code, step) or code for code in told.get("agencies", ())),
        "due": moment(step.due_at),
        "days": str(told.get("days", "")),
        "day": _told_day(told.get("day", "")),
        "circumstance": _label(Circumstance.choices, told.get("circumstance", "")),
        "announced": _label(Announced.choices, told.get("announced", "")),
        "main": str(told.get("main", "")),
        "same": codes.printed(str(told.get("same_as", ""))),
        "contact": contacts.named(told.get("contact", ())),
        "kind": kind,
        "place": names.communes.get(told.get("commune", ""), ""),
        "sorted": ", ".join(part for part in (subfield, kind, commune, group) if part)
        or _("người bị phản ánh"),
        "rung": _rung(told),
        "rule": _rule(str(told.get("rule", ""))),
        "asked": _asked(told.get("request_number", ""), told.get("requested_on", "")),
    }


def _told_day(iso: str) -> str:
    return day(dt.date.fromisoformat(iso)) if iso else ""


def _rule(slug: str) -> str:
    """The rule by its name; of one that is gone, or was told in words once, what stands in the step."""
    rule = RetentionRule.objects.filter(pk=slug).first() if slug else None
    return f"“{rule}”" if rule else slug


def _asked(number: str, iso: str) -> str:
    """By which letter an erasure was asked for; "" where nobody told."""
    dated = f"{dt.date.fromisoformat(iso):%d/%m/%Y}" if iso else ""
    told = [number and _("số %(number)s") % {"number": number}, dated and _("ngày %(day)s") % {"day": dated}]
    asked = " ".join(filter(None, told))
    return _(" (văn bản yêu cầu: %(asked)s)") % {"asked": asked} if asked else ""


def _rung(told: Mapping[str, Any]) -> str:
    """What fell due and since when; of a step of long ago, or another house's, what stands in it."""
    slug = str(told.get("rung", ""))
    said = str(ladder.RUNGS[slug].says) if slug in ladder.RUNGS else slug
    since = told.get("fell_due_at")
    where = (
        _("ở đơn đã gộp %(code)s") % {"code": codes.printed(told["said_in"])} if told.get("said_in") else ""
    )
    return ", ".join(part for part in (said, where, _since(since) if since else "") if part)


def _since(iso: str) -> str:
    return _("từ %(moment)s") % {"moment": moment(dt.datetime.fromisoformat(iso))}


def _label(choices: Iterable[tuple[str, Any]], value: str) -> str:
    return str(dict(choices).get(value, "")).lower()


def _ground(value: str) -> str:
    return str(dict(Ground.choices).get(value, ""))


def _proof(reply: Reply) -> str:
    proof = _("Bằng chứng: %(what)s") % {"what": reply.evidence} if reply.evidence else ""
    plan = _("Hẹn hoàn thành %(day)s") % {"day": day(reply.plan_date)} if reply.plan_date else ""
    return ". ".join(part for part in (proof, plan) if part)


def who(step: Step) -> str:
    if person := step.person:
        return person.get_full_name() or person.get_username()
    return _("Hệ thống") if step.role == "system" else _("Người gửi")


def _event(step: Step, said: str, now: dt.datetime, *, text: str = "", note: str = "") -> Event:
    return Event(
        said=said,
        moment=moment(step.at),
        ago=ago(step.at, now),
        iso=step.at.isoformat(),
        text=text,
        note=note,
    )
