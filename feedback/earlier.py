"""What an appeal is against: whoever has to judge it reads what was asked first, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from accounts.models import User
from feedback import permissions, story
from feedback.later_words import told_by_petitioner
from feedback.models import Attachment, Petition, Reply
from feedback.redaction import as_seen, file_names_as_seen, place_as_seen
from feedback.workflow import State
from routing.kept import row
from routing.models import Agency


@dataclass(frozen=True)
class Answered:
    """One answer that was sent, with who gave it, in words as this person may read them."""

    reply: Reply
    by: str
    text: str
    evidence: str


@dataclass(frozen=True)
class Earlier:
    """A petition that was answered or refused, in words as this person may read them.

    `text`: all that its sender has said of it. `files`: each with its name, the sender's and those of the
    answers. `answers`: of each round, the last one first. `done`: how its promise was kept, else "".
    `refused`: why it was not taken in, else "".
    """

    petition: Petition
    text: str
    place: str
    files: list[tuple[Attachment, str]]
    answers: list[Answered]
    done: str
    refused: str


def told(petition: Petition, user: User) -> list[Earlier]:
    """What it appeals against, or what it is a part of does, the nearest first: to whoever judges it, and
    whoever may see that anyway. [] of all else."""
    return [_as_read(one, petition, user) for one in petition.judged() if may_read(user, petition, one)]


def is_kept(petition: Petition, user: User, read: list[Earlier]) -> bool:
    """Whether this person is to judge it and cannot read all that it is against, whatever the reason."""
    judges = permissions.lead_handler(user, petition) or permissions.answer_approver(user, petition)
    shown = {one.petition.pk for one in read}
    return judges and any(one.pk not in shown and not one.erased_at for one in petition.judged())


def opens(user: User, file: Attachment) -> Petition | None:
    """The appeal by which this person reads a file of what it is against, None where there is none."""
    born = Petition.objects.visible_to(user).filter(pk__in=file.petition.descendants().values("pk"))
    read = ((one, earlier) for one in born.order_by("pk") for earlier in told(one, user))
    return next((one for one, earlier in read if file in (kept for kept, _name in earlier.files)), None)


def may_read(user: User, petition: Petition, first: Petition) -> bool:
    """Whether this person reads `first` on the page of what appeals against it, which he sees.

    Not where the first, a part of it, or the appeal that this is a part of is more secret than this, nor whom
    it complains of; nor while it was only the machine that gave it to somebody.
    """
    if first.erased_at or permissions.is_excluded(user, first):
        return False
    between = takewhile(lambda one: one.pk != first.pk, petition.lineage())
    if max(map(_secrecy, (first, *first.all_parts(), *between))) > _secrecy(petition):
        return False
    return _judges(user, petition) or Petition.objects.visible_to(user).filter(pk=first.pk).exists()


def _judges(user: User, petition: Petition) -> bool:
    """Whoever has it by a person's word; who accepts what the machine gave him has said so himself."""
    judge = permissions.lead_handler(user, petition) or permissions.answer_approver(user, petition)
    return judge and not petition.provisional


def _secrecy(petition: Petition) -> int:
    """Open, sealed, or a sealed denunciation."""
    return petition.sealed + petition.denouncer_sealed


def _as_read(first: Petition, petition: Petition, user: User) -> Earlier:
    sent = list(first.replies.sent().order_by("-pk"))
    return Earlier(
        petition=first,
        text=as_seen(told_by_petitioner(first), first, user),
        place=_place(first, petition, user),
        files=_files(first, petition, user, sent),
        answers=_answers(first, sent, user),
        done=as_seen(story.last_words(first, "fulfil").get("text", ""), first, user),
        refused=_why_refused(first, user) if first.state == State.REJECTED else "",
    )


def _answers(first: Petition, sent: list[Reply], user: User) -> list[Answered]:
    led: dict[Any, str] = dict(first.steps.filter(action="approve").values_list("at", "lead_agency"))
    agencies = [row(Agency, led.get(reply.approved_at, "")) for reply in sent]
    return [
        Answered(
            reply=reply,
            by=agency.name if agency else "",
            text=as_seen(reply.text, first, user),
            evidence=as_seen(reply.evidence, first, user),
        )
        for reply, agency in zip(sent, agencies, strict=True)
    ]


def _place(first: Petition, petition: Petition, user: User) -> str:
    """Not of whoever denounces by the appeal: it may be his own door."""
    hidden = petition.denouncer_sealed and not permissions.can_see_words(user, petition)
    return "" if hidden else place_as_seen(first, user)


def _files(
    first: Petition, petition: Petition, user: User, sent: list[Reply]
) -> list[tuple[Attachment, str]]:
    """The sender's where those of both may be opened, and what went with an answer."""
    own = all(permissions.can_see_files(user, one) for one in (first, petition))
    answers = {reply.pk for reply in sent}
    kept = first.attachments.order_by("pk")
    files = [file for file in kept if (file.reply_id in answers if file.evidence else own)]
    return list(zip(files, file_names_as_seen(files, user), strict=True))


def _why_refused(first: Petition, user: User) -> str:
    ground, reason = story.refusal(first)
    return ". ".join(filter(None, (str(ground), as_seen(reason, first, user))))
