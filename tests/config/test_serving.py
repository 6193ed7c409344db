"""The door holds when clients are slow, silent, or gone in the middle."""

from __future__ import annotations

import http.client
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError

from bench.visitor import free_port
from config import gunicorn
from config.wsgi import whole
from tests.config.test_house import until

FIELDS = {"text": "Hố sâu trên đường Lê Lợi, rất nguy hiểm", "key": "k-1"}


def multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'
        for name, said in fields.items()
    ]
    return ("".join(parts) + "--XX--\r\n").encode()


def posted(body: bytes, length: int) -> WSGIRequest:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/gui/",
        "CONTENT_TYPE": "multipart/form-data; boundary=XX",
        "CONTENT_LENGTH": str(length),
        "wsgi.input": io.BytesIO(body),
    }
    return WSGIRequest(whole(environ))


def test_a_form_that_arrives_whole_is_read() -> None:
    body = multipart(FIELDS)
    assert posted(body, len(body)).POST.dict() == FIELDS


@pytest.mark.parametrize("cut", [40, 70, 100, 150])
def test_a_form_cut_off_on_the_way_is_no_shorter_text(cut: int) -> None:
    body = multipart(FIELDS)
    request = posted(body[:cut], len(body))
    with pytest.raises(UnreadablePostError):
        request.POST  # noqa: B018


@pytest.fixture
def door(tmp_path: Path) -> Iterator[int]:
    """gunicorn alone: `/healthz` touches no database."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
    served = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"HOIAM_VAR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""},
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "log").open("w"),
    )
    until(lambda: asked(port) == 200, within_s=60)
    yield port
    served.terminate()
    served.wait(timeout=30)


def asked(port: int, address: str = "/healthz", headers: dict[str, str] | None = None) -> int:
    try:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
        wire.request("GET", address, headers=headers or {})
        return wire.getresponse().status
    except OSError:
        return 0


@pytest.mark.house
def test_clients_that_do_not_hang_up_hold_nobody_up(door: int) -> None:
    open_still = []
    for _client in range(40):
        wire = socket.create_connection(("127.0.0.1", door))
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        open_still.append(wire)
    time.sleep(0.5)
    began = time.monotonic()
    assert asked(door) == 200
    assert time.monotonic() - began < 3
    for wire in open_still:
        wire.close()


@pytest.mark.house
def test_clients_that_fall_silent_in_the_middle_are_let_go(door: int) -> None:
    silent = []
    for _client in range(gunicorn.workers * gunicorn.threads):
        wire = socket.create_connection(("127.0.0.1", door))
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127")
        silent.append(wire)
    assert asked(door) == 200  # within its forty seconds: each holds a thread for ten
    for wire in silent:
        wire.close()


@pytest.mark.house
def test_no_header_of_a_client_moves_the_addresses_of_the_house(door: int) -> None:
    """gunicorn believes its peer, here as behind a proxy on the same machine; the house does not."""
    for header in ("SCRIPT_NAME", "PATH_INFO", "X_FORWARDED_FOR"):
        assert asked(door, "/xa/healthz", {header: "/xa"}) == 404, header


# What is refused before our own code sees it: by gunicorn, and by Django for its host.
UNREADABLE = (
    b"GET /tra-cuu/?secret=C3FF3W9Q\r\n\r\n",
    b"GET /tra-cuu/?secret=C3FF3W9Q \xe1 HTTP/1.1\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie sessionid=C3FF3W9Q\r\n\r\n",
    b"GET /tra-cuu/ HTTP/1.1\r\nHost: C3FF3W9Q.example\r\n\r\n",
)


@pytest.mark.house
def test_of_what_cannot_be_read_nothing_stands_in_the_log(door: int, tmp_path: Path) -> None:
    for sent in UNREADABLE:
        with socket.create_connection(("127.0.0.1", door), timeout=20) as wire:
            wire.sendall(sent)
            assert wire.recv(200).startswith(b"HTTP/1.1 400")
    with socket.create_connection(("127.0.0.1", door), timeout=20) as wire:
        wire.sendall(b"BREW-C3FF3W9Q /gui/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert wire.recv(200).startswith(b"HTTP/1.1 4")
    written = (tmp_path / "log").read_text()
    assert written.count('"Invalid request"') == 3
    assert '"method": "?"' in written
    assert "C3FF3W9Q" not in written
    assert '"level": "error"' not in written
