"""Who is told what after a step: one table, one template per action, one row per step, person and channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Role, User
from feedback.followups import Write, after
from feedback.models import Notice, Petition, Step


@dataclass(frozen=True)
class Recipient:
    """One person to be told; `key` makes the row unique."""

    key: str
    address: str = ""
    user: User | None = None


Who = Callable[[Petition], Iterator[Recipient]]


def petitioner(petition: Petition) -> Iterator[Recipient]:
    """Whoever filed it; without an address the notice waits on the follow page alone."""
    contact = getattr(petition, "contact", None)
    yield Recipient("petitioner", contact.email if contact else "", petition.petitioner)


def lead_people(petition: Petition) -> Iterator[Recipient]:
    yield from _holders(petition, Role.HANDLER)


def lead_approvers(petition: Petition) -> Iterator[Recipient]:
    yield from _holders(petition, Role.APPROVER)


def drafter(petition: Petition) -> Iterator[Recipient]:
    if petition.drafted_by:
        yield Recipient(f"user:{petition.drafted_by_id}", petition.drafted_by.email, petition.drafted_by)


def _holders(petition: Petition, role: Role) -> Iterator[Recipient]:
    people = User.objects.filter(post__role=role, post__agency_id=petition.lead_id, is_active=True)
    for user in people.distinct().order_by("pk"):
        yield Recipient(f"user:{user.pk}", user.email, user)


WHO_IS_TOLD: Mapping[str, tuple[Who, ...]] = {
    "submit": (petitioner,),
    "assign": (petitioner, lead_people),
    "accept": (petitioner,),
    "draft_reply": (lead_approvers,),
    "send_back": (drafter,),
    "approve": (petitioner,),
    "publish": (petitioner,),
}


@after(*WHO_IS_TOLD)
def notify(step: Step) -> Write:
    """Write the notices of a step. Twice: the rows are unique. Never: `catch_up` finds it waiting."""
    petition = step.petition
    notices = [
        _notice(step, petition, recipient) for who in WHO_IS_TOLD[step.action] for recipient in who(petition)
    ]
    for notice in notices:
        if notice.channel == Notice.Channel.EMAIL:
            _send(notice)
    return lambda: _keep(notices)


def _keep(notices: list[Notice]) -> None:
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _notice(step: Step, petition: Petition, recipient: Recipient) -> Notice:
    by_mail = bool(settings.EMAIL_URL and recipient.address)
    channel = Notice.Channel.EMAIL if by_mail else Notice.Channel.OUTBOX
    subject, body = _words(step, petition, to_citizen=recipient.key == "petitioner")
    return Notice(
        step=step,
        recipient=recipient.key,
        user=recipient.user,
        channel=channel,
        address=recipient.address if by_mail else "",
        subject=subject,
        body=body,
        message_id=f"<{petition.code}.{step.seq}.{recipient.key.replace(':', '-')}.{channel}@hoiam>",
        created_at=timezone.now(),
    )


def _words(step: Step, petition: Petition, *, to_citizen: bool) -> tuple[str, str]:
    """The first line of the template is the subject, the rest the body."""
    context: dict[str, Any] = {
        "step": step,
        "petition": petition,
        "to_citizen": to_citizen,
        "base_url": settings.BASE_URL.rstrip("/"),
    }
    text = render_to_string(f"notifications/{step.action}.txt", context).strip()
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip()


def _send(notice: Notice) -> None:
    """By SMTP; cut off in the middle, the same Message-ID goes out again."""
    message = EmailMessage(
        notice.subject, notice.body, to=[notice.address], headers={"Message-ID": notice.message_id}
    )
    message.send()
    notice.sent_at = timezone.now()
