"""Pictures: drawn anew from their pixels, so that no place, no camera and no second content comes along."""

from __future__ import annotations

import io
import warnings
from functools import partial

from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from feedback.attachments.refusal import RefusedError

Image.MAX_IMAGE_PIXELS = 50_000_000
LONGEST_SIDE = 2560  # px; enough to read a letter that was photographed
# What telephones write; AVIF and sequences are other brands.
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})

register_heif_opener(thumbnails=False)


def is_heic(raw: bytes) -> bool:
    return raw[8:12] in HEIC_BRANDS


def _redrawn(raw: bytes, read_as: str, keep_as: str) -> bytes:
    """The picture's pixels alone, upright: no EXIF, no second content hidden behind."""
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
        raise RefusedError(_("có quá nhiều điểm ảnh; xin chụp lại ở cỡ nhỏ hơn.")) from None
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError):
        raise RefusedError(_("hỏng, không mở được.")) from None


jpeg = partial(_redrawn, read_as="JPEG", keep_as="JPEG")
png = partial(_redrawn, read_as="PNG", keep_as="PNG")
webp = partial(_redrawn, read_as="WEBP", keep_as="WEBP")
heic = partial(_redrawn, read_as="HEIF", keep_as="JPEG")


def _pixels(picture: Image.Image, *, opaque: bool) -> Image.Image:
    """A new picture with the same pixels and nothing else; a palette is turned into plain colours."""
    if picture.mode.startswith("I"):  # sixteen bits a grey: the upper eight are what a screen shows
        picture = picture.point(lambda value: value / 256).convert("L")
    see_through = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA")
    plain = picture.convert("RGBA" if see_through and not opaque else "RGB")
    copy = Image.new(plain.mode, plain.size)
    copy.paste(plain)
    return copy
