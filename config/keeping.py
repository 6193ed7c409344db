"""A house in one file, and back: database, files, models and anchors; its keys in a second file.

A backup is a gzipped tar: `manifest.json` first (format, version, database, applied migrations, counts,
fingerprints of the keys, size and SHA-256 of every member), then the members. It is made while the house
runs: anchors before the database, so that they never know more than it does; the database as it stands at
one moment; then the files that this very database names.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from accounts.models import User
from config import postgresql
from feedback.models import Attachment, Petition, PublicPicture, Step

FORMAT = 1
MANIFEST = "manifest.json"
KEYS = ("secret", "signing", "identity")
# Folders of `var/` that cannot be made again; the files of petitions are named by the database.
FOLDERS = ("anchors", "models")
# What says that everything here is invented: a copy of such a house says so too.
MARKS = ("demonstration.txt",)
FILES = "files"
HOLD_FILES: tuple[type[models.Model], ...] = (Attachment, PublicPicture)
DATABASE = "database"


class RefusedError(Exception):
    """Why nothing was kept or brought back: one Vietnamese sentence with the cure."""


@dataclass(frozen=True)
class Kept:
    """What a backup holds."""

    manifest: Mapping[str, Any]

    @property
    def counts(self) -> Mapping[str, int]:
        counts: Mapping[str, int] = self.manifest["counts"]
        return counts

    @property
    def missing(self) -> list[str]:
        """Files that the database names and that were not there to be kept."""
        return list(self.manifest.get("missing", ()))

    def told(self) -> str:
        return "{petitions} đơn, {steps} bước, {files} tệp, {people} tài khoản".format(**self.counts)


def keys_beside(file: Path) -> Path:
    """Where the keys of this backup go: another file, to be kept in another place."""
    return file.with_name(f"{file.name}.keys")


# --- keeping --------------------------------------------------------------------------------------------


def backup(file: Path) -> Kept:
    """Write the house to `file`, its own keys to `file.keys`. Raises RefusedError and leaves neither."""
    keys = keys_beside(file)
    for path in (file, keys):
        if path.exists():
            raise RefusedError(f"Đã có {path}. Chọn tên khác; bản sao lưu cũ không bị ghi đè.")
    if not file.parent.is_dir():
        raise RefusedError(f"Không có thư mục {file.parent}. Tạo thư mục trước, hoặc chọn nơi khác.")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.VAR) as place:
            manifest = _gather(Path(place))
            _place_keys(keys)
            try:
                _place(file, Path(place), manifest)
            except BaseException:
                keys.unlink()
                raise
    except FileExistsError:
        raise RefusedError(f"Đã có {file}. Chọn tên khác; bản sao lưu cũ không bị ghi đè.") from None
    except OSError as error:
        raise RefusedError(
            f"Không ghi được bản sao lưu: {error.strerror or 'lỗi đĩa'}. Xem quyền và chỗ trống."
        ) from None
    except postgresql.ToolError as error:
        raise RefusedError(str(error)) from None
    except (DatabaseError, sqlite3.Error):
        raise RefusedError("Chưa có gì để sao lưu: cơ sở dữ liệu chưa có hoặc không trả lời.") from None
    return Kept(manifest)


def _gather(place: Path) -> dict[str, Any]:
    """Everything at one place, which nothing changes any more, and what it is."""
    for folder in FOLDERS:
        if (settings.VAR / folder).is_dir():
            # What begins with a dot is being written.
            shutil.copytree(settings.VAR / folder, place / folder, ignore=shutil.ignore_patterns(".*"))
    for mark in MARKS:
        if (settings.VAR / mark).is_file():
            shutil.copyfile(settings.VAR / mark, place / mark)
    counts, names, migrations = _snapshot(place / DATABASE)
    left_out = [name for name in names if not _take_file(name, place / FILES)]
    counts["files"] = len(names) - len(left_out)
    return {
        "format": FORMAT,
        "version": settings.VERSION,
        "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": migrations,
        "counts": counts,
        "missing": _still_named(left_out),
        "keys": {name: fingerprint(name, key_in_use(name)) for name in KEYS},
        "members": {name: seal(place / name) for name in sorted(_names(place))},
    }


Snapshot = tuple[dict[str, int], list[str], list[list[str]]]


def _snapshot(into: Path) -> Snapshot:
    """Write down the database at one moment; gives back what stands in it at that very moment."""
    if connection.vendor == "postgresql":
        return _snapshot_of_server(into)
    connection.ensure_connection()
    with closing(sqlite3.connect(into)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return _ask(lambda question: copy.execute(question).fetchall())


def _snapshot_of_server(into: Path) -> Snapshot:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (moment,) = cursor.fetchone()
        as_then = ["--format=custom", "--no-owner", f"--snapshot={moment}"]
        postgresql.run("pg_dump", *as_then, f"--file={into}")
        return _ask(_asked)


def _asked(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def _ask(asked: Any) -> Snapshot:
    tables = {"petitions": Petition, "steps": Step, "people": User}
    counts = {
        name: int(asked(f"SELECT count(*) FROM {model._meta.db_table}")[0][0])  # noqa: S608
        for name, model in tables.items()
    }
    files = " UNION ALL ".join(f"SELECT file FROM {model._meta.db_table}" for model in HOLD_FILES)  # noqa: S608
    names = [str(name) for (name,) in asked(files)]
    rows = asked("SELECT app, name FROM django_migrations ORDER BY app, name")
    return counts, names, [[app, name] for app, name in rows]


def _still_named(names: list[str]) -> list[str]:
    """Without those that were erased while the backup was made: they are gone by right."""
    rows = [model._default_manager for model in HOLD_FILES]
    return [name for name in sorted(set(names)) if any(row.filter(file=name).exists() for row in rows)]


def _take_file(name: str, into: Path) -> bool:
    """Hold on to one file of a petition; False when it is not there."""
    source, kept = settings.MEDIA_ROOT / name, into / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, kept)  # files are never changed, only erased
    except FileNotFoundError:
        return False
    except OSError:
        shutil.copyfile(source, kept)
    return True


def _names(place: Path) -> Iterator[str]:
    return (str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def seal(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def key_in_use(name: str) -> str:
    key: str = getattr(settings, f"{name.upper()}_KEY")
    return key


def fingerprint(name: str, key: str) -> str:
    """By which a key is known without being shown."""
    return hashlib.sha256(f"hoiam key {name} {key}".encode()).hexdigest()[:16]


def _place(file: Path, place: Path, manifest: Mapping[str, Any]) -> None:
    """Written aside and then named: the backup is there whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with (
                gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed,
                tarfile.open(fileobj=packed, mode="w") as tar,
            ):
                _add(tar, MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
                for name in manifest["members"]:
                    tar.add(place / name, arcname=name, recursive=False)
            out.flush()
            os.fsync(out.fileno())
        _name(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _name(draft: Path, file: Path) -> None:
    """Give the draft its name unless another has it; not every disk knows links."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:
        if file.exists():
            raise FileExistsError from None
        draft.rename(file)


def _place_keys(path: Path) -> None:
    """The keys that this house made for itself; those from the environment are kept where they are set."""
    kept = {name: own_key(name).read_text(encoding="ascii").strip() for name in KEYS if _is_own(name)}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            json.dump(kept, out)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink()
        raise


def own_key(name: str) -> Path:
    return Path(settings.VAR) / "keys" / f"{name}.key"


def _is_own(name: str) -> bool:
    path = own_key(name)
    return path.exists() and path.read_text(encoding="ascii").strip() == key_in_use(name)


def keys_from_outside() -> list[str]:
    """Names of the variables whose keys no backup holds."""
    return [f"{name.upper()}_KEY" for name in KEYS if not _is_own(name)]
