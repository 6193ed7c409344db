"""Moments, days and numbers as people here say them; pages and sentences share it."""

from __future__ import annotations

import datetime as dt

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
    """How long before `now`: minutes and hours within a day, then days by the calendar."""
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
    return ngettext("%(count)s ngày trước", "%(count)s ngày trước", days) % {"count": days}


def number(value: float, places: int = 0) -> str:
    """`1.234,5`; in English `1,234.5`."""
    written = f"{value:,.{places}f}"
    return written if get_language() == "en" else written.translate(str.maketrans(",.", ".,"))
