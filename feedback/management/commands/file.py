"""`manage.py file --json`: petitions from another door, one a line: imports, counters, letters."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from feedback import acting
from feedback.intake import receive
from feedback.submission import WHO, Submission
from routing.jsonlines import JsonLinesCommand, Line, LineError, value_of

TEXTS = (
    *("commune", "place_text", *WHO),
    *("source", "external_id", "key"),
)
KNOWN = {"id", "text", "channel", "hidden", "anonymous", "at", *TEXTS}


class Command(JsonLinesCommand):
    help = "Nộp đơn, mỗi dòng một đối tượng JSON; trả mã và mã bí mật. Cùng nguồn và mã ngoài: không tạo lại."

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
            receipt = receive(submission, now=acting.moment_of_step(line.get("at")))
        except ValidationError as wrong:
            raise LineError(acting.sentence(wrong), acting.USAGE) from None
        return {"code": receipt.petition.code, "secret": receipt.secret, "created": receipt.created}
