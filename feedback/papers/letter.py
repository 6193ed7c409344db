"""A letter, whole and ready to be drawn: the parts that Nghị định 30/2020/NĐ-CP, Điều 8 asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import translation

from feedback.papers.filling import Case, Values, in_full, writable
from feedback.papers.rows import Paper, papers
from routing.models import Agency

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BLANK = "………"
# Whoever signs writes his office, his name and, on paper or digitally, his signature.
SIGNER = "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"
SIGNATURE = "(Chữ ký, dấu hoặc chữ ký số của cơ quan)"


@dataclass(frozen=True)
class Letter:
    """Every part of the sheet in words; `kind` is "" for a công văn: its `about` stands under its number."""

    title: str
    above: str
    agency: str
    number: str
    place_and_day: str
    kind: str
    about: str
    to: tuple[str, ...]
    grounds: tuple[str, ...]
    body: tuple[str, ...]
    copies: tuple[str, ...]


def write(
    paper: Paper,
    case: Case,
    *,
    on: dt.date | None = None,
    number: str = "",
) -> Letter:
    """The letter in Vietnamese, whoever reads it; `on` and `number` stay blank where they are not told."""
    case = replace(case, to_others=not paper.to_petitioner, by_lead=paper.by_lead)
    with translation.override("vi"):
        return _write(paper, case, on, writable(number))


def _write(paper: Paper, case: Case, on: dt.date | None, number: str) -> Letter:
    values = Values(case)
    shown = (part.words for part in paper.body if not part.given or values.known(part.given))
    paragraphs = (line for words in shown for line in values.fill(words).splitlines())
    return Letter(
        title=paper.title,
        above=_above(case.issuer),
        agency=in_full(case.issuer.name).upper(),
        number=f"Số: {number or BLANK}/{_symbol(paper, case.issuer)}",
        place_and_day=f"{_place(case.issuer)}, {_written(on)}",
        kind=paper.type.upper(),
        about=values.fill(paper.about),
        to=values.filled(paper.to),
        grounds=values.filled(paper.grounds),
        body=tuple(line.strip() for line in paragraphs if line.strip()),
        copies=values.filled(paper.copies),
    )


def _above(issuer: Agency) -> str:
    """The superior's name; committees and the centre stand alone (Phụ lục I, mục II, khoản 2)."""
    alone = issuer.type_id in papers().stands_alone or issuer.level == "central"
    return "" if alone or issuer.superior is None else in_full(issuer.superior.name).upper()


def _symbol(paper: Paper, issuer: Agency) -> str:
    short = papers().abbreviations.get(issuer.type_id, BLANK)
    return f"{paper.symbol}-{short}" if paper.symbol else short


def _place(issuer: Agency) -> str:
    """The bare name of the unit: Hải Châu, Đà Nẵng."""
    unit = issuer.commune or issuer.province
    return unit.short_name if unit else "Hà Nội"


def _written(on: dt.date | None) -> str:
    """Days below ten and the first two months get a nought in front (khoản 4)."""
    if on is None:
        return "ngày … tháng … năm ……"
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"
