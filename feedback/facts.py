"""What an action may be told, checked: each fact by its name, with a sentence for what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.accused import barred_by, barred_from, goes_up_to, lifted_to, receiver
from feedback.models.public import PublicPetition
from feedback.models.reply import ABOUT_RULES, NEEDS_PLAN_DATE, NOT_ABOUT_RULES, Outcome, Score
from feedback.models.step import NAMING, TAKES_BACK
from feedback.models.watching import RetentionRule
from feedback.workflow import ACTIONS, OPEN, PAKN_BY_HAND, PETITIONS_AT_LAW, Kind, State
from feedback.workflow.conditions import last_day_to_help, owes_investigators
from routing.assignment import Against, excluded_by, heirs_of
from routing.calendar import DeadlineError
from routing.deadlines import rule as rule_of
from routing.kept import row
from routing.models import Agency, Commune, PolicyStep, Subfield
from routing.models.limits import POLICY_AT_LAW
from routing.succession import successions
from routing.telling import article

if TYPE_CHECKING:
    from feedback.models import Petition


class ReturnReason(models.TextChoices):
    """Why a unit gives an assignment back."""

    NOT_COMPETENT = "not_competent", _l("Không đúng thẩm quyền")
    WRONG_FIELD = "wrong_field", _l("Sai lĩnh vực")
    WRONG_PLACE = "wrong_place", _l("Sai địa bàn")
    DUPLICATE = "duplicate", _l("Trùng đơn đã có")
    UNCLEAR = "unclear", _l("Nội dung chưa rõ")


class Ground(models.TextChoices):
    """Why a petition is not taken in; nine (`NINE`) are those of Luật Khiếu nại 2011, Điều 11.

    The nine are listed from general knowledge of the text before Luật 136/2025/QH15, not yet checked.
    """

    OUT_OF_SCOPE = "out_of_scope", _l("Ngoài phạm vi tiếp nhận")
    ALREADY_ANSWERED = "already_answered", _l("Đã được trả lời, không có tình tiết mới")
    COURT = "court", _l("Tòa án đã thụ lý hoặc đã xét xử")
    OTHER_BODY = "other_body", _l("Cơ quan khác đang giải quyết")
    NO_CAPACITY = "no_capacity", _l("Người gửi không đủ năng lực hành vi, không có người đại diện")
    UNSIGNED = "unsigned", _l("Đơn không có chữ ký hoặc điểm chỉ")
    TIME_BARRED = "time_barred", _l("Đã hết thời hiệu")
    ABUSIVE = "abusive", _l("Xúc phạm, quấy rối")
    INTERNAL_ACT = (
        "internal_act",
        _l(
            "Quyết định, hành vi trong nội bộ cơ quan nhà nước để chỉ đạo, tổ chức công việc; văn bản quy "
            "phạm pháp luật; thuộc phạm vi bí mật nhà nước (Điều 11 khoản 1)"
        ),
    )
    NOT_OWN_RIGHT = (
        "not_own_right",
        _l(
            "Quyết định, hành vi không liên quan trực tiếp đến quyền, lợi ích hợp pháp của người khiếu nại "
            "(Điều 11 khoản 2)"
        ),
    )
    KN_NO_CAPACITY = (
        "kn_no_capacity",
        _l(
            "Người khiếu nại không có năng lực hành vi dân sự đầy đủ mà không có người đại diện hợp pháp "
            "(Điều 11 khoản 3)"
        ),
    )
    REPRESENTATIVE = (
        "unlawful_representative",
        _l("Người đại diện không hợp pháp thực hiện khiếu nại (Điều 11 khoản 4)"),
    )
    KN_UNSIGNED = "kn_unsigned", _l("Đơn khiếu nại không có chữ ký hoặc điểm chỉ (Điều 11 khoản 5)")
    KN_TIME_BARRED = (
        "kn_time_barred",
        _l("Thời hiệu, thời hạn khiếu nại đã hết mà không có lý do chính đáng (Điều 11 khoản 6)"),
    )
    SECOND_DECIDED = "second_decided", _l("Khiếu nại đã có quyết định giải quyết lần hai (Điều 11 khoản 7)")
    ENDED = (
        "ended",
        _l("Đã có văn bản đình chỉ giải quyết mà sau 30 ngày không tiếp tục khiếu nại (Điều 11 khoản 8)"),
    )
    KN_COURT = (
        "kn_court",
        _l(
            "Đã được Tòa án thụ lý hoặc giải quyết bằng bản án, quyết định, trừ quyết định đình chỉ vụ án "
            "(Điều 11 khoản 9)"
        ),
    )


class ComplexGround(models.TextChoices):
    """What makes a case complex: the seven of NĐ 155/2026/NĐ-CP, Điều 3a, and two for denunciations."""

    MANY_PLACES = "many_places", _l("Xác minh ở từ hai nơi")
    MANY_MATTERS = "many_matters", _l("Có từ hai nội dung")
    MANY_PEOPLE = "many_people", _l("Nhiều người cùng khiếu nại")
    FOREIGN = "foreign", _l("Có yếu tố nước ngoài")
    MANY_AGENCIES = "many_agencies", _l("Thuộc trách nhiệm nhiều cơ quan")
    DISAGREEMENT = "disagreement", _l("Các cơ quan có ý kiến khác nhau")
    CONFLICTING_EVIDENCE = "conflicting_evidence", _l("Chứng cứ mâu thuẫn")
    COMPLEX = "complex", _l("Vụ việc phức tạp")
    SPECIALLY_COMPLEX = "specially_complex", _l("Vụ việc đặc biệt phức tạp")


class Circumstance(models.TextChoices):
    """What is put on record of a complaint or denunciation, and moves a limit or a duty."""

    FORMAL = "formal", _l("Đã có đơn ký tên, hoặc người tố cáo trình bày trực tiếp")
    SEVERAL_PLACES = "several_places", _l("Phải xác minh điều kiện thụ lý ở nhiều nơi")
    CRIME_SIGNS = "crime_signs", _l("Có dấu hiệu tội phạm, phải chuyển ngay cơ quan điều tra")
    CRIME_HANDED = "crime_handed", _l("Đã chuyển hồ sơ cho cơ quan điều tra")
    ACCEPTANCE_TOLD = "acceptance_told", _l("Đã báo việc thụ lý cho người tố cáo, người bị tố cáo")
    WITHDRAWAL = "withdrawal", _l("Đã nhận văn bản rút tố cáo, vẫn giải quyết tiếp")


class Announced(models.TextChoices):
    """What was done with a decision on a complaint, or a conclusion on a denunciation."""

    SENT = "sent", _l("Đã gửi cho các bên")
    PUBLICISED = "publicised", _l("Đã công khai")


class Criterion(models.TextChoices):
    """By what a rule is judged that somebody complains of (NĐ 20/2008/NĐ-CP, Điều 14 khoản 2 điểm c)."""

    NECESSARY = "necessary", _l("Sự cần thiết")
    LAWFUL = "lawful", _l("Tính hợp lý, hợp pháp")
    SIMPLE = "simple", _l("Tính đơn giản, dễ hiểu")
    FEASIBLE = "feasible", _l("Tính khả thi")
    CONSISTENT = "consistent", _l("Sự thống nhất, đồng bộ với quy định khác")
    TREATIES = "treaties", _l("Sự phù hợp với điều ước quốc tế")


LONGEST_TEXT = 20_000  # code points
MOST_ASKED = 30
# What may be told of a sender after filing; beside it, that the handling agency shall not know him, and that
# whoever left no identity now lets the intake know it.
TOLD_LATER = ("name", "residence", "phone", "email")
CHOICES_OF_SENDER = ("hidden", "known", "no_email")  # the last: the address that stands is not his
ON_REQUEST = "on-request"  # the rule for an owner of data who asks
# A promise or a question that reaches beyond this is a slip of the pen.
FURTHEST = dt.date(2100, 1, 1)

# Words and personal facts go to the erasable StepText; the others stand in the Step for ever.
WORDS = frozenset(
    {
        "text",
        "texts",
        "words",
        "reason",
        "question",
        "note",
        "public_text",
        "public_answer",
        "pictures",
        "evidence",
        "interim_reply",
        "notice",
        "address",
        "body",
        "hide",
        "why",
        "files",
        "again",
    }
)


def writable(value: str) -> str:
    """Refuse what no database can keep as it is: NUL and lone surrogates."""
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValidationError(_("Có ký tự không đọc được (ký tự NUL hoặc mã hỏng); xin xóa rồi gửi lại."))
    return value


def words(value: Any) -> str:
    text = writable(value.strip()) if isinstance(value, str) else ""
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("Nội dung dài quá %(most)s ký tự; xin viết gọn lại hoặc gửi kèm tệp.") % {"most": "20.000"}
        )
    return text


def short(value: Any) -> str:
    """A number, a name or a code, of one line."""
    line = writable(str(value or "").strip())
    if len(line) > 200:
        raise ValidationError(_("Dài quá 200 ký tự."))
    return line


def agency(value: Any) -> str:
    if isinstance(value, Agency):
        return value.code
    code = short(value)
    if code and not row(Agency, code):
        raise ValidationError(_("Không có cơ quan nào mang mã %(code)s.") % {"code": code})
    return code


def day(value: Any) -> dt.date | None:
    if value in (None, ""):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValidationError(_("Ngày phải viết theo dạng 2026-12-01.")) from None


def rule(value: Any) -> str:
    """The slug of a retention rule. It stands in the step for ever, so a sentence is kept as `on-request`:
    it may hold the very words that somebody wants erased."""
    slug = short(value)
    return slug if not slug or RetentionRule.objects.filter(pk=slug).exists() else ON_REQUEST


def agencies(value: Any) -> list[str]:
    """Each once, in the order told; more than anybody could want to ask is a slip."""
    named = list(dict.fromkeys(map(short, _listed(value))))
    if len(named) > MOST_ASKED:
        raise ValidationError(_("Hỏi nhiều nhất %(most)s cơ quan một lần.") % {"most": MOST_ASKED})
    return [agency(code) for code in named]


def texts(value: Any) -> list[str]:
    return [text for text in (words(part) for part in _listed(value)) if text]


def against(value: Any) -> dict[str, str] | None:
    """Who is complained about: `{"agency_type", "unit_code", "role"}` of an agency that exists."""
    if not value:
        return None
    if not isinstance(value, dict):
        raise ValidationError(_("Người bị phản ánh: cần loại cơ quan, mã địa bàn và vai trò."))
    named = {key: str(value.get(key) or "") for key in ("agency_type", "unit_code", "role")}
    named["role"] = named["role"] or "unit"
    try:
        excluded_by(Against(**named))
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from None
    return named


def contact(value: Any) -> dict[str, Any] | None:
    """Who sent it, as typed: some of TOLD_LATER and CHOICES_OF_SENDER; `contacts` looks at each."""
    if not value:
        return None
    if not isinstance(value, dict) or not value.keys() <= {*TOLD_LATER, *CHOICES_OF_SENDER}:
        raise ValidationError(_("Người gửi: cần họ tên, địa chỉ, điện thoại hoặc thư điện tử."))
    return {name: yes(said) if name in CHOICES_OF_SENDER else str(said or "") for name, said in value.items()}


def _listed(value: Any) -> list[Any]:
    """A list, or one thing as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def digests(value: Any) -> list[str]:
    """The SHA-256 of pictures that a reviewer has looked at, or of files that go with an answer again; of
    which petition is asked by whoever keeps them."""
    named = list(dict.fromkeys(map(short, _listed(value))))
    if not all(re.fullmatch(r"[0-9a-f]{64}", one) for one in named):
        raise ValidationError(_("Không có ảnh nào như vậy."))
    return named


