#!/usr/bin/env python3
"""Tính lại mọi con số của trang Số liệu từ các tệp dữ liệu mở. Chỉ cần Python 3.9 trở lên.

    python recompute.py THƯ-MỤC [--agency MÃ] [--field MÃ] [--province MÃ] [--from NGÀY] [--to NGÀY]
    python recompute.py THƯ-MỤC --received

THƯ-MỤC chứa cube.csv và dictionary.json tải từ /du-lieu-mo/. Kết quả giống từng byte với
/thong-ke/?format=json khi hỏi cùng điều kiện. Kỳ luôn là trọn tháng: ngày giữa tháng được hiểu là cả tháng.
Trang Số liệu dùng chính tệp này.

--received đọc received.csv: phản ánh gửi đến trong mỗi tháng về sau ra sao. Kết quả giống từng byte với
/du-lieu-mo/received.json.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import math
import pathlib
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

Told = dict[str, Any]

REST = "*"  # what is told together
FEWEST = 5  # petitions of which a row speaks at least; a rate of fewer is told of the whole country only
STOCKS = (
    "open",
    "overdue",
)  # what stood at the end of the last month; everything else happened in the months
# What became of the petitions sent in a month; all but the first and those of an answer add up to it.
COHORT = (
    *("received", "answered", "timed", "on_time", "on_time_original"),
    *("refused", "redirected", "open", "other"),
)
COUNT, SHARE, MEDIAN, NINE_TENTHS = "count", "share", "median_days", "p90_days"


def whole_months(since: dt.date | None, until: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """The first day of the month of `since` and the last day of that of `until`; None stays None."""
    first = since and since.replace(day=1)
    return first, until and last_day_of(until)


def last_day_of(day: dt.date) -> dt.date:
    """The last day of its month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def table_of(filters: Told) -> str:
    """Which rows of cube.csv answer a question."""
    if filters["field"]:
        return "b" if filters["agency"] else "c"
    return "g" if filters["agency"] or filters["province"] else "t"


def scope_of(filters: Told) -> str:
    """Which formula of a figure holds: of an agency, of a field, or of a place and of the whole country."""
    return "agency" if filters["agency"] else "field" if filters["field"] else "whole"


def chosen(rows: Iterable[Told], filters: Told) -> Iterator[Told]:
    """The rows of a question: dicts of the columns of cube.csv."""
    table = table_of(filters)
    for row in rows:
        if row["table"] != table:
            continue
        if any(filters[name] and row[name] != filters[name] for name in ("agency", "field", "province")):
            continue
        if filters["from"] and row["since"] < filters["from"]:
            continue
        if filters["to"] and row["until"] > filters["to"]:
            continue
        yield row


def added_up(rows: Iterable[Told], last_month: str, measures: Iterable[str]) -> Told:
    """The sums of the rows: a measure -> a number, "waits" -> {working days: answers}, "months" told.

    `last_month` ("2026-10") is that whose end the stocks are of; where it is not told, they are not known.
    `measures` are those that the table tells; another is not known. Under "hidden" those of which some row
    does not tell how many: what the others tell is a part, and where they tell nothing it is not known.
    """
    sums: Told = dict.fromkeys(measures, 0)
    waits: dict[str, int] = {}
    months: set[str] = set()
    hidden: set[str] = set()
    for row in rows:
        month = row["since"][:7]
        months.add(month)
        asked = [one for one in sums if one not in STOCKS or month == last_month]
        hidden.update(one for one in asked if one in row["hidden"])
        for measure in asked:
            sums[measure] += row["numbers"].get(measure, 0)
        for days, n in row["waits"].items():
            waits[days] = waits.get(days, 0) + n
    if months and last_month not in months:
        sums.update(dict.fromkeys(STOCKS))
    return hidden_beside({"sums": sums, "waits": waits, "months": sorted(months), "hidden": []}, hidden)


