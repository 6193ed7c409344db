"""The commands an operator types: work, setup, and the clock both ways of running share."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from accounts.models import Post, Role, User
from config.celery import CLOCK, app
from feedback.followups import clock_age, ring
from feedback.models import FollowUp
from tests import make

pytestmark = pytest.mark.django_db


def run(monkeypatch: pytest.MonkeyPatch, *args: str, stdin: str = "") -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    try:
        call_command(*args, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    except CommandError as wrong:
        return 2, out.getvalue(), str(wrong)
    return 0, out.getvalue(), err.getvalue()


def test_nothing_to_do_is_said_in_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = run(monkeypatch, "work", "--once", "--json")
    assert (code, json.loads(out)) == (0, {"done": 0, "failed": 0, "dead": 0, "waiting": 0})


def test_the_first_administrator_is_made_and_a_second_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = run(monkeypatch, "setup", "--username", "quan.tri", stdin="con trâu đen nhảy múa\n")
    assert (code, out) == (0, "Đã tạo quản trị viên quan.tri. Đăng nhập ở /dang-nhap/.\n")
    person = User.objects.get()
    assert person.check_password("con trâu đen nhảy múa")
    assert (person.is_staff, Post.objects.get().role) == (True, Role.ADMINISTRATOR)
    code, _, err = run(monkeypatch, "setup", "--username", "nguoi.khac", stdin="con trâu đen nhảy múa\n")
    assert (code, User.objects.count()) == (4, 1)
    assert "Đã có quản trị viên" in err


@pytest.mark.parametrize(
    ("username", "password"),
    [("quan.tri", ""), ("quan.tri", "ngắn"), ("quan.tri", "password1234"), ("a b", "con trâu đen nhảy múa")],
)
def test_a_weak_password_or_an_impossible_name_makes_nobody(
    username: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run(monkeypatch, "setup", "--username", username, stdin=password + "\n")
    assert (code, User.objects.count()) == (2, 0)
    assert err.startswith("Chưa tạo được: ")


def test_the_clock_names_tasks_that_exist() -> None:
    for work in CLOCK:
        assert import_string(work.task).name == work.task
    queues = {name: work["options"]["queue"] for name, work in app.conf.beat_schedule.items()}
    assert app.conf.beat_schedule["catch-up"]["schedule"] == 5
    assert queues == {
        "beat": "celery",
        "catch-up": "celery",
        "send-out": "sending",
        "collect-mail": "sending",
        "sweep": "celery",
        "remind-of-doubts": "sending",
        "anchor": "celery",
        "close-days": "celery",
        "freeze-months": "celery",
        "compare-index": "celery",
        "learn": "celery",
        "clear-sessions": "celery",
    }


@pytest.fixture
def bell(settings: Any) -> Iterator[Celery]:
    """An application whose broker is the memory of this process."""
    settings.CELERY_BROKER_URL = "memory://"
    with Celery("bell", broker="memory://") as inside:
        yield inside
    app.set_current()


def test_a_step_rings_once_and_what_speaks_to_other_machines_in_a_queue_of_its_own(bell: Celery) -> None:
    step = make.petition("submitted").steps.get()
    reading = FollowUp(pk=1, step=step, consumer="feedback.intake.read_submitted")
    sending = FollowUp(pk=2, step=step, consumer="feedback.notifications.send")
    telling = FollowUp(pk=3, step=step, consumer="feedback.notifications.notify")
    ring([reading, sending, telling])
    with bell.connection() as wire:
        rung = {name: wire.SimpleQueue(name).get(timeout=1).payload[0] for name in ("celery", "sending")}
    assert rung == {"celery": [1, 3], "sending": [2]}


def test_the_clock_leaves_a_sign_that_it_went_round() -> None:
    assert clock_age() is None
    import_string("feedback.tasks.beat")()
    age = clock_age()
    assert age is not None
    assert age < 5


def test_the_work_of_one_machine_leaves_that_sign_too() -> None:
    assert "feedback.tasks.beat" in {work.task for work in CLOCK if not work.for_workers}
