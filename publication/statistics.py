"""The figures of the house: each a row with its definition in words, what is counted and out of what.

All of them are worked out of the published cube alone, by the file that everybody may download
(`recompute`): what this page says, a stranger gets from the open data.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from publication import cubefile, freezing, recompute
from publication.coarsening import TABLES, measures_of
from publication.recompute import COUNT, MEDIAN, NINE_TENTHS, SHARE, last_day_of, table_of, whole_months

Words = str | Promise
Terms = Sequence[str] | None
ByScope = Mapping[str, Terms]


@dataclass(frozen=True)
class Definition:
    """A figure before it is counted.

    `of` and `per` are its numerator and denominator: measures of the cube to be added, "-x" to be taken away,
    by scope ("whole", "field", "agency"; what is not named is as for the whole).
    """

    key: str
    name: Words
    meaning: Words
    of: ByScope
    per: ByScope
    base: Words
    unit: str

    @cached_property
    def as_told(self) -> dict[str, Any]:
        """As `dictionary.json` tells it, in Vietnamese."""
        with override("vi"):
            told = {"key": self.key, "name": str(self.name), "definition": str(self.meaning)}
            return told | {"base": str(self.base), "unit": self.unit, "of": self.of, "per": self.per}


def _figure(
    key: str,
    name: Words,
    meaning: Words,
    of: ByScope | str,
    per: ByScope | str | None = None,
    base: Words = "",
    unit: str = COUNT,
) -> Definition:
    return Definition(key, name, meaning, _by_scope(of), _by_scope(per), base, unit)


def _by_scope(terms: ByScope | str | None) -> ByScope:
    if isinstance(terms, str):
        return {"whole": [terms]}
    return terms or {"whole": None}


# What a field or an agency had: a petition has no field before it was read, and comes to an agency by being
# received there or given to it.
RECEIVED: ByScope = {"whole": ["submitted", "-spam"], "field": ["taken"], "agency": ["taken", "given"]}
ELIGIBLE: ByScope = {scope: [*(terms or ()), "-refused", "-redirected"] for scope, terms in RECEIVED.items()}
SUBMITTED: ByScope = {"whole": ["submitted"], "field": None, "agency": None}
SETTLED: ByScope = {"whole": ["rated", "unrated"]}

_received, _answered = _("phản ánh gửi đến trong kỳ"), _("phản ánh được trả lời trong kỳ")
_timed, _rated = _("phản ánh được trả lời trong kỳ và có hạn"), _("lượt đánh giá trong kỳ")
_rateable = _("lượt đánh giá và lượt đóng mà không ai đánh giá trong kỳ")

DEFINITIONS: dict[str, Definition] = {
    one.key: one
    for one in (
        _figure(
            "received",
            _("Đã gửi đến"),
            _(
                "Phản ánh gửi đến trong kỳ, trừ tin rác được phát hiện trong kỳ. Của một lĩnh vực, loại,"
                " kênh hay người gửi: phản ánh được tiếp nhận lần đầu trong kỳ. Của một cơ quan: lượt được"
                " tiếp nhận tại đó hoặc được giao cho cơ quan đó trong kỳ."
            ),
            RECEIVED,
        ),
        _figure(
            "spam",
            _("Tin rác"),
            _("Nội dung mà cán bộ xác định là tin rác trong kỳ."),
            "spam",
            SUBMITTED,
            _("nội dung gửi đến trong kỳ"),
        ),
        _figure(
            "eligible",
            _("Đủ điều kiện xử lý"),
            _("Tiếp nhận trong kỳ, trừ số bị từ chối và số được hướng dẫn ra ngoài hệ thống trong kỳ."),
            ELIGIBLE,
            RECEIVED,
            _received,
        ),
        _figure(
            "answered",
            _("Đã trả lời"),
            _("Phản ánh được trả lời lần đầu trong kỳ, kể cả phản ánh gửi đến từ trước."),
            "answered",
        ),
        _figure(
            "on_time",
            _("Đúng hạn"),
            _(
                "Lần trả lời đầu tiên được gửi không muộn hơn hạn đang có hiệu lực, tức là hạn đã tính cả"
                " thời gian tạm dừng và gia hạn được duyệt. Tính vào ngày trả lời."
            ),
            "on_time",
            "timed",
            _timed,
            SHARE,
        ),
        _figure(
            "on_time_original",
            _("Đúng hạn ban đầu"),
            _(
                "Lần trả lời đầu tiên được gửi không muộn hơn hạn đầu tiên, không kể tạm dừng và gia hạn."
                " Tính vào ngày trả lời."
            ),
            "on_time_original",
            "timed",
            _timed,
            SHARE,
        ),
        _figure(
            "overdue_open",
            _("Đang quá hạn"),
            _(
                "Phản ánh chưa trả lời xong mà hạn đang có hiệu lực đã qua, vào cuối kỳ; của tháng đang chạy:"
                " vào cuối ngày gần nhất đã khép sổ."
            ),
            "overdue",
            "open",
            _("phản ánh đang mở lúc đó"),
        ),
        _figure(
            "overdue_closed",
            _("Trả lời trễ hạn"),
            _("Lần trả lời đầu tiên được gửi sau hạn đang có hiệu lực. Tính vào ngày trả lời."),
            "late",
            "timed",
            _timed,
        ),
        _figure(
            "refused",
            _("Bị từ chối"),
            _("Phản ánh bị từ chối trong kỳ, sau khi hai người khác nhau cùng xác nhận lý do."),
            "refused",
            RECEIVED,
            _received,
        ),
        _figure(
            "redirected",
            _("Đã hướng dẫn ra ngoài"),
            _(
                "Không thuộc hệ thống này; người gửi được hướng dẫn đến đúng nơi trong kỳ. Không tính là đã"
                " giải quyết."
            ),
            "redirected",
            RECEIVED,
            _received,
        ),
        _figure(
            "returned",
            pgettext_lazy("diễn biến", "Trả lại"),
            _("Lượt cơ quan được phân công trả lại trong kỳ, tính cho cơ quan trả lại."),
            "returned",
            RECEIVED,
            _received,
        ),
        _figure(
            "transferred",
            _("Chuyển đi"),
            _("Lượt chuyển từ cơ quan này sang cơ quan khác trong kỳ, tính cho nơi chuyển đi."),
            "transferred",
            RECEIVED,
            _received,
        ),
        _figure(
            "extended",
            _("Được gia hạn"),
            _("Lượt gia hạn được duyệt trong kỳ."),
            "extended",
            RECEIVED,
            _received,
        ),
        _figure(
            "reopened",
            _("Mở lại"),
            _("Lượt đã trả lời rồi được mở lại để xử lý tiếp trong kỳ."),
            "reopened",
            "answered",
            _answered,
        ),
        _figure(
            "contested",
            _("Không đồng ý bị từ chối"),
            _("Lượt người gửi đề nghị xem lại việc từ chối trong kỳ."),
            "contested",
            RECEIVED,
            _received,
        ),
        _figure(
            "appealed",
            _("Đề nghị xem lại câu trả lời"),
            _("Lượt người gửi đề nghị nơi khác xem lại câu trả lời trong kỳ."),
            "appealed",
            RECEIVED,
            _received,
        ),
        _figure(
            "rated",
            _("Được đánh giá"),
            _(
                "Lượt người gửi đánh giá câu trả lời trong kỳ; đánh giá lại sau khi điều đã hẹn được làm"
                " xong, hoặc sau khi được trả lời lại, là một lượt nữa."
            ),
            "rated",
            SETTLED,
            _rateable,
        ),
        _figure(
            "satisfied",
            _("Hài lòng"),
            _(
                "“Rất hài lòng” và “Hài lòng” trên số lượt đánh giá trong kỳ;"
                " “Chấp nhận được” không tính là hài lòng."
            ),
            "satisfied",
            "rated",
            _rated,
            SHARE,
        ),
        _figure(
            "acceptable",
            _("Chấp nhận được"),
            _("Đánh giá “Chấp nhận được”: đếm riêng, không cộng vào hài lòng."),
            "acceptable",
            "rated",
            _rated,
        ),
        _figure(
            "unrated",
            _("Chưa được đánh giá"),
            _("Đã trả lời và đóng trong kỳ mà người gửi chưa đánh giá lần nào."),
            "unrated",
            SETTLED,
            _rateable,
        ),
        _figure(
            "response_rate",
            _("Tỷ lệ đánh giá"),
            _("Lượt đánh giá trên tổng số lượt đánh giá và lượt đóng mà không ai đánh giá trong kỳ."),
            "rated",
            SETTLED,
            _rateable,
            SHARE,
        ),
        _figure(
            "confirmed",
            _("Cán bộ xác nhận"),
            _(
                "Đề xuất phân công của máy được cán bộ xác nhận hoặc sửa lại trong kỳ, trên số đề xuất trong"
                " kỳ; có thể hơn 100% khi xác nhận cả đề xuất của kỳ trước."
            ),
            "confirmed",
            "proposed",
            _("phản ánh được máy đề xuất trong kỳ"),
            SHARE,
        ),
        _figure(
            "median_wd",
            _("Trung vị ngày làm việc"),
            _(
                "Một nửa số phản ánh trả lời lần đầu trong kỳ mất chừng ấy ngày làm việc hoặc ít hơn, tính"
                " từ ngày sau ngày gửi."
            ),
            "answered",
            "answered",
            _answered,
            MEDIAN,
        ),
        _figure(
            "p90_wd",
            _("90% trả lời trong"),
            _("Chín phần mười số phản ánh trả lời lần đầu trong kỳ mất chừng ấy ngày làm việc hoặc ít hơn."),
            "answered",
            "answered",
            _answered,
            NINE_TENTHS,
        ),
    )
}


@dataclass(frozen=True)
class Filters:
    """What is asked; "" and None leave it open. Days mean the whole months in which they lie."""

    agency: str = ""
    field: str = ""
    province: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def as_told(self) -> dict[str, str | None]:
        """As `recompute` reads them."""
        since, until = whole_months(self.since, self.until)
        return {
            "agency": self.agency or None,
            "field": self.field or None,
            "province": self.province or None,
            "from": since.isoformat() if since else None,
            "to": until.isoformat() if until else None,
        }


@dataclass(frozen=True)
class Figure:
    """A figure counted. `value`: a number, a share from 0 to 1, or working days (`unit`).

    None for a value that cannot be told: nothing to divide by, no calendar, not known, or `few`: a rate of
    fewer than five. `partial`: some of it is not told.
    """

    key: str
    name: Words
    unit: str
    value: float | None
    numerator: int | None
    denominator: int | None
    definition: Words
    base: Words
    few: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Report:
    """All figures of one question; `told` is what the JSON says, and whoever recomputes it."""

    told: Mapping[str, Any]
    filters: Filters
    silent: Sequence[str] = ()  # months ("2026-10") that are asked for and not told apart
    elsewhere: Sequence[str] = ()  # months in which some of the field may be told together with others
    rows: Sequence[Mapping[str, Any]] = ()  # of the cube, of which it is worked out

    @property
    def as_of(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.told["as_of"])

    @property
    def is_partial(self) -> bool:
        """Of the months that are told, some is not in the figures."""
        return any("partial" in row for row in self.told["figures"])

    @property
    def figures(self) -> dict[str, Figure]:
        """In the reader's language."""
        return {row["key"]: read(row) for row in self.told["figures"]}


