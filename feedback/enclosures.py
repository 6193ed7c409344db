"""An action with its files: the words and what comes with them are kept together or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import User
from feedback import attachments, locking, steps
from feedback.models import Attachment, Petition, Step
from feedback.models.attachment import ANSWERING, OF_OFFICIALS
from feedback.models.step import PETITIONER
from feedback.permissions import Actor
from feedback.workflow import APPEALS, State

AGAIN = dt.timedelta(minutes=10)  # nobody says a thing twice so soon and means it twice
LOOKS = 5  # at what others do meanwhile


def take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    files: Iterable[File[Any]] = (),
    seen: int | None = None,
    once: bool = False,
    **told: Any,
) -> Step:
    """Take an action and keep its files. Raises what `take` raises.

    Of an official's form that is sent twice the first counts, and the second gives back its step.

    `once`: a slow line may send the form twice, and who goes back in the browser sends a fresh one with the
    same words. What was said last with them since `seen`, or within `AGAIN`, stands for it; whatever else was
    done meanwhile does not stop it.
    """
    try:
        kept = attachments.clean(files)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from None
    if again := set(told.pop("again", ())) - {file.sha256 for file in kept}:  # what is chosen anew goes once
        told["again"] = sorted(again)
    names = [file.name for file in kept] + names_again(petition, again)
    if names and action in ANSWERING and not told.get("evidence"):
        told["evidence"] = naming(names)
    take_it = partial(_take, petition, action, by=by, kept=kept, told=told)
    if once:
        return _unless_said(petition, unheard_since(petition, seen), action, told, kept, by, take_it)
    try:
        return take_it(seen=seen)
    except steps.Overtaken as overtaken:
        attachments.discard(kept)
        if done := _done_since(petition, overtaken.since, action, told, kept, by):
            return done
        raise


# Of the answer, in Vietnamese whatever language the page spoke.
ENCLOSED = "Kèm theo: "


def naming(names: Iterable[str]) -> str:
    """The evidence of whoever encloses these files and says no more."""
    return ENCLOSED + ", ".join(names)


def only_names(evidence: str, names: Iterable[str]) -> bool:
    """Whether it says just that, in whatever order."""
    said = evidence.removeprefix(ENCLOSED).split(", ") if evidence.startswith(ENCLOSED) else []
    return bool(said) and sorted(said) == sorted(", ".join(names).split(", "))


def names_again(petition: Petition, again: Collection[str]) -> list[str]:
    """What the files with these digests are called that came with a draft of it that was sent back."""
    return list(petition.attachments.unsent(again).order_by("pk").values_list("name", flat=True))


def _unless_said(
    petition: Petition,
    seen: int,
    action: str,
    told: Mapping[str, Any],
    kept: Sequence[Attachment],
    by: Actor,
    take_it: Callable[..., Step],
) -> Step:
    """Take it unless it was said after number `seen`; what others do meanwhile is looked at as well."""
    for _look in range(LOOKS):
        looked_at = petition.steps.aggregate(last=Max("seq", default=0))["last"]
        if said := said_since(petition, seen, action, told, kept):
            _hand_on_new(kept, said, by)
            return said
        try:
            return take_it(seen=looked_at)
        except steps.Overtaken:
            continue
    attachments.discard(kept)
    raise steps.Overtaken(looked_at)


def _take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    kept: Sequence[Attachment],
    seen: int | None,
    told: Mapping[str, Any],
) -> Step:
    try:
        with transaction.atomic():
            if action in APPEALS:
                step = steps.take(petition, action, by=by, seen=seen, **told)
                _hand_on(kept, step, by)
            else:
                step = steps.take(petition, action, by=by, seen=seen, enclosed=_digests(kept), **told)
                attach(kept, step)
    except steps.Overtaken:
        raise
    except Exception:
        attachments.discard(kept)
        raise
    return step


def unheard_since(petition: Petition, seen: int | None) -> int:
    """`seen`, or the number before what the sender said within `AGAIN` and no official has acted on."""
    lately = Q(at__gte=timezone.now() - AGAIN, role__in=(*PETITIONER, "system"))
    before = petition.steps.exclude(lately).order_by("seq").last()
    heard = before.seq if before else 0
    return heard if seen is None else min(seen, heard)


def said_since(
    petition: Petition, seen: int, action: str, told: Mapping[str, Any], kept: Sequence[Attachment] = ()
) -> Step | None:
    """What the sender said last after number `seen`, where it is just this; files may be missing now."""
    step = steps.since(petition, seen).filter(role__in=PETITIONER).select_related("words").last()
    if step is None or step.action != action or (action in APPEALS and not petition.has_open_appeal()):
        return None
    here = () if action in APPEALS else kept  # those of an appeal lie where it led
    return step if _is_just(step, told, here) else None


def _done_since(
    petition: Petition,
    seen: int,
    action: str,
    told: Mapping[str, Any],
    kept: Sequence[Attachment],
    by: Actor,
) -> Step | None:
    """The last step after number `seen`, where it is just this and his: nothing undid it since."""
    if not isinstance(by, User):
        return None
    step = steps.since(petition, seen).select_related("words").last()
    if step is None or (step.action, step.by_id) != (action, by.pk):
        return None
    facts = {name: value for name, value in told.items() if name != "to_doubt"}  # how it is taken, no fact
    return step if _is_just(step, facts, kept) else None


def _is_just(step: Step, told: Mapping[str, Any], kept: Sequence[Attachment]) -> bool:
    """It says all of this, with these files, whatever became of them since."""
    holds = {**step.facts, **step.said}
    same = all(_plainly(holds.get(name)) == _plainly(value) for name, value in told.items())
    return same and set(_digests(kept)) <= set(holds.get("files", []))


def _plainly(value: Any) -> str:
    return " ".join(str(value or "").split())


def _digests(files: Iterable[Attachment]) -> list[str]:
    return [file.sha256 for file in files]


def _hand_on(kept: Sequence[Attachment], step: Step, by: Actor) -> None:
    """What came with an appeal belongs to the petition that was born of it, by a step of its own there."""
    if kept:
        text = WITH_IT % len(kept)
        born = Petition.objects.born_of(step).latest("pk")
        attach(kept, steps.take(born, "inform", by=by, enclosed=_digests(kept), text=text))


def _hand_on_new(kept: Sequence[Attachment], said: Step, by: Actor) -> None:
    """Of a second press the first counts; a file of an appeal that the first had not is handed on.

    Raises NotNow, and the sender is asked for it again, where a question waits there: it would be the answer.
    """
    if said.action not in APPEALS:
        attachments.discard(kept)
        return
    try:
        with transaction.atomic():
            born = locking.locked(Petition.objects.born_of(said).latest("pk").pk)
            _hand_on(_new_there(kept, born), said, by)
    except Exception:
        attachments.discard(kept)
        raise


def _new_there(kept: Sequence[Attachment], born: Petition) -> list[Attachment]:
    """Each once, without what lies there already."""
    there = set(born.attachments.values_list("sha256", flat=True))
    new = {file.sha256: file for file in kept if file.sha256 not in there}
    if new and born.state == State.NEEDS_INFO:
        raise steps.NotNow
    return list(new.values())


# In Vietnamese whatever language the page spoke; no name of a file, for it may be a person's.
WITH_IT = "Kèm theo đơn: %d tệp."


def attach(files: Sequence[Attachment], step: Step) -> None:
    """Keep cleaned files whose digests this step tells, in its transaction."""
    answer = step.petition.replies.last() if files and step.action in ANSWERING else None
    for file in files:
        file.petition, file.created_at = step.petition, step.at
        file.evidence, file.reply = step.action in OF_OFFICIALS, answer
        file.save()
