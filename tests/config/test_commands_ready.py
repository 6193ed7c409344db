"""Commands before the house is set up: one line with the cure, exit 2, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long


@pytest.mark.parametrize("command", [["verify"], ["sweep"], ["anchor"], ["work", "--once"]])
def test_without_tables_a_command_says_what_to_do(command: list[str], tmp_path: Path) -> None:
    env = {**os.environ, "HOIAM_VAR": str(tmp_path), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