def working_days(value: Any) -> int:
    """How long a demanded report may take: 1 to 60; ValidationError says which."""
    try:
        days = int(short(str(value)))  # nought is a number too
    except ValueError:
        raise ValidationError(_("Số ngày làm việc phải là số nguyên.")) from None
    if not 1 <= days <= 60:
        raise ValidationError(_("Số ngày làm việc từ 1 đến 60."))
    return days


def subfield(value: Any) -> str:
    slug = short(value)
    if slug and not row(Subfield, slug):
        raise ValidationError(_("Không có tiểu lĩnh vực “%(slug)s”.") % {"slug": slug})
    return slug


def commune(value: Any) -> str:
    code = short(value)
    if code and not row(Commune, code):
        raise ValidationError(_("Không có xã, phường nào mang mã này; xin chọn lại."))
    return code


def public_code(value: Any) -> str:
    """The code of a petition that everyone may read."""
    code = short(value)
    if code and not PublicPetition.objects.filter(code=code).exists():
        raise ValidationError(_("Phản ánh này không còn được đăng công khai."))
    return code


def yes(value: Any) -> bool:
    return value is True or str(value).lower() in {"true", "1", "yes", "có"}


# Nghị định 30/2020/NĐ-CP, phụ lục I: a number, and a symbol of abbreviations (“TTr-UBND”, “QĐ-TTg”).
_RUN = r"(?:[0-9]{1,5}|[A-ZĐƯ]{1,7}[a-zđư]?)"
NUMBER_OF_AN_OFFICE = re.compile(rf"(?=.*[0-9]){_RUN}(?:[/-]{_RUN}){{0,5}}")
MOST_FIGURES = 8  # however they are parted: a telephone and a paper of a person have more


