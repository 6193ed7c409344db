"""`python -m classifier`: read texts from the command line (see docs/reading.md)."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn, TextIO

from . import Reading, evaluate, read
from .examples import BadExampleError, from_file
from .model import BrokenModelError, shipped


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading as other programs take it, keys in the order of the handbook."""
    row = asdict(reading)
    del row["urgency"]
    row["confidence"] = round(reading.confidence, 6)
    row["candidates"] = [{"subfield": c.subfield, "p": round(c.p, 6)} for c in reading.candidates]
    for place in row["places"]:
        del place["aside"], place["same_as"], place["units"]
    row["kind_p"] = {kind: round(p, 6) for kind, p in reading.kind_p.items()}
    return row


def answer(line: str | bytes) -> dict[str, Any]:
    """The reading of one JSON line, or its error: a bad line never stops the next."""
    try:
        asked = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return _refused(None, "dòng không phải JSON hợp lệ (UTF-8)")
    if not isinstance(asked, dict):
        return _refused(None, "mỗi dòng phải là một đối tượng JSON")
    known = asked.get("id")
    if not isinstance(asked.get("text"), str):
        return _refused(known, "thiếu text, hoặc text không phải chuỗi")
    home = asked.get("home") or ""
    if not isinstance(home, str):
        return _refused(known, "home phải là mã tỉnh hai chữ số")
    return {"id": known, **as_json(read(asked["text"], home=home))}


def _refused(known: object, why: str) -> dict[str, Any]:
    return {"id": known, "error": why, "exit": 2}


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON has not


def answer_all(lines: Iterable[str | bytes], out: TextIO) -> int:
    """Answer every line at once, in order; 1 when one of them was bad."""
    worst = 0
    for line in lines:
        if line.strip():
            row = answer(line)
            worst = max(worst, int("error" in row))
            print(_dump(row), file=out, flush=True)
    return worst


def _dump(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False)


def for_people(reading: Reading) -> str:
    """A reading in Vietnamese sentences."""
    if reading.guarded:
        return "Không đọc được văn bản này: cần người xem."
    lines = [f"{c.p:6.1%}  {c.subfield}" for c in reading.candidates]
    lines.append(
        f"Quyết định: {reading.decision}; loại: {reading.kind}; khẩn: {'có' if reading.urgent else 'không'}"
    )
    if reading.law_doubt:
        lines.append("Có thể là khiếu nại hoặc tố cáo: hỏi người")
    lines += [
        f"Địa danh: {m.text} → {', '.join(m.codes)}{' (tên cũ)' if m.is_old else ''}" for m in reading.places
    ]
    lines += [f"Dữ liệu cá nhân: {span.kind} [{span.start}:{span.end}]" for span in reading.personal]
    lines.append(f"Từ quyết định: {', '.join(reading.words)}")
    return "\n".join(lines)


def _measure(file: Path, *, as_one_object: bool) -> int:
    report = evaluate(from_file(file))
    if as_one_object:
        print(_dump(report.as_json()))
        return 0
    for condition, figures in report.conditions.items():
        row = asdict(figures)
        del row["intervals"]
        print(f"{condition:7}", "  ".join(f"{name} {value}" for name, value in row.items()))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit 0 when all went well, 1 when a line was bad, 2 when nothing could be done."""
    parser = argparse.ArgumentParser(prog="python -m classifier", description="Đọc phản ánh tiếng Việt.")
    parser.add_argument("text", nargs="?", help="văn bản cần đọc")
    parser.add_argument("--home", default="", help="mã tỉnh, hai chữ số")
    parser.add_argument("--json", action="store_true", help="đọc từng dòng JSON ở đầu vào")
    parser.add_argument("--evaluate", type=Path, metavar="FILE", help="đo trên tệp JSON Lines có đáp án")
    asked = parser.parse_args(arguments)
    try:
        shipped()
        if asked.evaluate:
            return _measure(asked.evaluate, as_one_object=asked.json)
        if asked.text is not None:
            reading = read(asked.text, home=asked.home)
            print(_dump(as_json(reading)) if asked.json else for_people(reading))
            return 0
        if asked.json:
            return answer_all(sys.stdin.buffer, sys.stdout)
    except (OSError, BrokenModelError, BadExampleError, ValueError) as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return 2
    parser.print_usage(sys.stderr)
    print("Lỗi: cần một văn bản, --json hoặc --evaluate.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    # Half a character, which JSON may name and UTF-8 has not, stays an escape.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
