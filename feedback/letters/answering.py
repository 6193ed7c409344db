"""What the house writes back to a letter: once, to one address, a few times an hour at most."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.links import link_to
from feedback import notifications, pace, reach
from feedback.letters.reading import MOST_BYTES, Letter
from feedback.models import Notice, Step

# Answers to one address within an hour: two machines that take each other for people soon fall silent.
MOST_ANSWERS, ANSWERS_S = 10, 60 * 60
MOST_NAMED = 20  # files in one letter; whoever sends a hundred need not read of each


class LaterError(Exception):
    """To be tried again: the mail server is not there or did not take this now, or too much came at once.

    `code`: of the petition in which its letter stands already.
    """

    code: str = ""


class UnansweredError(Exception):
    """No answer goes out: the house writes no mail, or has written enough."""


class NobodyThereError(UnansweredError):
    """The mail server knows no such address."""


class Wire:
    """The way to the mail server, opened by the first answer of a round and asked no more once it is away."""

    def __init__(self) -> None:
        self.is_away = False
        self._connection: BaseEmailBackend | None = None

    def send(self, message: EmailMessage) -> None:
        """Raises LaterError and NobodyThereError."""
        if self.is_away:
            raise LaterError
        try:
            message.connection = self._opened()
            message.send()
        except notifications.NOT_TAKEN as error:
            self.close()
            if notifications.knows_no_such_address(error):
                raise NobodyThereError from None
            raise LaterError(type(error).__name__) from None

    def _opened(self) -> BaseEmailBackend:
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except notifications.NOT_TAKEN:
                self.is_away = True
                raise
            self._connection = connection
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            with suppress(*notifications.NOT_TAKEN):
                self._connection.close()
        self._connection = None


@dataclass(frozen=True)
class Answering:
    """A letter that is answered, over this wire."""

    letter: Letter
    wire: Wire

    def tell(self, template: str, **context: Any) -> None:
        """Write back what is no petition's affair. Raises LaterError and UnansweredError."""
        subject, body = _written(template, context)
        self._send(subject, body, _name(f"{template} {self.letter.name}"))

    def tell_of(self, step: Step, template: str, *, secret: str = "", **context: Any) -> None:
        """Write back what came of it, as the letter of this step: once, but anew where it was refused.

        Its row keeps no secret. Raises LaterError and UnansweredError.
        """
        before = step.notices.filter(recipient=Notice.PETITIONER, channel=Notice.Channel.EMAIL).first()
        if before and before.sent_at:
            return
        if reach.address_now(step.petition_id).casefold() != self.letter.address.casefold():
            raise UnansweredError  # his address was mended since: it is his no more
        context = {"petition": step.petition, "code": step.petition.printed_code, **context}
        subject, body = _written(template, context | {"secret": secret, **_way_in(step, secret)})
        name = notifications.message_id(step, Notice.PETITIONER, Notice.Channel.EMAIL)
        kept_body = body.replace(secret, notifications.HIDDEN) if secret else body
        notice = Notice(
            step=step,
            recipient=Notice.PETITIONER,
            channel=Notice.Channel.EMAIL,
            address=self.letter.address,
            subject=subject,
            body=kept_body,
            message_id=name,
            created_at=timezone.now(),
        )
        try:
            self._send(subject, f"{body}\n\n{notifications.closing(Notice.PETITIONER)}", name)
        except NobodyThereError:
            notice.refused_at = timezone.now()
            notifications.keep_sent(notice)
            raise
        notice.sent_at = timezone.now()
        notifications.keep_sent(notice)

    def _send(self, subject: str, body: str, message_id: str) -> None:
        if not settings.EMAIL_URL or self._wrote_enough(0):
            raise UnansweredError
        headers = {"Message-ID": message_id, "Auto-Submitted": "auto-replied"}
        if told := self.letter.message_id:
            headers |= {"In-Reply-To": told, "References": told}
        self.wire.send(EmailMessage(subject, body, to=[self.letter.address], headers=headers))
        self._wrote_enough(1)

    def _wrote_enough(self, more: int) -> bool:
        """Whether one more is too many; counted is only what was sent."""
        address, most = self.letter.address.lower(), MOST_ANSWERS if more else MOST_ANSWERS - 1
        return pace.is_too_fast("answers", address, most=most, weight=more, window_s=ANSWERS_S)


def _name(told: str) -> str:
    """A Message-ID that only this house makes, the same for the same; no row holds it."""
    which = hashlib.sha256(told.encode()).hexdigest()[:24]
    return f"<re.{which}.{_mark_of(which)}@hoiam>"


def _mark_of(which: str) -> str:
    return salted_hmac("answer", which, settings.IDENTITY_KEY, algorithm="sha256").hexdigest()[:24]


def is_one(message_id: str) -> bool:
    """Whether a letter by `tell` is called so."""
    found = re.fullmatch(r"<re\.(\w{24})\.(\w{24})@hoiam>", message_id, re.ASCII)
    return found is not None and constant_time_compare(_mark_of(found[1]), found[2])


def usual() -> list[str]:
    """What stands in each letter by `tell`."""
    return ["\n".join(_written(name, {})) for name in ("not_filed", "not_told", "moved")]


def _written(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Its subject and its words."""
    given = {
        "follow": link_to("feedback:track"),
        "form": link_to("feedback:file"),
        "megabytes": settings.MAX_FILE_BYTES // 1_048_576,
        "whole": MOST_BYTES // 1_048_576,
    }
    return notifications.written(f"letters/{template}.txt", given | dict(context))


def _way_in(step: Step, secret: str) -> dict[str, str]:
    follow = link_to("feedback:track")
    return {"link": f"{follow}?code={step.petition.code}&secret={secret}" if secret else ""}


def named(files: Sequence[str]) -> list[str]:
    """The first of them, and how many more there are."""
    more = len(files) - MOST_NAMED
    return [*files[:MOST_NAMED], *([f"… và {more} tệp khác"] if more > 0 else [])]
