"""Moments, days and numbers as people here say them; pages and sentences share it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

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


def start_of(day: dt.date) -> dt.datetime:
    """Its midnight at +07:00."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


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


POINTS = str.maketrans(",.", ".,")


def percent(share: int) -> str:
    """A probability in whole per cent: 91%."""
    return f"{share}%" if share else _("dưới %(percent)s") % {"percent": "1%"}


def number(value: float, places: int = 0) -> str:
    """`1.234,5`; in English `1,234.5`."""
    if not places and -1000 < value < 1000:
        return f"{value:.0f}"
    written = f"{value:,.{places}f}"
    return written if get_language() == "en" else written.translate(POINTS)


# What the basis of a limit is written with; numbers and marks of texts are the same in any language.
OF_LAW = tuple(
    (re.compile(rf"\b{vietnamese}\b"), english)
    for vietnamese, english in (
        ("Luật Khiếu nại", "Law on Complaints"),
        ("Luật Tố cáo", "Law on Denunciations"),
        ("Luật Tiếp công dân", "Law on Receiving Citizens"),
        ("sửa bởi", "amended by"),
        ("Nghị định", "Decree"),
        ("Điều", "Article"),
        ("khoản", "clause"),
        ("phải xác minh tại nhiều địa điểm", "to be verified in several places"),
        ("điểm", "point"),
        ("đặc biệt phức tạp: hai lần", "specially complex: twice"),
        ("phức tạp: một lần", "complex: once"),
        ("ngay", "at once"),
    )
)
# The parts of `deadlines.explain`, in the order in which they are put into English.
IN_ENGLISH = tuple(
    (re.compile(vietnamese), english)
    for vietnamese, english in (
        (r"ngay trong ngày", "on that very day"),
        (r"tính cả đêm và ngày nghỉ vì nơi giải quyết trực 24/7", "nights and weekends too: on duty 24/7"),
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


# What `deadlines` keeps of a single day; the names of holidays stay.
OF_A_DAY = tuple(
    (re.compile(vietnamese), english)
    for vietnamese, english in (
        (r"ngày xảy ra sự việc, không tính", "the day itself, not counted"),
        (r"hạn chuyển sang ngày làm việc kế tiếp", "moved to the next working day"),
        (r"ngày thứ (\d+), ngày làm việc kế tiếp", r"day \1, the next working day"),
        (r"ngày làm việc thứ (\d+)", r"working day \1"),
        (r"ngày thứ (\d+)", r"day \1"),
        (r"gia hạn từ đây", "extended from here"),
        (r"ngay trong ngày", "on that very day"),
        (r"làm bù cho ngày", "made up for"),
        (r"ngoài giờ hoặc tạm dừng", "out of hours or paused"),
        (r"bù thời gian tạm dừng", "makes up for a pause"),
        (r"tạm dừng", "paused"),
        (r"tính (?=\d)", ""),
        (r"(\d+) giờ", r"\1 h"),
        (r"(\d+) phút", r"\1 min"),
        (r"thứ Bảy", "Saturday"),
        (r"Chủ nhật", "Sunday"),
    )
)


def reason(sentence: str) -> str:
    """A kept sentence of `deadlines.explain` in the reader's language."""
    return _told(sentence, IN_ENGLISH)


def article(basis: str) -> str:
    """`Nghị định 20/2008/NĐ-CP, Điều 9`, as a row tells it, in the reader's language."""
    return _told(basis, OF_LAW)


def of_a_day(sentence: str) -> str:
    """Why a day counts or not, as a kept trace says it, in the reader's language."""
    return _told(sentence, OF_A_DAY)


def _told(sentence: str, in_english: Iterable[tuple[re.Pattern[str], str]]) -> str:
    if get_language() != "en":
        return sentence
    for vietnamese, english in in_english:
        sentence = vietnamese.sub(english, sentence)
    return sentence
