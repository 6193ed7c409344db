"""What must be true before the doors open: tables, guards, reference data, styles.

Every part may run again; what is already right costs almost nothing.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from feedback.cube.counting import rebuild
from feedback.models import Contact, DayCount, Step
from routing.models import Province, ReferenceState
from routing.ready import applied_migrations, newer, shipped_migrations

KEPT_COPIES = 5
SHIPPED = settings.BASE_DIR / "routing"


def steps() -> Iterator[str]:
    """Do one thing after another, each announced in Vietnamese before it is done."""
    refuse_newer()
    if migrations_wait():
        yield from migrate()
    refuse_other_key()
    yield from load_reference_data()
    refuse_unknown_home()
    yield from count_what_was_never_counted()
    yield "Gom tệp giao diện"
    call_command("collectstatic", interactive=False, verbosity=0)
    connection.close()


def refuse_newer() -> None:
    """A database that a later release brought up would be written to by rules that it no longer has."""
    if lacks := newer(applied_migrations()):
        raise CommandError(f"Không mở được: {lacks}", returncode=2)


def refuse_other_key() -> None:
    """With another key nobody opens what he filed, and what is filed meanwhile opens with no other one."""
    if not Contact.objects.open_with_our_key():
        raise CommandError(
            "IDENTITY_KEY không phải khóa đã mã hóa danh tính trong cơ sở dữ liệu này. Đặt lại khóa cũ"
            f" ({settings.VAR}/keys/identity.key, hoặc biến IDENTITY_KEY) rồi chạy lại.",
            returncode=2,
        )


def migrations_wait() -> bool:
    return bool(shipped_migrations() - applied_migrations())


def migrate() -> Iterator[str]:
    if connection.vendor == "sqlite" and connection.introspection.table_names():
        copy = copy_aside(Path(connection.settings_dict["NAME"]), settings.VAR / "backups")
        yield f"Đã sao lưu cơ sở dữ liệu cũ vào {copy}"
    yield "Cập nhật cấu trúc cơ sở dữ liệu"
    call_command("migrate", interactive=False, verbosity=0)


def copy_aside(database: Path, folder: Path) -> Path:
    """Copy an SQLite database, as it stands committed, before it is changed; keep the newest few copies."""
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-migrate-{datetime.now().astimezone():%Y%m%d-%H%M%S}.sqlite3"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    copy.chmod(0o600)
    for old in sorted(folder.glob("before-migrate-*.sqlite3"))[:-KEPT_COPIES]:
        old.unlink()
    return copy


def load_reference_data() -> Iterator[str]:
    """Load what is shipped, unless this very database already took this very release."""
    stamp = settings.VAR / "reference-data.stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == loaded():
        return
    yield "Nạp dữ liệu nền: 34 tỉnh, 3.321 xã phường đặc khu, lĩnh vực, cơ quan, thời hạn, lịch làm việc"
    call_command("loadrefdata", verbosity=0)
    stamp.write_text(loaded(), encoding="ascii")


def count_what_was_never_counted() -> Iterator[str]:
    """A house from before its cube, or from before it knew persons and organisations: from its steps."""
    first = DayCount.objects.order_by("pk").first()
    if Step.objects.exists() and (first is None or not first.party):
        yield "Đếm lại số liệu từng ngày từ các bước đã ghi"
        rebuild()


def refuse_unknown_home() -> None:
    """A house of a province that is none would lose the first petition without a place."""
    if not Province.objects.filter(pk=settings.HOME_PROVINCE).exists():
        raise CommandError(
            f"Không có tỉnh, thành phố mã {settings.HOME_PROVINCE}; đặt HOME_PROVINCE là một mã có thật, "
            "ví dụ HOME_PROVINCE=48 (Đà Nẵng).",
            returncode=2,
        )


def loaded() -> str:
    """Name the shipped release and the moment this database took one."""
    at = ReferenceState.objects.filter(pk=1).values_list("loaded_at", flat=True).first()
    return f"{shipped_digest()} {at.isoformat() if at else '-'}"


def shipped_digest() -> str:
    """Digest of the shipped files and of the code that loads them."""
    digest = hashlib.sha256()
    for path in sorted(SHIPPED.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(str(path.relative_to(SHIPPED)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
