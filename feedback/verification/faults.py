"""What does not fit, and what the checks of one chain share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from feedback.models import Step


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit: which petition, which step (0: the whole), and why."""

    code: str
    seq: int
    why: str


def said(step: Step) -> dict[str, Any]:
    """The words of a step by their names; nothing where they were erased."""
    words = getattr(step, "words", None)
    try:
        return dict(json.loads(words.text)) if words else {}
    except ValueError:
        return {}  # not what was written: its digest has said so


def last_of(chain: list[Step], action: str) -> int:
    """The number of the last step with that action; 0 where there is none."""
    return max((step.seq for step in chain if step.action == action), default=0)
