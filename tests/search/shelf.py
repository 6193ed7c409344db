"""Documents and questions of the tests, told shortly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import search
from search import Document, Page, Shelf
from search.query import parse
from search.rules import EVERYTHING, Rule

FIRST = dt.date(2026, 10, 1)


def document(petition: int, text: str = "", *, shelf: Shelf = Shelf.DESK, **facts: Any) -> Document:
    """The higher its number the younger; its code is its number."""
    told: dict[str, Any] = {
        "version": 1,
        "code": f"{petition:012}",
        "on": FIRST + dt.timedelta(petition % 900),
    }
    return Document(petition=petition, shelf=shelf, text=text, **(told | facts))


def keep(*documents: Document) -> None:
    search.index(documents)


def ask(
    typed: str = "", *, rule: Rule = EVERYTHING, shelves: Collection[Shelf] = (Shelf.DESK,), **asked: Any
) -> Page:
    return search.find(parse(typed), shelves=shelves, rule=rule, **asked)


def found(typed: str = "", **asked: Any) -> list[int]:
    return ask(typed, **asked).petitions


def all_pages(typed: str = "", **asked: Any) -> list[int]:
    petitions: list[int] = []
    after = ""
    while True:
        page = ask(typed, after=after, **asked)
        petitions += page.petitions
        after = page.after
        if not after:
            return petitions
