"""What is Elasticsearch's own, on a real one: houses that share it, what it refuses, indices that go."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.conf import settings as given
from elasticsearch import ApiError

import search
from search import Shelf, elastic, engines
from tests.search.conftest import as_another_house
from tests.search.shelf import document, found, keep

SERVERS = given.ELASTICSEARCH_URL


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "name", lambda: "elastic")


@pytest.fixture
def house(settings: Any) -> Iterator[str]:
    settings.ELASTICSEARCH_URL = as_another_house(SERVERS)
    elastic.clear()
    yield settings.ELASTICSEARCH_URL
    elastic.clear()


def test_where_one_is_away_another_is_asked(house: str, settings: Any) -> None:
    keep(document(1, "rác"))
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.ELASTICSEARCH_URL = as_another_house(f"http://127.0.0.1:{nobody.getsockname()[1]},{SERVERS}")
        for _time in range(5):
            assert found("rác") == [1]
            assert search.state()["up"]


def test_houses_that_share_servers_find_nothing_of_each_other(house: str, settings: Any) -> None:
    keep(document(1, "rác"))
    settings.ELASTICSEARCH_URL = as_another_house(SERVERS, "test")  # a name with which the first begins
    assert found("rác") == []
    keep(document(2, "rác"))
    elastic.clear()
    settings.ELASTICSEARCH_URL = house
    assert found("rác") == [1]


def test_a_field_that_nobody_laid_out_is_refused_and_nothing_of_it_is_told(
    house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = elastic._row
    monkeypatch.setattr(elastic, "_row", lambda one: {**row(one), "secret": one.text})
    with pytest.raises(ValueError, match="strict_dynamic_mapping_exception") as refused:
        keep(document(1, "ông An"))
    assert "An" not in str(refused.value)


def test_what_was_thrown_away_is_not_made_anew_by_a_late_write(house: str) -> None:
    keep(document(1, "rác"))
    (index,) = elastic._indices(Shelf.DESK)
    elastic._drop([index])
    elastic._put([(index, elastic._row(document(2, "rác")))])
    with pytest.raises(ApiError, match="index_not_found"):
        elastic._client().indices.get(index=index)


def test_of_two_rebuilds_at_once_the_later_one_goes_on(house: str) -> None:
    keep(document(1, "cũ"))

    def read() -> Iterator[search.Document]:
        yield document(1, "mới")
        assert search.rebuild(Shelf.DESK, [document(1, "mới"), document(2, "mới")]) == 2
        yield document(3, "lạc")

    with pytest.raises(search.Overtaken, match="Một lần lập lại khác"):
        search.rebuild(Shelf.DESK, read())
    assert (found("mới"), found("cũ"), found("lạc")) == ([2, 1], [], [])
    assert len(elastic._there(Shelf.DESK)) == 1


def test_what_is_written_together_is_one_request_and_shown_once(
    house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(*(document(1, "rác", shelf=shelf) for shelf in Shelf))
    transport, asked = elastic._client().transport, []
    perform = transport.perform_request

    def counted(method: str, target: str, **told: Any) -> Any:
        asked.append(target.split("?")[0].rsplit("/", 1)[-1])
        return perform(method, target, **told)

    monkeypatch.setattr(transport, "perform_request", counted)
    gone = [(shelf, number, 1) for shelf in (Shelf.PUBLIC, Shelf.SEALED) for number in range(2, 100)]
    search.write([document(number, "rác") for number in range(2, 100)], gone)
    assert (asked.count("_bulk"), asked.count("_refresh"), len(asked)) == (1, 1, 4)
    monkeypatch.undo()


def test_texts_are_not_stored(house: str) -> None:
    keep(document(1, "ông An"))
    (hit,) = elastic._search([Shelf.DESK]).execute().to_dict()["hits"]["hits"]
    assert "_source" not in hit


def test_syllables_that_are_one_word_come_before_those_that_meet_by_chance(house: str) -> None:
    keep(
        document(1, "học sinh vật ở trường", segmented="học sinh_vật ở trường"),
        document(2, "các học sinh ở trường", segmented="các học_sinh ở trường"),
        document(3, "em học sinh vật ở nhà", segmented="em học sinh_vật ở nhà"),
    )
    assert found("học sinh")[0] == 2
    assert set(found("hoc sinh")) == {1, 2, 3}


def test_more_ids_than_a_list_of_the_server_takes(house: str) -> None:
    keep(document(1, "rác"), document(70_000, "rác"))
    assert found("rác", without=range(2, 70_001)) == [1]
