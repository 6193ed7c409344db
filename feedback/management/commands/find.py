"""`manage.py find`: petitions that hold what is asked for, of those that one person may see."""

from __future__ import annotations

from typing import Any

import search
from feedback import access
from feedback.access import What
from feedback.finding.looking import NARROWS, find, narrowed, read, understood
from feedback.management.person_lines import PersonLinesCommand
from routing.jsonlines import Line, LineError, value_of

NO_KEY = "Trường 'after' phải là khóa mà trang trước đưa ra."
PAGE = "manage.py find"  # as the log of looks calls it


class Command(PersonLinesCommand):
    help = "Tìm đơn theo từ ngữ, mã, số điện thoại, nơi, lĩnh vực… trong các đơn mà người đó được xem."

    def answer(self, line: Line) -> Line:
        sought = narrowed(read(value_of(line, "q", str, "")), _filters(value_of(line, "filters", dict, {})))
        sought = understood(self.person, sought)
        try:
            page, rows = find(self.person, sought, after=value_of(line, "after", str, ""))
        except search.Unavailable as away:
            raise LineError(str(away), 1) from None
        except ValueError:
            raise LineError(NO_KEY) from None
        if not rows and value_of(line, "after", str, ""):
            raise LineError(NO_KEY)
        access.kept(self.person, What.SEARCH, page=PAGE, rows=len(rows))
        if sought.phone:
            access.kept_who_sent(self.person, rows, page=PAGE)
        return {
            "total": page.total,
            "whole": page.whole,
            "codes": [row.code for row in rows],
            "after": page.after,
            "engine": page.engine,
            "took_ms": page.took_ms,
        }


def _filters(told: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Each fact has one value or several."""
    if unknown := sorted(told.keys() - NARROWS):
        raise LineError(f"Không lọc được theo {', '.join(unknown)}; lọc theo {', '.join(sorted(NARROWS))}.")
    return {
        fact: frozenset(
            str(one).replace("\0", "") for one in (values if isinstance(values, list) else [values])
        )
        for fact, values in told.items()
    }
