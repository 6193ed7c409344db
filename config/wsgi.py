"""The door for gunicorn."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()


class WholeBody:
    """A request's body that ends before its announced length is an error, not a shorter text.

    A telephone that loses its net in the middle must not have half a letter filed, or a photo dropped.
    """

    def __init__(self, body: Any, length: int) -> None:
        self.body, self.left = body, length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self.body.read(size if size >= 0 else self.left), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.body.readline(size if size >= 0 else self.left), size)

    def _counted(self, got: bytes, size: int) -> bytes:
        self.left -= len(got)
        if not got and size != 0 and self.left > 0:
            raise OSError("the body ended early")
        return got


def whole(environ: dict[str, Any]) -> dict[str, Any]:
    """The same request, whose body is read whole or not at all."""
    length = environ.get("CONTENT_LENGTH") or "0"
    body = environ["wsgi.input"]
    return environ | {"wsgi.input": WholeBody(body, int(length))} if length.isdecimal() else environ


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return pages(whole(environ), start_response)
