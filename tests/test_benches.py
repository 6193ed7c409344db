"""The last line of every bench: what is promised of it, without running one for long."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import record

ROOT = Path(__file__).resolve().parents[1]
PROMISED = [
    *("bench", "date", "machine", "cores", "database", "n", "clients", "per_s", "p50_ms", "p95_ms"),
    *("statements", "commits", "errors", "goal", "reached"),
]


def named_by_make() -> list[str]:
    told = (ROOT / "Makefile").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"-m bench\.(\w+)", told)))


def last_call(module: str) -> str:
    """What `main` of a bench does in the end."""
    tree = ast.parse((ROOT / "bench" / f"{module}.py").read_text(encoding="utf-8"))
    [main] = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "main"]
    last = main.body[-1]
    assert isinstance(last, ast.Expr)
    return ast.unparse(last).partition("(")[0]


def test_twelve_benches_are_there() -> None:
    assert len(named_by_make()) == 12


@pytest.mark.parametrize("module", named_by_make())
def test_every_bench_ends_by_the_line_that_is_promised(module: str) -> None:
    assert last_call(module) == "end"


@pytest.mark.parametrize(("reached", "status"), [(True, 0), (False, 1), (None, 0)])
def test_the_line_names_all_that_is_promised_and_is_kept(
    reached: bool | None, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    monkeypatch.setattr(record, "KEPT", tmp_path)
    with pytest.raises(SystemExit) as ended:
        record.end({"bench": "any", "n": 3, "more": "Đà Nẵng"}, reached=reached)
    assert ended.value.code == status
    line = capsys.readouterr().out
    assert line == (tmp_path / "any.json").read_text(encoding="utf-8")
    told = json.loads(line)
    assert list(told) == [*PROMISED, "more"]
    assert (told["n"], told["per_s"], told["more"], told["reached"]) == (3, None, "Đà Nẵng", reached)
    assert told["cores"] == os.cpu_count()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", told["date"])


def test_it_is_kept_where_hoiam_var_says(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", "from bench.record import KEPT; print(KEPT)"]
    kept = subprocess.check_output(asked, cwd=ROOT, env=os.environ | {"HOIAM_VAR": str(tmp_path)}, text=True)
    assert kept.strip() == str(tmp_path / "bench")


def test_so_few_lines_that_nothing_is_left_to_measure_are_refused() -> None:
    asked = [sys.executable, "-m", "bench.route", "--lines", "300"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "at least" in done.stderr
