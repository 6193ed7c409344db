"""The database's own refusal of an illegal state and of any change to a step or a look, on both databases.

Triggers generated from the workflow table. They are no migration operations: Django rebuilds SQLite
tables in migrations, which drops such triggers without a word. `pre_migrate` drops them, `post_migrate`
creates them, and `/readyz` and a system check say so when one is missing. Each names only its own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from feedback.models import Look, Petition, Step
from feedback.workflow import State, legal_changes

PETITIONS, STEPS, LOOKS = (model._meta.db_table for model in (Petition, Step, Look))


@dataclass(frozen=True)
class Guard:
    """One refusal: before this event on this table, where that holds, in these words."""

    name: str
    event: str
    table: str
    words: str
    when: str = ""
    only: str = ""  # the make of database that needs it; "" for both


def _there(table: str, same: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names


CHANGES = ", ".join(f"'{before}>{after}'" for before, after in legal_changes())
ILLEGAL = f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({CHANGES})"
NEWBORN = f"NEW.state NOT IN ('{State.DRAFT.value}', '{State.SUBMITTED.value}')"
RENAMED = "OLD.id <> NEW.id OR OLD.code <> NEW.code"
TWIN = _there(PETITIONS, "id = NEW.id OR code = NEW.code")
TWIN_STEP = _there(STEPS, "id = NEW.id OR (petition_id = NEW.petition_id AND seq = NEW.seq)")
TWIN_LOOK = _there(LOOKS, "id = NEW.id")
GUARDS = (
    Guard("petition_state_guard", "UPDATE OF state", PETITIONS, "illegal change of state", ILLEGAL),
    Guard("petition_birth_guard", "INSERT", PETITIONS, "a petition is born draft or submitted", NEWBORN),
    Guard("petition_name_guard", "UPDATE OF id, code", PETITIONS, "a petition keeps its name", RENAMED),
    Guard("petition_delete_guard", "DELETE", PETITIONS, "a petition is never deleted"),
    Guard("step_update_guard", "UPDATE", STEPS, "a step is never changed"),
    Guard("step_delete_guard", "DELETE", STEPS, "a step is never deleted"),
    Guard("look_update_guard", "UPDATE", LOOKS, "a look is never changed"),
    Guard("look_delete_guard", "DELETE", LOOKS, "a look is never deleted"),
    # SQLite's INSERT OR REPLACE deletes without a DELETE trigger; PostgreSQL's TRUNCATE deletes without rows.
    Guard("petition_replace_guard", "INSERT", PETITIONS, "a petition is never replaced", TWIN, "sqlite"),
    Guard("step_replace_guard", "INSERT", STEPS, "a step is never replaced", TWIN_STEP, "sqlite"),
    Guard("look_replace_guard", "INSERT", LOOKS, "a look is never replaced", TWIN_LOOK, "sqlite"),
    Guard("step_truncate_guard", "TRUNCATE", STEPS, "steps are never deleted", only="postgresql"),
    Guard("look_truncate_guard", "TRUNCATE", LOOKS, "looks are never deleted", only="postgresql"),
)


def of(vendor: str) -> list[Guard]:
    """The guards that a database of this make must have."""
    return [guard for guard in GUARDS if guard.only in ("", vendor)]


def create(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Make every guard anew, if the tables are there."""
    connection = connections[using]
    if not {PETITIONS, STEPS, LOOKS} <= set(connection.introspection.table_names()):
        return
    drop(using)
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def drop(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in of(connection.vendor):
            on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            if guard.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of the guards that the database does not have."""
    connection = connections[using]
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {name for (name,) in cursor.fetchall()}
    return [guard.name for guard in of(connection.vendor) if guard.name not in present]


def statements(vendor: str) -> list[str]:
    """All that makes them anew in a database of this make."""
    build = _postgresql if vendor == "postgresql" else _sqlite
    return [statement for guard in of(vendor) for statement in build(guard)]


def _sqlite(guard: Guard) -> list[str]:
    return [f"{_trigger(guard)} BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"]


def _postgresql(guard: Guard) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        f"EXCEPTION '{guard.words}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"{_trigger(guard)} EXECUTE FUNCTION {guard.name}()",
    ]


def _trigger(guard: Guard) -> str:
    each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    condition = f" WHEN ({guard.when})" if guard.when else ""
    return f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH {each}{condition}"


@register(Tags.database)
def guards_stand(app_configs: Any, databases: Any = None, **_options: Any) -> list[Error]:
    """`manage.py check --database default` names a missing guard."""
    found = []
    for alias in databases or []:
        if PETITIONS in connections[alias].introspection.table_names():
            found += [
                Error(f"guard {name} is missing", hint="manage.py migrate", id="feedback.E001")
                for name in missing(alias)
            ]
    return found