def request_number(value: Any) -> str:
    """As an office numbers what comes in. It stands in the step for ever, so it should name nobody."""
    told = re.sub(r"\s*([/-])\s*", r"\1", short(value))
    figures = sum(map(str.isdigit, told))
    if told and not (NUMBER_OF_AN_OFFICE.fullmatch(told) and figures <= MOST_FIGURES):
        raise ValidationError(
            _(
                "Số văn bản viết như 12/YC-2026 hay 45/TTr-UBND, không quá 8 chữ số; không ghi tên, số điện "
                "thoại, số giấy tờ: số này còn lại mãi."
            )
        )
    return told


def number(value: Any) -> int | None:
    """Of a row, as a page told it; 0 is of none."""
    if not str(value or 0).isdecimal():
        raise ValidationError(UNKNOWN)
    return int(value or 0) or None


def letter_digest(value: Any) -> str:
    """Which letter told it: a keyed digest, for what stands here is never erased."""
    told = str(value or "")
    if told and not re.fullmatch(r"[0-9a-f]{64}", told):
        raise ValidationError(UNKNOWN)
    return told


def one_of(choices: Collection[str]) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if value and value not in choices:
            raise ValidationError(_("Không có lựa chọn “%(value)s”.") % {"value": str(value)[:60]})
        return str(value or "")

    return clean


