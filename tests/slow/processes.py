"""Processes of this house on the test's own database, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.celery import app


@contextmanager
def running(*argv: str, log: Path, **set_to: str) -> Iterator[subprocess.Popen[bytes]]:
    process = start(*argv, log=log, **set_to)
    try:
        yield process
    finally:
        kill(process)


def start(*argv: str, log: Path, **set_to: str) -> subprocess.Popen[bytes]:
    """A process in a group of its own, with this set in its environment."""
    at = connection.settings_dict
    address = (
        f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        if connection.vendor == "postgresql"
        else f"sqlite:///{at['NAME']}"
    )
    queue = {"REDIS_URL": app.conf.broker_url} if settings.CELERY_BROKER_URL else {}
    return subprocess.Popen(
        [sys.executable, *argv],
        env=os.environ | {"DATABASE_URL": address, **queue, **set_to},
        stdout=log.open("ab"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process and all that it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(question: Callable[[], bool], within_s: float) -> None:
    end = time.monotonic() + within_s
    while not question():
        assert time.monotonic() < end, f"not within {within_s} s"
        time.sleep(0.05)
