"""What a bench says: progress, on which machine and how fast that is just now, and its figures, kept."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
# Beside the house that HOIAM_VAR named when the bench began, whatever houses it opens for itself.
KEPT = Path(os.environ.get("HOIAM_VAR") or ROOT / "var").expanduser().resolve() / "bench"
HANOI = dt.timezone(dt.timedelta(hours=7))
# What every line has, null where it does not apply; each bench may say more.
PROMISED = (
    *("bench", "date", "machine", "cores", "database", "n", "clients", "per_s", "p50_ms", "p95_ms"),
    *("statements", "commits", "errors", "goal", "reached"),
)


def machine() -> str:
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return cpu[0].split(":", 1)[1].strip() if cpu else platform.machine()


def yardstick_s() -> float:
    """Processor time of ten million additions here and now: a shared machine is not always the same one."""
    began, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - began


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def whole(found: dict[str, Any], *, reached: bool | None) -> dict[str, Any]:
    """These figures with all that is promised of a line, in the order of the promise."""
    here = {
        "date": dt.datetime.now(HANOI).isoformat(timespec="seconds"),
        "machine": machine(),
        "cores": os.cpu_count(),
    }
    return dict.fromkeys(PROMISED) | here | found | {"reached": reached}


def end(found: dict[str, Any], *, reached: bool | None) -> NoReturn:
    """Print the figures as one line, keep them under the bench's name, and exit 1 where a goal was missed.

    `reached`: None where there is no goal.
    """
    line = json.dumps(whole(found, reached=reached), ensure_ascii=False)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{found['bench']}.json").write_text(line + "\n", encoding="utf-8")
    print(line)
    sys.exit(1 if reached is False else 0)
