"""Conditions put into SQL once and kept: each page of a person asks the same of the petitions again.

What is kept is the question, never an answer: the rows are looked at anew whenever it is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Expression, RawSQL
from django.db.models.lookups import In
from django.utils import timezone

from accounts.models import User
from routing.kept import Kept

T = TypeVar("T")

MOST_KEPT = 500  # ten to fifty kilobytes each
_kept: Kept[dict[Hashable, Any]] = Kept(dict)


def kept_for(user: User, what: Hashable, make: Callable[[], T]) -> T:
    """`make()`, once for this person as he stands today under this version of the reference data.

    It may depend on these and on `what`, and on nothing else.
    """
    held, key = _kept(), (user.pk, user.held, timezone.localdate(), what)
    found = held.get(key)
    if found is None:
        if len(held) >= MOST_KEPT:
            held.clear()
        found = held[key] = make()
    return found


@models.CharField.register_lookup
class InOneOrder(In):
    """What is asked of a set of words is asked in one order, in every process.

    Python orders them differently in each. PostgreSQL knows the condition of an index again only where the
    words stand as they do there; where it does not, it looks for them twice, and takes few rows to be left.
    """

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, (set, frozenset)):
            self.rhs = sorted(self.rhs, key=str)
        return super().get_prep_lookup()


class Words(RawSQL):
    """A condition on one table, in SQL that names the table as it stands alone."""

    def relabeled_clone(self, change_map: Mapping[str, str]) -> Words:
        raise TypeError("asked within another question, where its table has another name")


def in_words(model: type[models.Model], condition: Q) -> Words | Q:
    """The condition in SQL: for whoever asks many things of these rows, but not within another question.

    As it is where it asks a table beside that of the model, or none, or for no row at all.
    """
    query = model._default_manager.filter(condition).order_by().query
    if sum(map(bool, query.alias_refcount.values())) > 1:
        return condition
    try:
        sql, params = query.get_compiler(connection=connection).compile(query.where)
    except (EmptyResultSet, FullResultSet):
        return condition
    return Words(sql, params, output_field=models.BooleanField())


def spelt_out(number: int) -> RawSQL:
    """A number within the words, and not beside them.

    Only so does a plan that is made once for all values know that an index of some rows alone will do.
    """
    return RawSQL(str(int(number)), (), output_field=models.IntegerField())  # noqa: S611 - a number


class Among(Func):
    """Whether a row's number is one of these: one parameter, however many they are.

    So the words stay short, and their plan is the same for a hundred as for ten.
    """

    def __init__(self, numbers: Iterable[int]) -> None:
        told = Value(",".join(map(str, numbers)), output_field=models.TextField())
        super().__init__(F("pk"), told, output_field=models.BooleanField())

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(%(expressions)s, ',')::bigint[]))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" = ANY(string_to_array(")

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(%(expressions)s || ']')))"
        joiner = " IN (SELECT value FROM json_each('[' || "
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner)


class Moment(Expression):
    """The moment of asking, left open in words that are kept; its day is not.

    Stands where a condition takes a moment; a length of time can be taken off it.
    """

    def __init__(self, day: dt.date, off: dt.timedelta = dt.timedelta()) -> None:
        super().__init__(output_field=models.DateTimeField())
        self.day, self.off = day, off

    def __sub__(self, length: dt.timedelta) -> Moment:  # type: ignore[override]  # a moment, no difference
        return Moment(self.day, self.off + length)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)

    def told(self, now: dt.datetime) -> Any:
        """What the database is given when it is `now`."""
        return connection.ops.adapt_datetimefield_value(now - self.off)


When = dt.datetime | Moment


def day_of(now: When) -> dt.date:
    """The day here."""
    return now.day if isinstance(now, Moment) else timezone.localdate(now)


def filled(params: tuple[Any, ...], now: dt.datetime) -> list[Any]:
    """The parameters of kept words, asked `now`."""
    return [one.told(now) if isinstance(one, Moment) else one for one in params]


def planned_once() -> BaseDatabaseWrapper:
    """Where kept words are to be asked whose plan is kept too, whatever values they are asked with.

    For what takes longer to plan than to answer, and is answered quickly by one plan for all. In a
    transaction: in it, planned anew.
    """
    apart = settings.PLANNED_ONCE in connections.settings and not connection.in_atomic_block
    return connections[settings.PLANNED_ONCE if apart else DEFAULT_DB_ALIAS]


@contextmanager
def planned_for_its_values() -> Iterator[None]:
    """What is asked within is planned for the values it is asked with, and no plan of it is kept.

    For a page of a long list: the plan for all values reads what an agency ever had, where one for its own
    walks an index.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    at_hand = connection.connection
    threshold, at_hand.prepare_threshold = at_hand.prepare_threshold, None
    try:
        yield
    finally:
        at_hand.prepare_threshold = threshold
