"""A petition that seems to tell of several things, for whoever sends it and whoever may split it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from classifier import Matter, matters_in, read
from feedback.models import Petition
from feedback.workflow import NEVER_PUBLIC, State
from routing.kept import every_field

# Where it may be split, and whoever reads it has to know that it is not all his.
UNSPLIT_IN = (State.SUBMITTED, State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS)


@dataclass(frozen=True)
class Several:
    """Names of the fields as the words come to them, the words of the second, and those to be split off."""

    fields: tuple[str, ...]
    words: str
    parts: tuple[str, ...]
    at_law: bool  # one of them may be a complaint or denunciation

    @property
    def count(self) -> int:
        return len(self.fields)


def told_in(text: str) -> Several | None:
    """What the machine makes of a text; None where it seems to tell of one thing."""
    found = matters_in(text)
    names = {field.pk: str(field) for field in every_field()} if found else {}
    if not found or not names.keys() >= {one.field for one in found}:
        return None
    parts = [text[one.start : one.end].strip() for one in _to_split_off(found)]
    words = text[found[1].start : found[1].end].strip()
    fields = tuple(names[one.field] for one in found)
    return Several(fields, words, tuple(parts), at_law=any(one.at_law for one in found))


def _to_split_off(found: Sequence[Matter]) -> Sequence[Matter]:
    """All but the first; where some of it may be a complaint or denunciation the rest, for that keeps the
    whole."""
    ordinary = [one for one in found if not one.at_law]
    return ordinary if 0 < len(ordinary) < len(found) else found[1:]


def left_to_split(petition: Petition, words: str) -> Several | None:
    """Of its words as somebody reads them, where nobody has split it; None of a complaint or denunciation,
    of which a person says by himself what may leave it."""
    if petition.sealed or petition.kind in NEVER_PUBLIC or petition.state not in UNSPLIT_IN:
        return None
    several = told_in(words)
    return several if several and not petition.is_split() else None


def stands_as_read_whole(petition: Petition) -> bool:
    """It was split and nobody has said since what is left of it: it may stand under what was split off."""
    read = petition.reading.subfield if petition.reading else ""
    return petition.is_split() and (petition.subfield_id or "") in ("", read)


def stands_under_its_part(petition: Petition) -> bool:
    """The same, and what is left of it reads otherwise."""
    return stands_as_read_whole(petition) and subfield_left(petition) != (petition.subfield_id or "")


def subfield_left(whole: Petition) -> str:
    """The sub-field of what nobody has split off, read alone; "" where its words cannot be told apart."""
    left = _plain(whole.text)
    for part in whole.parts():
        gone = _plain(part.text)
        at = left.lower().find(gone.lower())  # who leaves out “Ngoài ra” begins with a capital
        if not gone or at < 0:
            return ""
        left = f"{left[:at]} {left[at + len(gone) :]}"
    return read(left, home=whole.territory_id).subfield if settings.READS else ""


def _plain(words: str) -> str:
    """In one line and composed: a form sends line breaks, and a telephone marks, in its own way."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def is_for_a_person(petition: Petition, *, danger: bool) -> bool:
    """Whether the machine gives it to nobody: each matter has an agency of its own.

    Danger does not wait until they are told apart. What is left of a split still tells of all, and may be
    read as what was split off.
    """
    return petition.is_split() or (not danger and told_in(petition.text) is not None)
