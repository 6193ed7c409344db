"""The processes of a house on one machine: started, watched, brought back, and never left behind."""

import ctypes
import gc
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
# Waits before the next start of a child that keeps dying; the last one repeats.
BACKOFF_S = (0.1, 0.5, 1.0, 1.5)
# A child that lived this long starts over at the first wait.
STEADY_S = 60.0
# New objects before the collector looks at them; Python's own 700 are fewer than one request makes.
YOUNG = 10_000


def die_with_parent(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send this process a signal when its parent is gone; go at once if it already is.

    Linux only (prctl); elsewhere a killed parent leaves the watch over `os.getppid()` as the only cure.
    """
    if hasattr(LIBC, "prctl"):
        LIBC.prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def keep_for_good() -> None:
    """Take what is loaded by now out of every later garbage collection: it stays as long as the process.

    A sixth of a POST's processor time went into looking through the code and the model again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


@dataclass
class Child:
    """One process that has to be there: its name, its command line, and the signal that ends it at once."""

    name: str
    argv: Sequence[str]
    orphaned: signal.Signals = signal.SIGKILL
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = 0
    code: int | None = field(default=None)

    def start(self) -> None:
        parent = os.getpid()
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.argv,
            # Its own group: Ctrl-C reaches the parent alone, which then ends the children in order.
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent, self.orphaned),
        )

    def tend(self, now: float) -> bool:
        """Bring the child back when it is gone and its wait is over; True when it has just died.

        `now`: seconds of time.monotonic().
        """
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return False
        self.code = self.process.poll()
        if self.code is None:
            return False
        self.deaths = 1 if now - self.started_at >= STEADY_S else self.deaths + 1
        self.due_at = now + BACKOFF_S[min(self.deaths, len(BACKOFF_S)) - 1]
        self.process = None
        return True

    def stop(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def kill(self) -> None:
        """End the child and everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None


def stop_all(children: Sequence[Child], within_s: float) -> None:
    """End every child, politely first."""
    for child in children:
        child.stop()
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and not all(child.gone() for child in children):
        time.sleep(0.05)
    for child in children:
        child.kill()
