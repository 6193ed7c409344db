"""The real processes of a house: they open, come back when killed, and leave nobody behind."""

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings

from bench.visitor import free_port

pytestmark = pytest.mark.house
MANAGE = [sys.executable, "manage.py"]
TEXT = "Nắp cống trước số 12 Bạch Đằng bị mất, xe máy té mấy lần rồi"


def until(question: Callable[[], Any], within_s: float) -> Any:
    """Ask until the answer is true; what took longer is a failure."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.1)
    pytest.fail(f"not within {within_s} s")


def ready(port: int) -> dict[str, Any]:
    """What /readyz says once it says ready, {} before."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError):
        return {}


def children(parent: int) -> dict[int, str]:
    """Command lines of everything below this process, by process id."""
    found: dict[int, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            above = int(stat.read_text().rpartition(")")[2].split()[1])
            line = (stat.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if above == parent:
            pid = int(stat.parent.name)
            found |= {pid: line, **children(pid)}
    return found


def alive(pids: list[int]) -> list[int]:
    """Which of these still run; one that is dead and only not yet collected does not."""
    return [pid for pid in pids if runs(pid)]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def environment(var: Path, port: int, **more: str) -> dict[str, str]:
    services = ("DATABASE_URL", "REDIS_URL", "MAKELEVEL")
    kept = {name: value for name, value in os.environ.items() if name not in services}
    return kept | {"HOIAM_VAR": str(var), "PORT": str(port)} | more


class House(NamedTuple):
    parent: "subprocess.Popen[str]"
    port: int
    var: Path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on the embedded defaults, open."""
    place = tmp_path_factory.mktemp("house")
    port = free_port()
    parent = subprocess.Popen(
        [*MANAGE, "start"],
        cwd=settings.BASE_DIR,
        env=environment(place / "var", port),
        stdout=(place / "out").open("w"),
        stderr=subprocess.STDOUT,
        text=True,
    )
    until(lambda: "READY" in (place / "out").read_text() or parent.poll() is not None, within_s=120)
    assert f"READY http://127.0.0.1:{port}/ " in (place / "out").read_text(), (place / "out").read_text()
    yield House(parent, port, place / "var")
    parent.terminate()
    assert parent.wait(timeout=20) in {0, -signal.SIGKILL}


def test_a_second_house_on_the_same_var_and_a_taken_port_are_refused(house: House, tmp_path: Path) -> None:
    same = start(environment(house.var, free_port()))
    assert same.returncode == 2
    assert same.stderr.startswith("Hệ thống đang chạy với thư mục dữ liệu")
    taken = start(environment(tmp_path / "other", house.port))
    assert taken.returncode == 2
    assert taken.stderr == f"Cổng {house.port} đang bị chiếm. Chọn cổng khác, ví dụ make start PORT=8001\n"


def test_the_process_from_which_those_of_the_pages_part_holds_no_database(house: House) -> None:
    """They share what it has loaded; a connection shared so would be read by all of them at once."""
    arbiter = next(pid for pid, line in children(house.parent.pid).items() if "gunicorn" in line)
    held = [os.readlink(one) for one in Path(f"/proc/{arbiter}/fd").iterdir() if one.is_symlink()]
    assert not [name for name in held if "sqlite3" in name]
    assert len([name for name in held if name.startswith("socket:")]) == 1  # the door itself


def test_a_house_heals_and_killed_leaves_nobody_behind(house: House) -> None:
    parent, port, _ = house
    assert ready(port)["ready"] is True

    def working() -> list[int]:
        return [pid for pid, line in children(parent.pid).items() if line.rstrip().endswith("manage.py work")]

    [killed] = working()
    os.kill(killed, signal.SIGKILL)
    until(lambda: [pid for pid in working() if pid != killed], within_s=5)

    arbiter = next(pid for pid, line in children(parent.pid).items() if "gunicorn" in line)
    os.kill(arbiter, signal.SIGKILL)
    until(lambda: ready(port), within_s=15)

    def all_five() -> list[int]:
        """The arbiter, its three workers, the work process."""
        found = list(children(parent.pid))
        return found if len(found) == 5 else []

    below = until(all_five, within_s=10)
    os.kill(parent.pid, signal.SIGKILL)
    until(lambda: not alive(below), within_s=10)


def start(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, "start"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def many(tmp_path: Path) -> Iterator[int]:
    """Pages, two Celery workers and the clock, each a process, on PostgreSQL and Redis; their port."""
    if not os.environ.get("REDIS_URL") or not os.environ.get("DATABASE_URL"):
        pytest.skip("needs PostgreSQL and Redis: make test-services")
    port = free_port()
    # A numbered database of Redis that no test run uses.
    redis = os.environ["REDIS_URL"].rsplit("/", 1)[0] + "/9"
    env = environment(tmp_path / "var", port, DATABASE_URL=os.environ["DATABASE_URL"], REDIS_URL=redis)
    subprocess.run([*MANAGE, "prepare"], cwd=settings.BASE_DIR, env=env, check=True, timeout=120)
    celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
    commands = [
        [*gunicorn, "--bind", f"127.0.0.1:{port}"],
        [*celery, "worker", "--concurrency", "1", "--queues", "celery", "--hostname", "reads@%h"],
        [*celery, "worker", "--concurrency", "1", "--queues", "sending", "--hostname", "sends@%h"],
        [*celery, "beat"],
    ]
    processes = [subprocess.Popen(command, cwd=settings.BASE_DIR, env=env) for command in commands]
    yield port
    for process in processes:
        process.terminate()
    assert [process.wait(timeout=30) for process in processes] == [0, 0, 0, 0]


def test_what_is_filed_is_followed_up_by_celery_and_the_clock_goes_round(many: int) -> None:
    until(lambda: ready(many), within_s=60)
    until(lambda: (ready(many)["clock_last_s"] or 99) < 10, within_s=30)
    receipt = file(many, TEXT)
    assert "/bien-nhan/" in receipt
    until(lambda: ready(many)["queue"] == {"waiting": 0, "oldest_s": 0.0, "dead": 0}, within_s=30)


def file(port: int, text: str) -> str:
    """File as a browser without scripts does; the address of the receipt."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = f"http://127.0.0.1:{port}/gui/"
    form = browser.open(page, timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "text": text, "commune": "20242"}
    return str(browser.open(page, urllib.parse.urlencode(fields).encode(), timeout=20).url)
