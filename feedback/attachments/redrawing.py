"""A picture drawn anew from its pixels, without Django: HEIC by a process of its own, the rest in this one.

    python -I redrawing.py        a HEIC file on stdin, a JPEG on stdout; exit 3 too many pixels, 4 broken

What telephones write is read by a C library that one altered byte may kill. It dies in a child that has so
much memory, so much time and no house, and the file is refused.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageOps

Image.MAX_IMAGE_PIXELS = 50_000_000
LONGEST_SIDE = 2560  # px; enough to read a letter that was photographed
TOO_LARGE, BROKEN = 3, 4
MOST_MEMORY = 1_500_000_000  # bytes of address space
MOST_S = 20  # seconds of processor time


class TooLargeError(Exception):
    """More pixels than a picture may have."""


class BrokenError(Exception):
    """Not a picture of that kind, or not a whole one."""


def redrawn(raw: bytes, read_as: str, keep_as: str) -> bytes:
    """The picture's pixels alone, upright: no EXIF, no second content hidden behind.

    Raises TooLargeError and BrokenError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=[read_as])
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean_copy = _pixels(ImageOps.exif_transpose(picture), opaque=keep_as == "JPEG")
            out = io.BytesIO()
            clean_copy.save(out, keep_as, quality=85)
            return out.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLargeError from None
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError, MemoryError):
        raise BrokenError from None


Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


def burned(raw: bytes, boxes: Iterable[Box]) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of the picture with these boxes black, and its size: under them no pixel is left.

    `boxes`: left, top, right, bottom in pixels of the picture; the size: width, height. Raises BrokenError.
    """
    try:
        picture = Image.open(io.BytesIO(raw), formats=["JPEG", "PNG", "WEBP"])
        flat = Image.new("RGB", picture.size, "white")
        plain = picture.convert("RGBA")
        flat.paste(plain, mask=plain.getchannel("A"))
        pen = ImageDraw.Draw(flat)
        for box in boxes:
            pen.rectangle(box, fill="black")
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=85)
        return out.getvalue(), flat.size
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise BrokenError from None


def _pixels(picture: Image.Image, *, opaque: bool) -> Image.Image:
    """A new picture with the same pixels and nothing else; a palette is turned into plain colours."""
    if picture.mode.startswith("I"):  # sixteen bits a grey: the upper eight are what a screen shows
        picture = picture.point(lambda value: value / 256).convert("L")
    see_through = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA")
    plain = picture.convert("RGBA" if see_through and not opaque else "RGB")
    copy = Image.new(plain.mode, plain.size)
    copy.paste(plain)
    return copy


def main() -> int:
    from pi_heif import register_heif_opener  # here alone: no process of the house loads it

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    register_heif_opener(thumbnails=False)
    try:
        sys.stdout.buffer.write(redrawn(sys.stdin.buffer.read(), "HEIF", "JPEG"))
    except TooLargeError:
        return TOO_LARGE
    except BrokenError:
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
