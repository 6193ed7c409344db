"""Servers of Elasticsearch that are killed: the only one, and one of three while others write and search."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as given
from django.test import Client

import search
from accounts.models import Role
from feedback import followups
from feedback.finding.indexing import Drift, compare
from feedback.finding.looking import find, read
from feedback.models import Petition
from search import Shelf, engines
from tests import make
from tests.search.shelf import document, found, keep
from tests.slow.processes import running, until

pytestmark = pytest.mark.slow

SCRIPT = given.BASE_DIR / "scripts" / "elasticsearch.sh"
WRITERS = 4
BEFORE_S, AFTER_S = 5, 15


class Servers:
    """Nodes of our own, in a folder that their user may enter."""

    def __init__(self, place: Path, nodes: int) -> None:
        self.place, self.nodes = place, nodes
        self.port = next(port for port in range(21_000, 60_000, 7) if free(port, nodes))

    def start(self) -> str:
        """Those that are missing; their addresses."""
        said = subprocess.run(
            [SCRIPT, "start", str(self.port), str(self.nodes), self.place],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        return said.stdout.strip()

    def kill(self, node: int) -> None:
        os.kill(int((self.place / f"node-{node}" / "pid").read_text()), signal.SIGKILL)

    def stop(self) -> None:
        subprocess.run([SCRIPT, "stop", self.place], check=True)


def free(port: int, nodes: int) -> bool:
    return all(closed(port + more + node) for more in (0, 100) for node in range(nodes))


def closed(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[[int], Servers]]:
    place = Path(tempfile.mkdtemp(prefix="hoiam-elastic-"))
    place.chmod(0o755)
    started: list[Servers] = []

    def start(nodes: int) -> Servers:
        started.append(Servers(place, nodes))
        settings.ELASTICSEARCH_URL = started[0].start()
        monkeypatch.setattr(engines, "name", lambda: "elastic")
        return started[0]

    yield start
    for one in started:
        one.stop()
    shutil.rmtree(place)


def test_the_only_one_killed_is_said_at_once_and_back_it_finds(servers: Callable[[int], Servers]) -> None:
    only = servers(1)
    keep(document(1, "đường hư"))
    only.kill(1)
    time.sleep(1)
    for question in (lambda: found("đường"), lambda: keep(document(2, "đường hư"))):
        began = time.monotonic()
        with pytest.raises(search.Unavailable):
            question()
        assert time.monotonic() - began < 2
    assert search.state() == {"engine": "elastic", "up": False}
    only.start()
    assert search.state() == {"engine": "elastic", "up": True}
    assert found("duong hu") == [1]
    keep(document(2, "đường hư"))
    assert found("duong hu") == [2, 1]


def test_one_of_three_killed_under_writes_loses_nothing_and_stops_no_search(
    servers: Callable[[int], Servers],
) -> None:
    three = servers(3)
    keep(document(1, "đầu tiên"))
    written = Written()
    over = threading.Event()
    others = [threading.Thread(target=written.write, args=(first, over)) for first in range(2, 2 + WRITERS)]
    others.append(threading.Thread(target=written.look, args=(over,)))
    for other in others:
        other.start()
    time.sleep(BEFORE_S)
    before = len(written.kept)
    three.kill(1)
    time.sleep(AFTER_S)
    over.set()
    for other in others:
        other.join()
    print(
        f"{before} kept before, {len(written.kept) - before} after, {written.refused} refused;"
        f" {written.looks} searches, {written.blind} unanswered, the longest {written.longest_s:.1f} s"
    )
    assert before
    assert len(written.kept) > before
    assert held() >= set(written.kept)
    assert written.blind == 0
    three.start()
    assert held() >= set(written.kept)
    keep(document(1, "trở lại", version=2))
    assert found("trở lại") == [1]


FILINGS, BACK_WITHIN_S = 50, 60


@pytest.mark.django_db(transaction=True)
def test_killed_under_fifty_filings_all_are_filed_and_found_once_it_is_back(
    servers: Callable[[int], Servers], reference_data: None, client: Client, tmp_path: Path
) -> None:
    only = servers(1)
    with running("manage.py", "work", log=tmp_path / "work.log", ELASTICSEARCH_URL=given.ELASTICSEARCH_URL):
        for number in range(FILINGS):
            if number == FILINGS // 5:
                only.kill(1)
            filed = client.post("/gui/", sent(number), REMOTE_ADDR=f"10.0.0.{number}")
            assert (filed.status_code, Petition.objects.count()) == (303, number + 1)
        says_why(client)
        only.start()
        back = time.monotonic()
        until(lambda: not followups.waiting().exists(), within_s=BACK_WITHIN_S)
        assert compare(repair=False) == Drift(compared=FILINGS)
        print(f"complete {time.monotonic() - back:.0f} s after it was back")
    assert find(make.user(Role.SUPERVISOR, "", "48"), read('"gạch vỉa hè"'))[0].total == FILINGS


def sent(number: int) -> dict[str, str]:
    return {
        "text": f"Gạch vỉa hè trước số {number} đường Lê Lợi bong hết.",
        "commune": "20242",
        "key": f"k{number}",
    }


def says_why(client: Client) -> None:
    """Words in words, with 503; code and lists are answered out of the database."""
    page = client.get("/tim/?q=gạch")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "Máy tìm kiếm chưa trả lời" in page.content.decode()
    client.force_login(make.user(Role.SUPERVISOR, "", "48"))
    assert client.get("/xu-ly/?q=gạch").status_code == 503
    code = Petition.objects.values_list("code", flat=True)[0]
    assert client.get(f"/xu-ly/?q={code}", follow=True).status_code == 200
    assert client.get("/xu-ly/?q=tu:2026").status_code == 200
    client.logout()


def held() -> set[int]:
    """All that the shelf holds."""
    petitions: set[int] = set()
    while rows := search.kept(Shelf.DESK, max(petitions, default=0), 10_000):
        petitions |= {petition for petition, _version, _digest in rows}
    return petitions


class Written:
    """What was acknowledged, and whether who looked was answered."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.refused = self.looks = self.blind = 0
        self.longest_s = 0.0

    def write(self, number: int, over: threading.Event) -> None:
        while not over.is_set():
            try:
                keep(document(number, "đường hư"))
            except search.Unavailable:
                self.refused += 1
            else:
                self.kept.append(number)
                number += WRITERS

    def look(self, over: threading.Event) -> None:
        while not over.is_set():
            began = time.monotonic()
            try:
                assert found("đầu tiên") == [1]
            except search.Unavailable:
                self.blind += 1
            self.looks += 1
            self.longest_s = max(self.longest_s, time.monotonic() - began)
