"""What a bench says: progress, on which machine and how fast that is just now, and its figures, kept."""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "bench"


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


def end(found: dict[str, Any], *, reached: bool) -> NoReturn:
    """Print the figures as one line, keep them under the bench's name, and exit 1 where a goal was missed."""
    line = json.dumps(found, ensure_ascii=False)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{found['bench']}.json").write_text(line + "\n", encoding="utf-8")
    print(line)
    sys.exit(0 if reached else 1)
