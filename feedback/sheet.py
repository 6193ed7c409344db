"""Rows for a spreadsheet: nothing in a cell is ever taken for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

# Spreadsheets compute what begins with one of these (OWASP, CSV injection); tab and return hide them.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """A value as plain text: what could be a formula begins with an apostrophe."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def line(cells: Iterable[str]) -> str:
    """One line of such cells as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def written(rows: Iterable[Iterable[object]]) -> str:
    """The rows as CSV with a byte order mark, without which Excel spoils Vietnamese."""
    return "\ufeff" + "".join(line(cell(value) for value in row) for row in rows)


Rows = Iterable[Iterable[object]]
# What Excel allows in the name of a sheet.
NO_NAME, LONGEST_NAME = re.compile(r"[\[\]:*?/\\]"), 31


def workbook(sheets: Mapping[str, Rows], made: dt.datetime | None = None) -> bytes:
    """Named sheets as an Excel file: numbers as numbers, all else as text, never a formula or a link.

    `made`: when the file says that it was made, None for now; the same sheets and moment, the same bytes.
    """
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        if made:
            book.set_properties({"created": made.astimezone(dt.UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            page = book.add_worksheet(NO_NAME.sub(" ", name)[:LONGEST_NAME])
            page.freeze_panes(1, 0)
            page.set_column(0, 0, 42)
            page.set_column(1, 30, 14)
            for number, row in enumerate(rows):
                _write(page, number, row, bold if number == 0 else None)
    return kept.getvalue()


def _write(page: Any, number: int, row: Iterable[object], form: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(number, column, value, form)
        elif value is not None:
            page.write_string(number, column, str(value).replace("\x00", "")[:32_000], form)
