"""What the source must not hold, and that the table of `docs/security.md` tells of tests that exist."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config import checks
from config.environment import Site

ROOT = Path(__file__).resolve().parents[2]
OURS = ("accounts", "classifier", "config", "feedback", "publication", "routing", "search")
# Who speaks to other machines: mail, and the watch that asks the house itself whether it is up.
SPEAKS = {"feedback/notifications.py": {"smtplib"}, "config/management/commands/start.py": {"urllib.request"}}
OUTWARD = {"requests", "urllib.request", "urllib3", "http.client", "smtplib", "ftplib", "httpx", "aiohttp"}
SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[0-9A-Za-z-]{10,}"
)


def tracked() -> Iterator[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    yield from (ROOT / name for name in told.decode().split("\0") if name)


def imported(path: Path) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.long
def test_nothing_that_is_typed_makes_the_house_ask_another_machine() -> None:
    """No code but this can open an address, and these open none that a person typed."""
    sources = (path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
    speaks = {str(path.relative_to(ROOT)): imported(path) & OUTWARD for path in sources}
    assert {name: what for name, what in speaks.items() if what} == SPEAKS


def test_no_template_takes_words_for_markup() -> None:
    for page in (ROOT / "templates").rglob("*"):
        if page.suffix in (".html", ".xml"):  # letters are plain text
            source = page.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*safe\b|autoescape\s+off|<script(?![^>]*(src|nonce))", source), page


@pytest.mark.long
def test_no_secret_and_nothing_that_a_house_keeps_is_in_the_repository() -> None:
    for path in tracked():
        assert not re.search(r"\.(sqlite3|key|pem|keys|env)$|^var/", str(path.relative_to(ROOT))), path
        if path.is_file() and path.stat().st_size < 2_000_000:
            assert not SECRET.search(path.read_bytes()), path


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [("DEBUG", True, ["config.W004"]), ("DEBUG", False, []), ("THROTTLE", False, ["config.W003"])],
)
def test_what_is_for_measuring_and_mending_is_warned_about_in_public(
    settings: Any, setting: str, value: bool, told: list[str]
) -> None:
    settings.SITE, settings.THROTTLE, settings.DEBUG = (
        Site("https://phananh.vn", "phananh.vn", True),
        True,
        False,
    )
    setattr(settings, setting, value)
    found = [*checks.debug_in_public(None), *checks.no_throttle_in_public(None)]
    assert [warning.id for warning in found] == told


def test_the_table_of_flaws_names_tests_that_exist() -> None:
    table = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", table)
    assert len(named) > 50
    for file, test in named:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in source, f"{file}::{test}"
    assert settings.BASE_DIR == ROOT
