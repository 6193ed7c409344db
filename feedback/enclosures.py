"""An action with its files: the words and what comes with them are kept together or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from feedback import attachments, steps
from feedback.models import Attachment, Petition, Step
from feedback.permissions import Actor


def take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    files: Iterable[File[Any]] = (),
    proof: bool = False,
    seen: int | None = None,
    **told: Any,
) -> Step:
    """Take an action and keep its files; `proof`: they count as its evidence. Raises what `take` raises."""
    try:
        kept = attachments.clean(files)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from None
    if proof and kept and not told.get("evidence"):
        told["evidence"] = _("Kèm theo: %(names)s") % {"names": ", ".join(file.name for file in kept)}
    try:
        with transaction.atomic():
            digests = [file.sha256 for file in kept]
            step = steps.take(petition, action, by=by, seen=seen, enclosed=digests, **told)
            attach(kept, step, proof=proof)
    except Exception:
        attachments.discard(kept)
        raise
    return step


def attach(files: Sequence[Attachment], step: Step, *, proof: bool) -> None:
    """Keep cleaned files whose digests this step tells, in its transaction."""
    answer = step.petition.replies.last() if proof and files else None
    for file in files:
        file.petition, file.created_at = step.petition, step.at
        file.evidence, file.reply = proof, answer
        file.save()
