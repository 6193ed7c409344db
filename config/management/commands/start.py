"""`manage.py start`: the whole house on one machine, in the foreground."""

import fcntl
import json
import logging
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import InterfaceError, OperationalError

from config import preparation
from config.management.commands import demo
from config.management.refusing import Refusing
from config.processes import Child, die_with_parent, stop_all

HOST = "127.0.0.1"
READY_WITHIN_S = 120.0
STOP_WITHIN_S = 8.0
# A child that died this often before the house ever answered will not come.
HOPELESS = 5


class Command(Refusing):
    help = "Chạy cả hệ thống trên một máy: trang web và tiến trình nền. Dừng bằng Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=float, default=time.time(), help="lúc bắt đầu, giây Unix")
        parser.add_argument(
            "--demo",
            type=int,
            nargs="?",
            const=demo.PETITIONS,
            metavar="SỐ_ĐƠN",
            help="tạo dữ liệu và tài khoản trình diễn trước khi mở (chỉ trên máy này)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        follow_make()
        with self.alone():
            self.refuse_taken_port()
            logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # our one sentence says it
            try:
                for step in preparation.steps():
                    self.say(step)
            except (OperationalError, InterfaceError):
                self.refuse(
                    "Không kết nối được cơ sở dữ liệu ở DATABASE_URL; kiểm tra máy chủ, cổng, tên, mật khẩu."
                )
            if options["demo"] is not None:
                self.make_demonstration(options["demo"])
            self.serve(options["since"])

    def make_demonstration(self, petitions: int) -> None:
        """What is here already stays as it is."""
        self.say("Dựng dữ liệu trình diễn (lần đầu mất vài phút)")
        try:
            call_command("demo", petitions=petitions, stdout=self.stdout, stderr=self.stderr)
        except CommandError as refused:
            self.refuse(str(refused), refused.returncode)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold `var/` for this parent; the kernel lets go of it however we end."""
        with (settings.VAR / "start.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.refuse(
                    f"Hệ thống đang chạy với thư mục dữ liệu {settings.VAR}."
                    " Dừng nó trước, hoặc đặt HOIAM_VAR khác."
                )
            yield

    def refuse_taken_port(self) -> None:
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((HOST, settings.PORT))
            except OSError:
                self.refuse(f"Cổng {settings.PORT} đang bị chiếm. Chọn cổng khác, ví dụ make start PORT=8001")

    def serve(self, since: float) -> None:
        """Start the children, say READY once they answer, and tend them until told to stop."""
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, self.stop)
        children = self.children()
        self.say("Mở cửa: trang web và tiến trình nền")
        try:
            self.tend(children, since)
        finally:
            stop_all(children, STOP_WITHIN_S)
        self.say("Đã dừng.")

    def children(self) -> list[Child]:
        manage = str(settings.BASE_DIR / "manage.py")
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
        return [
            Child("web", [*gunicorn, "--bind", f"{HOST}:{settings.PORT}"], orphaned=signal.SIGTERM),
            Child("work", [sys.executable, manage, "work"]),
        ]

    def stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def tend(self, children: list[Child], since: float) -> None:
        ready = False
        give_up_at = time.monotonic() + READY_WITHIN_S
        while not self.stopping:
            for child in children:
                if child.tend(time.monotonic()) and not self.stopping:
                    self.say(f"Tiến trình {child.name} đã dừng (mã {child.code}); khởi động lại.")
            if not ready and (ready := is_ready()):
                self.say(f"READY http://{HOST}:{settings.PORT}/ {time.time() - since:.1f}")
            if not ready and (
                time.monotonic() > give_up_at or any(child.deaths >= HOPELESS for child in children)
            ):
                self.refuse(f"Không mở cửa được: {what_is_wrong()}", code=1)
            time.sleep(0.2)


def follow_make() -> None:
    """Started by make, end with it: whoever kills make -9 means the house."""
    if os.environ.get("MAKELEVEL"):
        die_with_parent(os.getppid(), signal.SIGTERM)


def ask() -> dict[str, Any]:
    """Return what /readyz says, {} while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{settings.PORT}/readyz", timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as answer:
        with answer:
            return dict(json.load(answer))
    except (OSError, ValueError):
        return {}


def is_ready() -> bool:
    return bool(ask().get("ready"))


def what_is_wrong() -> str:
    """Return what /readyz says is missing, or that nobody answers (the log says why)."""
    state = ask()
    return json.dumps(state, ensure_ascii=False) if state else "trang web không trả lời, xem nhật ký ở trên"
