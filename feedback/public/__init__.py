"""What leaves the house: published petitions, and the counts that figures are made of; read only.

`publication` imports this folder and nothing else of the petition's. The copies are written by the steps
alone (`copies`, called from the one door).
"""

from __future__ import annotations

from feedback import ink
from feedback.finding.looking import find_published, understood_by_all
from feedback.finding.showing import FOR_EVERYBODY, Asked, excerpt
from feedback.finding.showing import context as found_context
from feedback.models.petition import Channel
from feedback.models.reply import Score
from feedback.public.cohort import fared
from feedback.public.copies import (
    follow,
    hidden_lines,
    is_refused,
    just_answered,
    left_as_it_is,
    offered,
    picture_in_public,
    pictures_of,
    preview,
    publish,
    published,
    shown_pictures,
    shown_words,
    why_look_again,
    with_answer,
)
from feedback.public.counted import stopped_at
from feedback.public.cube import (
    counts_of,
    first_day_counted,
    is_day_counted,
    last_day_counted,
    newest_step_at,
    stood_at,
    totals_of,
)
from feedback.public.showing import is_late, row, served, whole
from feedback.redaction import legible, masked
from feedback.sheet import workbook
from feedback.workflow import OPEN, PAUSED, PETITIONS_AT_LAW, PUBLIC_STATES, Kind, State

__all__ = [
    "FOR_EVERYBODY",
    "OPEN",
    "PAUSED",
    "PETITIONS_AT_LAW",
    "PUBLIC_STATES",
    "Asked",
    "Channel",
    "Kind",
    "Score",
    "State",
    "counts_of",
    "excerpt",
    "fared",
    "find_published",
    "first_day_counted",
    "follow",
    "found_context",
    "hidden_lines",
    "ink",
    "is_day_counted",
    "is_late",
    "is_refused",
    "just_answered",
    "last_day_counted",
    "left_as_it_is",
    "legible",
    "masked",
    "newest_step_at",
    "offered",
    "picture_in_public",
    "pictures_of",
    "preview",
    "publish",
    "published",
    "row",
    "served",
    "shown_pictures",
    "shown_words",
    "stood_at",
    "stopped_at",
    "totals_of",
    "understood_by_all",
    "whole",
    "why_look_again",
    "with_answer",
    "workbook",
]
