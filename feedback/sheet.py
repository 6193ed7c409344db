"""Rows for a spreadsheet: nothing in a cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# Spreadsheets compute what begins with one of these (OWASP, CSV injection); tab and return hide them.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """A value as plain text: what could be a formula begins with an apostrophe."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def written(rows: Iterable[Iterable[object]]) -> str:
    """The rows as CSV with a byte order mark, without which Excel spoils Vietnamese."""
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return f"\ufeff{sheet.getvalue()}"
