"""`manage.py export_audit`: the signed ZIP that inspectors take with them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandParser

from accounts.models import User
from feedback import anchors, inspection
from feedback.acting import NOT_THERE, NOT_YOURS, USAGE
from feedback.inspection import BY_COMMAND, RefusedError, Wanted
from routing.ready import ReadyCommand


class Command(ReadyCommand):
    help = (
        "Lấy hồ sơ cho thanh tra: đơn, bước, lượt xem, tệp, neo trong một tệp ZIP có chữ ký. "
        "Kiểm tra bằng verify_export.py nằm trong đó."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="username", required=True, help="thanh tra lấy hồ sơ")
        parser.add_argument("--out", type=Path, required=True, metavar="TỆP.zip")
        parser.add_argument("--from", dest="since", default="", metavar="NGÀY", help="2026-11-01")
        parser.add_argument("--to", dest="until", default="", metavar="NGÀY")
        parser.add_argument("--codes", nargs="+", default=[], metavar="MÃ")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"], is_active=True).first()
        if person is None:
            self._refuse(f"Không có người dùng {options['username']!r}.", USAGE)
        if not person.audits:
            self._refuse(f"{person.username} không có vị trí thanh tra.", NOT_YOURS)
        self._write(person, self._wanted(options), options["out"])

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        days = {name: self._day(options[name]) for name in ("since", "until") if options[name]}
        if bool(options["codes"]) == bool(days):
            self._refuse("Cho biết --from và --to, hoặc --codes.", USAGE)
        if "since" in days and "until" in days and days["since"] > days["until"]:
            self._refuse("--from phải trước --to, hoặc cùng ngày.", USAGE)
        return Wanted(codes=tuple(options["codes"]), **days)

    def _day(self, told: str) -> dt.date:
        try:
            day = dt.date.fromisoformat(told)
        except ValueError:
            self._refuse(f"Ngày {told!r} không đúng dạng 2026-11-01.", USAGE)
        if not 2000 < day.year < 9999:
            self._refuse(f"Ngày {told} nằm ngoài lịch: xin lấy năm từ 2001 đến 9998.", USAGE)
        return day

    def _write(self, person: User, wanted: Wanted, out: Path) -> None:
        """The whole file or none, and never over one that is there."""
        draft = out.with_name(f".{out.name}.{os.getpid()}")
        try:
            if out.exists():
                self._refuse(f"{out} đã có; xin chọn tên khác.", USAGE)
            with draft.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                told = inspection.write(person, wanted, file, limit=BY_COMMAND, page="manage.py export_audit")
            draft.replace(out)
        except RefusedError as refused:
            self._refuse(str(refused), NOT_THERE)
        except OSError as error:
            self._refuse(f"Không ghi được {out}: {error.strerror or error}.", 1)
        finally:
            draft.unlink(missing_ok=True)
        for lack in told.lacks:
            self.stderr.write(f"Thiếu: {lack}")
        self.stdout.write(f"{out}: {told.petitions} đơn, {told.rows} dòng, {told.files} tệp")
        self.stdout.write(f"Dấu vân tay của khóa: {anchors.fingerprint()}")

    def _refuse(self, why: str, code: int) -> NoReturn:
        self.stderr.write(why)
        raise SystemExit(code)
