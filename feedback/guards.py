"""The database's own refusal of an illegal state and of any change to a step or a look, on both databases.

Triggers generated from the workflow table. They are no migration operations: Django rebuilds SQLite
tables in migrations, which drops such triggers without a word. `pre_migrate` drops them, `post_migrate`
creates them, and `/readyz` and a system check say so when one is missing. Each names only its own table.
"""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from feedback.models import Look, Petition, Step
from feedback.workflow import State, legal_changes

STATE_GUARD = "petition_state_guard"
BIRTH_GUARD = "petition_birth_guard"
STEP_UPDATE_GUARD = "step_update_guard"
STEP_DELETE_GUARD = "step_delete_guard"
PETITION_DELETE_GUARD = "petition_delete_guard"
PETITION_NAME_GUARD = "petition_name_guard"
# SQLite's INSERT OR REPLACE deletes without a DELETE trigger; PostgreSQL's TRUNCATE deletes without rows.
PETITION_REPLACE_GUARD = "petition_replace_guard"
STEP_REPLACE_GUARD = "step_replace_guard"
STEP_TRUNCATE_GUARD = "step_truncate_guard"
LOOK_UPDATE_GUARD = "look_update_guard"
LOOK_DELETE_GUARD = "look_delete_guard"
LOOK_REPLACE_GUARD = "look_replace_guard"
LOOK_TRUNCATE_GUARD = "look_truncate_guard"


def names(vendor: str) -> tuple[str, ...]:
    """The guards that a database of this make must have."""
    common = (
        *(STATE_GUARD, BIRTH_GUARD, PETITION_NAME_GUARD, PETITION_DELETE_GUARD),
        *(STEP_UPDATE_GUARD, STEP_DELETE_GUARD, LOOK_UPDATE_GUARD, LOOK_DELETE_GUARD),
    )
    if vendor == "postgresql":
        return (*common, STEP_TRUNCATE_GUARD, LOOK_TRUNCATE_GUARD)
    return (*common, PETITION_REPLACE_GUARD, STEP_REPLACE_GUARD, LOOK_REPLACE_GUARD)


PETITIONS = Petition._meta.db_table
STEPS = Step._meta.db_table
LOOKS = Look._meta.db_table
# What each guard hangs on: the first word of its name.
TABLES = {"petition": PETITIONS, "step": STEPS, "look": LOOKS}


def create(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Make every guard anew, if the tables are there."""
    connection = connections[using]
    if not set(TABLES.values()) <= set(connection.introspection.table_names()):
        return
    drop(using)
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def drop(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table in _tables(connection.vendor).items():
            if table not in tables:
                continue
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


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
    return [name for name in names(connection.vendor) if name not in present]


def _tables(vendor: str) -> dict[str, str]:
    return {name: TABLES[name.partition("_")[0]] for name in names(vendor)}


def _statements(connection: BaseDatabaseWrapper) -> list[str]:
    changes = ", ".join(f"'{before}>{after}'" for before, after in legal_changes())
    illegal = f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({changes})"
    newborn = f"NEW.state NOT IN ('{State.DRAFT.value}', '{State.SUBMITTED.value}')"
    renamed = "OLD.id <> NEW.id OR OLD.code <> NEW.code"
    build = _postgresql if connection.vendor == "postgresql" else _sqlite
    return [
        *build(STATE_GUARD, "UPDATE OF state", PETITIONS, illegal, "illegal change of state"),
        *build(BIRTH_GUARD, "INSERT", PETITIONS, newborn, "a petition is born draft or submitted"),
        *build(PETITION_NAME_GUARD, "UPDATE OF id, code", PETITIONS, renamed, "a petition keeps its name"),
        *build(PETITION_DELETE_GUARD, "DELETE", PETITIONS, "", "a petition is never deleted"),
        *build(STEP_UPDATE_GUARD, "UPDATE", STEPS, "", "a step is never changed"),
        *build(STEP_DELETE_GUARD, "DELETE", STEPS, "", "a step is never deleted"),
        *build(LOOK_UPDATE_GUARD, "UPDATE", LOOKS, "", "a look is never changed"),
        *build(LOOK_DELETE_GUARD, "DELETE", LOOKS, "", "a look is never deleted"),
        *(_never_truncated() if connection.vendor == "postgresql" else _never_replaced()),
    ]


def _never_replaced() -> list[str]:
    same_step = "id = NEW.id OR (petition_id = NEW.petition_id AND seq = NEW.seq)"
    same_petition = "id = NEW.id OR code = NEW.code"
    same_look = "id = NEW.id"
    return [
        *_sqlite(LOOK_REPLACE_GUARD, "INSERT", LOOKS, _there(LOOKS, same_look), "a look is never replaced"),
        *_sqlite(STEP_REPLACE_GUARD, "INSERT", STEPS, _there(STEPS, same_step), "a step is never replaced"),
        *_sqlite(
            PETITION_REPLACE_GUARD,
            "INSERT",
            PETITIONS,
            _there(PETITIONS, same_petition),
            "a petition is never replaced",
        ),
    ]


def _there(table: str, same: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names


def _never_truncated() -> list[str]:
    whole = [
        *_postgresql(STEP_TRUNCATE_GUARD, "TRUNCATE", STEPS, "", "steps are never deleted"),
        *_postgresql(LOOK_TRUNCATE_GUARD, "TRUNCATE", LOOKS, "", "looks are never deleted"),
    ]
    return [statement.replace("FOR EACH ROW", "FOR EACH STATEMENT") for statement in whole]


def _sqlite(name: str, event: str, table: str, when: str, words: str) -> list[str]:
    condition = f" WHEN {when}" if when else ""
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    ]


def _postgresql(name: str, event: str, table: str, when: str, words: str) -> list[str]:
    condition = f" WHEN ({when})" if when else ""
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()",
    ]


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