def several_of(choices: Collection[str]) -> Callable[[Any], list[str]]:
    """Each once, in the order told."""
    clean_one = one_of(choices)
    return lambda value: [clean_one(one) for one in dict.fromkeys(map(short, _listed(value)))]


CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(WORDS - {"texts", "files", "again", "pictures"}, words),
    **dict.fromkeys(("pictures", "again"), digests),
    "texts": texts,
    "against": against,
    "contact": contact,
    "agency": agency,
    "suggested_agency": agency,
    "agencies": agencies,
    "plan_date": day,
    "day": day,
    "signed_on": day,
    "days": working_days,
    "subfield": subfield,
    "commune": commune,
    "doubts": yes,
    "same_as": public_code,
    "not_same": yes,
    "apart": yes,
    "decision_number": short,
    "signed_form": yes,
    "rule": rule,
    "contact_alone": yes,
    "letter": letter_digest,
    "objections_read": number,
    "request_number": request_number,
    "requested_on": day,
    "kind": one_of(Kind.values),
    "outcome": one_of(Outcome.values),
    "score": one_of(Score.values),
    "ground": one_of(Ground.values),
    "reason_code": one_of(ReturnReason.values),
    "complex_ground": one_of(ComplexGround.values),
    "circumstance": one_of(Circumstance.values),
    "announced": one_of(Announced.values),
    "pakn_class": one_of(PAKN_BY_HAND),
    "criteria": several_of(Criterion.values),
}

# What only the house itself may say of a step; `files`, the SHA-256 of each that came with it, by `enclosed`.
OF_THE_SYSTEM = frozenset(
    {"provisional", "model", "decision", "rung", "sent_to", "fell_due_at", "also", "said_in", "empty"}
)
KNOWN = frozenset({*CLEANERS, "main", *OF_THE_SYSTEM})

