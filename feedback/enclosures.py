"""An action with its files: the words and what comes with them are kept together or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from feedback import attachments, steps, story
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
    once: bool = False,
    **told: Any,
) -> Step:
    """Take an action and keep its files; `proof`: they count as its evidence. Raises what `take` raises.

    `once`: a slow line may send the form twice. What was said with the same words and files since `seen`
    stands for it; whatever else was done meanwhile does not stop it.
    """
    try:
        kept = attachments.clean(files)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from None
    if proof and kept and not told.get("evidence"):
        told["evidence"] = _("Kèm theo: %(names)s") % {"names": ", ".join(file.name for file in kept)}
    take_it = partial(_take, petition, action, by=by, kept=kept, proof=proof, told=told)
    try:
        return take_it(seen=seen)
    except steps.Overtaken:
        said = said_since(petition, seen or 0, action, told, kept) if once else None
        if said or not once:
            attachments.discard(kept)
        if said:
            return said
        if not once:
            raise
    return take_it(seen=None)


def _take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    kept: Sequence[Attachment],
    proof: bool,
    seen: int | None,
    told: Mapping[str, Any],
) -> Step:
    try:
        with transaction.atomic():
            digests = [file.sha256 for file in kept]
            step = steps.take(petition, action, by=by, seen=seen, enclosed=digests, **told)
            attach(kept, step, proof=proof)
    except steps.Overtaken:
        raise
    except Exception:
        attachments.discard(kept)
        raise
    return step


def said_since(
    petition: Petition, seen: int, action: str, told: Mapping[str, Any], kept: Sequence[Attachment] = ()
) -> Step | None:
    """The step after number `seen` that holds just this."""
    wanted = {name: _plainly(value) for name, value in told.items()}
    digests = [file.sha256 for file in kept]
    for step in steps.since(petition, seen).filter(action=action).select_related("words"):
        holds = {**step.facts, **story.words(step)}
        same = all(_plainly(holds.get(name)) == value for name, value in wanted.items())
        if same and holds.get("files", []) == digests:
            return step
    return None


def _plainly(value: Any) -> str:
    return " ".join(str(value or "").split())


def attach(files: Sequence[Attachment], step: Step, *, proof: bool) -> None:
    """Keep cleaned files whose digests this step tells, in its transaction."""
    answer = step.petition.replies.last() if proof and files else None
    for file in files:
        file.petition, file.created_at = step.petition, step.at
        file.evidence, file.reply = proof, answer
        file.save()
