"""A letter as DOCX, for an office that goes on writing in it; the same parts in the same order as the PDF."""

from __future__ import annotations

import io
from typing import Any

from feedback.papers.letter import BLANK, MOTTO, NATION, SIGNATURE, SIGNER, Letter

FONT = "Times New Roman"  # Phụ lục I, mục I, khoản 3: of the office's own machine
LEFT, CENTRE, JUSTIFIED = 0, 1, 3


def draw(letter: Letter) -> bytes:
    """The letter as a DOCX file; its properties name the form and nobody."""
    import docx  # only whoever prints a letter loads what draws it

    document = docx.Document()
    _set_up(document, letter)
    _head(document, letter)
    _called(document, letter)
    for number, ground in enumerate(letter.grounds, start=1):
        end = "." if number == len(letter.grounds) else ";"
        _flow(document, f"{ground}{end}", italic=True)
    for words in letter.body:
        _flow(document, words)
    _foot(document, letter)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Any, letter: Letter) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(20), Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(20)
    _number(page)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs", "w:hAnsi", "w:ascii"):
        fonts.set(qn(script), FONT)
    normal.paragraph_format.space_after = Pt(0)
    told = document.core_properties
    told.title, told.author, told.last_modified_by, told.comments = letter.title, "", "", ""
    told.language = "vi-VN"


def _number(page: Any) -> None:
    """From the second page its number, in the middle above."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    page.different_first_page_header_footer = True
    line = page.header.paragraphs[0]
    line.alignment = CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)


def _head(document: Any, letter: Letter) -> None:
    table = _two(document, 2, (66, 94))
    left, right = table.rows[0].cells
    lines = [(letter.above, False)] if letter.above else []
    _centre(left, [*lines, (letter.agency, True)], 12, ruled=True)
    _centre(right, [(NATION, True), (MOTTO, True)], 12, ruled=True)
    left, right = table.rows[1].cells
    under = [] if letter.kind else [(letter.about, False)]
    _centre(left, [(letter.number, False), *under], 13)
    _centre(right, [(letter.place_and_day, False)], 13, italic=True)


def _two(document: Any, rows: int, widths: tuple[int, int]) -> Any:
    from docx.shared import Mm

    table = document.add_table(rows=rows, cols=2)
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _centre(
    cell: Any, lines: list[tuple[str, bool]], size: float, *, italic: bool = False, ruled: bool = False
) -> None:
    """Lines in the middle of a cell, (words, bold); `ruled`: a stroke under the last one."""
    for number, (words, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = CENTRE
        _run(paragraph, words, size, bold=bold, italic=italic)
        if ruled and number == len(lines) - 1:
            paragraph.runs[0].font.underline = words == MOTTO
    if ruled and lines[-1][0] != MOTTO:
        stroke = cell.add_paragraph()
        stroke.alignment = CENTRE
        _run(stroke, "_______", size / 2, bold=True)


def _run(
    paragraph: Any, words: str, size: float | None = None, *, bold: bool = False, italic: bool = False
) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(words)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)


def _called(document: Any, letter: Letter) -> None:
    from docx.shared import Pt

    lines = [(letter.kind, True), (letter.about, True)] if letter.kind else []
    if letter.to:
        lines.append((f"Kính gửi: {'; '.join(letter.to)}", False))
    document.add_paragraph()
    for words, bold in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.space_after = CENTRE, Pt(6)
        _run(paragraph, words, bold=bold)


def _flow(document: Any, words: str, *, italic: bool = False) -> None:
    from docx.shared import Mm, Pt

    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    alignment = LEFT if BLANK in words else JUSTIFIED  # dots are one long word: the rest would gape
    shape.alignment, shape.first_line_indent, shape.space_after = alignment, Mm(10), Pt(6)
    _run(paragraph, words, italic=italic)


def _foot(document: Any, letter: Letter) -> None:
    from docx.shared import Pt

    document.add_paragraph()
    left, right = _two(document, 1, (66, 94)).rows[0].cells
    _run(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True)
    for number, copy in enumerate(letter.copies, start=1):
        _run(left.add_paragraph(), f"- {copy}{'.' if number == len(letter.copies) else ';'}", 11)
    _centre(right, [(SIGNER, True)], 13)
    _centre_more(right, SIGNATURE, italic=True, after=Pt(64))
    _centre_more(right, "Họ và tên", bold=True)


def _centre_more(
    cell: Any, words: str, *, bold: bool = False, italic: bool = False, after: Any = None
) -> None:
    paragraph = cell.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.space_after = CENTRE, after
    _run(paragraph, words, 13, bold=bold, italic=italic)