MISSING = {
    "text": _l("Xin viết nội dung."),
    "texts": _l("Xin viết nội dung từng phần tách ra."),
    "agency": _l("Xin chọn cơ quan chủ trì."),
    "agencies": _l("Xin chọn cơ quan phối hợp."),
    "suggested_agency": _l("Xin đề xuất cơ quan phù hợp."),
    "reason_code": _l("Xin chọn lý do trả lại."),
    "reason": _l("Xin ghi rõ lý do."),
    "why": _l("Xin ghi rõ vì sao."),
    "against": _l("Xin ghi ai bị phản ánh."),
    "question": _l("Xin viết câu hỏi."),
    "day": _l("Xin chọn ngày."),
    "ground": _l("Xin chọn căn cứ từ chối."),
    "body": _l("Xin ghi tên nơi có thẩm quyền."),
    "address": _l("Xin ghi địa chỉ, điện thoại của nơi có thẩm quyền."),
    "decision_number": _l("Xin ghi số quyết định thụ lý."),
    "signed_on": _l("Xin ghi ngày người gửi ký đơn hoặc trình bày trực tiếp."),
    "interim_reply": _l("Xin viết trả lời tạm cho người gửi."),
    "complex_ground": _l("Khiếu nại chỉ được kéo dài khi ghi rõ căn cứ vụ việc phức tạp."),
    "circumstance": _l("Xin chọn điều được ghi nhận."),
    "announced": _l("Xin chọn đã gửi hay đã công khai."),
    "outcome": _l("Xin chọn kết quả xử lý."),
    "words": _l("Xin ghi rõ lý do."),
    "score": _l("Xin chọn mức độ hài lòng."),
    "main": _l("Xin ghi mã đơn chính."),
    "kind": _l("Xin chọn loại."),
    "hide": _l("Xin ghi phần không muốn công khai, hoặc “all” nếu không công khai gì."),
    "days": _l("Xin ghi số ngày làm việc."),
    "rule": _l("Xin ghi quy tắc xóa."),
    "rung": _l("Thiếu bậc nhắc việc."),
    "notice": _l("Xin viết thông báo gửi người dân trước khi đóng."),
    "signed_form": _l("Rút tố cáo phải có văn bản rút có chữ ký."),
    "what": _l("Xin ghi điều được sửa: tiểu lĩnh vực, loại, nơi xảy ra hoặc người bị phản ánh."),
    "public_text": _l("Xin viết nội dung sẽ công khai."),
    "plan_date": _l("Trả lời “đã ghi nhận” hoặc “có kế hoạch” phải kèm ngày hẹn hoàn thành."),
    "evidence": _l("Phản ánh hiện trường đã giải quyết phải kèm ảnh sau xử lý hoặc văn bản."),
}


SEAL_THE_WHOLE = _l(
    "Đơn này giữ toàn văn, trong đó có phần đã niêm phong mà cơ quan này không được đọc: xin niêm phong "
    "chính đơn này, phần còn lại tách và giao riêng."
)


NAMES_NOBODY = _l(
    "Thao tác này không ghi bên bị phản ánh: xin ghi bằng “phân loại lại”, “đưa lên cấp trên” hoặc, khi đơn "
    "đã xong, “ghi bên bị phản ánh”."
)
UNKNOWN, NO_SUCH_FILE = _l("Không có thông tin nào tên như vậy."), _l("Không có tệp nào như vậy.")
# Facts that only these actions take, and what is said where another is told one.
TAKEN_BY = {
    "main": ({"merge"}, UNKNOWN),
    "against": ({*NAMING, TAKES_BACK}, NAMES_NOBODY),
    "again": ({"draft_reply"}, NO_SUCH_FILE),
    "contact": ({"inform"}, UNKNOWN),
    "contact_alone": ({"inform"}, UNKNOWN),
    "letter": ({"inform"}, UNKNOWN),
    "objections_read": ({"publish"}, UNKNOWN),
    "request_number": ({"erase"}, UNKNOWN),
    "requested_on": ({"erase"}, UNKNOWN),
}


def clean(
    name: str, facts: Mapping[str, Any], *, petition: Petition | None = None, today: dt.date
) -> dict[str, Any]:
    """The facts of an action, each cleaned; raises ValidationError with one sentence per fact name."""
    errors = {key: str(UNKNOWN) for key in facts if key not in KNOWN}
    told: dict[str, Any] = {}
    for key, value in facts.items():
        try:
            told[key] = CLEANERS[key](value) if key in CLEANERS else value
        except ValidationError as error:
            errors[key] = error.messages[0]
    if petition is not None and not errors:
        errors |= _raised(name, told, petition, today)
    needed = (*ACTIONS[name].needs, *_further_needs(name, told, petition))
    errors |= {need: str(MISSING[need]) for need in needed if not told.get(need) and need not in errors}
    errors |= _slips_of_the_calendar(told, today) | _in_vain(name, told)
    if petition is not None:
        errors |= _against_what_is_known(name, told, petition, today)
    if errors:
        raise ValidationError(errors)
    if name == "coordinate" and petition is not None:
        told["day"] = min(told["day"], last_day_to_help(petition, petition.moment) or told["day"])
    return {key: value for key, value in told.items() if value not in ("", None)}


def _in_vain(name: str, told: Mapping[str, Any]) -> dict[str, str]:
    """What other actions alone take."""
    only = ((fact, said) for fact, (actions, said) in TAKEN_BY.items() if name not in actions)
    return {fact: str(said) for fact, said in only if told.get(fact) not in (None, [])}


