"""What the first command needs from a machine: one clear line with the cure, nothing done twice."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

CANNOT = {
    "exit 127": "Cần Python 3.11 trở lên",
    'case "$*" in *"import venv"*) exit 1;; *-V*) echo Python 3.11.2;; esac': "Thiếu mô-đun venv của Python",
    'case "$*" in *"-m venv"*) exit 1;; *-V*) echo Python 3.11.2;; esac': "Không tạo được .venv",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A clone with nothing installed, and an empty lock file."""
    shutil.copytree(settings.BASE_DIR / "scripts", tmp_path / "scripts")
    (tmp_path / "requirements.lock").write_text("")
    return tmp_path


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def install(place: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["scripts/install.sh", "requirements.lock"],
        cwd=place,
        env={"PATH": os.environ["PATH"], "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("body", "sentence"), CANNOT.items(), ids=CANNOT.values())
def test_a_python_that_cannot_is_refused_with_the_cure(body: str, sentence: str, place: Path) -> None:
    ended = install(place, str(script(place / "python3", body)))
    assert ended.returncode == 2
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1


def test_no_python_at_all_is_refused_with_the_cure(place: Path) -> None:
    ended = install(place, str(place / "absent"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "Thiếu python3. Cài bằng: sudo apt install python3 python3-venv\n"


def test_what_is_installed_is_not_installed_again(place: Path) -> None:
    script(place / ".venv/bin/python", 'case "$*" in *install*) exit 1;; esac')
    stamp = place / ".venv/.installed-requirements.lock"
    stamp.write_text(hashlib.sha256(b"").hexdigest())
    ended = install(place, "python3")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_failed_install_leaves_no_stamp_and_says_what_to_look_at(place: Path) -> None:
    script(place / ".venv/bin/python", 'case "$*" in *install*) exit 1;; esac')
    ended = install(place, "python3")
    assert ended.returncode == 2
    assert ended.stderr == "Không cài được các gói. Kiểm tra mạng hoặc kho gói (pip config) rồi chạy lại.\n"
    assert not (place / ".venv/.installed-requirements.lock").exists()


def test_a_half_made_environment_is_made_anew(place: Path) -> None:
    script(place / ".venv/bin/python", "exit 1")
    (place / ".venv/left-over").write_text("")
    made = script(
        place / "python3",
        'case "$*" in *"-m venv --clear .venv"*) rm -rf .venv; mkdir -p .venv/bin;'
        " printf '#!/bin/sh\\n' > .venv/bin/python; chmod +x .venv/bin/python;; esac",
    )
    ended = install(place, str(made))
    assert ended.returncode == 0, ended.stderr
    assert not (place / ".venv/left-over").exists()
    assert (place / ".venv/.installed-requirements.lock").exists()
