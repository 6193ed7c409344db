"""Reference rows kept in memory for as long as nobody changes one, in this process or another."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.conf import settings
from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from routing.models import (
    Agency,
    AgencyType,
    Commune,
    Field,
    Province,
    Reference,
    ReferenceState,
    Subfield,
)
from routing.names import alphabetical

T = TypeVar("T")
R = TypeVar("R", bound=Reference)


@dataclass
class _Look:
    """What one piece of work saw."""

    version: int | None = None
    lasts_s: float | None = None  # after so long it looks again; None: never
    until: float = 0.0


_asked: ContextVar[_Look | None] = ContextVar("look at the reference data, once", default=None)


@contextmanager
def one_version(lasts_s: float | None = None) -> Iterator[None]:
    """One piece of work sees one version of the reference data and asks for it once, when it first needs it.

    For work of a moment that changes no reference row; without it every look asks anew. Work that goes on
    and on looks again after `lasts_s` seconds. Inside another the outer one's answer holds.
    """
    if _asked.get() is not None:
        yield
        return
    token = _asked.set(_Look(lasts_s=lasts_s))
    try:
        yield
    finally:
        _asked.reset(token)


def _version() -> int:
    asked = _asked.get()
    if asked is None:
        return ReferenceState.current()
    if asked.version is None or (asked.lasts_s is not None and time.monotonic() > asked.until):
        asked.version = ReferenceState.current()
        asked.until = time.monotonic() + (asked.lasts_s or 0.0)
    return asked.version


def seen_at(version: int) -> None:
    """What this piece of work sees, where it was read along with something else and nobody asked before."""
    asked = _asked.get()
    if asked is not None and asked.version is None and asked.lasts_s is None:
        asked.version = version


class _Shared(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """What a row refers to, by `row`."""

    def get_object(self, instance: models.Model) -> models.Model:
        found = row(self.field.remote_field.model, getattr(instance, self.field.attname))
        return found or super().get_object(instance)


class ReferenceKey(models.ForeignKey[Any, Any]):
    """A foreign key to reference data whose row is read once for a piece of work; the same column."""

    forward_related_accessor_class = _Shared

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class Kept(Generic[T]):
    """`load()` once; again when the version of the reference data is another.

    One small query a call, or one for all calls inside `one_version`.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._held: tuple[int, T] | None = None

    def __call__(self) -> T:
        version = _version()
        held = self._held
        if held is None or held[0] != version:
            held = self._held = (version, self._load())
        return held[1]


_rows: Kept[dict[tuple[type[Reference], str], Any]] = Kept(dict)


def row(model: type[R], key: str) -> R | None:
    """The reference row of this key, None where there is none; inside `one_version` read once and kept.

    One row is shared by all who ask in this process: read it, change none of it.
    """
    if _asked.get() is None:
        return model.objects.filter(pk=key).first()
    held = _rows()
    found = held.get((model, key))
    if found is None and (found := model.objects.filter(pk=key).first()) is not None:
        held[model, key] = found
    return found  # of that model, by its key


_agencies: Kept[dict[str, Agency]] = Kept(dict)


def agencies_by_code(codes: Collection[str]) -> dict[str, Agency]:
    """The agencies of these codes that there are, by code: each is read when it is first spoken of.

    Shared by all who ask in this process: read them, change none.
    """
    held = _agencies()
    if missing := [code for code in codes if code not in held]:
        held |= Agency.objects.in_bulk(missing)
    return {code: held[code] for code in codes if code in held}


class Body(NamedTuple):
    """An agency as one chooses it from a list."""

    code: str
    name: str
    commune: str | None
    level: str
    type: str

    @property
    def choice(self) -> tuple[str, str]:
        return self.code, self.name


_bodies: Kept[dict[str, list[Body]]] = Kept(dict)


def bodies_of(province: str) -> list[Body]:
    """Its agencies that are no offices, as a Vietnamese dictionary has their names."""
    held = _bodies()
    if province not in held:
        rows = Agency.objects.filter(province=province, type__kind="body")
        bodies = map(Body._make, rows.values_list("code", "name", "commune", "level", "type"))
        held[province] = sorted(bodies, key=lambda one: alphabetical(one.name))
    return held[province]


_communes: Kept[dict[str, str]] = Kept(dict)


def commune_names(codes: Collection[str]) -> dict[str, str]:
    """How the communes of these codes are called, each read when it is first spoken of."""
    held = _communes()
    if missing := set(codes) - held.keys():
        held |= dict(Commune.objects.filter(pk__in=missing).values_list("pk", "name"))
    return {code: held[code] for code in codes if code in held}


def _first_ward() -> str:
    """Of the house's own province, as a dictionary has them; of one without wards its first commune."""
    rows = Commune.objects.filter(province=settings.HOME_PROVINCE, valid_to=None)
    names = sorted(rows.values_list("name", flat=True), key=alphabetical)
    return next((name for name in names if name.startswith("Phường ")), names[0] if names else "")


first_ward: Kept[str] = Kept(_first_ward)

province_names: Kept[dict[str, str]] = Kept(lambda: dict(Province.objects.values_list("pk", "name")))

# The types of agency that are an office: of a chair, of a head.
offices: Kept[frozenset[str]] = Kept(
    lambda: frozenset(AgencyType.objects.filter(kind=AgencyType.Kind.OFFICE).values_list("pk", flat=True))
)

# In their order, each with its sub-fields in theirs; by their keys: few, and asked for on every page; read
# them, change none.
every_field: Kept[list[Field]] = Kept(
    lambda: list(Field.objects.prefetch_related("subfields").order_by("order"))
)
every_subfield: Kept[dict[str, Subfield]] = Kept(lambda: Subfield.objects.in_bulk())
