"""A letter as PDF: A4, the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I, in a font that goes with it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from feedback.ink import BOLD, ITALIC, REGULAR, said, style
from feedback.papers.letter import BLANK, MOTTO, NATION, SIGNATURE, SIGNER, Letter

TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 20  # mm
PADDING = 6  # points: what the frame of a page keeps free on either side


def draw(letter: Letter) -> bytes:
    """The letter as a PDF file; its properties name the form and nobody."""
    # Only whoever prints a letter loads what draws it.
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    sheet = io.BytesIO()
    document = SimpleDocTemplate(
        sheet,
        pagesize=A4,
        topMargin=TOP * mm,
        bottomMargin=BOTTOM * mm,
        leftMargin=LEFT * mm,
        rightMargin=RIGHT * mm,
        title=letter.title,
        author="",
        lang="vi",
    )
    document.build(_parts(letter, document.width - 2 * PADDING), onLaterPages=_numbered)
    return sheet.getvalue()


def _numbered(canvas: Any, document: Any) -> None:
    """From the second page its number, in the middle above (khoản 6 of the layout)."""
    canvas.setFont(REGULAR, 13)
    canvas.drawCentredString(document.pagesize[0] / 2, document.pagesize[1] - 34, str(document.page))


@lru_cache(maxsize=1)
def _styles() -> dict[str, Any]:
    centred = {"alignment": 1, "splitLongWords": 0}
    return {
        "plain": style("plain", REGULAR, 12, 15, **centred),
        "bold": style("bold", BOLD, 12, 15, **centred),
        "motto": style("motto", BOLD, 13, 17, **centred),
        "italic": style("italic", ITALIC, 13, 17, **centred),
        "kind": style("kind", BOLD, 14, 19, **centred),
        "about": style("about", BOLD, 14, 19, **centred),
        "to": style("to", REGULAR, 14, 19, alignment=1),
        "ground": _flowing("ground", ITALIC),
        "body": _flowing("body", REGULAR),
        # Dots to be filled in are one long word: stretched to the margin, the words before them would gape.
        "with_blanks": _flowing("with_blanks", REGULAR, alignment=0),
        "copies_head": style("copies_head", ITALIC, 12, 15),
        "copies": style("copies", REGULAR, 11, 14),
        "signature": style("signature", ITALIC, 12, 16, **centred),
    }


def _flowing(name: str, font: str, alignment: int = 4) -> Any:
    return style(name, font, 14, 19, alignment=alignment, firstLineIndent=28, spaceAfter=5)


def _parts(letter: Letter, width: float) -> list[Any]:
    from reportlab.platypus import KeepTogether, Spacer

    return [
        _head(letter, width),
        Spacer(1, 16),
        *_called(letter, width),
        *(_say(f"{ground};", "ground") for ground in letter.grounds[:-1]),
        *(_say(f"{ground}.", "ground") for ground in letter.grounds[-1:]),
        *(_say(words, "with_blanks" if BLANK in words else "body") for words in letter.body),
        Spacer(1, 12),
        KeepTogether([_foot(letter, width)]),
    ]


def _say(words: str, how: str) -> Any:
    return said(words, _styles()[how])


def _head(letter: Letter, width: float) -> Any:
    """Left who writes and its number, right the nation's name, the motto, place and day."""
    left = [*([_say(letter.above, "plain")] if letter.above else []), _say(letter.agency, "bold"), _line(0.3)]
    right = [_say(NATION, "bold"), _say(MOTTO, "motto"), _line(0.6)]
    number = [_say(letter.number, "plain")]
    if not letter.kind:
        number.append(_say(letter.about, "plain"))
    return _two([[left, right], [number, [_say(letter.place_and_day, "italic")]]], width, (0.4, 0.6))


def _line(share: float) -> Any:
    """A stroke in the middle, as long as this share of what it stands in."""
    from reportlab.platypus import HRFlowable, Table, TableStyle

    sides = (1 - share) / 2
    stroke = HRFlowable(width="100%", thickness=0.8, color="black", spaceBefore=2, spaceAfter=4)
    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    widths = [f"{part:.0%}" for part in (sides, share, sides)]
    return Table([["", stroke, ""]], colWidths=widths, rowHeights=[8], style=TableStyle(bare))


def _two(rows: list[list[Any]], width: float, shares: tuple[float, float]) -> Any:
    from reportlab.platypus import Table, TableStyle

    plain = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    plain += [("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2)]
    return Table(rows, colWidths=[width * share for share in shares], style=TableStyle(plain))


def _called(letter: Letter, width: float) -> list[Any]:
    """What kind of letter it is and its matter, then whom it is for."""
    from reportlab.platypus import Spacer

    named = [_say(letter.kind, "kind"), _say(letter.about, "about"), _line(0.3)] if letter.kind else []
    to = [_say(f"Kính gửi: {'; '.join(letter.to)}", "to"), Spacer(1, 10)] if letter.to else []
    return [*named, Spacer(1, 6), *to]


def _foot(letter: Letter, width: float) -> Any:
    """Left who gets it, right who signs: his office, room for the signature, his name."""
    from reportlab.platypus import Spacer

    head = [_say("Nơi nhận:", "copies_head")]
    copies = [_say(f"- {copy}{'.' if last else ';'}", "copies") for copy, last in _listed(letter.copies)]
    signed = [_say(SIGNER, "bold"), _say(SIGNATURE, "signature"), Spacer(1, 58), _say("Họ và tên", "bold")]
    return _two([[[*head, *copies], signed]], width, (0.45, 0.55))


def _listed(copies: tuple[str, ...]) -> list[tuple[str, bool]]:
    return [(copy, number == len(copies)) for number, copy in enumerate(copies, start=1)]
