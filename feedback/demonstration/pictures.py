"""A handful of drawn pictures for the demonstration's petitions and answers: plainly no photographs."""

from __future__ import annotations

import io
from functools import cache

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

SIZE = (480, 320)  # px
MARK = "ẢNH MINH HOẠ - dữ liệu trình diễn"
FONTS = settings.BASE_DIR / "static" / "vendor" / "be-vietnam-pro"
# What can be seen, as shapes: a kind of shape, its colour, its corners in px.
Shape = tuple[str, str, tuple[int, ...]]
ROAD: tuple[Shape, ...] = (
    ("polygon", "#8a8f96", (140, 90, 340, 90, 470, 320, 10, 320)),
    ("polygon", "#f4f4f0", (235, 110, 245, 110, 248, 160, 232, 160)),
    ("polygon", "#f4f4f0", (230, 190, 250, 190, 255, 260, 225, 260)),
)
DRAWN: dict[str, tuple[Shape, ...]] = {
    "road": (*ROAD, ("ellipse", "#3d3a36", (120, 220, 220, 270))),
    "heap": (
        ("rectangle", "#c9b79c", (30, 90, 450, 230)),
        ("rectangle", "#5b7a99", (60, 130, 180, 230)),
        ("ellipse", "#57774f", (220, 230, 300, 290)),
        ("ellipse", "#6b5844", (290, 240, 380, 295)),
    ),
    "tap": (
        ("rectangle", "#b8c4cc", (60, 90, 420, 300)),
        ("rectangle", "#3a5f8a", (215, 120, 265, 210)),
        ("ellipse", "#7fb2e0", (225, 225, 255, 275)),
    ),
    "street": (
        ("rectangle", "#8a8f96", (0, 250, 480, 320)),
        ("rectangle", "#d8c3a5", (60, 120, 210, 250)),
        ("polygon", "#a65e4e", (45, 120, 225, 120, 135, 70)),
        ("rectangle", "#6b5844", (340, 170, 356, 250)),
        ("ellipse", "#57774f", (290, 80, 406, 190)),
    ),
    "mended": (*ROAD, ("polygon", "#55585c", (120, 215, 225, 215, 235, 270, 105, 270))),
}
HOLE = "road"
SEEN = {
    "transport.road-surface": HOLE,
    "transport.road-works": HOLE,
    "urban-infrastructure.manhole-cover": HOLE,
    "environment.waste-collection": "heap",
    "environment.illegal-dumping": "heap",
    "utilities.water-outage": "tap",
    "utilities.water-quality": "tap",
    "transport.illegal-parking": "street",
    "transport.traffic-signals": "street",
    "urban-infrastructure.street-lighting": "street",
    "urban-infrastructure.urban-trees": "street",
    "urban-order.sidewalk-encroachment": "street",
}


def before(subfield: str) -> ContentFile[bytes] | None:
    """What the sender saw, as a file that is just handed in; None where there is no picture of it."""
    return ContentFile(_drawn(SEEN[subfield]), name="hien-truong.png") if subfield in SEEN else None


def after(subfield: str) -> ContentFile[bytes] | None:
    """What was mended, where there is a picture of it."""
    return ContentFile(_drawn("mended"), name="sau-xu-ly.png") if SEEN.get(subfield) == HOLE else None


@cache
def _drawn(what: str) -> bytes:
    picture = Image.new("RGB", SIZE, "#e6ebe4")
    pen = ImageDraw.Draw(picture)
    for shape, colour, corners in DRAWN[what]:
        getattr(pen, shape)(corners, fill=colour)
    pen.rectangle((0, 0, SIZE[0], 52), fill="#ffffff")
    _write(pen, MARK, 20, 12)
    out = io.BytesIO()
    picture.quantize(32).save(out, "PNG")
    return out.getvalue()


def _write(pen: ImageDraw.ImageDraw, text: str, left: float, top: int) -> None:
    """Letter by letter: a web font keeps Vietnamese letters in a file of their own."""
    for letter in text:
        font = _font("vietnamese" if letter in "ĐđƠơƯư" or "Ạ" <= letter <= "ỹ" else "latin")
        pen.text((left, top), letter, fill="#a11d1d", font=font)
        left += font.getlength(letter)


@cache
def _font(letters: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"be-vietnam-pro-{letters}-600-normal.woff2", 22)