def hidden_beside(total: Told, measures: Iterable[str]) -> Told:
    """The same sums, of which these measures tell a part: where they tell nothing it is not known."""
    nothing = [one for one in measures if not total["sums"][one]]
    return {
        **total,
        "sums": {**total["sums"], **dict.fromkeys(nothing)},
        "hidden": sorted({*total["hidden"], *measures}),
    }


def measures_in(total: Told, months: Collection[str], last_month: str) -> list[str]:
    """Which of the measures of the sums speak of any of these months; stocks are of the last one alone."""
    return [one for one in total["sums"] if months and (one not in STOCKS or last_month in months)]


def number(sums: Told, terms: Sequence[str] | None) -> int | None:
    """The sum of the terms; "-x" takes x away. None where one of them is not known."""
    if terms is None:
        return None
    total = 0
    for term in terms:
        n = sums.get(term.lstrip("-"))
        if n is None:
            return None
        total += -n if term.startswith("-") else n
    return total


def days_until(waits: dict[str, int], unit: str) -> float | None:
    """The median of how many working days answers took, or how many nine tenths of them took at most."""
    spread: list[tuple[int, int]] = sorted((int(days), n) for days, n in waits.items() if n > 0)
    many = sum(n for _days, n in spread)
    if not many:
        return None
    if unit == NINE_TENTHS:
        return nth(spread, math.ceil(0.9 * many))
    both = nth(spread, (many + 1) // 2) + nth(spread, many // 2 + 1)
    return both / 2 if both % 2 else both // 2


def nth(spread: list[tuple[int, int]], position: int) -> int:
    """The days of the answer at that position, counted from one."""
    for days, n in spread:
        position -= n
        if position <= 0:
            return days
    raise IndexError(position)


def figure(row: Told, total: Told, scope: str) -> Told:
    """One figure of the sums. `row`: its entry in dictionary.json."""
    of, per = row["of"].get(scope, row["of"]["whole"]), row["per"].get(scope, row["per"]["whole"])
    part, whole = number(total["sums"], of), number(total["sums"], per)
    told = {"key": row["key"], "definition": row["definition"], "unit": row["unit"]}
    told.update({"numerator": part, "denominator": whole, "value": part})
    if row["unit"] == SHARE:
        told["value"] = round(part / whole, 4) if whole and part is not None else None
    if row["unit"] in (MEDIAN, NINE_TENTHS):
        told["numerator"] = None
        told["value"] = days_until(total["waits"], row["unit"])
    if row["unit"] != COUNT and total["narrow"] and whole is not None and 0 < whole < FEWEST:
        told.update({"value": None, "few": True})
    if any(term.lstrip("-") in total["hidden"] for term in [*(of or ()), *(per or ())]):
        told["partial"] = True
    return told


def elsewhere(rows: Collection[Told], filters: Told) -> list[str]:
    """The months ("2026-10") in which some of a field may be told together with other fields, and so is not
    in its figures: of a province and an agency it is told whole in a month, or not by name."""
    if not filters["field"]:
        return []
    named, together = (
        {
            (row["since"][:7], row["province"], row["agency"])
            for row in chosen(rows, {**filters, "field": one})
        }
        for one in (filters["field"], REST)
    )
    return sorted({month for month, _province, _agency in together - named})


def report(rows: Iterable[Told], dictionary: Told, filters: Told, missing: Collection[str]) -> Told:
    """What /thong-ke/?format=json says. `rows` may be more than are asked for; `missing`: see `elsewhere`."""
    table = table_of(filters)
    known = dictionary["frozen"] + (dictionary["running"] if table == "t" else [])
    months = [month for month in known if lies_in(month, filters)]
    last = max(months, default="")
    total = added_up(chosen(rows, filters), last, dictionary["measures"][table])
    total = hidden_beside(total, measures_in(total, missing, last))
    total["narrow"] = table != "t"
    if total["narrow"] and not total["months"]:
        total["sums"] = dict.fromkeys(total["sums"])  # nothing is told, which is not nought
    figures = [figure(row, total, scope_of(filters)) for row in dictionary["figures"]]
    partial = any("partial" in told for told in figures)
    return {
        "snapshot": dictionary["snapshot"],
        "as_of": dictionary["as_of"],
        "filters": filters,
        "months": total["months"],
        "complete": not missing and not partial and total["months"] == months,
        "figures": figures,
    }


def fared(rows: Iterable[Told]) -> list[Told]:
    """What /du-lieu-mo/received.json says: each row of received.csv with its shares, None of nothing."""
    return [
        {
            **row,
            "share_answered": share(row["answered"], row["received"]),
            "share_on_time": share(row["on_time"], row["timed"]),
            "share_on_time_original": share(row["on_time_original"], row["timed"]),
        }
        for row in rows
    ]


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def lies_in(month: str, filters: Told) -> bool:
    """Whether a month ("2026-10") is asked for."""
    return (filters["from"] or "")[:7] <= month and (not filters["to"] or month <= filters["to"][:7])


def dumps(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_rows(path: pathlib.Path) -> Iterator[Told]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        yield from read_lines(file)


def read_lines(file: Iterable[str]) -> Iterator[Told]:
    """The rows of cube.csv: words as they stand, numbers under "numbers", waits as {days: answers}.

    What stands empty is not told: its name is under "hidden".
    """
    for line in csv.DictReader(file):
        words = {name: line.pop(name) for name in WORDS}
        waits = dict(pair.split(":") for pair in line.pop("waits").split())
        yield {
            **words,
            "numbers": {name: int(n) for name, n in line.items() if n},
            "hidden": [name for name, n in line.items() if not n],
            "waits": {days: int(n) for days, n in waits.items()},
        }


def read_cohorts(path: pathlib.Path) -> list[Told]:
    """The rows of received.csv."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [
            {name: int(n) if name in COHORT else n for name, n in row.items()} for row in csv.DictReader(file)
        ]


WORDS = ("table", "since", "until", "province", "agency", "field", "subfield", "kind", "channel", "party")


ASKED_BY = {"agency": "cơ quan", "field": "lĩnh vực", "province": "tỉnh, thành phố"}


def unknown(rows: Collection[Told], filters: Told) -> list[str]:
    """Which of the codes that are asked for stand in no row. A mistyped one cannot be told from one of which
    there is nothing to tell: the list of all agencies is in none of the files."""
    asked = [name for name in ASKED_BY if filters[name]]
    return [name for name in asked if all(row[name] != filters[name] for row in rows)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("folder", type=pathlib.Path, metavar="THƯ-MỤC", help="nơi có các tệp đã tải")
    for name, of in ASKED_BY.items():
        asked.add_argument(f"--{name}", metavar="MÃ", help=f"chỉ của {of} mang mã này")
    for name, end in (("from", "đầu"), ("to", "cuối")):
        asked.add_argument(
            f"--{name}",
            type=dt.date.fromisoformat,
            metavar="NGÀY",
            help=f"một ngày của tháng {end}, như 2026-10-01",
        )
    asked.add_argument("--received", action="store_true", help="tính tỷ lệ của received.csv")
    told = vars(asked.parse_args())
    folder = told.pop("folder")
    if told.pop("received"):
        sys.stdout.buffer.write(dumps(fared(read_cohorts(folder / "received.csv"))).encode())
        return
    first, last = whole_months(told["from"], told["to"])
    told.update({"from": first and first.isoformat(), "to": last and last.isoformat()})
    dictionary = json.loads((folder / "dictionary.json").read_text(encoding="utf-8"))
    rows = list(read_rows(folder / "cube.csv"))
    for name in unknown(rows, told):
        said = f"Không dòng nào nêu {ASKED_BY[name]} mang mã {told[name]!r}: mã sai, hoặc chưa có gì để nêu."
        print(said, file=sys.stderr)
    sys.stdout.buffer.write(dumps(report(rows, dictionary, told, elsewhere(rows, told))).encode())


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, KeyError) as lacking:  # no such folder, or a file that is none of ours
        print(f"Không đọc được các tệp đã tải: {lacking}", file=sys.stderr)
        sys.exit(2)
