"""Which petition of a list stands first, and where a further page of it begins."""

from __future__ import annotations

from enum import Enum

from django.db.models import BigIntegerField, DateTimeField, F, Q, Value
from django.db.models.fields.tuple_lookups import Tuple
from django.db.models.lookups import GreaterThan
from django.utils.dateparse import parse_datetime

from feedback.models import Petition, PetitionQuerySet


class Order(Enum):
    """Which petition of a list stands first: the nearest due, the newest of what is over or is not, the one
    most passed around."""

    DUE = "due"
    LATEST = "latest"
    NEWEST = "newest"
    HOPS = "hops"


def ordered(rows: PetitionQuerySet, after: str, order: Order) -> PetitionQuerySet:
    number = _number(after)
    if order in (Order.LATEST, Order.NEWEST):
        further = Q(pk__lt=number) if number else Q()
    elif order is Order.HOPS:
        further = _fewer_hops(rows, number) if number else Q()
    else:
        further = _beyond(after)
    return _sorted(rows.filter(further), order)


def _sorted(rows: PetitionQuerySet, order: Order) -> PetitionQuerySet:
    if order in (Order.LATEST, Order.NEWEST):
        return rows.order_by("-pk")
    return rows.order_by("-hops", "-pk") if order is Order.HOPS else rows.by_due()


def _fewer_hops(rows: PetitionQuerySet, number: int) -> Q:
    """Everything after this petition in the order of hops; all where it is not among `rows`, or no longer."""
    hops = rows.filter(pk=number).values_list("hops", flat=True).first()
    return Q() if hops is None else Q(hops__lt=hops) | Q(hops=hops, pk__lt=number)


def _number(key: str) -> int:
    """The petition's own number in a key, 0 in what is none."""
    number = key.rpartition("~")[2]
    return int(number) if number.isdecimal() and len(number) <= 18 else 0


def key_of(petition: Petition) -> str:
    return f"{petition.due_at.isoformat() if petition.due_at else ''}~{petition.pk}"


def _beyond(key: str) -> Q:
    """Everything after a key in the order of `by_due`; what is no key begins at the top."""
    written, number = key.rpartition("~")[0], _number(key)
    if not number:
        return Q()
    try:
        due_at = parse_datetime(written) if written else None
    except ValueError:
        return Q()
    if written and (due_at is None or due_at.tzinfo is None or not 1900 < due_at.year < 3000):
        return Q()
    if due_at is None:
        return Q(due_at__isnull=True, pk__gt=number) | Q(due_at__isnull=False)
    # As a pair: PostgreSQL begins in its index there, where of "later, or then and of a larger number" it
    # would read and sort all that is later.
    behind = Tuple(Value(due_at, DateTimeField()), Value(number, BigIntegerField()))
    return Q(GreaterThan(Tuple(F("due_at"), F("pk")), behind))
