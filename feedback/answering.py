"""An answer with its files: the draft and what proves it are kept together or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from feedback import attachments
from feedback.models import Attachment, Petition, Step
from feedback.permissions import Actor
from feedback.steps import take


def draft(petition: Petition, *, by: Actor, files: Iterable[File[Any]] = (), **told: Any) -> Step:
    """Draft a reply; its pictures and documents count as evidence. Raises what `take` raises."""
    try:
        kept = attachments.clean(files)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from None
    if kept and not told.get("evidence"):
        told["evidence"] = _("Kèm theo: %(names)s") % {"names": ", ".join(file.name for file in kept)}
    try:
        with transaction.atomic():
            step = take(petition, "draft_reply", by=by, **told)
            _attach(kept, step)
    except Exception:
        _discard(kept)
        raise
    return step


def _attach(files: Iterable[Attachment], step: Step) -> None:
    for file in files:
        file.petition, file.created_at, file.evidence = step.petition, step.at, True
        file.save()


def _discard(files: Iterable[Attachment]) -> None:
    """Nothing of a refused draft stays on the disk."""
    for file in files:
        if file.file.name:
            file.file.storage.delete(file.file.name)
