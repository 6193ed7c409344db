"""`manage.py loadrefdata`: fill the reference tables from the shipped files."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from routing.loading import load
from routing.ready import ReadyCommand
from routing.shipped import DATA, BrokenDataError

SHOWN_PROBLEMS = 20


class Command(ReadyCommand):
    requires_system_checks: list[str] = []
    needs_reference_data = False  # it brings them
    help = (
        "Nạp dữ liệu nền (đơn vị hành chính, lĩnh vực, cơ quan, thời hạn, lịch làm việc). Chạy lại được;"
        " dòng mà quản trị viên đã sửa thì giữ nguyên. Thoát 1 khi số liệu sai hoặc có dòng chỉ vào chỗ"
        " trống."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="in số liệu thành một dòng JSON")
        parser.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="thư mục dữ liệu khác")
        parser.add_argument(
            "--provinces", default="", metavar="48,79", help="chỉ nạp các tỉnh này (dùng cho kiểm thử)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        wanted = [code for code in options["provinces"].split(",") if code]
        try:
            figures: dict[str, Any] = dict(load(Path(options["data"]), wanted))
        except BrokenDataError as broken:
            self._refuse(broken)
            raise SystemExit(1) from None
        figures["seconds"] = round(time.monotonic() - began, 1)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        elif options["verbosity"]:
            self.stdout.write(
                f"Đã nạp dữ liệu nền trong {figures['seconds']} giây: {figures['provinces']} tỉnh, thành phố,"
                f" {figures['communes']} xã, phường, đặc khu, {figures['subfields']} tiểu lĩnh vực,"
                f" {figures['agencies']} cơ quan; {figures['created']} dòng mới,"
                f" {figures['changed']} dòng đổi, {figures['kept_edits']} dòng do quản trị viên sửa được giữ."
            )

    def _refuse(self, broken: BrokenDataError) -> None:
        self.stderr.write("Dữ liệu nền có lỗi, không nạp gì cả:")
        for problem in broken.problems[:SHOWN_PROBLEMS]:
            self.stderr.write(f"- {problem}")
        if len(broken.problems) > SHOWN_PROBLEMS:
            self.stderr.write(f"- ... và {len(broken.problems) - SHOWN_PROBLEMS} lỗi nữa")
