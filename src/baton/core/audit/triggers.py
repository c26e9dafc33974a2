"""The triggers of the database that make the audit trail, the signatures and the ledgers of rooms append-only.

A room names its own tables with :func:`protect`. Rewriting a table (Django does it for most changes of one on SQLite)
silently drops its triggers: a migration that touches the table ends with :class:`ProtectAuditTrail`, and the start-up
check and ``verify`` look for what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation


@dataclass(frozen=True, slots=True)
class Protected:
    """A table whose rows are only ever added: its model and app, what its triggers are called, and how SQLite tells
    that a new row would take the place of one that stands."""

    model: str
    prefix: str
    same_row: str
    refusal: str
    app: str = "core"

    @property
    def table(self) -> str:
        return f"{self.app}_{self.model.lower()}"

    def triggers(self, vendor: str) -> dict[str, str]:
        """What each trigger says after its name, by name."""
        table, refusal = self.table, self.refusal
        if vendor == "sqlite":
            raised = f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            return {
                f"{self.prefix}_no_update": f"BEFORE UPDATE ON {table} {raised}",
                f"{self.prefix}_no_delete": f"BEFORE DELETE ON {table} {raised}",
                # INSERT OR REPLACE removes the old row without firing the trigger against DELETE.
                f"{self.prefix}_no_replace": (
                    f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {self.same_row}) {raised}"
                ),
            }
        call = f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse('{refusal}')"
        return {f"{self.prefix}_no_{what}": f"BEFORE {what.upper()} {call}" for what in _REFUSED}


_REFUSED = ("update", "delete", "truncate")
TRAIL = Protected("AuditEntry", "core_audit", "seq = NEW.seq", "the audit trail is append-only")
SIGNATURES = Protected(
    "Signature", "core_signature", "id = NEW.id OR public_id = NEW.public_id", "signatures are append-only"
)
PROTECTED = [TRAIL, SIGNATURES]
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', coalesce(TG_ARGV[0], '{TRAIL.refusal}') USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def protect(table: Protected) -> Protected:
    """Let this table of a room be watched with those of the core. Returns it."""
    PROTECTED.append(table)
    return table


def create(connection: BaseDatabaseWrapper, tables: Sequence[Protected] = PROTECTED) -> None:
    """Create the triggers, replacing any of the same names."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(_POSTGRESQL_FUNCTION, None)  # None: the sign % is no placeholder
        for one in tables:
            on = "" if connection.vendor == "sqlite" else f" ON {one.table}"
            for name, what in one.triggers(connection.vendor).items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
                cursor.execute(f"CREATE TRIGGER {name} {what}")
                if on:  # also where session_replication_role would leave ordinary triggers out
                    cursor.execute(f"ALTER TABLE {one.table} ENABLE ALWAYS TRIGGER {name}")


def drop(connection: BaseDatabaseWrapper, tables: Sequence[Protected] = PROTECTED) -> None:
    """Remove the triggers, as the reverse of a migration does."""
    with connection.cursor() as cursor:
        for one in tables:
            on = "" if connection.vendor == "sqlite" else f" ON {one.table}"
            for name in one.triggers(connection.vendor):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are absent, switched off or not as :func:`create` makes them, in order."""
    with connection.cursor() as cursor:
        return [name for one in PROTECTED for name in _missing(cursor, connection.vendor, one)]


def _missing(cursor: Any, vendor: str, one: Protected) -> list[str]:
    wanted = one.triggers(vendor)
    if vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = %s", [one.table])
        found = dict(cursor.fetchall())
        return [name for name, what in wanted.items() if found.get(name) != f"CREATE TRIGGER {name} {what}"]
    cursor.execute(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgrelid = to_regclass(%s) AND t.tgenabled = 'A' AND p.proname = 'core_audit_refuse' "
        "AND p.prosrc LIKE '%%RAISE EXCEPTION%%'",
        [one.table],
    )
    present = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in present]


class ProtectAuditTrail(Operation):
    """Last step of every migration that creates or changes the table of the audit trail."""

    reversible = True
    reduces_to_sql = True
    protected = TRAIL

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The triggers are no part of Django's picture of the tables."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self._concerns(schema_editor, to_state):
            create(schema_editor.connection, [self.protected])

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self._concerns(schema_editor, to_state):
            drop(schema_editor.connection, [self.protected])

    def describe(self) -> str:
        return f"Make the rows of {self.protected.table} append-only"

    def _concerns(self, schema_editor: Any, state: Any) -> bool:
        return self.allow_migrate_model(
            schema_editor.connection.alias, state.apps.get_model(self.protected.app, self.protected.model)
        )


class ProtectSignatures(ProtectAuditTrail):
    """Last step of every migration that creates or changes the table of signatures."""

    protected = SIGNATURES
