"""What an action may be told, checked: each fact by its name, with a sentence for what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.models.reply import NEEDS_PLAN_DATE, Outcome, Score
from feedback.workflow import ACTIONS
from routing.models import Agency

LONGEST_TEXT = 20_000  # code points

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
        "evidence",
        "interim_reply",
        "notice",
        "address",
        "body",
        "hide",
        "why",
    }
)


def words(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if "\x00" in text:
        raise ValidationError(_("Nội dung có ký tự không hợp lệ (NUL)."))
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("Nội dung dài quá %(most)s ký tự; xin viết gọn lại hoặc gửi kèm tệp.") % {"most": "20.000"}
        )
    return text


def agency(value: Any) -> str:
    code = value.code if isinstance(value, Agency) else str(value or "").strip()
    if code and not Agency.objects.filter(pk=code).exists():
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


def one_of(choices: Mapping[str, Any]) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if value and value not in choices:
            raise ValidationError(_("Không có lựa chọn “%(value)s”.") % {"value": value})
        return str(value or "")

    return clean


CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(WORDS - {"texts"}, words),
    "agency": agency,
    "plan_date": day,
    "day": day,
    "signed_on": day,
    "outcome": one_of(dict(Outcome.choices)),
    "score": one_of(dict(Score.choices)),
}

MISSING = {
    "text": _l("Xin viết nội dung."),
    "agency": _l("Xin chọn cơ quan chủ trì."),
    "outcome": _l("Xin chọn kết quả xử lý."),
    "words": _l("Xin ghi rõ lý do trả lại dự thảo."),
    "score": _l("Xin chọn mức độ hài lòng."),
    "public_text": _l("Xin viết nội dung sẽ công khai."),
    "plan_date": _l("Trả lời “đã ghi nhận” hoặc “có kế hoạch” phải kèm ngày hẹn hoàn thành."),
    "evidence": _l("Phản ánh hiện trường đã giải quyết phải kèm ảnh sau xử lý hoặc văn bản."),
}


def clean(name: str, facts: Mapping[str, Any], *, today: dt.date) -> dict[str, Any]:
    """The facts of an action, each cleaned; raises ValidationError with one sentence per fact name."""
    errors: dict[str, str] = {}
    told: dict[str, Any] = {}
    for key, value in facts.items():
        try:
            told[key] = CLEANERS[key](value) if key in CLEANERS else value
        except ValidationError as error:
            errors[key] = error.messages[0]
    for need in ACTIONS[name].needs:
        if not told.get(need) and need not in errors:
            errors[need] = str(MISSING.get(need) or _("Thiếu thông tin: %(need)s.") % {"need": need})
    if name == "draft_reply" and "outcome" not in errors:
        errors |= _missing_proof(told, today)
    if errors:
        raise ValidationError(errors)
    return {key: value for key, value in told.items() if value not in ("", None)}


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
