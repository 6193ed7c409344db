"""Pictures: drawn anew from their pixels, so that no place, no camera and no second content comes along."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial

from django.utils.translation import gettext as _

from feedback.attachments import redrawing
from feedback.attachments.refusal import RefusedError

# What telephones write; AVIF and sequences are other brands.
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
PATIENCE_S = 30.0
_AT_ONCE = threading.BoundedSemaphore(2)  # of a process of the house


def is_heic(raw: bytes) -> bool:
    return raw[8:12] in HEIC_BRANDS


def _redrawn(raw: bytes, kind: str) -> bytes:
    try:
        return redrawing.redrawn(raw, kind, kind)
    except redrawing.TooLargeError:
        raise _too_large() from None
    except redrawing.BrokenError:
        raise _broken() from None


jpeg = partial(_redrawn, kind="JPEG")
png = partial(_redrawn, kind="PNG")
webp = partial(_redrawn, kind="WEBP")


def heic(raw: bytes) -> bytes:
    """As a JPEG, by a process of its own; whatever kills that process is a broken file."""
    command = [sys.executable, "-I", redrawing.__file__]
    try:
        with _AT_ONCE:  # it is handed the file and nothing of what this process knows
            done = subprocess.run(  # noqa: S603  our own
                command, input=raw, capture_output=True, timeout=PATIENCE_S, env={}
            )
    except subprocess.TimeoutExpired:
        raise _broken() from None
    if done.returncode == redrawing.TOO_LARGE:
        raise _too_large()
    if done.returncode or not done.stdout:
        raise _broken()
    return done.stdout


def _too_large() -> RefusedError:
    return RefusedError(_("có quá nhiều điểm ảnh; xin chụp lại ở cỡ nhỏ hơn."))


def _broken() -> RefusedError:
    return RefusedError(_("hỏng, không mở được."))