def _against_what_is_known(
    name: str, told: Mapping[str, Any], petition: Petition, today: dt.date
) -> dict[str, str]:
    """What the petition as it is, its kin, and the tables of that day do not allow."""
    errors: dict[str, str] = {}
    if name == "draft_reply" and told.get("outcome"):
        errors |= _missing_proof(told, today) | _wrong_outcome(told, petition)
    if told.get("again"):
        errors |= _none_such(told["again"], petition)
    if name == TAKES_BACK and told.get("against"):
        errors |= _not_named(Against(**told["against"]), petition)
    if name == "merge" and told.get("main") and not isinstance(told["main"], models.Model):
        errors["main"] = _("Không có đơn nào mang mã này.")
    return (
        errors
        | _closed(told, today)
        | _holds_what_is_sealed(name, told, petition)
        | _excluded(name, told, petition, today)
        | _itself(told, petition)
        | _kind_by_the_wrong_door(name, told, petition)
        | _against_the_law(name, told, petition, today)
        | _wrong_place(name, told, petition)
    )


def _raised(name: str, told: dict[str, Any], petition: Petition, today: dt.date) -> dict[str, str]:
    """Whom it goes up to where nobody chose, put among what is told; a sentence where no rule names one."""
    named = told.get("against")
    against = Against(**named) if named else None
    if name == "accuse" and against:
        told["agency"] = goes_up_to(petition, against, today)
    if name == "lift" and not told.get("agency"):
        try:
            told["agency"] = lifted_to(petition, against, today)
        except ValidationError as nobody:
            return {"agency": nobody.messages[0]}
    return {}


def _none_such(again: list[str], petition: Petition) -> dict[str, str]:
    """Files go with an answer again that came with a draft of this petition."""
    known = petition.attachments.unsent(again).values_list("sha256", flat=True)
    return {} if {*known} >= {*again} else {"again": str(NO_SUCH_FILE)}


# What a reclassification may change.
MAY_BE_SORTED = ("subfield", "kind", "commune", "against", "pakn_class")


def _further_needs(name: str, told: Mapping[str, Any], petition: Petition | None) -> Iterator[str]:
    """Needs that hang on the petition or on what else was told."""
    if petition is None:
        return
    if name == "reclassify" and not any(told.get(key) for key in MAY_BE_SORTED):
        yield "what"
    if name == "request_extension" and petition.kind == Kind.COMPLAINT:
        yield "complex_ground"
    yield from ACTIONS[name].needs_in.get(State(petition.state), ())
    if name == "withdraw" and petition.kind == Kind.DENUNCIATION:
        yield "signed_form"


def _kind_by_the_wrong_door(name: str, told: Mapping[str, Any], petition: Petition) -> dict[str, str]:
    """Into complaint and denunciation leads `seal`, out of them `reclassify`; `receive` leads neither way."""
    kind = told.get("kind")
    if not kind:
        return {}
    if name == "seal" and petition.sealed and kind == petition.kind:
        return {"kind": _("Đơn này đã được niêm phong là loại ấy.")}
    if name == "seal":
        return {} if kind in PETITIONS_AT_LAW else {"kind": _("Chỉ khiếu nại, tố cáo được niêm phong.")}
    by_receipt = name == "receive" and not PETITIONS_AT_LAW.isdisjoint({kind, petition.kind})
    into_the_law = name == "reclassify" and kind in PETITIONS_AT_LAW
    if by_receipt or (into_the_law and not (petition.sealed and kind == petition.kind)):
        return {"kind": _("Khiếu nại, tố cáo: dùng “niêm phong” để chuyển vào, “phân loại lại” để đưa ra.")}
    return {}


SEVEN = frozenset(ComplexGround.values) - {ComplexGround.COMPLEX, ComplexGround.SPECIALLY_COMPLEX}
NINE = frozenset(
    {
        *(Ground.INTERNAL_ACT, Ground.NOT_OWN_RIGHT, Ground.KN_NO_CAPACITY, Ground.REPRESENTATIVE),
        *(Ground.KN_UNSIGNED, Ground.KN_TIME_BARRED, Ground.SECOND_DECIDED, Ground.ENDED, Ground.KN_COURT),
    }
)


