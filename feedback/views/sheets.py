"""What is shown, as a file: kept in the access log, and nothing in a cell is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse

from accounts.models import User
from feedback import access, sheet

CSV, XLSX = "csv", "xlsx"
FORMS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Table = Sequence[Sequence[object]]


def as_file(
    user: User, form: str, name: str, tables: Mapping[str, Table], *, page: str, right: str = ""
) -> HttpResponse:
    """These tables, each with its head, as one of FORMS; the reading is kept before anything is sent.

    `page` and `right` as `access.kept` asks for them.
    """
    rows = sum(max(0, len(table) - 1) for table in tables.values())
    access.kept(user, access.What.EXPORT, page=page, about=name, rows=rows, right=right)
    content = sheet.written(_one_below_the_other(tables)) if form == CSV else sheet.workbook(tables)
    answer = HttpResponse(content, content_type=FORMS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _one_below_the_other(tables: Mapping[str, Table]) -> Iterable[Sequence[object]]:
    for number, (title, table) in enumerate(tables.items()):
        if len(tables) > 1:
            yield from ([[]] if number else [])
            yield [title]
        yield from table
