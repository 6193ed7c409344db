"""`manage.py backup FILE`: the house in one file, its keys in another."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from config import keeping
from config.management.refusing import Refusing


class Command(Refusing):
    help = "Sao lưu cả hệ thống (đang chạy cũng được) vào một tệp mới; khóa nằm riêng ở tệp TỆP.keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="tệp sẽ tạo, ví dụ /mnt/usb/hoiam-2026-12-01.tar.gz"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            self.refuse("Thiếu tên tệp, ví dụ: make backup FILE=/mnt/usb/hoiam-2026-12-01.tar.gz")
        file = options["file"].absolute()
        try:
            kept = keeping.backup(file)
        except keeping.RefusedError as refused:
            self.refuse(refused)
        self.stdout.write(f"Đã sao lưu {kept.told()} vào {file} ({file.stat().st_size / 1e6:.1f} MB).")
        for name in kept.missing:
            self.stderr.write(f"Thiếu tệp gửi kèm {name}: cơ sở dữ liệu còn ghi, trên đĩa không có.")
        self.stdout.write(
            f"Khóa nằm riêng ở {keeping.keys_beside(file)}: cất ở nơi khác. Ai có cả hai tệp thì đọc được mọi"
            " thứ; thiếu khóa thì người dân không mở lại được đơn của mình."
        )
        if outside := keeping.keys_from_outside():
            self.stdout.write(
                f"Không nằm trong bản sao lưu, tự giữ lấy: {', '.join(outside)} (biến môi trường)."
            )