def _against_the_law(
    name: str, told: Mapping[str, Any], petition: Petition, today: dt.date
) -> dict[str, str]:
    """What complaint and denunciation ask that other petitions do not."""
    errors = {}
    if name == "propose_refusal" and told.get("ground") in NINE and petition.kind != Kind.COMPLAINT:
        errors["ground"] = _("Căn cứ này chỉ dành cho khiếu nại (Luật Khiếu nại 2011, Điều 11).")
    if name == "request_extension" and told.get("complex_ground"):
        errors |= _wrong_complexity(told["complex_ground"], petition)
    if name == "declare" and told.get("circumstance"):
        errors |= _wrong_circumstance(told["circumstance"], petition, today)
    if name == "dialogue" and told.get("day"):
        first = today + dt.timedelta(days=_notice_of_dialogue(petition, today))
        if told["day"] < first:
            said = _("Thông báo đối thoại gửi trước ít nhất %(days)s ngày: sớm nhất %(first)s (%(article)s).")
            rule = _rule_of_dialogue(petition, today)
            errors["day"] = said % {
                "days": rule.amount,
                "first": f"{first:%d/%m/%Y}",
                "article": article(rule.article),
            }
    return errors


def _wrong_complexity(ground: str, petition: Petition) -> dict[str, str]:
    """A complaint names one of the seven; a denunciation is complex once, then specially complex."""
    if petition.kind == Kind.COMPLAINT and ground not in SEVEN:
        return {
            "complex_ground": _("Xin chọn một trong bảy căn cứ của khiếu nại (NĐ 155/2026/NĐ-CP, Điều 3a).")
        }
    again = petition.kind == Kind.DENUNCIATION and petition.extensions > 0
    if again and ground != ComplexGround.SPECIALLY_COMPLEX:
        return {
            "complex_ground": _(
                "Chỉ gia hạn lần hai khi vụ việc đặc biệt phức tạp (Luật Tố cáo 2018, Điều 30)."
            )
        }
    return {}


def circumstances_of(petition: Petition, today: dt.date) -> list[Circumstance]:
    """What may be put on record of it on that day, in the order of the list.

    That its acceptance has to be checked in several places makes the limit longer while it is not over.
    """
    of_denunciation = petition.kind == Kind.DENUNCIATION
    waits = petition.accepted_for_handling_at is None
    stands_since = timezone.localdate(petition.paused_at) if petition.paused_at else today
    in_time = petition.legal_due_on is None or stands_since <= petition.legal_due_on
    several_places = of_denunciation and waits and in_time and petition.formal_since is not None
    fits = {
        Circumstance.FORMAL: of_denunciation and petition.formal_since is None,
        Circumstance.SEVERAL_PLACES: several_places,
        Circumstance.CRIME_SIGNS: True,
        Circumstance.CRIME_HANDED: owes_investigators(petition),
        Circumstance.ACCEPTANCE_TOLD: of_denunciation and not waits and petition.acceptance_told_at is None,
        Circumstance.WITHDRAWAL: of_denunciation,
    }
    if petition.state not in OPEN:  # of what is over nothing else is left to be recorded
        fits = {Circumstance.CRIME_HANDED: owes_investigators(petition)}
    return [one for one, holds in fits.items() if holds]


def _wrong_circumstance(circumstance: str, petition: Petition, today: dt.date) -> dict[str, str]:
    if circumstance in circumstances_of(petition, today):
        return {}
    return {"circumstance": _("Điều này không ghi nhận được với đơn này lúc này.")}


def _rule_of_dialogue(petition: Petition, today: dt.date) -> PolicyStep:
    return rule_of(POLICY_AT_LAW["complaint"], "dialogue", on=today, province=petition.territory_id)


def _notice_of_dialogue(petition: Petition, today: dt.date) -> int:
    """How many days before it the parties hear of it; 0 while no rule says so."""
    try:
        return _rule_of_dialogue(petition, today).amount
    except DeadlineError:
        return 0


def _slips_of_the_calendar(told: Mapping[str, Any], today: dt.date) -> dict[str, str]:
    """A day that somebody is to keep lies ahead and within reach; what was signed was signed by today."""
    errors = {}
    for name in ("plan_date", "day"):
        if told.get(name) and told[name] > FURTHEST:
            errors[name] = _("Ngày này quá xa; xin xem lại năm.")
    if told.get("day") and told["day"] < today:
        errors["day"] = _("Ngày này đã qua.")
    if told.get("signed_on") and told["signed_on"] > today:
        errors["signed_on"] = _("Ngày ký không thể ở sau hôm nay.")
    if told.get("requested_on") and told["requested_on"] > today:
        errors["requested_on"] = _("Ngày yêu cầu không thể ở sau hôm nay.")
    return errors


