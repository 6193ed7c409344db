"""`manage.py file --json`: petitions from another door, one a line: imports, counters, letters."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from feedback import acting
from feedback.intake import receive
from feedback.models import Petition
from feedback.submission import WHO, Submission
from routing.jsonlines import JsonLinesCommand, Line, LineError, value_of

TEXTS = (
    *("commune", "place_text", *WHO),
    *("source", "external_id", "key"),
)
KNOWN = {"id", "text", "channel", "hidden", "anonymous", "at", *TEXTS}


class Command(JsonLinesCommand):
    help = (
        "Nộp đơn, mỗi dòng một đối tượng JSON; trả mã và mã bí mật. Cùng nguồn và mã ngoài,"
        " hoặc cùng key: không tạo lại, dù nội dung khác."
    )

    def answer(self, line: Line) -> Line:
        if unknown := sorted(line.keys() - KNOWN):  # left out in silence, it would be lost
            raise LineError(
                f"Không có trường {', '.join(unknown)}; các trường: {', '.join(sorted(KNOWN))}.", acting.USAGE
            )
        texts: dict[str, Any] = {name: value_of(line, name, str, "") for name in TEXTS}
        submission = Submission(
            text=value_of(line, "text", str, ""),
            channel=value_of(line, "channel", str, "web"),
            hidden=value_of(line, "hidden", bool, False),
            anonymous=value_of(line, "anonymous", bool, False),
            **texts,
        )
        try:
            if known := known_by_key(submission.checked()):
                return {"code": known.code, "secret": "", "created": False}
            receipt = receive(submission, now=acting.moment_of_step(line.get("at")))
        except ValidationError as wrong:
            raise LineError(acting.sentence(wrong), acting.USAGE) from None
        return {"code": receipt.petition.code, "secret": receipt.secret, "created": receipt.created}


def known_by_key(submission: Submission) -> Petition | None:
    """What was filed under this key first, whatever it says: an importer's key names a petition.

    A form of the web means its key and its words together; see `intake.receive`.
    """
    if not submission.key or submission.external_id:
        return None
    of_theirs = Petition.objects.filter(intake_key=submission.key, source=submission.source)
    return of_theirs.order_by("pk").first()
