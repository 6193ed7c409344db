"""PostgreSQL's own programs, run on the database of this house."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

VARIABLES = {
    "PGHOST": "HOST",
    "PGPORT": "PORT",
    "PGUSER": "USER",
    "PGPASSWORD": "PASSWORD",
    "PGDATABASE": "NAME",
}


class ToolError(RuntimeError):
    """The program is missing or failed: one Vietnamese sentence, without the address of the database."""


def run(tool: str, *arguments: str) -> None:
    """Run `pg_dump`, `pg_restore` or their like; the password goes by the environment. Raises ToolError."""
    at = connection.settings_dict
    known = {variable: str(at[name]) for variable, name in VARIABLES.items() if at.get(name)}
    done = subprocess.run(  # noqa: S603
        [_path(tool), *arguments], env=os.environ | known, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = done.stderr.strip().splitlines() or ["không rõ vì sao"]
        raise ToolError(f"{tool} không làm được: {told[0]}")


def name_of_database() -> str:
    return str(connection.settings_dict["NAME"])


def _path(tool: str) -> str:
    """On the path, else where Debian puts the newest version."""
    found = shutil.which(tool)
    shipped = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), key=lambda path: float(path.parts[4]))
    if not found and not shipped:
        raise ToolError(f"Thiếu chương trình {tool}. Cài: sudo apt install postgresql-client")
    return found or str(shipped[-1])
