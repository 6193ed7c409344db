"""Rows of other tables that hang on a row, read in the statement that reads it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.expressions import RawSQL, Subquery
from django.db.models.functions import JSONArray


class Gathered(Subquery):
    """All rows of a question as one JSON list; NULL where there are none."""

    template = "(SELECT %(list)s FROM (%(subquery)s) AS told)"
    output_field = models.JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, list="JSONB_AGG(told.packed)", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, list="JSON_GROUP_ARRAY(JSON(told.packed))", **context)


@dataclass
class Along:
    """Rows to be read along with another; `names` are their columns, `of__name` those of what they refer to,
    `of__id` among them.

    A column that is not named is asked for when somebody wants it. Not for what is encrypted in its column;
    SQLite rounds a fraction to fifteen figures.
    """

    rows: models.QuerySet[Any]
    names: tuple[str, ...]
    # Written once: it takes Django longer to write them than the database to answer.
    _words: Any = None

    @classmethod
    def whole(cls, rows: models.QuerySet[Any], *more: str, without: Sequence[str] = ()) -> Along:
        """Every column but those; and `more` of what they refer to."""
        columns = (field.attname for field in rows.model._meta.concrete_fields)
        return cls(rows, (*(name for name in columns if name not in without), *more))

    def packed(self, on: type[models.Model]) -> RawSQL:
        """For `annotate` of a question about `on`, whose row the rows name by OuterRef."""
        if self._words is None:
            gathered = Gathered(self.rows.values(packed=JSONArray(*self.names)))
            query = on._default_manager.annotate(told=gathered).query
            self._words = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.annotations["told"])
        sql, params = self._words
        return RawSQL(sql, params, output_field=models.JSONField())  # noqa: S611 - Django's own words

    def unpacked(self, told: list[list[Any]] | None) -> list[Any]:
        """The rows that came, by their keys."""
        found = [self._row(dict(zip(self.names, values, strict=True))) for values in told or ()]
        return sorted(found, key=lambda row: row.pk)

    def _row(self, told: dict[str, Any]) -> Any:
        row = _made(self.rows.model, {name: value for name, value in told.items() if "__" not in name})
        for relation in {name.partition("__")[0] for name in told if "__" in name}:
            field = self.rows.model._meta.get_field(relation)
            columns = {
                name.partition("__")[2]: value
                for name, value in told.items()
                if name.startswith(f"{relation}__")
            }
            there = columns["id"] is not None
            field.set_cached_value(row, _made(field.related_model, columns) if there else None)
        return row


def _made(model: Any, told: dict[str, Any]) -> Any:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [name for name in fields if name in told]
    return model.from_db(DEFAULT_DB_ALIAS, names, [_python(fields[name], told[name]) for name in names])


def _python(field: Any, value: Any) -> Any:
    """A column's value as it came through JSON; SQLite writes moments in UTC without saying so."""
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, models.DateTimeField):
        moment = dt.datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return field.to_python(value)
