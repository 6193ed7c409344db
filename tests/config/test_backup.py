"""A house kept in a file and brought back: the same petitions, steps, files, keys; or one clear refusal."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import keeping
from feedback.models import Attachment, Petition
from tests import make

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Path:
    """A `var/` of its own, with the keys that this run has."""
    var = tmp_path / "var"
    for folder in ("files", "keys", "models"):
        (var / folder).mkdir(parents=True)
    for name in keeping.KEYS:
        (var / "keys" / f"{name}.key").write_text(keeping.key_in_use(name) + "\n")
    settings.VAR, settings.MEDIA_ROOT = var, var / "files"
    (var / "models" / "weights.npz").write_bytes(b"learnt")
    return var


def attach(petition: Petition, name: str, content: bytes) -> Path:
    """A file of this petition, where the house keeps its files."""
    path: Path = settings.MEDIA_ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    Attachment.objects.create(
        petition=petition,
        file=name,
        name="ảnh.png",
        media_type="image/png",
        size=len(content),
        sha256="0" * 64,
        created_at=petition.submitted_at,
    )
    return path


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_house_and_not_its_keys(reference_data: None, house: Path, tmp_path: Path) -> None:
    petition = make.petition("answered")
    attach(petition, "ab/cd.png", PICTURE)
    (house / "files" / "stray.png").write_bytes(b"of a submission that was refused")
    (house / "demonstration.txt").touch()
    file = tmp_path / "nha.tar.gz"
    kept = keeping.backup(file)
    assert kept.counts == {"petitions": 1, "steps": 6, "people": 2, "files": 1}
    held = members(file)
    assert set(held) == {
        "manifest.json",
        "demonstration.txt",
        "database",
        "files/ab/cd.png",
        "models/weights.npz",
    }
    assert held["files/ab/cd.png"] == PICTURE
    for name in keeping.KEYS:
        assert all(keeping.key_in_use(name).encode() not in content for content in held.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_keys_lie_in_a_second_file_for_its_owner_alone(
    reference_data: None, house: Path, tmp_path: Path
) -> None:
    keeping.backup(tmp_path / "nha.tar.gz")
    keys = tmp_path / "nha.tar.gz.keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert json.loads(keys.read_text()) == {name: keeping.key_in_use(name) for name in keeping.KEYS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_keys_from_the_environment_stay_there(reference_data: None, house: Path, tmp_path: Path) -> None:
    (house / "keys" / "signing.key").unlink()
    keeping.backup(tmp_path / "nha.tar.gz")
    assert set(json.loads((tmp_path / "nha.tar.gz.keys").read_text())) == {"secret", "identity"}
    assert keeping.keys_from_outside() == ["SIGNING_KEY"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_a_file_that_is_not_there_is_left_out_and_told(
    reference_data: None, house: Path, tmp_path: Path
) -> None:
    attach(make.petition("submitted"), "ab/cd.png", PICTURE).unlink()
    err = io.StringIO()
    call_command("backup", tmp_path / "nha.tar.gz", stdout=io.StringIO(), stderr=err)
    assert "Thiếu tệp gửi kèm ab/cd.png" in err.getvalue()
    manifest = json.loads(members(tmp_path / "nha.tar.gz")["manifest.json"])
    assert (manifest["counts"]["files"], manifest["missing"]) == (0, ["ab/cd.png"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_of_a_file_erased_while_the_backup_is_made_nothing_is_said(
    reference_data: None, house: Path, tmp_path: Path
) -> None:
    attach(make.petition("submitted"), "ab/cd.png", PICTURE)
    Attachment.objects.all().delete()
    assert keeping._still_named(["ab/cd.png"]) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", ["nha.tar.gz", "nha.tar.gz.keys"])
def test_nothing_is_overwritten(reference_data: None, house: Path, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("của người khác")
    with pytest.raises(keeping.RefusedError, match="Đã có"):
        keeping.backup(tmp_path / "nha.tar.gz")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [taken]
    assert (tmp_path / taken).read_text() == "của người khác"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_nothing_behind(
    reference_data: None, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(keeping.RefusedError, match="chỗ trống"):
        keeping.backup(tmp_path / "nha.tar.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["var"]
    assert not list(house.glob(".backup-*"))


# --- and back, by the commands, in houses of their own --------------------------------------------------

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def house_at(tmp_path: Path) -> Run:
    """Run a command in the house of this name, on a database of its own."""

    def run(name: str, *argv: str, **more: str) -> subprocess.CompletedProcess[str]:
        var = tmp_path / name
        var.mkdir(exist_ok=True)
        services = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
        kept = {key: value for key, value in os.environ.items() if key not in services}
        return subprocess.run(
            [sys.executable, "manage.py", *argv],
            env=kept | {"HOIAM_VAR": str(var), "DATABASE_URL": database_of(name)} | more,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def database_of(name: str) -> str:
    """On the server of this run each house has a database of its own; else its own file in `var/`."""
    if connection.vendor != "postgresql":
        return ""
    at = connection.settings_dict
    return f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/{_database(name)}"


def _database(name: str) -> str:
    return f"{name}_{connection.settings_dict['NAME']}"


@pytest.fixture
def databases(django_db_blocker: Any) -> Iterator[None]:
    """Two empty databases, where there is a server for them."""
    names = ("old", "new")
    if connection.vendor == "postgresql":
        _on_server(django_db_blocker, *(f'CREATE DATABASE "{_database(name)}"' for name in names))
    yield
    if connection.vendor == "postgresql":
        _on_server(django_db_blocker, *(f'DROP DATABASE "{_database(name)}" WITH (FORCE)' for name in names))


def _on_server(blocker: Any, *statements: str) -> None:
    with blocker.unblock(), connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def kept(house_at: Run, databases: None, tmp_path: Path) -> Path:
    """A house in which something happened, in a file."""
    assert house_at("old", "migrate", "-v0").returncode == 0
    assert house_at("old", "loadrefdata", "--provinces", "01,48", "-v0").returncode == 0
    assert house_at("old", "demo", "--petitions", "0").returncode == 0
    filled = house_at("old", "shell", "-c", FILL)
    assert filled.returncode == 0, filled.stderr
    anchored = house_at("old", "anchor", "--at", tomorrow(), HOIAM_CLOCK="open")
    assert anchored.returncode == 0, anchored.stderr
    (tmp_path / "old" / "demonstration.txt").touch()
    file = tmp_path / "nha.tar.gz"
    made = house_at("old", "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert str(file) + ".keys" in made.stdout
    return file


def tomorrow() -> str:
    """Late enough that today is over and anchored."""
    return (timezone.localtime() + dt.timedelta(days=1)).replace(hour=12).isoformat()


FILL = """
import io
from PIL import Image
from django.core.files.uploadedfile import SimpleUploadedFile
from feedback import followups
from feedback.intake import receive
from feedback.submission import Submission
picture = io.BytesIO()
Image.new("RGB", (8, 8)).save(picture, "PNG")
for number in range(3):
    files = [SimpleUploadedFile("nap-cong.png", picture.getvalue())]
    receive(Submission(text=f"Nắp cống số {number} Bạch Đằng bị mất", commune="20242", files=files))
