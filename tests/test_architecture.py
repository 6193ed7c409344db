"""The house keeps its shape: who may import whom, what no folder is called, no function without types."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config import logs

ROOT: Path = settings.BASE_DIR


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"])


FOLDERS: list[str] = project()["importlinter"]["root_packages"]


def lint(place: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(command), "--no-cache"], cwd=place, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code of the house in a place where it may be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in FOLDERS:
        shutil.copytree(
            ROOT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("data", "__pycache__", "migrations"),
        )
    return tmp_path


def test_the_contracts_hold_and_a_wrong_import_breaks_them(copy: Path) -> None:
    whole = lint(copy)
    assert whole.returncode == 0, whole.stdout
    (copy / "routing" / "places.py").open("a").write("\nfrom feedback import steps  # wrong on purpose\n")
    (copy / "publication" / "views.py").open("a").write("\nfrom feedback import models  # wrong on purpose\n")
    (copy / "classifier" / "text.py").open("a").write("\nimport django  # wrong on purpose\n")
    (copy / "feedback" / "models" / "step.py").open("a").write(
        "\nfrom feedback import steps  # wrong on purpose\n"
    )
    broken = lint(copy)
    assert broken.returncode == 1
    for contract in (
        "The folders form a stack: each imports only from those beneath it BROKEN",
        "Inside feedback a petition flows down once and never back up BROKEN",
        "Of feedback, publication sees what is published and nothing else BROKEN",
        "Reading a text needs no Django BROKEN",
    ):
        assert contract in broken.stdout
    assert "routing.places -> feedback.steps" in broken.stdout


def test_no_folder_is_a_drawer_or_hides_a_module_of_python() -> None:
    forbidden = {"core", "common", "utils", "services", "helpers", "statistics"}
    assert not forbidden & {path.stem for path in ROOT.iterdir()}
    drawers = {"core", "common", "utils", "services", "helpers"}
    assert not [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.stem in drawers]


def test_every_folder_stands_under_the_contracts() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages == set(FOLDERS)


def test_what_any_folder_logs_keeps_its_facts() -> None:
    assert set(logs.OURS) == {"hoiam", *FOLDERS}


def test_what_the_guide_of_the_house_names_is_there() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.[a-z]+)?)`", told))
    assert len(named) > 40
    assert not [path for path in named if not (ROOT / path).exists()]
    assert all(f"| `{folder}` |" in told for folder in FOLDERS)


@pytest.mark.long
def test_every_name_that_the_glossary_gives_stands_in_the_source() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    told = " ".join(code for row in rows[4:] for code in re.findall(r"`([^`]+)`", row.split("|")[2]))
    named = set(re.findall(r"[A-Za-z_]{3,}", told))
    sources = (path for folder in (*FOLDERS, "bench") for path in (ROOT / folder).rglob("*"))
    paths = [path for path in sources if path.suffix in {".py", ".yaml"} and "migrations" not in path.parts]
    written = {part for path in paths for part in (*path.parts, path.stem)}
    for path in paths:
        written |= set(re.findall(r"[A-Za-z_]+", path.read_text(encoding="utf-8")))
    assert len(named) > 200
    assert named - written == set()


def test_types_are_asked_of_every_function() -> None:
    mypy = project()["mypy"]
    assert mypy["disallow_untyped_defs"] is mypy["disallow_incomplete_defs"] is True
    strict = [override["module"] for override in mypy["overrides"] if override.get("strict")]
    assert strict == [["classifier.*", "routing.*", "search.*"]]
    assert not [override for override in mypy["overrides"] if override.get("ignore_errors")]
