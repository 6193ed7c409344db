"""What paper is printed with: a font that has every Vietnamese letter, and a box for what it lacks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

FONTS = Path(__file__).with_name("papers") / "fonts"
# Of the measures of Times New Roman, which Nghị định 30/2020/NĐ-CP asks for, and free (SIL OFL 1.1).
REGULAR, BOLD, ITALIC = "LiberationSerif-Regular", "LiberationSerif-Bold", "LiberationSerif-Italic"
NO_SHAPE = "□"
UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


@lru_cache(maxsize=1)
def load() -> None:
    """Whoever draws calls this first: nobody else loads what draws."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (REGULAR, BOLD, ITALIC):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))


def style(name: str, font: str, size: float, leading: float, **more: Any) -> Any:
    """How a paragraph is set: in points; `more` as ReportLab's ParagraphStyle has it."""
    from reportlab.lib.styles import ParagraphStyle

    load()
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **more)


def said(words: str, drawn_as: Any) -> Any:
    """A paragraph of plain words in a style: nothing in them is markup."""
    from reportlab.platypus import Paragraph

    return Paragraph(escape(drawable(words, drawn_as.fontName)), drawn_as)


def drawable(words: str, font: str) -> str:
    """What the font has no shape for stands as a box: it would vanish without a trace.

    Letters and their marks are joined first; signs that nobody sees (of width zero) are left out.
    """
    from reportlab.pdfbase import pdfmetrics

    load()
    shapes, joined = pdfmetrics.getFont(font).face.charToGlyph, unicodedata.normalize("NFC", words)
    seen = (sign for sign in joined if ord(sign) in shapes or not UNSEEN.match(sign))
    return "".join(sign if sign.isspace() or ord(sign) in shapes else NO_SHAPE for sign in seen)