def _wrong_place(name: str, told: Mapping[str, Any], petition: Petition) -> dict[str, str]:
    """Once someone works on it the place moves only by his hand, and within the province that took it in."""
    if not told.get("commune"):
        return {}
    if name == "inform" and petition.is_taken_on:
        return {"commune": _("Đã có cơ quan nhận xử lý; xin viết nơi đúng ở phần nói thêm.")}
    here = Commune.objects.filter(pk=told["commune"], province=petition.territory_id)
    if name in {"reclassify", "receive"} and not here.exists():
        return {"commune": _("Nơi này thuộc tỉnh, thành phố khác; xin hướng dẫn người gửi đến đó.")}
    return {}


def _closed(told: Mapping[str, Any], today: dt.date) -> dict[str, str]:
    """What is no more takes nothing on; who does so in its place is told."""
    chosen = {"agency": [told.get("agency")], "agencies": told.get("agencies") or ()}
    closed = successions().closed(today) if any(map(any, chosen.values())) else set()
    return {key: _no_more(code, today) for key, codes in chosen.items() for code in codes if code in closed}


def _no_more(code: str, today: dt.date) -> str:
    heirs = ", ".join(heir.name for heir in heirs_of(code, today))
    told = _("Cơ quan này đã giải thể, không được giao.")
    instead = _("Nay giao: %(heirs)s.") % {"heirs": heirs}
    return f"{told} {instead}" if heirs else told


def _excluded(name: str, told: Mapping[str, Any], petition: Petition, today: dt.date) -> dict[str, str]:
    """A body complained about neither leads nor helps, nor does one that goes on with its work."""
    chosen = {"agency": {told.get("agency")} - {None}, "agencies": set(told.get("agencies") or ())}
    if not any(chosen.values()):
        return {}
    barred = barred_from(petition, today)
    if told.get("against"):  # told in the same breath
        against, lifted = Against(**told["against"]), name == "lift"
        barred |= barred_by(against, petition, today, lifted=lifted, kind=told.get("kind", ""))
    sentence = _("Cơ quan này là bên bị phản ánh nên không được giao.")
    errors = {key: sentence for key, codes in chosen.items() if codes & barred}
    if petition.lead_id in chosen["agencies"]:
        errors["agencies"] = _("Cơ quan đang chủ trì thì không phải hỏi chính mình.")
    return errors


def _itself(told: Mapping[str, Any], petition: Petition) -> dict[str, str]:
    """Whoever gives it back names somebody else."""
    if not petition.lead_id or told.get("suggested_agency") != petition.lead_id:
        return {}
    return {"suggested_agency": _("Xin đề xuất một cơ quan khác, không phải chính cơ quan trả lại.")}


def _not_named(against: Against, petition: Petition) -> dict[str, str]:
    if any(step.accused == against for step in petition.accusations()):
        return {}
    return {"against": _("Không có ghi chép nào như vậy đang có hiệu lực.")}


GIVING = frozenset({"assign", "transfer", "lift", "coordinate"})


def _holds_what_is_sealed(name: str, told: Mapping[str, Any], petition: Petition) -> dict[str, str]:
    """The whole text goes to nobody who does not see a part of it that is sealed."""
    chosen = {told.get("agency"), *(told.get("agencies") or ())} - {None, ""}
    if name not in GIVING or not chosen:
        return {}
    for part in petition.sealed_parts():
        if chosen - {receiver(petition, petition.excluded_agencies()), part.lead_id, *part.asked_agencies()}:
            return {"agencies" if told.get("agencies") else "agency": str(SEAL_THE_WHOLE)}
    return {}


def _wrong_outcome(told: Mapping[str, Any], petition: Petition) -> dict[str, str]:
    """A rule is amended or struck out only where somebody asked about rules."""
    if told["outcome"] not in ABOUT_RULES or petition.concerns_rules:
        return {}
    return {"outcome": str(NOT_ABOUT_RULES)}


def _missing_proof(told: Mapping[str, Any], today: dt.date) -> dict[str, str]:
    """`noted` and `planned` need a day to come; `resolved` needs evidence."""
    if told["outcome"] in NEEDS_PLAN_DATE:
        plan = told.get("plan_date")
        if not plan:
            return {"plan_date": str(MISSING["plan_date"])}
        return {"plan_date": _("Ngày hẹn phải sau hôm nay.")} if plan <= today else {}
    if told["outcome"] == Outcome.RESOLVED and not told.get("evidence"):
        return {"evidence": str(MISSING["evidence"])}
    return {}
