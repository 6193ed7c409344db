"""The figures of the house, each one function with its definition in words.

Every figure speaks of the petitions *submitted* in the period, as they stood at one moment (`as_of`): steps
taken later are left out, so that any past day can be counted again and gives the same numbers.
A petition counts for the agency, field and province that it had at that moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any

from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.public import Score, steps
from publication.tally import Filters, Tally, tally
from routing.calendar import local

Words = str | Promise

# A cell that speaks of fewer petitions than this is not shown where the matter is delicate.
FEWEST = 5

COUNT, SHARE, DAYS = "count", "share", "working_days"
Parts = tuple[float | None, int | None, int | None]  # value, numerator, denominator


@dataclass(frozen=True)
class Definition:
    """A figure before it is counted: its name, what it means, and what its denominator is made of."""

    key: str
    name: Words
    meaning: Words
    base: Words
    unit: str
    of: Callable[[Tally], Parts]


@dataclass(frozen=True)
class Figure:
    """A figure counted. `value` is a number of petitions, a share from 0 to 1, or working days (`unit`).

    None for a value that cannot be told: nothing to divide by, no calendar, or `hidden` because a number
    this small could point at a person.
    """

    key: str
    name: str
    unit: str
    value: float | None
    numerator: int | None
    denominator: int | None
    definition: str
    base: str
    hidden: bool = False

    def as_json(self) -> dict[str, Any]:
        said = ("key", "value", "numerator", "denominator", "definition", "unit")
        return {name: getattr(self, name) for name in said} | ({"hidden": True} if self.hidden else {})


DEFINITIONS: dict[str, Definition] = {}


def figure(
    *, name: Words, meaning: Words, base: Words = "", unit: str = COUNT
) -> Callable[[Callable[[Tally], Parts]], Callable[[Tally], Parts]]:
    """Enter a function into the list of figures; its name is the key."""

    def enter(of: Callable[[Tally], Parts]) -> Callable[[Tally], Parts]:
        DEFINITIONS[of.__name__] = Definition(of.__name__, name, meaning, base, unit, of)
        return of

    return enter


def count(part: int, whole: int | None = None) -> Parts:
    return part, part, whole


def share(part: int, whole: int) -> Parts:
    return (round(part / whole, 4) if whole else None), part, whole


@figure(
    name=_("Đã tiếp nhận"),
    meaning=_("Phản ánh gửi đến trong kỳ. Tin rác không tính vào đây mà đếm riêng."),
)
def received(t: Tally) -> Parts:
    return count(t.received)


@figure(
    name=_("Tin rác"),
    meaning=_("Nội dung gửi đến trong kỳ mà cán bộ xác định là tin rác."),
    base=_("nội dung gửi đến"),
)
def spam(t: Tally) -> Parts:
    return count(t.spam, t.received + t.spam)


@figure(
    name=_("Đủ điều kiện xử lý"),
    meaning=_("Đã tiếp nhận, trừ phản ánh bị từ chối và phản ánh đã hướng dẫn sang cơ quan ngoài hệ thống."),
    base=_("phản ánh đã tiếp nhận"),
)
def eligible(t: Tally) -> Parts:
    return count(t.eligible, t.received)


@figure(
    name=_("Đã trả lời"),
    meaning=_("Phản ánh trong kỳ đã có ít nhất một văn bản trả lời được duyệt và gửi cho người dân."),
    base=_("phản ánh đủ điều kiện xử lý"),
)
def answered(t: Tally) -> Parts:
    return count(t.answered, t.eligible)


@figure(
    name=_("Đúng hạn"),
    meaning=_(
        "Lần trả lời đầu tiên được gửi không muộn hơn hạn đang có hiệu lực, tức là hạn đã tính cả"
        " thời gian tạm dừng và gia hạn được duyệt."
    ),
    base=_("phản ánh đã trả lời và có hạn"),
    unit=SHARE,
)
def on_time(t: Tally) -> Parts:
    return share(t.on_time, t.timed)


@figure(
    name=_("Đúng hạn ban đầu"),
    meaning=_("Lần trả lời đầu tiên được gửi không muộn hơn hạn đầu tiên, không kể tạm dừng và gia hạn."),
    base=_("phản ánh đã trả lời và có hạn"),
    unit=SHARE,
)
def on_time_original(t: Tally) -> Parts:
    return share(t.on_time_original, t.timed)


@figure(
    name=_("Đang quá hạn"),
    meaning=_("Phản ánh chưa trả lời xong mà hạn đang có hiệu lực đã qua."),
    base=_("phản ánh đang mở"),
)
def overdue_open(t: Tally) -> Parts:
    return count(t.overdue, t.open)


@figure(
    name=_("Trả lời trễ"),
    meaning=_("Lần trả lời đầu tiên được gửi sau hạn đang có hiệu lực."),
    base=_("phản ánh đã trả lời và có hạn"),
)
def overdue_closed(t: Tally) -> Parts:
    return count(t.timed - t.on_time, t.timed)


@figure(
    name=_("Bị từ chối"),
    meaning=_("Phản ánh bị từ chối tiếp nhận, sau khi hai người khác nhau cùng xác nhận lý do."),
    base=_("phản ánh đã tiếp nhận"),
)
def refused(t: Tally) -> Parts:
    return count(t.rejected, t.received)


@figure(
    name=_("Đã hướng dẫn ra ngoài"),
    meaning=_("Không thuộc hệ thống này; người dân được chỉ đúng cơ quan. Không tính là đã giải quyết."),
    base=_("phản ánh đã tiếp nhận"),
)
def redirected(t: Tally) -> Parts:
    return count(t.redirected, t.received)


@figure(
    name=_("Bị đơn vị trả lại"),
    meaning=_("Đơn vị được phân công đã trả lại ít nhất một lần."),
    base=_("phản ánh đã tiếp nhận"),
)
def returned(t: Tally) -> Parts:
    return count(t.acted.get("return_", 0), t.received)


@figure(
    name=_("Chuyển cơ quan khác"),
    meaning=_("Đã chuyển từ cơ quan này sang cơ quan khác trong hệ thống ít nhất một lần."),
    base=_("phản ánh đã tiếp nhận"),
)
def transferred(t: Tally) -> Parts:
    return count(t.acted.get("transfer", 0), t.received)


@figure(
    name=_("Được gia hạn"),
    meaning=_("Đã được duyệt gia hạn ít nhất một lần."),
    base=_("phản ánh đã tiếp nhận"),
)
def extended(t: Tally) -> Parts:
    return count(t.acted.get("grant_extension", 0), t.received)


@figure(
    name=_("Mở lại"),
    meaning=_("Đã trả lời rồi được mở lại để xử lý tiếp ít nhất một lần."),
    base=_("phản ánh đã trả lời"),
)
def reopened(t: Tally) -> Parts:
    return count(t.acted.get("reopen", 0), t.answered)


@figure(
    name=_("Không đồng ý bị từ chối"),
    meaning=_("Người dân đã đề nghị xem lại việc từ chối."),
    base=_("phản ánh đã tiếp nhận"),
)
def contested(t: Tally) -> Parts:
    return count(t.acted.get("contest", 0), t.received)


@figure(
    name=_("Đề nghị cấp trên xem lại"),
    meaning=_("Người dân đã đưa kết quả lên cấp trên."),
    base=_("phản ánh đã tiếp nhận"),
)
def appealed(t: Tally) -> Parts:
    return count(t.acted.get("appeal", 0), t.received)


@figure(
    name=_("Được đánh giá"),
    meaning=_("Người dân đã đánh giá câu trả lời; nếu đánh giá nhiều lần thì tính lần cuối."),
    base=_("phản ánh đã trả lời"),
)
def rated(t: Tally) -> Parts:
    return count(t.rated, t.answered)


@figure(
    name=_("Hài lòng"),
    meaning=_(
        "“Rất hài lòng” và “Hài lòng” trên số phản ánh được đánh giá;"
        " “Chấp nhận được” không tính là hài lòng."
    ),
    base=_("phản ánh được đánh giá"),
    unit=SHARE,
)
def satisfied(t: Tally) -> Parts:
    happy = t.scores.get(Score.VERY_SATISFIED, 0) + t.scores.get(Score.SATISFIED, 0)
    return share(happy, t.rated)


@figure(
    name=_("Chấp nhận được"),
    meaning=_("Đánh giá “Chấp nhận được”: đếm riêng, không cộng vào hài lòng."),
    base=_("phản ánh được đánh giá"),
)
def acceptable(t: Tally) -> Parts:
    return count(t.scores.get(Score.ACCEPTABLE, 0), t.rated)


@figure(
    name=_("Chưa được đánh giá"),
    meaning=_("Đã trả lời mà người dân chưa đánh giá."),
    base=_("phản ánh đã trả lời"),
)
def unrated(t: Tally) -> Parts:
    return count(t.answered - t.rated, t.answered)


@figure(
    name=_("Tỷ lệ đánh giá"),
    meaning=_("Số phản ánh được đánh giá trên số phản ánh đã trả lời."),
    base=_("phản ánh đã trả lời"),
    unit=SHARE,
)
def response_rate(t: Tally) -> Parts:
    return share(t.rated, t.answered)


@figure(
    name=_("Được cán bộ xác nhận"),
    meaning=_("Phản ánh được máy đề xuất phân công mà cán bộ đã xác nhận hoặc sửa lại."),
    base=_("phản ánh được máy đề xuất"),
    unit=SHARE,
)
def confirmed(t: Tally) -> Parts:
    return share(t.confirmed, t.proposed)


@figure(
    name=_("Trung vị ngày làm việc"),
    meaning=_(
        "Một nửa số phản ánh được trả lời trong chừng ấy ngày làm việc hoặc ít hơn, tính từ ngày sau"
        " ngày gửi đến ngày trả lời lần đầu."
    ),
    base=_("phản ánh đã trả lời"),
    unit=DAYS,
)
def median_wd(t: Tally) -> Parts:
    return (median(t.waits) if t.waits else None), None, t.answered


@figure(
    name=_("90% trả lời trong"),
    meaning=_("Chín phần mười số phản ánh được trả lời trong chừng ấy ngày làm việc hoặc ít hơn."),
    base=_("phản ánh đã trả lời"),
    unit=DAYS,
)
def p90_wd(t: Tally) -> Parts:
    return (t.waits[ceil(0.9 * len(t.waits)) - 1] if t.waits else None), None, t.answered


def figures(counted: Tally, *, hide_small: bool = False) -> dict[str, Figure]:
    """Every figure by its key, in the order in which they are published."""
    return {key: _figure(row, counted, hide_small) for key, row in DEFINITIONS.items()}


def _figure(row: Definition, counted: Tally, hide_small: bool) -> Figure:
    value, part, whole = row.of(counted)
    hidden = hide_small and any(0 < n < FEWEST for n in (part, whole) if n is not None)
    if hidden:
        value = part = whole = None
    return Figure(
        row.key, str(row.name), row.unit, value, part, whole, str(row.meaning), str(row.base), hidden
    )


@dataclass(frozen=True)
class Report:
    """All figures of one question, with the moment and the steps they were counted from.

    Two reports with the same `snapshot` were counted from the same steps.
    """

    snapshot: str
    as_of: dt.datetime
    filters: Filters
    figures: Mapping[str, Figure]

    def as_json(self) -> dict[str, Any]:
        return {
            "snapshot": self.snapshot,
            "as_of": local(self.as_of).isoformat(),
            "filters": self.filters.as_json(),
            "figures": [figure.as_json() for figure in self.figures.values()],
        }


def report(filters: Filters, *, as_of: dt.datetime) -> Report:
    """Count everything that `filters` asks for, as it stood at `as_of`."""
    return Report(
        _snapshot(as_of),
        as_of,
        filters,
        figures(tally(filters, as_of=as_of), hide_small=filters.sensitive),
    )


def _snapshot(as_of: dt.datetime) -> str:
    """How many steps were taken until then and the number of the newest."""
    told = steps().filter(at__lte=as_of).aggregate(n=Count("pk"), last=Max("pk"))
    return f"{told['n']}-{told['last'] or 0}"


def leading_agencies(province: str, *, most: int) -> list[str]:
    """Codes of the agencies that lead, or led, a petition there; what a filter can offer."""
    rows = steps().exclude(lead_agency="")
    if province:
        rows = rows.filter(province=province)
    return list(rows.values_list("lead_agency", flat=True).order_by("lead_agency").distinct()[:most])
