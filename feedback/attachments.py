"""Files from outside: sniffed, pictures re-encoded without camera data, kept under random names."""

from __future__ import annotations

import hashlib
import io
import uuid
import warnings
from collections.abc import Iterable
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from feedback.models import Attachment

Image.MAX_IMAGE_PIXELS = 50_000_000
LONGEST_SIDE = 2560  # px; enough to read a letter that was photographed
KEPT = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


def clean(files: Iterable[File[Any]]) -> list[Attachment]:
    """Unsaved attachments with their safe content; raises ValidationError naming the file at fault."""
    taken = list(files)
    if len(taken) > settings.MAX_FILES:
        raise ValidationError(_("Gửi kèm nhiều nhất %(most)s tệp.") % {"most": settings.MAX_FILES})
    return [_clean(file) for file in taken]


def discard(files: Iterable[Attachment]) -> None:
    """Nothing of what was refused stays on the disk, however far its keeping had come."""
    for file in files:
        file.file.delete(save=False)


def _clean(file: File[Any]) -> Attachment:
    name = _display_name(file.name or "")
    if not file.size:
        raise ValidationError(_("Tệp “%(name)s” rỗng.") % {"name": name})
    if file.size > settings.MAX_FILE_BYTES:
        raise ValidationError(
            _("Tệp “%(name)s” lớn quá %(most)s MB.")
            % {"name": name, "most": settings.MAX_FILE_BYTES // 1_048_576}
        )
    raw = file.read()
    media_type = _sniff(raw)
    if media_type in KEPT:
        raw = _reencode(raw, media_type, name)
    elif media_type != "application/pdf":
        raise ValidationError(_("Tệp “%(name)s” không phải ảnh (JPG, PNG, WebP) hay PDF.") % {"name": name})
    return Attachment(
        file=ContentFile(raw, name=f"{uuid.uuid4().hex}.{SUFFIX[media_type]}"),
        name=name,
        media_type=media_type,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _sniff(raw: bytes) -> str:
    """The media type by content; the name and the browser's word count for nothing."""
    if raw.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        return str(puremagic.from_string(raw, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _reencode(raw: bytes, media_type: str, name: str) -> bytes:
    """The picture's pixels alone, upright: no EXIF, no second content hidden behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(raw), formats=[KEPT[media_type]]))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean_copy = _pixels(picture, opaque=media_type == "image/jpeg")
            out = io.BytesIO()
            clean_copy.save(out, KEPT[media_type], quality=85)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(
            _("Ảnh “%(name)s” hỏng hoặc quá lớn, không mở được.") % {"name": name}
        ) from None


def _pixels(picture: Image.Image, *, opaque: bool) -> Image.Image:
    """A new picture with the same pixels and nothing else; a palette is turned into plain colours."""
    if picture.mode.startswith("I"):  # sixteen bits a grey: the upper eight are what a screen shows
        picture = picture.point(lambda value: value / 256).convert("L")
    see_through = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA")
    plain = picture.convert("RGBA" if see_through and not opaque else "RGB")
    copy = Image.new(plain.mode, plain.size)
    copy.paste(plain)
    return copy


def _display_name(name: str) -> str:
    """The last part of the name, without what could steer a terminal or a path."""
    tail = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in tail if char.isprintable())[:120] or "tệp"
