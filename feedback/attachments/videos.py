"""Video as telephones write it (MP4, MOV): its boxes are walked, and those that tell the place are emptied.

Nothing is re-encoded. Boxes of notes (`udta`, `meta`, `uuid`) and tracks of notes, where telephones write
where they are and what they are called, become `free` boxes of the same length, so that every offset holds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from feedback.attachments.refusal import RefusedError

BRANDS = {b"qt  ": "video/quicktime"}
MP4_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"3gp4",
        b"3gp5",
        b"3gp6",
    }
)
NOTES = frozenset({b"udta", b"meta", b"uuid"})
MOST_BOXES = 10_000


class Box(NamedTuple):
    """A box: its kind, where it begins, where its content begins, where it ends."""

    kind: bytes
    start: int
    content: int
    end: int


def media_type(raw: bytes) -> str:
    """By its brand; "" for what is no video."""
    brand = raw[8:12]
    return BRANDS.get(brand) or ("video/mp4" if brand in MP4_BRANDS else "")


def clean(raw: bytes) -> bytes:
    """As long as before, what tells place and device emptied; RefusedError where it is no film."""
    film = bytearray(raw)
    try:
        outer = list(_boxes(raw, 0, len(raw)))
        movie = next(box for box in outer if box.kind == b"moov")
        if not any(box.kind in (b"mdat", b"moof") for box in outer):
            raise ValueError
        tracks = [(box, _handler(raw, box)) for box in _within(raw, movie) if box.kind == b"trak"]
    except (ValueError, StopIteration, struct.error):
        raise RefusedError(_("hỏng, không mở được.")) from None
    if not any(handler == b"vide" for _track, handler in tracks):
        raise RefusedError(_("không có hình."))
    notes = [
        *outer,
        *_within(raw, movie),
        *(inner for track, _kind in tracks for inner in _within(raw, track)),
    ]
    silent = [track for track, handler in tracks if handler not in (b"vide", b"soun")]
    for box in [*silent, *(box for box in notes if box.kind in NOTES)]:
        film[box.start + 4 : box.start + 8] = b"free"
        film[box.content : box.end] = bytes(box.end - box.content)
    return bytes(film)


def _within(raw: bytes, box: Box) -> list[Box]:
    return list(_boxes(raw, box.content, box.end))


def _handler(raw: bytes, track: Box) -> bytes:
    """What a track is: `vide`, `soun`, or notes of some kind."""
    media = next(box for box in _within(raw, track) if box.kind == b"mdia")
    handler = next(box for box in _within(raw, media) if box.kind == b"hdlr")
    return raw[handler.content + 8 : handler.content + 12]


def _boxes(raw: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill this stretch; raises ValueError where they do not fit."""
    count = 0
    while start < end:
        count += 1
        size, kind = struct.unpack_from(">I4s", raw, start)
        content = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", raw, content)
            content += 8
        stop = end if size == 0 else start + size
        if stop < content or stop > end or count > MOST_BOXES:
            raise ValueError(kind)
        yield Box(kind, start, content, stop)
        start = stop
