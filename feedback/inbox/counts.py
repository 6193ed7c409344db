"""How many petitions stand in a list of the desk, asked in one statement and not counted to the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.utils import timezone

from accounts.models import User
from feedback.inbox.drawers import Drawer, by_need, drawers_of, going_on
from feedback.models import Petition, PetitionQuerySet
from feedback.models.sight import asked_of, told_by_number
from feedback.models.words import Moment, When, filled, kept_for, planned_once

# In the margin: of the list that is looked at, and of those beside it.
MOST_COUNTED, MOST_BESIDE = 999, 99


def opening(seen: PetitionQuerySet, user: User, now: dt.datetime, counts: Mapping[str, int]) -> Drawer:
    """The list to begin with: the first that holds anything.

    What is over was not counted and is asked for only where nothing else is left.
    """
    filled = (
        drawer
        for drawer in by_need(user)
        if counts.get(drawer.slug) or (drawer.latest and drawer.of(seen, user, now).exists())
    )
    return next(filled, drawers_of(user)[0])


def tally(
    user: User, now: dt.datetime, asked: Collection[int] | None = None, *, current: str = ""
) -> dict[str, int]:
    """How many each list of this person holds, by its slug, asked in one statement.

    Up to one more than MOST_COUNTED of the one that is looked at, `current`, and than MOST_BESIDE of the
    others; what is over is not counted. `asked`: where he is asked to help, by number, if that is known.
    """
    known = asked_of(user) if asked is None else asked
    today = timezone.localdate(now)
    what = ("lists", told_by_number(known), told_by_number(going_on(known)), today)
    lists = kept_for(user, what, lambda: _lists_in_words(user, known, today))
    told = [
        value
        for slug, _length, params in lists
        if params is not None
        for value in (*filled(params, now), most_counted(slug == current) + 1)
    ]
    sql = "SELECT " + ", ".join(length for _slug, length, _params in lists)
    return dict(zip((slug for slug, _length, _params in lists), _numbers(sql, told), strict=True))


def most_counted(is_current: bool) -> int:
    """How far a list is counted for the margin."""
    return MOST_COUNTED if is_current else MOST_BESIDE


# Of each list its slug, and its length in words: with what it is asked before the most that is counted.
InWords = list[tuple[str, str, tuple[Any, ...] | None]]


def _lists_in_words(user: User, asked: Collection[int], today: dt.date) -> InWords:
    drawers = [drawer for drawer in drawers_of(user) if not drawer.latest]
    rows = [seen_in(drawer, user, asked, Moment(today)) for drawer in drawers]
    return [(drawer.slug, *_length(of_it, " LIMIT %s")) for drawer, of_it in zip(drawers, rows, strict=True)]


def seen_in(drawer: Drawer, user: User, asked: Collection[int], now: When) -> PetitionQuerySet:
    """The rows of a list that this person sees; `asked`: where he is asked to help, as `asked_of` told it."""
    return drawer.of(Petition.objects.visible_now(user, drawer.among(asked)), user, now)


def lengths(lists: Sequence[PetitionQuerySet]) -> Sequence[int]:
    """How many are in each of these; in one statement."""
    asked = [_length(rows) for rows in lists]
    sql = ", ".join(length for length, _params in asked)
    told = [value for _length, params in asked for value in params or ()]
    return _numbers(f"SELECT {sql}", told)


def _length(rows: PetitionQuerySet, cut: str = "") -> tuple[str, tuple[Any, ...] | None]:
    """In words, and with what they are asked; None where nothing can be in it, and no database is asked."""
    try:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", None
    return f"(SELECT COUNT(*) FROM ({sql}{cut}) AS cut)", params  # noqa: S608 - Django's own words


def _numbers(sql: str, params: Sequence[Any]) -> Sequence[int]:
    with planned_once().cursor() as cursor:
        cursor.execute(sql, params)
        numbers: Sequence[int] = cursor.fetchone()
    return numbers


def length(rows: PetitionQuerySet) -> int:
    """How many, up to one more than MOST_COUNTED: thousands are not counted to the end for a margin."""
    return rows.values("pk")[: MOST_COUNTED + 1].count()


def counted(rows: PetitionQuerySet) -> str:
    """The same as it stands there."""
    return shown(length(rows))


def shown(count: int, most: int = MOST_COUNTED) -> str:
    """A count as it stands in the margin."""
    return f"{most}+" if count > most else str(count)
