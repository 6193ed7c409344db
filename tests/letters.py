"""Letters as people and machines write them, a Maildir they are delivered to, and what the house answers."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Any

from feedback.letters.collecting import collect
from tests.mail_sink import Sink

HOUSE = "phananh@danang.example.vn"
SENDER = "buoi@example.vn"
WORDS = "Gạch vỉa hè trước trường Lê Lợi, phường Hải Châu bị bong, cụ già vấp ngã."
_numbers = count(1)


def letter(words: str = WORDS, *, html: str = "", files: Any = (), **headers: str) -> EmailMessage:
    """One that a person writes; a header that is "" is left out."""
    written = EmailMessage(policy=SMTP)
    told = {
        "From": f"Nguyễn Thị Bưởi <{SENDER}>",
        "To": HOUSE,
        "Subject": "",
        "Message-ID": f"<letter-{next(_numbers)}@example.vn>",
    }
    for name, value in (told | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        if value:
            written[name] = value
    written.set_content(words)
    if html:
        written.add_alternative(html, subtype="html")
    for name, content, kind in files:
        major, minor = kind.split("/")
        written.add_attachment(content, maintype=major, subtype=minor, filename=name)
    return written


def answer(to: EmailMessage, words: str, *, files: Any = (), **headers: str) -> EmailMessage:
    """What somebody writes who presses “answer”."""
    told = {"In_Reply_To": str(to["Message-ID"]), "Subject": f"Re: {to['Subject']}"}
    return letter(words, files=files, **(told | headers))


def bounce(of: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.vn\r\nReturn-Path: <>\r\nSubject: Undelivered\r\nTo: x@example.vn\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.vn\r\n\r\n"
        f"Final-Recipient: rfc822; {SENDER}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


class LetterBox:
    """A Maildir of its own, the way mail servers deliver to it, and a round of the house over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)

    def deliver(self, written: EmailMessage | bytes) -> Path:
        path = self.folder / "new" / f"{next(_numbers):08}.M1P1.host"
        path.write_bytes(written if isinstance(written, bytes) else written.as_bytes())
        return path

    def comes(self, written: EmailMessage | bytes) -> dict[str, int]:
        """Delivered, and taken; without what there was none of."""
        self.deliver(written)
        return self.round()

    def round(self) -> dict[str, int]:
        return {name: number for name, number in collect().items() if number}

    def moves_back(self, folder: str = ".Can-xem.Da-ghi") -> None:
        """A person moves what lies there to where letters come in."""
        for path in (self.folder / folder / "new").glob("*"):
            path.rename(self.folder / "new" / path.name)

    def lying(self, folder: str = "") -> list[bytes]:
        place = self.folder / folder
        return [path.read_bytes() for part in ("new", "cur") for path in sorted((place / part).glob("*"))]


def body(written: EmailMessage) -> str:
    return str(written.get_content())


def receipt(mail: Sink) -> tuple[str, str]:
    """Code and secret out of the last receipt that the house wrote."""
    lines = [body(sent) for sent in mail.letters if "Mã bí mật: " in body(sent)][-1].splitlines()
    told = dict(line.split(": ", 1) for line in lines if line.startswith("Mã "))
    return told["Mã tra cứu"].replace(" ", ""), told["Mã bí mật"]
