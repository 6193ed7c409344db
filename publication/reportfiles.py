"""An agency's report of a month as Excel and as PDF: in Vietnamese, and the same bytes whoever asks again."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import override

from feedback.public import ink, workbook
from publication.monthly import Monthly
from publication.recompute import MEDIAN, NINE_TENTHS, SHARE
from publication.showing import exact, moment_said, number
from publication.statistics import Figure

FEW = "ít hơn 5"
SILENT = (
    "Không nêu riêng: tháng này không có gì, hoặc có ít hơn 5 phản ánh, hoặc phải giữ lại để không ai tính ra"
    " được số quá ít của nơi khác."
)
UNITS = {SHARE: "tỷ lệ (1 là 100%)", MEDIAN: "ngày làm việc", NINE_TENTHS: "ngày làm việc"}
NOTE = (
    "Việc gì tính vào ngày việc ấy xảy ra. Số của tháng đã chốt không đổi nữa. Nơi nào, lúc nào chỉ có dưới 5"
    " phản ánh thì không nêu riêng; tỷ lệ trên mẫu số dưới 5 ghi “ít hơn 5”."
)


def heading(told: Monthly) -> str:
    return f"Báo cáo tháng {told.since.month}/{told.since.year}"


def about(told: Monthly) -> list[tuple[str, str]]:
    """What the report is of and what it was counted from."""
    year = told.year.told["months"]
    return [
        ("Cơ quan", told.agency.name),
        ("Mã cơ quan", told.agency.pk),
        ("Kỳ", f"{told.since:%d/%m/%Y} đến {told.until:%d/%m/%Y}"),
        ("Từ đầu năm", f"{len(year)} trên {told.since.month} tháng được nêu riêng"),
        ("Bản chốt của tháng (SHA-256)", told.frozen.digest),
        ("Chốt lúc", moment_said(told.frozen.at)),
        ("Kiểm lại tại", told.check),
    ]


# --- Excel --------------------------------------------------------------------------------------------------

HEAD = ("Con số", "Giá trị", "Đơn vị", "Tử số", "Mẫu số", "Mã", "Mẫu số là", "Định nghĩa")


def as_xlsx(told: Monthly) -> bytes:
    """Three sheets: the month, the year so far, what they are of."""
    with override("vi"):
        rows = list(told.rows)
        source = [["Nguồn", ""], *about(told), ["Cách đếm", NOTE]]
        sheets: dict[str, Iterable[Iterable[object]]] = {
            "Trong tháng": [HEAD, *(_line(row.month) for row in rows)],
            "Từ đầu năm": [HEAD, *(_line(row.year) for row in rows)],
            "Nguồn": source if told.is_told else [*source, ["Lưu ý", SILENT]],
        }
        return workbook(sheets, told.frozen.at)


def _line(figure: Figure) -> list[object]:
    value = FEW if figure.few else figure.value
    numbers = [value, UNITS.get(figure.unit, "số đếm"), figure.numerator, figure.denominator]
    return [str(figure.name), *numbers, figure.key, str(figure.base), str(figure.definition)]


# --- PDF ----------------------------------------------------------------------------------------------------

MARGIN = 45  # points
PADDING = 6  # what the frame of a page keeps free on either side
LEFT = MARGIN + PADDING
SHARES = (0.52, 0.12, 0.12, 0.12, 0.12)  # of the width, by column


def as_pdf(told: Monthly) -> bytes:
    """A4, with the number of the page and the digest of the month at the foot of each."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    sheet = io.BytesIO()
    with override("vi"):
        document = SimpleDocTemplate(
            sheet,
            pagesize=A4,
            topMargin=MARGIN,
            bottomMargin=MARGIN + 10,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            title=f"{heading(told)}: {told.agency.name}",
            author="",
            lang="vi",
            invariant=1,  # no moment of its making: the same report, the same bytes
        )
        foot = _foot(told)
        document.build(list(_parts(told, document.width - 2 * PADDING)), onFirstPage=foot, onLaterPages=foot)
    return sheet.getvalue()


def _foot(told: Monthly) -> Callable[[Any, Any], None]:
    def draw(canvas: Any, document: Any) -> None:
        canvas.setFont(ink.REGULAR, 8)
        canvas.drawString(LEFT, MARGIN - 12, f"{heading(told)} · bản chốt {told.frozen.digest[:16]}")
        canvas.drawRightString(document.pagesize[0] - LEFT, MARGIN - 12, f"Trang {document.page}")

    return draw


@lru_cache(maxsize=1)
def _styles() -> dict[str, Any]:
    return {
        "title": ink.style("title", ink.BOLD, 15, 19, spaceAfter=2),
        "agency": ink.style("agency", ink.BOLD, 12.5, 16, spaceAfter=8),
        "words": ink.style("words", ink.REGULAR, 9, 12, spaceAfter=6),
        "label": ink.style("label", ink.ITALIC, 9, 12),
        "name": ink.style("name", ink.BOLD, 9.5, 12),
        "small": ink.style("small", ink.REGULAR, 8, 9.6),
        "head": ink.style("head", ink.BOLD, 9, 11),
        "head_right": ink.style("head_right", ink.BOLD, 9, 11, alignment=2),
        "figure": ink.style("figure", ink.REGULAR, 9.5, 12, alignment=2),
    }


def _say(words: str, how: str) -> Any:
    return ink.said(words, _styles()[how])


def _parts(told: Monthly, width: float) -> Iterator[Any]:
    from reportlab.platypus import Spacer

    yield _say(heading(told), "title")
    yield _say(told.agency.name, "agency")
    yield _table([[_say(name, "label"), _say(value, "words")] for name, value in about(told)], width)
    yield Spacer(1, 6)
    yield _say(NOTE, "words")
    if not told.is_told:
        yield _say(SILENT, "name")
        yield Spacer(1, 6)
    yield _figures(told, width)


def _table(rows: list[list[Any]], width: float) -> Any:
    from reportlab.platypus import Table, TableStyle

    close = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "TOP", "BOTTOM")]
    form = TableStyle([*close, ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(rows, colWidths=[0.26 * width, 0.74 * width], style=form)


def _figures(told: Monthly, width: float) -> Any:
    from reportlab.platypus import Table, TableStyle

    names = ("Trong tháng", "Tử số", "Mẫu số", "Từ đầu năm")
    head = [_say("Con số và định nghĩa", "head"), *(_say(name, "head_right") for name in names)]
    lines = [
        [_meaning(row.month), *(_say(word, "figure") for word in words(row.month, row.year))]
        for row in told.rows
    ]
    form = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 1, "black"),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, "grey"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
        ]
    )
    widths = [share * width for share in SHARES]
    return Table([head, *lines], colWidths=widths, repeatRows=1, style=form)


def _meaning(figure: Figure) -> list[Any]:
    per = f" Mẫu số: {figure.base}." if figure.base else ""
    return [_say(str(figure.name), "name"), _say(f"{figure.definition}{per}", "small")]


def words(month: Figure, year: Figure) -> list[str]:
    """The cells of a figure: of the month to the last digit, out of what, and of the year so far."""
    counts = ("" if n is None else number(n) for n in (month.numerator, month.denominator))
    return [exact(month), *counts, exact(year)]


# ending -> how it is made, and its media type
FORMS: Mapping[str, tuple[Callable[[Monthly], bytes], str]] = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (as_pdf, "application/pdf"),
}


def file_name(told: Monthly, form: str) -> str:
    return f"bao-cao-{told.since:%Y-%m}-{told.agency.pk.replace(':', '_')}.{form}"
