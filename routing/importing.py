"""Rows of reference data from a table that somebody filled in: looked through whole before one is kept."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from routing.loading import key_names
from routing.models import CompetenceRule, Reference
from routing.models.competence import Ties

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

MOST_ROWS = 20_000
MOST_BYTES = 2_000_000


class TableError(ValueError):
    """The file is no such table; one Vietnamese sentence."""


@dataclass
class Line:
    """One row of the file: what it would change, or what is wrong with it, column by column."""

    number: int  # as a spreadsheet counts, the head being 1
    key: str
    state: str  # new | changed | same | wrong
    changes: Sequence[str] = ()
    errors: Sequence[str] = ()
    row: Reference | None = None


def columns_of(model: type[Reference]) -> list[str]:
    """What stands in the head of the table, the key first."""
    names = [f.name for f in model._meta.concrete_fields if f.name not in ("id", "shipped")]
    keys = [name for name in names if name in key_names(model)]
    return [*keys, *(name for name in names if name not in keys)]


def exported(rows: models.QuerySet[Any]) -> str:
    """All rows as the table that `looked_through` reads; with a mark, so that a spreadsheet sees UTF-8."""
    out = io.StringIO()
    columns = columns_of(rows.model)
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows.iterator(2000):
        writer.writerow([_cell(row, name) for name in columns])
    return "\ufeff" + out.getvalue()


def _cell(row: Reference, name: str) -> str:
    field = row._meta.get_field(name)
    value = field.value_from_object(row)  # type: ignore[union-attr]  # only concrete ones are asked for
    if isinstance(field, models.JSONField):
        plain = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return ";".join(value) if plain else json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def text_of(held: bytes) -> str:
    """A file as text; raises TableError."""
    if len(held) > MOST_BYTES:
        raise TableError(_("Tệp lớn quá 2 MB; xin chia thành nhiều tệp."))
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(_("Tệp không phải UTF-8; trong bảng tính chọn lưu dạng “CSV UTF-8”.")) from None


def looked_through(model: type[Reference], form: type[ModelForm], text: str, *, keep: bool) -> list[Line]:
    """Each row of the table, checked by the same form as one that is typed, each after those before it.

    `keep`: written, all or none; else nothing is. A column that is absent stays as it is; an empty cell
    empties. Raises TableError where it is no such table.
    """
    try:
        rows = list(_rows(model, text))
    except csv.Error:  # a cell of more than 131,072 characters, a lone carriage return
        raise TableError(_("Tệp CSV bị hỏng: có ô quá dài hoặc dấu xuống dòng lạ.")) from None
    look = _Look(model, form, writes=keep or model is not CompetenceRule)
    with transaction.atomic():
        lines = [look.line(number, cells) for number, cells in rows]
        if not keep or any(line.errors for line in lines):
            transaction.set_rollback(True)
    return lines


class _Look:
    """One look through a table. Rows of competence need not be written to be held against one another:
    a look at them locks nobody out. Of others a row may refer to one before it, so they are written first."""

    def __init__(self, model: type[Reference], form: type[ModelForm], *, writes: bool) -> None:
        self._model, self._form, self._writes = model, form, writes
        self._lines: dict[str, int] = {}
        self._ties = Ties(CompetenceRule.objects.all()) if model is CompetenceRule else None

    def line(self, number: int, cells: Mapping[str, str]) -> Line:
        key = " ".join(cells[name] for name in key_names(self._model))
        if (first := self._lines.setdefault(key, number)) != number:
            return Line(number, key, "wrong", errors=[_("Đã có ở dòng %(first)s.") % {"first": first}])
        found = _line(self._model, self._form, number, key, cells, ties=self._ties, writes=self._writes)
        if self._ties and isinstance(found.row, CompetenceRule):
            self._ties.put(found.row)
        return found


def _rows(model: type[Reference], text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), restkey="", restval=None, delimiter=_separator(text))
    head = [name.strip() for name in reader.fieldnames or ()]
    if missing := [name for name in key_names(model) if name not in head]:
        raise TableError(_("Dòng đầu thiếu cột %(names)s.") % {"names": ", ".join(missing)})
    if unknown := [name for name in head if name not in columns_of(model)]:
        raise TableError(_("Không có cột %(names)s.") % {"names": ", ".join(unknown)})
    reader.fieldnames = head
    for number, cells in enumerate(reader, start=2):
        if number > MOST_ROWS:
            raise TableError(_("Nhiều nhất %(most)s dòng một tệp.") % {"most": MOST_ROWS})
        if "" in cells or None in cells.values():
            raise TableError(_("Dòng %(number)s thừa hoặc thiếu ô.") % {"number": number})
        yield number, {name: value.strip() for name, value in cells.items()}


def _separator(text: str) -> str:
    """A spreadsheet whose decimal mark is the comma, as in Vietnam, parts the cells by semicolons."""
    head = text.lstrip().partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _line(
    model: type[Reference],
    form: type[ModelForm],
    number: int,
    key: str,
    cells: Mapping[str, str],
    *,
    ties: Ties | None,
    writes: bool,
) -> Line:
    held = model._default_manager.filter(**{name: cells[name] or None for name in key_names(model)}).first()
    before = _values(held) if held is not None else {}
    filled = form(data=_data(model, held, cells), instance=held)
    if isinstance(filled.instance, CompetenceRule):
        filled.instance.among = ties
    if not filled.is_valid():
        return Line(number, key, "wrong", errors=list(_errors(filled)))
    changes = list(_changes(before, _values(filled.instance))) if held is not None else []
    if held is not None and not changes:
        return Line(number, key, "same")
    try:
        row = filled.save(commit=writes)
    except ValidationError as wrong:
        return Line(number, key, "wrong", errors=wrong.messages)
    return Line(number, key, "new" if held is None else "changed", changes, row=row)


def _values(row: Reference) -> dict[str, Any]:
    return {name: getattr(row, row._meta.get_field(name).attname) for name in columns_of(type(row))}  # type: ignore[union-attr]


def _data(model: type[Reference], held: Reference | None, cells: Mapping[str, str]) -> dict[str, Any]:
    """What would have been typed: the row as it is, and over it what the table says."""
    row = held or model()
    data = {}
    for name in columns_of(model):
        field = model._meta.get_field(name)
        told = cells[name] if name in cells else _cell(row, name)
        if isinstance(field, models.JSONField):
            told = _as_json(told, field)
        elif isinstance(field, models.BooleanField):
            told = {"true": "True", "false": "False", "có": "True", "không": "False"}.get(told.lower(), told)
            told = "" if told == "False" and not field.null else told
        data[name] = told
    return data


def _as_json(told: str, field: models.JSONField[Any, Any]) -> str:
    """`a;b` is a list of two; what begins like JSON is JSON; an empty cell is the column's own emptiness."""
    if told[:1] in ("[", "{"):
        return told
    if not told:
        return json.dumps(field.get_default())
    return json.dumps([part.strip() for part in told.split(";") if part.strip()], ensure_ascii=False)


def _errors(filled: ModelForm) -> Iterator[str]:
    for name, messages in filled.errors.items():
        for message in messages:
            yield str(message) if name == "__all__" else f"{name}: {message}"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name, value in after.items():
        if before[name] != value:
            yield f"{name}: {_shown(before[name])} → {_shown(value)}"


def _shown(value: Any) -> str:
    return "–" if value in (None, "", [], {}) else str(value)