def read(row: Mapping[str, Any]) -> Figure:
    """A figure as `recompute` tells it, in the reader's language."""
    one = DEFINITIONS[row["key"]]
    value, part, whole = (row[name] for name in ("value", "numerator", "denominator"))
    words = one.meaning, one.base
    hidden = row.get("few", False), row.get("partial", False)
    return Figure(one.key, one.name, one.unit, value, part, whole, *words, *hidden)


def report(filters: Filters, published: freezing.Published | None = None) -> Report:
    """Work out everything that is asked, of what is published now (or of these frozen months)."""
    published, asked = published or freezing.published(), filters.as_told()
    rows = [*_frozen(asked), *map(cubefile.as_told, published.running)]
    words = dictionary(published)
    missing = freezing.elsewhere(asked)
    told = recompute.report(rows, words, dict(asked), missing)
    wanted = (month for month in words["frozen"] + words["running"] if recompute.lies_in(month, asked))
    silent = [month for month in wanted if month not in told["months"]]
    return Report(told, filters, silent, missing, rows)


def _frozen(asked: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """A row for each frozen month, of all that answer the question; added up once, for they never change."""
    table = table_of(dict(asked))
    where = {name: asked[name] for name in ("agency", "field", "province") if asked[name]}
    return freezing.kept(f"months-{table}-{where}", lambda: _by_month(table, where))


def _by_month(table: str, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    months: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in freezing.rows(table=table, **where):
        month = row.since.replace(day=1)
        months[month.isoformat(), last_day_of(month).isoformat()].append(cubefile.as_told(row))
    return [
        {"table": table, "since": since, "until": until, **where, **_sum(rows)}
        for (since, until), rows in sorted(months.items())
    ]


def _sum(rows: list[dict[str, Any]]) -> dict[str, Any]:
    total = recompute.added_up(rows, rows[0]["since"][:7], measures_of(rows[0]["table"]))
    numbers = {name: n for name, n in total["sums"].items() if n is not None}
    return {"numbers": numbers, "waits": total["waits"], "hidden": total["hidden"]}


def dictionary(published: freezing.Published) -> dict[str, Any]:
    """What `recompute` needs beside the rows."""
    return {
        "snapshot": published.snapshot,
        "as_of": published.as_of.isoformat(),
        "frozen": [f"{one.month:%Y-%m}" for one in published.frozen],
        "running": [f"{row.since:%Y-%m}" for row in published.running],
        "measures": {table: measures_of(table) for table in TABLES},
        "figures": [one.as_told for one in DEFINITIONS.values()],
    }
