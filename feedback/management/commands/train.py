"""`manage.py train`: learn from the corrections of officials; the clock does it every night."""

from __future__ import annotations

import json
import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandParser

from accounts.models import Role, User
from classifier import store
from classifier.examples import BadExampleError
from classifier.model import BrokenModelError
from feedback import learning
from feedback.models import Outcome, Training
from routing.ready import ReadyCommand

# Behind the pages and behind the reading of petitions.
POLITENESS = 10
PASSED = {Outcome.ACCEPTED, Outcome.TRIED, Outcome.BACK}


class Command(ReadyCommand):
    help = (
        "Học lại mô hình đọc từ văn bản mẫu và các lần cán bộ sửa. Thoát 0: mô hình mới đã thay;"
        " 1: bị từ chối, mô hình cũ vẫn đọc; 2: không làm được."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        os.nice(POLITENESS)
        with suppress(OSError):  # where memory runs out, this process goes rather than the house
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--dry-run", action="store_true", help="học và so sánh, không thay mô hình")
        parser.add_argument("--back", action="store_true", help="quay về mô hình trước đó")
        parser.add_argument(
            "--list", action="store_true", help="các mô hình đang giữ, mô hình đang đọc đứng đầu"
        )
        parser.add_argument(
            "--trust", action="append", default=[], metavar="TÊN",
            help="từ nay người này được sửa phần lớn của một lĩnh vực (đã có người khác xem lại)",
        )  # fmt: skip
        parser.add_argument("--as", dest="by", default="", metavar="TÊN", help="người chạy, để ghi lại")
        parser.add_argument("--nightly", action="store_true", help="chỉ khi có gì mới; đồng hồ gọi mỗi đêm")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            return self.list(as_json=options["json"])
        try:
            row = self.asked(options)
        except learning.BusyError:
            self.refuse("Đang có một lần học khác; chờ nó xong.")
        except learning.NothingToReadWithError:
            self.refuse("Máy đọc đang tắt (HOIAM_READING=off): không học.")
        except LookupError:
            self.refuse("Đang đọc bằng mô hình kèm theo bản phát hành, không còn bản nào trước đó.")
        except (BadExampleError, BrokenModelError) as error:
            self.refuse(f"Không học được: {error}.")
        except OSError as error:
            self.refuse(f"Không học được: {error.strerror or 'lỗi đĩa'} ({error.filename}).")
        if row is None:
            self.tell({"outcome": "nothing_new"}, "Không có lần sửa nào mới: không học.", options["json"])
            return None
        self.tell(told(row), sentence(row), options["json"])
        if row.outcome not in PASSED:
            raise SystemExit(1)
        return None

    def asked(self, options: dict[str, Any]) -> Training | None:
        by = self.administrator(options["by"]) if options["by"] else None
        trusted = [self.person(name) for name in options["trust"]]
        if options["nightly"]:
            return learning.nightly()
        if options["back"]:
            return learning.back(by=by)
        if not options["json"]:
            self.stderr.write("Đang học; mất vài phút. Mô hình cũ vẫn đọc trong lúc này.")
        return learning.train(by=by, trusted=trusted, dry_run=options["dry_run"])

    def person(self, name: str) -> User:
        found = User.objects.filter(username=name).first()
        if found is None:
            self.refuse(f"Không có ai tên {name}.")
        return found

    def administrator(self, name: str) -> User:
        """Who answers for a change of the machine that reads."""
        found = self.person(name)
        if not found.is_active or not found.has_role(Role.ADMINISTRATOR):
            self.refuse(f"{name} không phải quản trị viên.")
        return found

    def refuse(self, why: str) -> NoReturn:
        self.stderr.write(why)
        raise SystemExit(2)

    def tell(self, facts: dict[str, Any], words: str, as_json: bool) -> None:
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if as_json else words)

    def list(self, *, as_json: bool) -> None:
        reader = store.Reader(learning.folder())
        reads = reader.model().version
        kept = store.names(learning.folder())
        facts = {"reads": reads, "kept": kept, "trouble": reader.trouble}
        lines = [f"Đang đọc: {reads}", *(f"Giữ: {name}" for name in kept)]
        self.tell(facts, "\n".join([*lines, *filter(None, [reader.trouble])]), as_json)


def told(row: Training) -> dict[str, Any]:
    """A training as other programs take it; memory is the most this process ever held."""
    return {
        "outcome": row.outcome,
        "version": row.version,
        "against": row.against,
        "corrections": row.corrections,
        "examples": row.examples,
        "reason": row.reason,
        "seconds": row.seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "figures": row.figures,
    }


def sentence(row: Training) -> str:
    match row.outcome:
        case Outcome.BACK:
            return f"Đã quay về {row.version}; mọi tiến trình dùng nó trong vài giây."
        case Outcome.ACCEPTED:
            said = f"Đã thay: {row.version} đọc thay {row.against}."
        case Outcome.TRIED:
            said = f"Chạy thử: mô hình mới đạt, không thay {row.against}."
        case _:
            said = f"Từ chối, {row.against} vẫn đọc: {row.reason}"
    return f"{said}\n{row.corrections} đơn được cán bộ sửa, {row.examples} văn bản, {row.seconds} giây."
