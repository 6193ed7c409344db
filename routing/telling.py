"""Moments, days and numbers as people here say them; pages and sentences share it."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

WEEKDAYS = (
    _l("thứ Hai"),
    _l("thứ Ba"),
    _l("thứ Tư"),
    _l("thứ Năm"),
    _l("thứ Sáu"),
    _l("thứ Bảy"),
    _l("Chủ nhật"),
)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def local_day(on: dt.date | dt.datetime) -> dt.date:
    """The day at +07:00."""
    return timezone.localdate(on) if isinstance(on, dt.datetime) else on


def short_day(on: dt.date | dt.datetime | None) -> str:
    """`27/11/2026`; "" for None."""
    return f"{local_day(on):%d/%m/%Y}" if on else ""


def day(on: dt.date | dt.datetime | None) -> str:
    """`thứ Sáu 27/11/2026`; "" for None."""
    return f"{WEEKDAYS[local_day(on).weekday()]} {short_day(on)}" if on else ""


def moment(at: dt.datetime | None) -> str:
    """`thứ Sáu 27/11/2026 17:00`, at +07:00; "" for None."""
    return f"{day(at)} {timezone.localtime(at):%H:%M}" if at else ""


def ago(at: dt.datetime, now: dt.datetime) -> str:
    """How long before `now`: minutes and hours within a day, days by the calendar, months after two."""
    passed = now - at
    if passed < MINUTE:
        return _("vừa xong")
    if passed < HOUR:
        minutes = passed // MINUTE
        return ngettext("%(count)s phút trước", "%(count)s phút trước", minutes) % {"count": minutes}
    days = (local_day(now) - local_day(at)).days
    if days == 0:
        hours = passed // HOUR
        return ngettext("%(count)s giờ trước", "%(count)s giờ trước", hours) % {"count": hours}
    if days == 1:
        return _("hôm qua")
    if days >= 60:
        months = days // 30
        return ngettext("%(count)s tháng trước", "%(count)s tháng trước", months) % {"count": months}
    return ngettext("%(count)s ngày trước", "%(count)s ngày trước", days) % {"count": days}


def number(value: float, places: int = 0) -> str:
    """`1.234,5`; in English `1,234.5`."""
    written = f"{value:,.{places}f}"
    return written if get_language() == "en" else written.translate(str.maketrans(",.", ".,"))


# The parts of `deadlines.explain`, in the order in which they are put into English.
IN_ENGLISH = tuple(
    (re.compile(vietnamese), english)
    for vietnamese, english in (
        (r"(\d\d/\d\d) \([^)]*\)", r"\1 (day off)"),
        (r"; đã trừ (\d+) ngày tạm dừng", r"; \1 days of waiting left out"),
        (r"; đã gia hạn", "; extended"),
        (r", chuyển sang ngày làm việc kế tiếp vì ngày cuối là ngày nghỉ", ", moved to the next working day"),
        (r"sau ngày", "after"),
        (r"kể từ", "from"),
        (r"ngày làm việc", "working days"),
        (r"giờ làm việc", "working hours"),
        (r"\bngày\b", "days"),
        (r"\bgiờ\b", "hours"),
        (r"tính từ", "counted from"),
        (r"trừ", "without"),
        (r"thứ Bảy", "Saturdays"),
        (r"Chủ nhật", "Sundays"),
        (r" và ", " and "),
        (r"(?<![\d.,])1 (working )?(day|hour)s\b", r"1 \1\2"),
    )
)


def reason(sentence: str) -> str:
    """A kept sentence of `deadlines.explain` in the reader's language."""
    if get_language() != "en":
        return sentence
    for vietnamese, english in IN_ENGLISH:
        sentence = vietnamese.sub(english, sentence)
    return sentence
