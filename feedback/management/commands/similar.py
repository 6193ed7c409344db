"""`manage.py similar`: petitions that tell the same as a text, of those that one person may see."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

import search
from classifier import mentions
from feedback import access, alike
from feedback.access import What
from feedback.management.person_lines import PersonLinesCommand
from routing import assignment, places
from routing.jsonlines import Line, LineError, value_of


class Command(PersonLinesCommand):
    help = (
        "Tìm phản ánh giống một nội dung, trong các đơn mà người đó được xem; không bao giờ đơn niêm phong."
    )

    def answer(self, line: Line) -> Line:
        text = value_of(line, "text", str, "")
        if not text.strip():
            raise LineError("Thiếu trường 'text': nội dung cần so.")
        found = alike.likes_of_text(
            text,
            place=_place(value_of(line, "commune", str, ""), text),
            on=timezone.localdate(),
            among=alike.offered_to(self.person),
            within_days=_days(value_of(line, "days", int, alike.WITHIN_DAYS)),
        )
        access.kept(self.person, What.SEARCH, page="manage.py similar", rows=len(found))
        return {"matches": [{"code": petition.code, "score": score} for petition, score in found]}


def _days(days: int) -> int:
    if days < 0:
        raise LineError("Trường 'days' phải là số ngày từ 0 trở lên.")
    return days


def _place(commune: str, text: str) -> search.Place:
    """The commune that is given; else the whole of the province that the text names, or of this house."""
    if commune:
        known = assignment.tables().communes.get(commune)
        if known is None:
            raise LineError(f"Không có xã, phường, đặc khu mã {commune!r}.")
        return search.Place(known.province, commune)
    home = settings.HOME_PROVINCE
    located = places.locate(mentions(text, home=home), home=home, on=timezone.localdate())
    return search.Place(located.province or home)
