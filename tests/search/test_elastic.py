"""Elasticsearch that is away is said at once, in words; no server is needed for that."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

import search
from search import Shelf, elastic, engines
from tests.search.shelf import ask, document, found, keep


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "name", lambda: "elastic")


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """A port where nobody listens; who calls `listen` is one that hears and never answers."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        yield one


def address(door: socket.socket) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}"


QUESTIONS: dict[str, Callable[[], Any]] = {
    "find": lambda: found("rác"),
    "index": lambda: keep(document(1, "rác")),
    "remove": lambda: search.remove([(Shelf.DESK, 1, 2)]),
    "kept": lambda: search.kept(Shelf.DESK, 0, 10),
    "rebuild": lambda: search.rebuild(Shelf.DESK, [document(1, "rác")]),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_where_nobody_listens_it_is_said_at_once(
    question: Callable[[], Any], door: socket.socket, settings: Any
) -> None:
    settings.ELASTICSEARCH_URL = address(door)
    began = time.monotonic()
    with pytest.raises(search.Unavailable, match="Máy tìm kiếm chưa trả lời"):
        question()
    assert search.state() == {"engine": "elastic", "up": False}
    assert time.monotonic() - began < 2


@pytest.fixture
def hanging(door: socket.socket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes questions and never answers; nobody waits long."""
    door.listen()
    settings.ELASTICSEARCH_URL = address(door)
    told = {"ANSWER_S": 0.4, "SIGN_OF_LIFE_S": 0.4, "REST_S": 0.6, "_hang_until": 0.0}
    for name, value in told.items():
        monkeypatch.setattr(elastic, name, value)


@pytest.mark.long
def test_a_server_that_never_answers_is_not_waited_for(hanging: None) -> None:
    began = time.monotonic()
    with pytest.raises(search.Unavailable):
        ask("rác")
    assert search.state() == {"engine": "elastic", "up": False}
    assert time.monotonic() - began < 2


@pytest.mark.long
def test_of_servers_that_hang_one_question_waits_and_not_the_next(hanging: None) -> None:
    waited = []
    for pause in (0, 0, 0.7):
        time.sleep(pause)
        began = time.monotonic()
        with pytest.raises(search.Unavailable):
            ask("rác")
        waited.append(time.monotonic() - began > 0.3)
    assert waited == [True, False, True]
