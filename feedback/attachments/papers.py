"""PDF: refused where something in it could act, kept without its author's name; a signed one as it is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from feedback.attachments.refusal import RefusedError

MOST_UNPACKED = 64 * 1_048_576  # bytes of one stream
MOST_OBJECTS = 200_000
# What runs, opens or sends something, or carries another file.
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_DEEDS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/RichMedia"}
)

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MOST_UNPACKED,
    run_length_max_memory=MOST_UNPACKED,
    png_max_memory=MOST_UNPACKED,
    tiff_max_memory=MOST_UNPACKED,
    doc_max_warnings=200,
)


def clean(raw: bytes) -> bytes:
    """Without its author, a signed one as it came; RefusedError where it is broken, locked or could act."""
    try:
        with pikepdf.open(io.BytesIO(raw)) as paper:
            if not len(paper.pages) or len(paper.objects) > MOST_OBJECTS:
                raise ValueError
            every = [part for held in paper.objects for part in _dictionaries(held)]
            if any(_acts(part) for part in every):
                raise RefusedError(
                    _("chứa mã chạy được hoặc tệp đính kèm bên trong; xin in lại thành PDF rồi gửi.")
                )
            signed = any("/ByteRange" in part for part in every)
            return raw if signed else _without_author(paper)
    except RefusedError:
        raise
    except pikepdf.PasswordError:
        raise RefusedError(_("có mật khẩu; xin gửi bản không có mật khẩu.")) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, RecursionError):
        raise RefusedError(_("hỏng, không mở được.")) from None


def _dictionaries(held: Any) -> Iterator[pikepdf.Object]:
    """The dictionaries in an object; what it only refers to is an object of its own."""
    if isinstance(held, pikepdf.Array):
        parts: Iterable[Any] = held
    elif isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
        yield held
        parts = [held.get(key) for key in held.keys()]  # noqa: SIM118  a stream's dictionary has no other way
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect:
            yield from _dictionaries(part)


def _acts(part: pikepdf.Object) -> bool:
    return not ACTIVE_KEYS.isdisjoint(part.keys()) or str(part.get("/S", "")) in ACTIVE_DEEDS


def _without_author(paper: pikepdf.Pdf) -> bytes:
    """Without the names that programs write into a file: whoever hides his name would be told by it."""
    if "/Metadata" in paper.Root:
        del paper.Root.Metadata
    if "/Info" in paper.trailer:
        del paper.trailer.Info
    out = io.BytesIO()
    # What is sent again is known by its digest: no moment may stand in the file.
    paper.save(out, deterministic_id=True)
    return out.getvalue()
