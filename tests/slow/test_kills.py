"""Whoever does the work is killed again and again in the middle of it: nothing is lost, doubled or forgotten.

`HOIAM_KILLS=5` for a quick try; ten petitions are filed and answered for every kill.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Post, Role, User
from config.celery import app
from feedback import followups
from feedback.intake import receive
from feedback.models import FollowUp, Notice, Petition, Prediction, Step
from feedback.steps import NotNow, take
from tests import make
from tests.mail_sink import Sink, sink
from tests.slow.processes import kill, running, start, until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KILLS = int(os.environ.get("HOIAM_KILLS", "50"))
PER_LIFE = 10
# A row in hand at a kill is free again when its lease is over; nothing stands still for longer.
STANDSTILL_S = followups.LEASE.total_seconds() + 180

# Who is told of each step of the straight way; the acting person is never among them.
HEARD = {"submit": 1, "read": 0, "receive": 0, "assign": 2, "accept": 1, "draft_reply": 1, "approve": 2}


@pytest.fixture
def mail(settings: Any) -> Iterator[Sink]:
    with sink() as server:
        settings.EMAIL_URL = server.url
        yield server


@pytest.fixture
def people() -> dict[str, User]:
    """The handler and the approver work wherever the machine sends this text."""
    found = {"handler": make.handler(), "approver": make.approver(), "focal": make.focal_point()}
    for name, role in (("handler", Role.HANDLER), ("approver", Role.APPROVER)):
        Post.objects.create(user=found[name], role=role, agency_id="commune-economy-office:20242")
    for name, person in found.items():
        User.objects.filter(pk=person.pk).update(email=f"{name}@example.vn")
    return {name: User.objects.get(pk=person.pk) for name, person in found.items()}


# --- the work that goes on meanwhile --------------------------------------------------------------------


def file_some(number: int) -> list[Petition]:
    return [
        receive(make.submission(email=f"dan{number}.{nth}@example.vn")).petition for nth in range(PER_LIFE)
    ]


def answer(petition: Petition, people: dict[str, User]) -> None:
    """To the end by people, whatever the machine has done or still does beside them."""
    while (state := Petition.objects.get(pk=petition.pk).state) != "answered":
        try:
            MOVES[state](petition, people)
        except NotNow:
            continue  # the machine was quicker; look again


MOVES: dict[str, Callable[[Petition, dict[str, User]], Any]] = {
    "submitted": lambda p, who: take(p, "receive", by=who["focal"], subfield=make.SIDEWALK),
    "received": lambda p, who: take(p, "assign", by=who["focal"], agency=make.HAI_CHAU),
    "assigned": lambda p, who: take(p, "accept", by=who["handler"]),
    "in_progress": lambda p, who: take(p, "draft_reply", by=who["handler"], **make.ANSWER),
    "pending_approval": lambda p, who: take(p, "approve", by=who["approver"]),
}


def live_and_die(start: Callable[[], subprocess.Popen[bytes]], people: dict[str, User]) -> None:
    """Life after life: each begins with new petitions and ends by SIGKILL while it is at work."""
    chance = random.Random(4)
    earlier: list[Petition] = []
    for number in range(KILLS):
        done = rows_done()
        process = start()
        filed = file_some(number)
        for petition in earlier:
            answer(petition, people)
        earlier = filed
        until(more_than(done), within_s=60)
        time.sleep(chance.uniform(0, 0.4))
        kill(process)
        flush_in_the_middle(number)
    for petition in earlier:
        answer(petition, people)


def more_than(done: int) -> Callable[[], bool]:
    return lambda: rows_done() > done


def rows_done() -> int:
    return FollowUp.objects.filter(done_at__isnull=False).count()


def until_nothing_waits() -> None:
    """However slow the machine is, as long as rows are being done."""
    done, moved = rows_done(), time.monotonic()
    while waiting := followups.waiting().count():
        now_done = rows_done()
        if now_done > done:
            done, moved = now_done, time.monotonic()
        assert time.monotonic() - moved < STANDSTILL_S, f"{waiting} rows stand still, {done} are done"
        time.sleep(0.2)


def flush_in_the_middle(number: int) -> None:
    if settings.CELERY_BROKER_URL and number == KILLS // 2:
        redis.Redis.from_url(app.conf.broker_url).flushdb()


# --- what must be true afterwards -----------------------------------------------------------------------


def nothing_is_lost_or_doubled(mail: Sink) -> None:
    assert (followups.waiting().count(), FollowUp.objects.filter(dead=True).count()) == (0, 0)
    filed = KILLS * PER_LIFE
    assert Counter(Petition.objects.values_list("state", flat=True)) == {"answered": filed}
    assert Prediction.objects.count() == filed
    assert Prediction.objects.values("petition").distinct().count() == filed
    heard = Counter(Notice.objects.values_list("step__action", flat=True))
    taken = Counter(Step.objects.values_list("action", flat=True))
    assert heard == {action: times * HEARD[action] for action, times in taken.items() if HEARD[action]}
    assert taken["submit"] == taken["approve"] == filed
    chains_are_whole()
    letters_arrived(mail)


def chains_are_whole() -> None:
    numbers: dict[int, list[int]] = {}
    for petition, seq in Step.objects.order_by("petition_id", "seq").values_list("petition_id", "seq"):
        numbers.setdefault(petition, []).append(seq)
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in numbers.values())


def letters_arrived(mail: Sink) -> None:
    """Each under its own Message-ID; at most one came twice for each kill."""
    written = Notice.objects.filter(channel="email")
    assert not written.filter(sent_at__isnull=True).exists()
    assert set(mail.ids) == set(written.values_list("message_id", flat=True))
    repeats = len(mail.ids) - len(set(mail.ids))
    again = FollowUp.objects.filter(attempts__gt=1).count()
    print(f"\n{KILLS} kills, {len(mail.ids)} letters, {repeats} came twice, {again} rows taken up again")
    assert repeats <= KILLS
    # The kills struck in the middle of something, or this test shows nothing.
    assert again > 0


@pytest.mark.skipif(bool(settings.CELERY_BROKER_URL), reason="the worker's turn, where there is a broker")
def test_work_killed_again_and_again_loses_nothing(
    reference_data: None, mail: Sink, people: dict[str, User], tmp_path: Path
) -> None:
    began = time.monotonic()
    log = tmp_path / "work.log"
    live_and_die(lambda: start("manage.py", "work", log=log, EMAIL_URL=mail.url), people)
    with running("manage.py", "work", log=log, EMAIL_URL=mail.url):
        until_nothing_waits()
    nothing_is_lost_or_doubled(mail)
    print(f"{time.monotonic() - began:.0f} s on {connection.vendor}, ended {timezone.localtime():%H:%M}")


@pytest.mark.skipif(not settings.CELERY_BROKER_URL, reason="needs a broker: scripts/services.sh")
def test_a_worker_killed_again_and_again_and_a_queue_emptied_lose_nothing(
    reference_data: None, mail: Sink, people: dict[str, User], tmp_path: Path
) -> None:
    began = time.monotonic()
    log = tmp_path / "worker.log"
    worker = ("-m", "celery", "-A", "config", "worker", "-c", "2", "-l", "warning")
    clock = ("-m", "celery", "-A", "config", "beat", "-l", "warning", "-s", str(tmp_path / "beat"))
    with running(*clock, log=tmp_path / "beat.log", EMAIL_URL=mail.url):
        live_and_die(lambda: start(*worker, log=log, EMAIL_URL=mail.url), people)
        with running(*worker, log=log, EMAIL_URL=mail.url):
            until_nothing_waits()
    nothing_is_lost_or_doubled(mail)
    print(f"{time.monotonic() - began:.0f} s on {connection.vendor}, ended {timezone.localtime():%H:%M}")
