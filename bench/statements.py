"""How many statements and commits one act costs, told by Django's own record of what it sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.test.utils import CaptureQueriesContext

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Cost:
    """`statements` count what is asked of the database, BEGIN and COMMIT left out.

    Nor are savepoints: within a test, which is a transaction itself, they are what BEGIN is elsewhere.
    """

    statements: int
    commits: int


def cost_of(act: Callable[[], Any]) -> Cost:
    """Do it once, on whatever connections; a write outside a transaction is a commit of its own."""
    with ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(connections[one])) for one in connections]
        act()
    return counted(query["sql"] for one in captured for query in one.captured_queries)


def counted(sent: Iterable[str]) -> Cost:
    statements = commits = 0
    inside = False
    for sql in sent:
        word = sql.split(maxsplit=1)[0].rstrip(";").upper()
        if word in ("BEGIN", "COMMIT", "ROLLBACK"):
            inside = word == "BEGIN"
            commits += word == "COMMIT"
            continue
        if word in ("SAVEPOINT", "RELEASE"):
            continue
        statements += 1
        commits += word in WRITES and not inside
    return Cost(statements, commits)
