"""What an appeal is against: whoever has to judge it reads what was asked first, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from feedback import permissions, story
from feedback.models import Attachment, Petition, Reply
from feedback.redaction import as_seen, file_names_as_seen, place_as_seen
from feedback.workflow import State


@dataclass(frozen=True)
class Earlier:
    """A petition that was answered or refused, in words as this person may read them.

    `files`: each with its name, the sender's and those of the answer. `reply`: the answer that was sent
    last, None where there is none. `refused`: why it was not taken in, else "".
    """

    petition: Petition
    text: str
    place: str
    files: list[tuple[Attachment, str]]
    reply: Reply | None
    answer: str
    evidence: str
    refused: str


def told(petition: Petition, user: User) -> list[Earlier]:
    """What it appeals against, or what it is a part of does, the nearest first: to whoever judges it, and
    whoever may see that anyway. [] of all else."""
    return [_as_read(one, user) for one in petition.judged() if may_read(user, petition, one)]


def opens(user: User, file: Attachment) -> Petition | None:
    """The appeal by which this person reads a file of what it is against, None where there is none."""
    born = Petition.objects.visible_to(user).filter(pk__in=file.petition.born().values("pk"))
    read = ((one, earlier) for one in born.order_by("pk") for earlier in told(one, user))
    return next((one for one, earlier in read if file in (kept for kept, _name in earlier.files)), None)


def may_read(user: User, petition: Petition, first: Petition) -> bool:
    """Whether this person reads `first` on the page of what appeals against it, which he sees.

    Not where the first is more secret than the appeal, by itself or by a part, nor whom it complains of.
    """
    if first.erased_at or permissions.is_excluded(user, first):
        return False
    if not petition.sealed and (first.sealed or first.sealed_parts().exists()):
        return False
    judges = permissions.lead_handler(user, petition) or permissions.answer_approver(user, petition)
    return judges or Petition.objects.visible_to(user).filter(pk=first.pk).exists()


def _as_read(first: Petition, user: User) -> Earlier:
    reply = first.replies.filter(approved_at__isnull=False).last()
    return Earlier(
        petition=first,
        text=as_seen(first.text, first, user),
        place=place_as_seen(first, user),
        files=_files(first, user, reply),
        reply=reply,
        answer=as_seen(reply.text, first, user) if reply else "",
        evidence=as_seen(reply.evidence, first, user) if reply else "",
        refused=_why_refused(first, user) if first.state == State.REJECTED else "",
    )


def _files(first: Petition, user: User, reply: Reply | None) -> list[tuple[Attachment, str]]:
    own = permissions.can_see_files(user, first)
    files = [
        file
        for file in first.attachments.order_by("pk")
        if (file.reply_id == reply.pk if file.evidence and reply else own and not file.evidence)
    ]
    return list(zip(files, file_names_as_seen(files, user), strict=True))


def _why_refused(first: Petition, user: User) -> str:
    ground, reason = story.refusal(first)
    return ". ".join(filter(None, (str(ground), as_seen(reason, first, user))))
