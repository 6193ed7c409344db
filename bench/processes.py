"""The processes of a house: what they have used of the processor, and how one begins."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(parent: int) -> dict[str, float]:
    """Seconds of processor time so far of `web` (gunicorn and its workers) and of `work`."""
    used = {"web": 0.0, "work": 0.0}
    for pid in below(parent):
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        name = "web" if b"gunicorn" in line else "work" if b"\0work\0" in line else ""
        if name:
            used[name] += used_by(pid)
    return used


def below(parent: int) -> list[int]:
    """Children and their children, all the way down."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [pid for child in map(int, children) for pid in (child, *below(child))]


def used_by(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def like_a_worker() -> None:
    """What a worker of gunicorn does before its first request."""
    from config.gunicorn import load

    load()
