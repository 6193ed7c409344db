"""Others write and ask while a shelf is rebuilt: no gap, nothing lost; on every engine that runs here."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

import search
from search import Shelf
from search.rules import Has
from tests.search.shelf import all_pages, ask, document, keep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("engine"), pytest.mark.long]


def test_others_write_and_ask_while_it_is_rebuilt() -> None:
    keep(*(document(number, "rác") for number in range(1, 301)))
    over = threading.Event()
    gaps: list[int] = []
    written: list[int] = []

    def write() -> None:
        while not over.is_set():
            number = 1_000 + len(written)
            written.append(number)
            keep(document(number, "thêm"))
        connection.close()

    def look() -> None:
        while not over.is_set():
            if (total := ask("rác").total) != 300:
                gaps.append(total)
        connection.close()

    def read() -> Iterator[search.Document]:
        yield from (document(number, "rác") for number in range(1, 301))
        yield from (document(number, "thêm") for number in list(written))

    others = [threading.Thread(target=one) for one in (write, look)]
    for other in others:
        other.start()
    try:
        for _time in range(3):
            search.rebuild(Shelf.DESK, read())
    finally:
        over.set()
        for other in others:
            other.join()
    assert gaps == []
    assert written
    by_words, by_facts = all_pages("thêm", size=100), all_pages(rule=Has("petition", written), size=100)
    assert sorted(by_words) == sorted(by_facts) == written