while followups.catch_up().done:
    pass
"""
STORY = """
from feedback.models import Step, Attachment, Notice
for row in Step.objects.order_by("petition__code", "seq").values_list("petition__code", "seq", "hash"):
    print(*row)
for file in Attachment.objects.order_by("petition__code"):
    print(file.sha256, len(file.file.read()))
print(Notice.objects.count())
"""


def story(house_at: Run, name: str) -> str:
    told = house_at(name, "shell", "-v0", "-c", STORY)
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.mark.house
def test_what_was_kept_comes_back_whole_after_the_old_house_is_gone(
    house_at: Run, kept: Path, tmp_path: Path
) -> None:
    before = story(house_at, "old")
    assert before.count("\n") > 9
    shutil.rmtree(tmp_path / "old")
    back = house_at("new", "restore", str(kept))
    assert (back.returncode, back.stderr) == (0, "")
    assert "3 đơn" in back.stdout
    assert "chuỗi bước nguyên vẹn" in back.stdout
    assert story(house_at, "new") == before
    assert (tmp_path / "new" / "demonstration.txt").exists()  # it was one, and goes on saying so
    verified = json.loads(house_at("new", "verify", "--json").stdout)
    assert (verified["ok"], verified["petitions"], verified["anchors"]) == (True, 3, 1)
    assert house_at("new", "check", "--database", "default").returncode == 0  # the guards stand
    again = house_at("new", "restore", str(kept))
    assert again.returncode == 2
    assert "chỉ khôi phục vào nơi trống" in again.stderr


@pytest.mark.house
def test_a_file_that_was_lost_before_the_backup_is_told_by_both(
    house_at: Run, kept: Path, tmp_path: Path
) -> None:
    lost = next(path for path in (tmp_path / "old" / "files").rglob("*") if path.is_file())
    lost.unlink()
    poorer = tmp_path / "thieu.tar.gz"
    made = house_at("old", "backup", str(poorer))
    assert (made.returncode, lost.name in made.stderr) == (0, True)
    back = house_at("new", "restore", str(poorer))
    assert (back.returncode, "không khớp" in back.stderr) == (1, True)
    assert lost.name in house_at("new", "verify").stdout


@pytest.mark.house
def test_what_does_not_fit_is_refused_in_one_line_and_changes_nothing(
    house_at: Run, kept: Path, tmp_path: Path
) -> None:
    cut, other, altered = tmp_path / "cut", tmp_path / "other", tmp_path / "altered"
    cut.write_bytes(kept.read_bytes()[:-2000])
    other.write_text("không phải bản sao lưu")
    rewrite(kept, altered, {"database": lambda content: content[:-1] + b"x"})
    for path in (cut, other, altered):
        shutil.copy(keeping.keys_beside(kept), keeping.keys_beside(path))
        refused(house_at, path, "không phải bản sao lưu lành lặn")
    refused(house_at, tmp_path / "missing", "Không có tệp")


@pytest.mark.house
def test_a_newer_backup_and_one_without_its_keys_are_refused(
    house_at: Run, kept: Path, tmp_path: Path
) -> None:
    newer, later = tmp_path / "newer", tmp_path / "later"
    rewrite(
        kept, newer, {"manifest.json": told(lambda m: m["migrations"].append(["feedback", "9999_later"]))}
    )
    rewrite(kept, later, {"manifest.json": told(lambda m: m.update(format=2))})
    for path in (newer, later):
        shutil.copy(keeping.keys_beside(kept), keeping.keys_beside(path))
        refused(house_at, path, "phiên bản mới hơn")
    keeping.keys_beside(kept).unlink()
    refused(house_at, kept, "Thiếu khóa SECRET_KEY")


def refused(house_at: Run, file: Path, why: str) -> None:
    answer = house_at("new", "restore", str(file))
    assert answer.returncode == 2, answer.stderr
    assert why in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert "Traceback" not in answer.stderr
    tables = house_at("new", "shell", "-v0", "-c", TABLES)
    assert tables.stdout.strip() == "[]"


TABLES = "from django.db import connection; print(connection.introspection.table_names())"


def told(change: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    def apply(content: bytes) -> bytes:
        manifest = json.loads(content)
        change(manifest)
        return json.dumps(manifest).encode()

    return apply


def rewrite(source: Path, target: Path, changes: dict[str, Callable[[bytes], bytes]]) -> None:
    """The same backup with some members changed."""
    with gzip.open(target, "wb") as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in members(source).items():
            changed = changes[name](content) if name in changes else content
            entry = tarfile.TarInfo(name)
            entry.size = len(changed)
            tar.addfile(entry, io.BytesIO(changed))
