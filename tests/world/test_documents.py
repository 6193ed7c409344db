"""What the documents tell to type, open or read is there: targets, commands, options, files, addresses."""

from __future__ import annotations

import importlib.util
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from config import environment, health

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
OURS = {"accounts", "config", "feedback", "publication", "routing"}
# It is Django's, with one word of ours; `make messages` calls it.
INSIDE_MAKE = {"makemessages"}


def code(path: Path) -> Iterator[str]:
    """Each stretch of code: fenced lines without their remarks, and what stands between backticks."""
    fenced = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            yield re.sub(r"\s+#.*", "", line)
        else:
            yield from (inside.replace("\\|", "|") for inside in re.findall(r"`([^`]+)`", line))


SAID = [(path.relative_to(ROOT), stretch) for path in DOCUMENTS for stretch in code(path)]


def said(pattern: str) -> list[tuple[str, ...]]:
    """Document, stretch and what the groups took, wherever a stretch holds the pattern."""
    return [
        (str(path), stretch, *found.groups())
        for path, stretch in SAID
        for found in re.finditer(pattern, stretch)
    ]


def options(stretch: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", stretch))


def test_every_make_target_is_there_and_takes_what_it_is_given() -> None:
    told = said(r"(?:^|\s)make ([a-z][a-z-]*)((?: [A-Z]+=\S*)*)")
    assert len(told) > 20
    for path, stretch, target, given in told:
        assert target in TARGETS, f"{path}: {stretch}"
        for name in re.findall(r"([A-Z]+)=", given):
            assert f"$({name})" in MAKEFILE or f"export {name}" in MAKEFILE, f"{path}: {stretch}"


@pytest.mark.long
def test_every_command_is_there_and_knows_its_options() -> None:
    told = said(r"(?:^|\s)manage\.py ([a-z_]+)([^;|]*)")
    assert len(told) > 40
    for path, stretch, name, rest in told:
        assert name in get_commands(), f"{path}: {stretch}"
        assert options(rest) <= known_by(name), f"{path}: {stretch}"


def known_by(name: str) -> set[str]:
    app = get_commands()[name]
    parser: ArgumentParser = load_command_class(app, name).create_parser("manage.py", name)
    return {option for action in parser._actions for option in action.option_strings}


def test_every_command_of_ours_is_told_to_the_operator() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS} - INSIDE_MAKE
    assert [name for name in sorted(ours) if not re.search(rf"(manage\.py|`) ?{name}\b", OPERATING)] == []


def test_every_module_is_there_and_knows_its_options() -> None:
    told = said(r"python -m ([\w.]+)([^;|]*)")
    assert len(told) > 5
    for path, stretch, name, rest in told:
        source = source_of(name)
        assert source, f"{path}: {stretch}"
        assert all(f'"{option}"' in source for option in options(rest)), f"{path}: {stretch}"


def source_of(module: str) -> str:
    """Of what `python -m` runs; "" where there is no such module."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        return ""
    main = Path(found.origin).with_name("__main__.py")
    return (main if found.submodule_search_locations else Path(found.origin)).read_text(encoding="utf-8")


def test_every_file_that_is_named_is_there() -> None:
    folders = "|".join(
        re.escape(path.name) for path in ROOT.iterdir() if path.is_dir() and path.name != "var"
    )
    told = said(rf"^((?:{folders})/[\w./-]+)$")
    assert len(told) > 50
    elsewhere = "docs/decisions.md"  # it tells of files of other projects, too
    assert [(doc, name) for doc, _, name in told if doc != elsewhere and not (ROOT / name).exists()] == []


def test_what_is_said_to_stand_in_a_file_stands_there() -> None:
    told = [
        (path.name, word, file)
        for path in DOCUMENTS
        for word, other, file in re.findall(
            r"`@?([\w.]+)`(?:,? and `([\w.]+)`| and a reader)? in `([\w/]+\.py)`", path.read_text("utf-8")
        )
        for word in filter(None, (word, other))
    ]
    assert len(told) > 10
    assert [
        one for one in told if one[1].split(".")[-1] not in (ROOT / one[2]).read_text(encoding="utf-8")
    ] == []


def test_every_link_leads_somewhere() -> None:
    for path in DOCUMENTS:
        for target, anchor in re.findall(r"\]\((?!http)([^)#]*)(?:#([^)]*))?\)", path.read_text("utf-8")):
            there = path.parent / target if target else path
            assert there.exists(), f"{path.name}: {target}"
            assert not anchor or anchor in anchors(there), f"{path.name}: {target}#{anchor}"


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.long
def test_every_address_is_answered() -> None:
    told = said(r"^(/[a-z][a-z/-]*/)(?:\?[^ ]*)?$")
    assert len(told) > 15
    for path, stretch, address in told:
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{path}: {stretch}")


def test_the_operator_reads_of_every_variable_and_of_none_that_is_none() -> None:
    table = set(re.findall(r"`([A-Z][A-Z_]+)`", OPERATING))
    assert environment.KNOWN - {name for name in environment.KNOWN if name in table} == set()
    ours = {name for _path, _stretch, name in said(r"\b(HOIAM_[A-Z_]+)\b")}
    assert {name for name in ours if name not in environment.KNOWN} == set()


@pytest.mark.long
@pytest.mark.django_db
def test_the_operator_reads_of_everything_that_readyz_says() -> None:
    line = next(line for line in OPERATING.splitlines() if line.startswith("- `GET /readyz`"))
    state = health.readiness()
    inside = {key for value in state.values() if isinstance(value, dict) for key in value if "." not in key}
    assert [key for key in [*state, *sorted(inside)] if f'"{key}"' not in line] == []
