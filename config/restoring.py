"""A house brought back from its backup: into an empty one, checked byte for byte before anything changes."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from config import postgresql
from config.keeping import (
    DATABASE,
    FILES,
    FOLDERS,
    FORMAT,
    KEYS,
    MANIFEST,
    MARKS,
    Kept,
    RefusedError,
    fingerprint,
    key_in_use,
    keys_beside,
    own_key,
    seal,
)
from feedback.models import Petition, Step
from routing.ready import newer

LARGEST_MANIFEST = 256 * 1024 * 1024
# What reading a cut, altered or foreign file may end in.
BROKEN = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError, AttributeError)


def restore(file: Path) -> Kept:
    """Bring a house back into an empty one. Raises RefusedError, and then nothing is changed."""
    try:
        with _asleep():
            return _restore(file)
    except postgresql.ToolError as error:
        raise RefusedError(str(error)) from None


@contextmanager
def _asleep() -> Iterator[None]:
    """Nobody starts this house meanwhile; the kernel lets go of it however we end."""
    with (settings.VAR / "start.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(f"Hệ thống đang chạy với thư mục {settings.VAR}. Dừng nó trước.") from None
        yield


def _restore(file: Path) -> Kept:
    _refuse_inhabited()
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR) as place:
        manifest = _unpack(file, Path(place))
        _refuse_unfit(manifest)
        keys = _keys_for(manifest, keys_beside(file))
        # From here on everything was looked at; what is left can fail only with the disk or the database.
        _bring_database(Path(place) / DATABASE)
        _bring_folders(Path(place))
        _bring_keys(keys)
    call_command("migrate", interactive=False, verbosity=0)  # an older one comes up to this version
    return Kept(manifest)


def _refuse_inhabited() -> None:
    """Empty: neither petitions nor people nor files; reference data and unused keys do not count."""
    tables = connection.introspection.table_names()
    rows = any(
        model._meta.db_table in tables and model._default_manager.exists() for model in (Petition, Step, User)
    )
    if rows or any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*")):
        raise RefusedError(
            f"Hệ thống ở {settings.VAR} đã có dữ liệu; chỉ khôi phục vào nơi trống."
            " Đặt HOIAM_VAR (và DATABASE_URL) sang chỗ mới, hoặc tự dời dữ liệu cũ đi."
        )


def _unpack(file: Path, place: Path) -> dict[str, Any]:
    """Every member, held against the manifest; raises RefusedError for what is cut, altered or no backup."""
    try:
        with tarfile.open(file, mode="r|gz") as tar:
            manifest = _manifest(tar)
            left = dict(manifest["members"])
            while entry := tar.next():
                _unpack_one(tar, entry, left.pop(entry.name, None), place)
    except FileNotFoundError:
        raise RefusedError(f"Không có tệp {file}.") from None
    except PermissionError:
        raise RefusedError(f"Không đọc được {file}: không đủ quyền.") from None
    except BROKEN:
        raise RefusedError(_broken(file)) from None
    if left:
        raise RefusedError(_broken(file))
    return manifest


def _broken(file: Path) -> str:
    return (
        f"{file} không phải bản sao lưu lành lặn của Hồi Âm (bị cắt, bị sửa hoặc là tệp khác). Dùng bản khác."
    )


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    entry = tar.next()
    content = tar.extractfile(entry) if entry and entry.name == MANIFEST else None
    if content is None:
        raise ValueError(MANIFEST)
    manifest: dict[str, Any] = json.loads(content.read(LARGEST_MANIFEST))
    if manifest["format"] > FORMAT:
        raise RefusedError(_newer(manifest))
    return manifest


def _newer(manifest: Mapping[str, Any]) -> str:
    return (
        f"Bản sao lưu này của phiên bản mới hơn ({manifest['version']}); ở đây là {settings.VERSION}."
        " Cập nhật phần mềm rồi khôi phục lại."
    )


def _unpack_one(tar: tarfile.TarFile, entry: tarfile.TarInfo, known: Any, place: Path) -> None:
    """Only what the manifest names, inside the place, byte for byte."""
    path = PurePosixPath(entry.name)
    content = tar.extractfile(entry) if entry.isfile() else None
    if known is None or content is None or path.is_absolute() or ".." in path.parts:
        raise ValueError(entry.name)
    target = place / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out)
    if seal(target) != known:
        raise ValueError(entry.name)


def _refuse_unfit(manifest: Mapping[str, Any]) -> None:
    if manifest["database"] != connection.vendor:
        raise RefusedError(
            f"Bản sao lưu này của cơ sở dữ liệu {manifest['database']}, còn ở đây là {connection.vendor}."
            " Đặt DATABASE_URL cho cùng loại."
        )
    if newer({(app, name) for app, name in manifest["migrations"]}):
        raise RefusedError(_newer(manifest))


def _keys_for(manifest: Mapping[str, Any], path: Path) -> dict[str, str]:
    """The keys to bring back; each that the house had must be in the file or in the environment."""
    try:
        found = {name: str(key) for name, key in json.loads(path.read_text(encoding="ascii")).items()}
    except FileNotFoundError:
        found = {}
    except (OSError, ValueError, AttributeError):
        raise RefusedError(f"Không đọc được tệp khóa {path}.") from None
    keys = {}
    for name in KEYS:
        if manifest["keys"][name] == fingerprint(name, key_in_use(name)):
            continue  # from the environment, or already here
        key = found.get(name, "")
        if fingerprint(name, key) != manifest["keys"][name]:
            raise RefusedError(
                f"Thiếu khóa {name.upper()}_KEY của bản sao lưu: đặt tệp khóa ở {path},"
                f" hoặc đặt biến môi trường {name.upper()}_KEY như khi sao lưu."
            )
        if os.environ.get(f"{name.upper()}_KEY"):
            raise RefusedError(
                f"{name.upper()}_KEY trong môi trường khác khóa của bản sao lưu. Bỏ hoặc sửa biến này."
            )
        keys[name] = key
    return keys


def _bring_database(copy: Path) -> None:
    if connection.vendor == "postgresql":
        postgresql.run("pg_restore", "--list", str(copy))  # readable, before anything goes
        _drop_tables()
        postgresql.run(
            "pg_restore",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={postgresql.name_of_database()}",
            str(copy),
        )
        return
    database = Path(connection.settings_dict["NAME"])
    connection.close()
    for leftover in ("-wal", "-shm"):
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    shutil.move(copy, database)
    database.chmod(0o600)


def _drop_tables() -> None:
    """Reference data alone is in them."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"DROP TABLE IF EXISTS {quote(table)} CASCADE")
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = current_schema() AND p.prorettype = 'trigger'::regtype"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")


def _bring_folders(place: Path) -> None:
    for source, target in [(place / FILES, settings.MEDIA_ROOT)] + [
        (place / folder, settings.VAR / folder) for folder in FOLDERS
    ]:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
    for mark in MARKS:
        if (place / mark).is_file():
            shutil.copyfile(place / mark, settings.VAR / mark)
    (settings.VAR / "reference-data.stamp").unlink(missing_ok=True)


def _bring_keys(keys: Mapping[str, str]) -> None:
    """What this house had made for itself meanwhile is put aside, never thrown away."""
    for name, key in keys.items():
        path = own_key(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            path.rename(path.with_name(f"{path.name}.{datetime.now().astimezone():%Y%m%d-%H%M%S}"))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(key + "\n")
