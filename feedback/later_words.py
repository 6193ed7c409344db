"""What whoever asked says after filing, beside the first words."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings

from classifier import officials, read
from feedback.models import Petition, Step
from feedback.models.step import LATER_WORDS
from feedback.workflow import PETITIONS_AT_LAW


def said_in(step: Step) -> str:
    """The sender's words of one of these steps; beside a tap that doubts the reading they are its note."""
    told = step.said
    return "\n".join(str(told[name]) for name in ("text", "reason", "note") if told.get(name))


def told_by_petitioner(petition: Petition) -> str:
    """Everything that whoever asked has said of it until now."""
    later = (step for step in petition.heard() if step.action in LATER_WORDS)
    return "\n".join([petition.text, *map(said_in, later)])


def is_apart(petition: Petition) -> bool:
    """Whether its sender kept it apart from another petition: a person gives it on, no machine."""
    return any(step.action == "submit" for step in petition.heard())


def tells_of_officials(text: str, home: str, *, suspects: Collection[str] = PETITIONS_AT_LAW) -> bool:
    """Whether words may complain of an official: of a head, or read as one of these kinds."""
    return bool(officials(text)) or (settings.READS and read(text, home=home).kind in suspects)
