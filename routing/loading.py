"""Bring the tables in line with the shipped rows and leave alone what a person edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from routing.models import Reference, ReferenceState
from routing.shipped import DATA, BrokenDataError, Row, read

# What tells one row from another, where it is not the primary key.
KEYS: dict[str, tuple[str, ...]] = {
    "LegacyMapping": ("unit_id", "commune_id"),
    "PolicyStep": ("policy_id", "step", "variant", "valid_from", "province_id"),
    "SubfieldBorder": ("one_id", "other_id"),
    "OutsideBody": ("slug", "province_id"),
    "CommuneSuccessor": ("former_id", "successor_id"),
    "AgencySuccessor": ("former_id", "successor_id"),
    "AgencyName": ("agency_id", "valid_from"),
}
# Rows are written in this order, so that every foreign key finds its row.
ORDER = (
    "Province",
    "Commune",
    "LegacyUnit",
    "LegacyMapping",
    "CalendarYear",
    "CalendarDay",
    "DeadlinePolicy",
    "PolicyStep",
    "Field",
    "Subfield",
    "SubfieldBorder",
    "AgencyType",
    "Agency",
    "OutsideBody",
    "CompetenceRule",
)
BATCH = 500


@dataclass
class Tally:
    """Rows that a load made, changed, or left as an administrator edited them."""

    created: int = 0
    changed: int = 0
    kept_edits: int = 0


def load(
    folder: Path = DATA, provinces: Collection[str] = (), say: Callable[[str], None] = lambda line: None
) -> dict[str, int]:
    """Load everything in one transaction and answer the figures; a second run changes nothing.

    Raises BrokenDataError (naming each row) before a table is touched.
    """
    shipped = read(folder, provinces)
    tally = Tally()
    with transaction.atomic():
        for name in ORDER:
            say(name)
            _check(name, shipped.rows[name])
            _sync(_table(name), shipped.rows[name], tally)
        figures = {
            **shipped.figures,
            "created": tally.created,
            "changed": tally.changed,
            "kept_edits": tally.kept_edits,
        }
        _remember(figures, moved=bool(tally.created or tally.changed))
    return figures


def _table(name: str) -> type[Reference]:
    model = apps.get_model("routing", name)
    assert issubclass(model, Reference)
    return model


def _check(name: str, rows: Sequence[Row]) -> None:
    """Every value must fit its column: SQLite would take a longer text and PostgreSQL refuse it."""
    columns = [f for f in _columns(_table(name)) if f.max_length or f.choices]
    problems = []
    for row in rows:
        for column in columns:
            value = row.get(column.attname)
            if value is None:
                continue
            if column.max_length and len(value) > column.max_length:
                problems.append(f"{name}: {value!r} dài quá {column.max_length} ký tự")
            if column.choices and value and value not in dict(column.flatchoices):
                problems.append(f"{name}: {column.attname} không thể là {value!r}")
    if problems:
        raise BrokenDataError(problems)


def _columns(model: type[Reference]) -> list[models.Field[Any, Any]]:
    return [f for f in model._meta.concrete_fields if f.attname not in ("id", "shipped")]


def _digest(values: Sequence[Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _sync(model: type[Reference], rows: Sequence[Row], tally: Tally) -> None:
    """Create the rows that are missing, change those that nobody edited, count the edited ones."""
    columns = [column.attname for column in _columns(model)]
    defaults = {column.attname: column.get_default() for column in _columns(model)}
    places = [columns.index(name) for name in _key_of(model)]
    held = {
        tuple(values[2:][place] for place in places): values
        for values in model._default_manager.values_list("pk", "shipped", *columns).iterator(5000)
    }
    fresh: list[Reference] = []
    stale: list[Reference] = []
    for row in rows:
        values = tuple(row.get(name, defaults[name]) for name in columns)
        digest = _digest(values)
        now = held.get(tuple(values[place] for place in places))
        if now is None:
            fresh.append(model(**dict(zip(columns, values, strict=True)), shipped=digest))
            continue
        pk, shipped, *current = now
        edited = tuple(current) != values if shipped == digest else _digest(tuple(current)) != shipped
        if edited:
            tally.kept_edits += 1
        elif shipped != digest:
            stale.append(model(**{**dict(zip(columns, values, strict=True)), "pk": pk}, shipped=digest))
    model._default_manager.bulk_create(fresh, batch_size=BATCH)
    changing = [name for name in columns if name != _pk(model)]
    if stale:
        fields = [f.name for f in model._meta.concrete_fields if f.attname in changing] + ["shipped"]
        model._default_manager.bulk_update(stale, fields, batch_size=BATCH)
    tally.created += len(fresh)
    tally.changed += len(stale)


def _key_of(model: type[Reference]) -> tuple[str, ...]:
    return KEYS.get(model.__name__, (_pk(model),))


def key_names(model: type[Reference]) -> list[str]:
    """Names of the fields that tell one row of a table from another."""
    return [name.removesuffix("_id") for name in _key_of(model)]


def _pk(model: type[Reference]) -> str:
    pk = model._meta.pk
    assert pk is not None
    return pk.attname


def _remember(figures: dict[str, int], *, moved: bool) -> None:
    state, _ = ReferenceState.objects.get_or_create(pk=1)
    state.figures = figures
    state.loaded_at = timezone.now()
    state.save(update_fields=["figures", "loaded_at"])
    if moved:
        ReferenceState.touch()


def reference_data_ready() -> str:
    """'ok', or in Vietnamese what is missing. A handful of one-row queries."""
    if not ReferenceState.objects.filter(pk=1, loaded_at__isnull=False).exists():
        return "chưa nạp dữ liệu nền: chạy “manage.py loadrefdata”"
    for name in ("Province", "Commune", "CalendarYear", "DeadlinePolicy", "Subfield", "Agency"):
        model = _table(name)
        if not model._default_manager.exists():
            return f"bảng {model._meta.verbose_name} trống: chạy “manage.py loadrefdata”"
    return "ok"
