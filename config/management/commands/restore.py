"""`manage.py restore FILE`: a house brought back into an empty one, then verified."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from config.keeping import Kept, RefusedError
from config.management.refusing import Refusing
from config.restoring import restore


class Command(Refusing):
    help = "Khôi phục một bản sao lưu vào hệ thống trống (khóa ở TỆP.keys), rồi kiểm tra; thoát 1 khi lệch."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="tệp do “backup” tạo")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            self.refuse("Thiếu tên tệp, ví dụ: make restore FILE=/mnt/usb/hoiam-2026-12-01.tar.gz")
        try:
            kept = restore(options["file"].absolute())
        except RefusedError as refused:
            self.refuse(refused)
        self.stdout.write(f"Đã khôi phục {kept.told()}, sao lưu lúc {kept.manifest['made_at']}.")
        self.say_whether_it_holds(kept, verified())

    def say_whether_it_holds(self, kept: Kept, found: dict[str, Any]) -> None:
        same = all(found.get(name) == kept.counts[name] for name in ("petitions", "steps"))
        if same and found["ok"]:
            self.stdout.write(f"Kiểm tra: chuỗi bước nguyên vẹn, {found['anchors']} neo.")
            return
        self.stderr.write("Kiểm tra thấy dữ liệu không khớp. Chạy “manage.py verify” để xem từng đơn.")
        sys.exit(1)


def verified() -> dict[str, Any]:
    """Asked of a new process: this one began with other keys."""
    if not settings.CLOCK_OPEN:  # the days that went by since are anchored as by any house that stood still
        _manage("anchor", "--json")
    done = _manage("verify", "--json")
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"ok": False}
    return found


def _manage(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
        env=os.environ | {"HOIAM_VAR": str(settings.VAR)},
        capture_output=True,
        text=True,
        check=False,
    )
