"""`manage.py collect_mail`: take what came by mail; the clock does it every minute."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.db import DatabaseError

from feedback import acting
from feedback.letters import box, collecting
from routing.ready import NOT_READY, ReadyCommand

FULL = "Không ghi được tệp của hệ thống (đĩa đầy, hay thiếu quyền); thư còn nguyên trong MAIL_DIR."


class Command(ReadyCommand):
    help = "Nhận thư đến trong MAIL_DIR: ghi đơn, lời nói thêm, báo không gửi được. In một dòng JSON đếm thư."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(json.dumps(collecting.collect()))
        except box.BoxError as broken:
            self._end(str(broken), NOT_READY)
        except DatabaseError:
            self._end(acting.BUSY, 1)
        except OSError:
            self._end(FULL, 1)

    def _end(self, why: str, code: int) -> None:
        self.stderr.write(why)
        sys.exit(code)
