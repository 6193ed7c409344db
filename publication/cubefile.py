"""`cube.csv`: the published cube as a file, line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from publication.coarsening import Row, measures_of
from publication.hiding import WAIT
from publication.models import MEASURES
from publication.recompute import WORDS


def as_told(row: Row) -> dict[str, Any]:
    """A row as `recompute` reads it, but for what is nought and for what its table does not tell."""
    words = row._asdict() | {"since": row.since.isoformat(), "until": row.until.isoformat()}
    waits = {name.removeprefix(WAIT): n for name, n in row.numbers.items() if name.startswith(WAIT) and n}
    numbers = {name: n for name, n in row.numbers.items() if not name.startswith(WAIT) and n is not None}
    hidden = sorted(name for name, n in row.numbers.items() if n is None)
    return {name: words[name] for name in WORDS} | {"numbers": numbers, "waits": waits, "hidden": hidden}


def header() -> str:
    return csv_line([*WORDS, *MEASURES, "waits"])


def line(row: Row) -> str:
    """Waits: "2:5 3:1", five first answers after two working days and one after three.

    What is not told, here or in this table, stands empty.
    """
    told = as_told(row)
    waits = sorted(told["waits"].items(), key=lambda wait: int(wait[0]))
    words = [told[name] for name in WORDS]
    silent = {*MEASURES} - {*measures_of(row.table)} | {*told["hidden"]}
    numbers = ["" if name in silent else told["numbers"].get(name, 0) for name in MEASURES]
    return csv_line([*words, *numbers, " ".join(f"{days}:{n}" for days, n in waits)])


def csv_line(cells: Iterable[Any]) -> str:
    """One line of a CSV of the open data, with its end."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
