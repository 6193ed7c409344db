"""Files from outside: known by their content, cleaned of what tells too much or could act."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from feedback.attachments import documents, pictures, videos
from feedback.attachments.refusal import RefusedError
from feedback.models import Attachment


def _paper(raw: bytes) -> bytes:
    from feedback.attachments import papers  # its library is large: not at every start

    return papers.clean(raw)


HEAD = 4096  # bytes that tell what a file is
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: what it is kept as, how it is cleaned, and its limit's setting."""

    media_type: str
    suffix: str
    clean: Callable[[bytes], bytes]
    limit: str = "MAX_FILE_BYTES"


# By what the content says it is.
KINDS: Mapping[str, Kind] = {
    "image/jpeg": Kind("image/jpeg", "jpg", pictures.jpeg),
    "image/png": Kind("image/png", "png", pictures.png),
    "image/webp": Kind("image/webp", "webp", pictures.webp),
    "image/heic": Kind("image/jpeg", "jpg", pictures.heic),
    "application/pdf": Kind("application/pdf", "pdf", _paper),
    **{kind: Kind(kind, suffix, documents.clean) for kind, suffix in documents.SUFFIXES.items()},
    "video/mp4": Kind("video/mp4", "mp4", videos.clean, "MAX_VIDEO_BYTES"),
    "video/quicktime": Kind("video/quicktime", "mov", videos.clean, "MAX_VIDEO_BYTES"),
}


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
    name = display_name(file.name or "")
    try:
        kind, raw = _cleaned(file)
    except RefusedError as refused:
        raise ValidationError(_("Tệp “%(name)s” %(why)s") % {"name": name, "why": refused}) from None
    return Attachment(
        file=ContentFile(raw, name=f"{uuid.uuid4().hex}.{kind.suffix}"),
        name=_with_suffix(name, kind.suffix),
        media_type=kind.media_type,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _cleaned(file: File[Any]) -> tuple[Kind, bytes]:
    """Its kind and its safe content; of what is over the largest limit no more than the head is read."""
    if not file.size:
        raise RefusedError(_("rỗng."))
    if file.size > max(settings.MAX_FILE_BYTES, settings.MAX_VIDEO_BYTES):
        _refuse_huge(file.read(HEAD), file.size)
    raw = file.read()
    kind = KINDS.get(_sniff(raw))
    if kind is None:
        raise RefusedError(_unknown())
    _within(len(raw), getattr(settings, kind.limit))
    return kind, kind.clean(raw)


def _refuse_huge(head: bytes, size: int) -> None:
    """By the limit that holds for what the head says it is; of a zip the head does not tell which it is."""
    kind = KINDS.get(_sniff(head))
    if kind is None and not head.startswith(ZIP):
        raise RefusedError(_unknown())
    _within(size, getattr(settings, kind.limit if kind else "MAX_FILE_BYTES"))


def _unknown() -> str:
    return _("không phải ảnh, PDF, tài liệu (DOCX, XLSX, ODT, ODS) hay video (MP4, MOV).")


def _within(size: int, most: int) -> None:
    if size > most:
        raise RefusedError(_("lớn quá %(most)s MB.") % {"most": most // 1_048_576})


def _sniff(raw: bytes) -> str:
    """The media type by content; the name and the browser's word count for nothing."""
    if raw.startswith(b"%PDF-"):
        return "application/pdf"
    if raw[4:8] == b"ftyp":
        return "image/heic" if pictures.is_heic(raw) else videos.media_type(raw)
    if raw.startswith(ZIP):
        return documents.media_type(raw)
    try:
        return str(puremagic.from_string(raw, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def display_name(name: str) -> str:
    """The last part of the name, without what could steer a terminal or a path."""
    tail = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in tail if char.isprintable())[:110] or "tệp"


def _with_suffix(name: str, suffix: str) -> str:
    """A file is saved under what it is: a picture called .exe, or a HEIC that became a JPEG, is a .jpg."""
    known = {"jpg": {".jpg", ".jpeg"}}.get(suffix, {f".{suffix}"})
    path = PurePosixPath(name)
    return name if path.suffix.lower() in known else f"{path.stem}.{suffix}"
